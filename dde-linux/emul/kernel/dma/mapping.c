// SPDX-License-Identifier: GPL-2.0-only
/*
 * mapping.c - the DMA API: which bus address is this memory for the device?
 *
 * Stands for kernel/dma/mapping.c and its direct and coherent backends. Memory
 * that a device may see is the arena and what clients lend; both lie in the
 * linear window (asm/page.h), so a bus address is a subtraction. Anything else
 * (image, stacks) and what lies above the device's mask is refused with
 * DMA_MAPPING_ERROR and one message.
 *
 * Caches: the devices KaaL drives so far are coherent (QEMU's virt machine says
 * "dma-coherent"), so sync operations have nothing to do. In strict mode all
 * calls go through the checker (debug.c) as well.
 */
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/string.h>
#include <dde.h>
#include <dde_dma.h>
#include <dde_pages.h>

/* What the driver core writes into each new device. */
bool dma_default_coherent = true;
DDE_EMULATED(dma_default_coherent);

/* Can the device reach the last of these bytes? */
static bool mask_reaches(struct device *dev, u64 mask, dma_addr_t bus,
			 size_t bytes)
{
	if (likely(bus + bytes - 1 <= min_not_zero(mask, dev->bus_dma_limit)))
		return true;
	dev_err_once(dev,
		     "DMA to 0x%llx, %zu bytes: above what the device reaches, "
		     "0x%llx\n",
		     bus, bytes, mask);
	return false;
}

/* Coherent memory is ordinary arena memory. Zeroed, as Linux promises. */
void *dma_alloc_attrs(struct device *dev, size_t bytes, dma_addr_t *handle,
		      gfp_t flag, unsigned long attrs)
{
	void *memory = alloc_pages_exact(PAGE_ALIGN(bytes), flag | __GFP_ZERO);

	if (!memory)
		return NULL;
	*handle = virt_to_phys(memory);
	if (!mask_reaches(dev, dev->coherent_dma_mask, *handle, bytes)) {
		free_pages_exact(memory, PAGE_ALIGN(bytes));
		return NULL;
	}
	if (unlikely(dde_dma_checked))
		dde_dma_allocated(dev, NULL, memory, bytes);
	return memory;
}
DDE_EMULATED(dma_alloc_attrs);

void dma_free_attrs(struct device *dev, size_t bytes, void *memory,
		    dma_addr_t handle, unsigned long attrs)
{
	if (!memory)
		return;
	if (unlikely(dde_dma_checked) &&
	    !dde_dma_freed(dev, NULL, memory, bytes, handle))
		return;
	free_pages_exact(memory, PAGE_ALIGN(bytes));
}
DDE_EMULATED(dma_free_attrs);

/* Coherent memory that goes with its device. */
struct managed {
	void *memory;
	size_t bytes;
	dma_addr_t handle;
	unsigned long attrs;
};

static void managed_release(struct device *dev, void *res)
{
	struct managed *managed = res;

	dma_free_attrs(dev, managed->bytes, managed->memory, managed->handle,
		       managed->attrs);
}

static int managed_match(struct device *dev, void *res, void *memory)
{
	return ((struct managed *)res)->memory == memory;
}

void *dmam_alloc_attrs(struct device *dev, size_t bytes, dma_addr_t *handle,
		       gfp_t flag, unsigned long attrs)
{
	struct managed *managed = devres_alloc(managed_release,
					       sizeof(*managed), flag);

	if (!managed)
		return NULL;
	managed->memory = dma_alloc_attrs(dev, bytes, handle, flag, attrs);
	if (!managed->memory) {
		devres_free(managed);
		return NULL;
	}
	managed->bytes = bytes;
	managed->handle = *handle;
	managed->attrs = attrs;
	devres_add(dev, managed);
	return managed->memory;
}
DDE_EMULATED(dmam_alloc_attrs);

void dmam_free_coherent(struct device *dev, size_t bytes, void *memory,
			dma_addr_t handle)
{
	WARN_ON(devres_release(dev, managed_release, managed_match, memory));
}
DDE_EMULATED(dmam_free_coherent);

/*
 * The one place where an address is given to a driver for its device: refuse
 * here what the device was not granted.
 */
dma_addr_t dma_map_page_attrs(struct device *dev, struct page *page,
			      size_t offset, size_t bytes,
			      enum dma_data_direction dir, unsigned long attrs)
{
	dma_addr_t bus = page_to_phys(page) + offset;

	if (!dde_pages_visible(bus, bytes)) {
		dev_err_once(dev, "DMA map of 0x%llx, %zu bytes: not granted\n",
			     bus, bytes);
		return DMA_MAPPING_ERROR;
	}
	if (!mask_reaches(dev, dma_get_mask(dev), bus, bytes))
		return DMA_MAPPING_ERROR;
	if (unlikely(dde_dma_checked))
		return dde_dma_mapped(dev, bus, bytes, dir, attrs);
	return bus;
}
DDE_EMULATED(dma_map_page_attrs);

