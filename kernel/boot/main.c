/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - boot: from the device tree to the root task's first instruction.
 *
 * All code and data of this folder lie in boot-only parts of the image and are
 * handed on as free memory when boot_main ends. The steps, in order: look at
 * the device tree through the boot window, map RAM and devices, set up the
 * interrupt controller and the tick, check the initrd, make the root task,
 * hand on what is left. Anything wrong with what came from outside ends in one
 * message and power off with status 1.
 */
#include <libfdt.h>
#include <abi/bootinfo.h>
#include <arch/boot.h>
#include <arch/image.h>
#include <boot/boot.h>
#include <boot/machine.h>
#include <boot/root_task.h>
#include <core/arch.h>
#include <core/sched.h>
#include <object/irq.h>
#include <platform/platform.h>

#define WINDOW_FDT     0u /* two slots: it may cross a border */
#define WINDOW_UART    2u
#define FDT_BYTES_MAX  0x200000ull /* Linux's booting document */
#define STATUS_REFUSED 1u

#define PAGE_UP(x)   (((x) + 4095) & ~4095ull)
#define PAGE_DOWN(x) ((x) & ~4095ull)

uint64_t boot_counter; /* CNTVCT_EL0 in head.S */

static struct machine machine;

static _Noreturn void refuse(const struct complaint *c)
{
	kernel_printf("KaaL: %s", c->what);
	if (c->name_a)
		kernel_printf(" (%s 0x%lx, %s 0x%lx)", c->name_a, c->a,
			      c->name_b, c->b);
	kernel_printf("\n");
	platform_off(STATUS_REFUSED, false);
}

static _Noreturn void refuse_plain(const char *what)
{
	struct complaint c;

	complain(&c, what);
	refuse(&c);
}

/* The tree through the window; everything about it may be wrong. */
static const void *fdt_look(uint64_t paddr)
{
	const void *fdt;

	if (!paddr || paddr % 8 || paddr >= PHYSICAL_TOP)
		refuse_plain("no device tree: the boot loader must pass its "
			     "address in x0");
	fdt = window_map(WINDOW_FDT, paddr, false);
	window_map(WINDOW_FDT + 1, paddr + FDT_BYTES_MAX, false);
	return fdt;
}

/* Take a range out of a set; if that fails, nothing may be handed on. */
static void cut(struct ranges *set, uint64_t start, uint64_t end)
{
	if (!ranges_remove(set, PAGE_DOWN(start), PAGE_UP(end)))
		refuse_plain("the device tree has too many memory ranges");
}

static void cut_all(struct ranges *set, const struct ranges *others)
{
	unsigned int i;

	for (i = 0; i < others->count; i++)
		cut(set, others->list[i].start, others->list[i].end);
}

/* RAM but for the image: its text must have no writable alias. */
static void map_memory(void)
{
	struct ranges *memory = &machine.memory;
	unsigned int i;

	cut(memory, PHYSICAL_TOP, PAGE_DOWN(~0ull));
	cut(memory, image_phys, image_virt_to_phys(image_end));
	cut_all(memory, &machine.unmapped);
	if (!ranges_contain(memory, machine.initrd.start, machine.initrd.end))
		refuse_plain("the initrd overlaps the kernel or memory that "
			     "must not be mapped");
	for (i = 0; i < memory->count; i++) {
		if (!direct_map_add(memory->list[i].start, memory->list[i].end,
				    false))
			refuse_plain("too many pieces of memory for the "
				     "kernel's page tables");
	}
}

static void map_device(struct range *range)
{
	range->start = PAGE_DOWN(range->start);
	range->end = PAGE_UP(range->end);
	if (range->end > PHYSICAL_TOP || range->end < range->start ||
	    !direct_map_add(range->start, range->end, true))
		refuse_plain("the device tree puts the GIC or the UART where "
			     "the kernel cannot map it");
}

static void map_devices(void)
{
	struct range uart = { machine.uart,
			      machine.uart + PLATFORM_UART_BYTES };

	map_device(&machine.gic_dist);
	map_device(&machine.gic_redist);
	if (!machine.uart) {
		platform_uart_set(NULL);
		return;
	}
	map_device(&uart);
	platform_uart_set(phys_to_virt(machine.uart));
}

/* Boot-only pages of the image become ordinary RAM. */
static void map_image_leftovers(void)
{
	uint64_t init_end = image_virt_to_phys(text_start);
	uint64_t tail = image_virt_to_phys(init_bss);
	uint64_t end = image_virt_to_phys(image_end);
	bool mapped = direct_map_add(image_phys, init_end, false) &&
		      direct_map_add(tail, end, false);

	mapped = mapped && direct_map_add(direct_map_close(), tail, false);
	if (!mapped)
		refuse_plain("too many pieces of memory for the kernel's page "
			     "tables");
	ranges_add(&machine.memory, image_phys, init_end);
	ranges_add(&machine.memory, direct_map_close(), end);
}

static void set_psci(void)
{
	if (machine.psci_hvc)
		platform_psci_set(PSCI_HVC);
	else if (machine.psci_smc)
		platform_psci_set(PSCI_SMC);
	else
		platform_psci_set(PSCI_NONE);
}

