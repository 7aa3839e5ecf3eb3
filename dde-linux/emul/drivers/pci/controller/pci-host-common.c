// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci-host-common.c - a PCI bus with the one function that this process holds.
 *
 * Stands for drivers/pci/controller/pci-host-common.c: a host bridge over which
 * Linux's own PCI core finds, sizes and enables the function. Configuration
 * space is the broker's: each access is a request to it, but BARs are answered
 * here, because the broker has assigned them and lets nobody move them. What
 * it refuses (message interrupts, see docs/dde.md) is dropped, as a device
 * drops writes to what it has not.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <kit.h>
#include <dde.h>
#include <dde_irq.h>

#define BARS	   PCI_STD_NUM_BARS
#define BARS_BEGIN PCI_BASE_ADDRESS_0
#define BARS_END   (PCI_BASE_ADDRESS_0 + 4 * BARS)

/* The last write to each BAR was all ones: its size is asked for. */
static bool bar_asked[BARS];

/* The window that belongs to a BAR; NULL if the broker has mapped none. */
static const struct kit_mmio *bar_window(unsigned int bar)
{
	const struct kit_device *device = kit_device();
	unsigned int i;

	for (i = 0; i < device->mmio_count; i++) {
		if (device->mmio[i].bar == bar + 1)
			return &device->mmio[i];
	}
	return NULL;
}

/* Bits that say what kind of BAR it is; they are the device's own. */
static u32 bar_kind(unsigned int bar)
{
	u32 bits = 0;

	kit_pci_read(BARS_BEGIN + 4 * bar, 4, &bits);
	return bits & ~(u32)PCI_BASE_ADDRESS_MEM_MASK;
}

/*
 * BARs without a window (I/O ports) read as 0, which means: not there. So does
 * the upper half of a 64-bit BAR, which lies below 4 GiB.
 */
static u32 bar_read(unsigned int bar)
{
	const struct kit_mmio *window = bar_window(bar);

	if (window)
		return (bar_asked[bar] ? -(u32)window->bytes :
					 (u32)window->bus) |
		       bar_kind(bar);
	window = bar ? bar_window(bar - 1) : NULL;
	if (window && bar_kind(bar - 1) & PCI_BASE_ADDRESS_MEM_TYPE_64)
		return bar_asked[bar] ? ~0u : 0;
	return 0;
}

static bool is_ours(struct pci_bus *bus, unsigned int devfn)
{
	return !bus->number && devfn == kit_device()->pci_devfn;
}

static int config_read(struct pci_bus *bus, unsigned int devfn, int where,
		       int size, u32 *value)
{
	if (!is_ours(bus, devfn)) {
		PCI_SET_ERROR_RESPONSE(value);
		return PCIBIOS_DEVICE_NOT_FOUND;
	}
	if (where >= BARS_BEGIN && where < BARS_END) {
		*value = bar_read((where - BARS_BEGIN) / 4) >> 8 * (where % 4);
		return PCIBIOS_SUCCESSFUL;
	}
	if (!kit_pci_read(where, size, value))
		return PCIBIOS_SUCCESSFUL;
	PCI_SET_ERROR_RESPONSE(value);
	return PCIBIOS_BAD_REGISTER_NUMBER;
}

static int config_write(struct pci_bus *bus, unsigned int devfn, int where,
			int size, u32 value)
{
	if (!is_ours(bus, devfn))
		return PCIBIOS_DEVICE_NOT_FOUND;
	if (where >= BARS_BEGIN && where < BARS_END) {
		bar_asked[(where - BARS_BEGIN) / 4] = value == ~0u;
		return PCIBIOS_SUCCESSFUL;
	}
	kit_pci_write(where, size, value);
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops config_ops = {
	.read = config_read,
	.write = config_write,
};

/* The function's INTx line is the process's first interrupt. */
static int irq_of(const struct pci_dev *dev, u8 slot, u8 pin)
{
	return kit_device()->irq_count ? DDE_IRQ_FIRST : 0;
}

/**
 * dde_pci_create - make the bus; Linux's core then probes the function.
 *
 * Runs in a fiber. Return: 0, or why the bus cannot be.
 */
int dde_pci_create(void)
{
	static struct resource memory = DEFINE_RES_MEM_NAMED(0, SZ_4G, "PCI");
	static struct resource numbers = { .name = "bus 0",
					   .flags = IORESOURCE_BUS };
	struct pci_host_bridge *bridge = pci_alloc_host_bridge(0);
	int err;

	if (!bridge)
		return -ENOMEM;
	pci_add_resource(&bridge->windows, &numbers);
	pci_add_resource(&bridge->windows, &memory);
	bridge->ops = &config_ops;
	bridge->map_irq = irq_of;
	bridge->msi_domain = 1; /* there is none, so the bus has no MSI */
	err = pci_scan_root_bus_bridge(bridge);
	if (err) {
		pci_free_host_bridge(bridge);
		return err;
	}
	pci_bus_claim_resources(bridge->bus); /* where the broker put them */
	pci_bus_add_devices(bridge->bus);
	return 0;
}
