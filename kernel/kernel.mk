# SPDX-License-Identifier: BSD-2-Clause
# kernel.mk - the kernel: $(B)/kernel.elf with symbols, $(B)/kernel.img to boot.
#
# DEBUG=1 (default) has the trace ring, the debug system calls and the check of
# all objects; assertions are in every kernel. BENCH=1 opens the performance
# monitors to user processes.

BENCH			?= 0
KAAL_USER_TIMER		?= 1
KAAL_ROOT_CNODE_BITS	?= 13

KERNEL_ARCH_SRC := $(addprefix kernel/arch/aarch64/, \
	cache.c check.c esr.c exception.c fpu.S gic.c memory.S mmu.c thread.c \
	timer.c vectors.S boot/cpu_init.c boot/cpu_name.c boot/direct_map.c \
	boot/early_map.c boot/gic_init.c boot/head.S)
KERNEL_BOOT_SRC := $(addprefix kernel/boot/, \
	machine.c main.c ranges.c root_elf.c root_plan.c \
	root_task.c tree.c untyped.c libc/string.c)
KERNEL_PLATFORM_SRC := kernel/platform/power.c kernel/platform/uart.c
KERNEL_SRC := $(KERNEL_ARCH_SRC) $(KERNEL_BOOT_SRC) $(KERNEL_PLATFORM_SRC) \
	$(wildcard kernel/core/*.c kernel/object/*.c)

KERNEL_INC := -Ikernel -Ikernel/arch/aarch64/include $(INC_ABI)
KERNEL_CFLAGS := $(COMMON) $(KERNEL_INC) -march=armv8-a -mgeneral-regs-only \
	-mcmodel=small -mno-outline-atomics -DKAAL_DEBUG=$(DEBUG) \
	-DKAAL_BENCH=$(BENCH) -DKAAL_USER_TIMER=$(KAAL_USER_TIMER) \
	-DKAAL_ROOT_CNODE_BITS=$(KAAL_ROOT_CNODE_BITS) \
	-falign-functions=8 -falign-jumps=1 -falign-loops=1
# Before the MMU is on, memory is Device memory: no unaligned access.
KERNEL_EARLY_CFLAGS = $(KERNEL_CFLAGS) -mstrict-align
# libfdt is somebody else's: no warnings of ours. System headers are not used.
LIBFDT_INC := -isystem $(LIBFDT_DIR) -Ikernel/boot/libc
LIBFDT_CFLAGS = $(KERNEL_CFLAGS) $(LIBFDT_INC) -w

LIBFDT_OBJS := $(addprefix $(B)/kernel/libfdt/,fdt.o fdt_ro.o fdt_addresses.o)
KERNEL_OBJS := $(call objs,$(KERNEL_SRC))

$(eval $(call compile_rules,kernel/arch/,$$(KERNEL_CFLAGS)))
$(eval $(call compile_rules,kernel/arch/aarch64/boot/,$$(KERNEL_EARLY_CFLAGS)))
$(eval $(call compile_rules,kernel/boot/,$$(KERNEL_CFLAGS) $$(LIBFDT_INC)))
$(eval $(call compile_rules,kernel/platform/,$$(KERNEL_CFLAGS)))
$(eval $(call compile_rules,kernel/core/,$$(KERNEL_CFLAGS)))
$(eval $(call compile_rules,kernel/object/,$$(KERNEL_CFLAGS)))

$(call objs,$(KERNEL_BOOT_SRC)): $(B)/libfdt/.stamp

$(LIBFDT_OBJS): $(B)/kernel/libfdt/%.o: $(B)/libfdt/.stamp \
		kernel/kernel.mk $(B)/kernel/boot/.flags
	$(call say,CC,libfdt/$*.c)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LIBFDT_CFLAGS) -c $(LIBFDT_DIR)/$*.c -o $@

$(B)/kernel/kernel.lds: kernel/kernel.lds kernel/arch/aarch64/include/arch/layout.h
	@mkdir -p $(@D)
	$(Q)$(CC) -E -P -x c -D__ASSEMBLY__ $(KERNEL_INC) $< -o $@

$(B)/kernel.elf: $(KERNEL_OBJS) $(LIBFDT_OBJS) $(B)/kernel/kernel.lds
	$(call say,LD,$@)
	$(Q)$(LD) -nostdlib --gc-sections --no-warn-rwx-segments \
		-z max-page-size=4096 -T $(B)/kernel/kernel.lds \
		$(KERNEL_OBJS) $(LIBFDT_OBJS) -o $@

## kernel: the kernel image $(B)/kernel.img
.PHONY: kernel
kernel: $(B)/kernel.img
$(B)/kernel.img: $(B)/kernel.elf
	$(Q)$(OBJCOPY) -O binary $< $@

# Small rather than fast, but for the short ways and the walk of page tables:
# measured, the general ways lose 1 % by it, and .text is a tenth smaller.
KERNEL_FAST := $(call objs,kernel/core/fastpath.c kernel/core/switch.c \
	kernel/object/vspace.c kernel/arch/aarch64/gic.c \
	kernel/arch/aarch64/thread.c)
$(filter-out $(KERNEL_FAST),$(KERNEL_OBJS)): KERNEL_CFLAGS += -Os

-include $(KERNEL_OBJS:.o=.d)