void dma_unmap_page_attrs(struct device *dev, dma_addr_t bus, size_t bytes,
			  enum dma_data_direction dir, unsigned long attrs)
{
	if (unlikely(dde_dma_checked))
		dde_dma_unmapped(dev, bus, bytes, dir, attrs);
}
DDE_EMULATED(dma_unmap_page_attrs);

void __dma_sync_single_for_cpu(struct device *dev, dma_addr_t bus, size_t bytes,
			       enum dma_data_direction dir)
{
	if (unlikely(dde_dma_checked))
		dde_dma_synced(dev, bus, bytes, dir, false);
}
DDE_EMULATED(__dma_sync_single_for_cpu);

void __dma_sync_single_for_device(struct device *dev, dma_addr_t bus,
				  size_t bytes, enum dma_data_direction dir)
{
	if (unlikely(dde_dma_checked))
		dde_dma_synced(dev, bus, bytes, dir, true);
}
DDE_EMULATED(__dma_sync_single_for_device);

static void sg_sync(struct device *dev, struct scatterlist *sgl, int count,
		    enum dma_data_direction dir, bool to_device)
{
	struct scatterlist *sg;
	int i;

	if (likely(!dde_dma_checked))
		return;
	for_each_sg(sgl, sg, count, i)
		dde_dma_synced(dev, sg_dma_address(sg), sg_dma_len(sg), dir,
			       to_device);
}

void __dma_sync_sg_for_cpu(struct device *dev, struct scatterlist *sgl,
			   int count, enum dma_data_direction dir)
{
	sg_sync(dev, sgl, count, dir, false);
}
DDE_EMULATED(__dma_sync_sg_for_cpu);

void __dma_sync_sg_for_device(struct device *dev, struct scatterlist *sgl,
			      int count, enum dma_data_direction dir)
{
	sg_sync(dev, sgl, count, dir, true);
}
DDE_EMULATED(__dma_sync_sg_for_device);

/* Devices are coherent: only the checker wants to see the calls. */
bool __dma_need_sync(struct device *dev, dma_addr_t bus)
{
	return dde_dma_checked;
}
DDE_EMULATED(__dma_need_sync);

/* The driver core says that the device has no driver any more. */
void arch_teardown_dma_ops(struct device *dev)
{
	if (likely(!dde_dma_checked))
		return;
	dde_dma_streaming_left(dev);
	dde_dma_coherent_left(dev);
}
DDE_EMULATED(arch_teardown_dma_ops);

unsigned int dma_map_sg_attrs(struct device *dev, struct scatterlist *sgl,
			      int count, enum dma_data_direction dir,
			      unsigned long attrs)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, count, i)
	{
		sg_dma_address(sg) = dma_map_page_attrs(dev, sg_page(sg),
							sg->offset, sg->length,
							dir, attrs);
		if (sg_dma_address(sg) == DMA_MAPPING_ERROR) {
			dma_unmap_sg_attrs(dev, sgl, i, dir, attrs);
			return 0;
		}
		sg_dma_len(sg) = sg->length;
	}
	return count;
}
DDE_EMULATED(dma_map_sg_attrs);

int dma_map_sgtable(struct device *dev, struct sg_table *table,
		    enum dma_data_direction dir, unsigned long attrs)
{
	table->nents = dma_map_sg_attrs(dev, table->sgl, table->orig_nents, dir,
					attrs);
	return table->nents ? 0 : -EINVAL;
}
DDE_EMULATED(dma_map_sgtable);

void dma_unmap_sg_attrs(struct device *dev, struct scatterlist *sgl, int count,
			enum dma_data_direction dir, unsigned long attrs)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, count, i)
		dma_unmap_page_attrs(dev, sg_dma_address(sg), sg_dma_len(sg),
				     dir, attrs);
}
DDE_EMULATED(dma_unmap_sg_attrs);

/* Every bus address fits a mask that covers the arena's last byte. */
static bool mask_works(u64 mask)
{
	return mask >= dde_pages_last_bus();
}

/* A device that cannot reach the arena is refused, as Linux would. */
int dma_set_mask(struct device *dev, u64 mask)
{
	if (!dev->dma_mask || !mask_works(mask))
		return -EIO;
	*dev->dma_mask = mask;
	dev->dma_skip_sync = !dde_dma_checked;
	return 0;
}
DDE_EMULATED(dma_set_mask);

int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	if (!mask_works(mask))
		return -EIO;
	dev->coherent_dma_mask = mask;
	return 0;
}
DDE_EMULATED(dma_set_coherent_mask);

size_t dma_max_mapping_size(struct device *dev)
{
	return SIZE_MAX;
}
DDE_EMULATED(dma_max_mapping_size);

size_t dma_opt_mapping_size(struct device *dev)
{
	return SIZE_MAX;
}
DDE_EMULATED(dma_opt_mapping_size);

bool dma_pci_p2pdma_supported(struct device *dev)
{
	return false;
}
DDE_EMULATED(dma_pci_p2pdma_supported);
