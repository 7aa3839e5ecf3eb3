/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit_main.c - where a Linux driver's process begins.
 *
 * Translates the env page into struct kit_device once, so that nothing above
 * the waist knows how the broker hands out devices.
 */
#include <glue/env.h>
#include <glue/rt.h>
#include <kit.h>

_Static_assert(KIT_DMA_BASE == GLUE_DMA_BASE, "memory map");
_Static_assert(KIT_META_BASE == GLUE_META_BASE, "memory map");
_Static_assert(KIT_MMIO_MAX == GLUE_MMIO_MAX, "one device, same size");
_Static_assert(KIT_IRQ_MAX == GLUE_IRQ_MAX, "one device, same size");

static struct kit_device device;

/*
 * The broker's counts fit (checked at compile time above); the bound is for a
 * damaged page.
 */
static void device_copy_resources(const struct glue_env *env)
{
	unsigned int i;

	device.mmio_count = env->n_mmio;
	for (i = 0; i < env->n_mmio && i < KIT_MMIO_MAX; i++) {
		device.mmio[i].vaddr = env->mmio[i].vaddr;
		device.mmio[i].bus = env->mmio[i].paddr;
		device.mmio[i].bytes = env->mmio[i].bytes;
		device.mmio[i].bar = env->mmio[i].bar;
	}
	device.irq_count = env->n_irq;
	for (i = 0; i < env->n_irq && i < KIT_IRQ_MAX; i++) {
		device.irq[i].number = env->irq[i].intid;
		device.irq[i].edge = env->irq[i].edge;
	}
}

const struct kit_device *kit_device(void)
{
	return &device;
}

int glue_program_main(const struct glue_env *env)
{
	device.process = env->name;
	device.service = env->service;
	device.node = env->device_node;
	device.compatible = env->device_compatible;
	device.alias = env->device_alias;
	device.tree = (const void *)env->tree_vaddr;
	device.args = env->args;
	device.arena_vaddr = env->dma_vaddr;
	device.arena_bytes = env->dma_bytes;
	device.page_meta_bytes = env->meta_bytes;
	device.ticks_per_second = env->counter_hz;
	device.stall_ms = env->stall_ms;
	device.is_pci = env->is_pci;
	device.pci_devfn = env->pci_devfn;
	device_copy_resources(env);
	return dde_main();
}