static void start_interrupts(void)
{
	if (!gic_present())
		refuse_plain("this CPU has no GICv3 interface: start QEMU "
			     "with -M virt,gic-version=3");
	if (!gic_init(machine.gic_dist.start, machine.gic_redist.start,
		      machine.gic_redist.end - machine.gic_redist.start))
		refuse_plain("the GICv3 has no redistributor for this CPU, or "
			     "it does not wake up");
}

/* Free RAM while initrd and tree are still needed: @plan's place in it. */
static void place_root(struct root_plan *plan, uint64_t fdt_paddr,
		       uint64_t fdt_bytes)
{
	static struct ranges free;
	uint64_t base, largest;
	struct complaint c;

	free = machine.memory;
	cut_all(&free, &machine.reserved);
	cut(&free, image_phys, image_virt_to_phys(image_end));
	cut(&free, machine.initrd.start, machine.initrd.end);
	cut(&free, fdt_paddr, fdt_paddr + fdt_bytes);
	if (!ranges_fit(&free, plan->bytes, 4096, &base, &largest)) {
		complain_values(&c,
				"too little memory for the root task: "
				"give the machine more RAM",
				"needed", plan->bytes, "largest free piece",
				largest);
		refuse(&c);
	}
	root_plan_place(plan, base);
}

/* Firmware's regions stay, but initrd and device tree are ours by now. */
static void free_memory(struct ranges *free, const struct root_plan *plan,
			uint64_t fdt_paddr, uint64_t fdt_bytes)
{
	static struct ranges kept;

	kept = machine.reserved;
	cut(&kept, machine.initrd.start, machine.initrd.end);
	cut(&kept, fdt_paddr, fdt_paddr + fdt_bytes);
	*free = machine.memory;
	cut_all(free, &kept);
	ranges_remove(free, plan->cnode, plan->cnode + plan->bytes);
}

/* All physical space that is neither RAM, nor firmware's, nor the GIC's. */
static void device_space(struct ranges *devices, const struct ranges *ram)
{
	*devices = (struct ranges){ .count = 0 };
	ranges_add(devices, 0, PHYSICAL_TOP);
	cut_all(devices, ram);
	cut_all(devices, &machine.reserved);
	cut(devices, machine.gic_dist.start, machine.gic_dist.end);
	cut(devices, machine.gic_redist.start, machine.gic_redist.end);
}

static void banner(const struct ranges *ram, const struct root *root)
{
	kernel_printf("KaaL: %lu MiB RAM, %s, GICv3 with %u lines\n",
		      ranges_bytes(ram) >> 20, cpu_name(), arch_irq_max() + 1);
	kernel_printf("KaaL: root task %lu KiB, %lu untypeds, %lu bytes lost\n",
		      root->plan->image_pages * 4,
		      root->info->untyped.end - root->info->untyped.start,
		      root->lost_bytes);
}

static struct tcb *make_root(const void *fdt, uint64_t fdt_paddr,
			     const struct ranges *ram)
{
	static struct ranges free, devices;
	static struct root_plan plan;
	static struct root_elf elf;
	static struct root root;
	uint64_t fdt_bytes = machine_fdt_bytes(fdt);
	struct complaint c;
	struct tcb *tcb;

	if (!root_elf_read(phys_to_virt(machine.initrd.start),
			   machine.initrd.end - machine.initrd.start, &elf, &c))
		refuse(&c);
	root_plan_count(&plan, &elf, sizeof(struct abi_boot_extra) + fdt_bytes,
			KAAL_ROOT_CNODE_BITS);
	place_root(&plan, fdt_paddr, fdt_totalsize(fdt));
	tcb = root_make(&root, &plan, &elf, fdt, fdt_bytes);
	free_memory(&free, &plan, fdt_paddr, fdt_totalsize(fdt));
	device_space(&devices, ram);
	root_hand_on(&root, &devices, &free);
	root_finish(&root);
	banner(ram, &root);
	return tcb;
}

void boot_main(uint64_t fdt_paddr)
{
	static struct ranges ram;
	const void *fdt;
	struct complaint c;
	struct tcb *tcb;
	uint64_t now;

	platform_uart_set(
		window_map(WINDOW_UART, PLATFORM_UART_FALLBACK, true));
	fdt = fdt_look(fdt_paddr);
	if (!machine_read(fdt, FDT_BYTES_MAX, &machine, &c)) {
		set_psci();
		refuse(&c);
	}
	set_psci();
	ram = machine.memory;
	map_memory();
	map_devices();
	map_image_leftovers();
	sched_init();
	cpu_init();
	start_interrupts();
	irq_init();
	tcb = make_root(fdt, fdt_paddr, &ram);
	timer_init();
	sched_start(tcb);
	now = arch_counter();
	kernel_printf("KaaL: root task starts at counter %lu, %lu after the "
		      "kernel (under -icount shift=0 one step is 16 "
		      "instructions)\n",
		      now, now - boot_counter);
	mmu_leave_boot();
}
