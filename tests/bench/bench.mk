# SPDX-License-Identifier: BSD-2-Clause
# bench.mk - the kernel's benchmark: a root task, and a kernel built for it;
# and a system with many clients, for curves.
#
# Products: $(B)/bench_kernel.elf and $(B)/bench/kernel.img. That kernel is the
# normal one with BENCH=1 DEBUG=0, in a build folder of its own; it shares the
# extracted libfdt.

BENCH_SRC  := $(addprefix tests/bench/kernel/, \
	start.S main.c world.c ipc.c signal.c irq.c object.c)
BENCH_OBJS := $(call objs,$(BENCH_SRC))

$(eval $(call compile_rules,tests/bench/kernel/,$(USER_CFLAGS) \
	-mgeneral-regs-only -fno-tree-loop-distribute-patterns $(INC_ABI)))

# Of glue only memset, which the compiler calls by itself.
$(B)/bench_kernel.elf: $(BENCH_OBJS) $(B)/glue.a tests/bench/bench.mk
	$(call say,LD,$@)
	$(Q)$(LD) -nostdlib -static --gc-sections -z max-page-size=4096 \
		-z separate-code -z noexecstack --build-id=none \
		-Ttext-segment=0x400000 -e _start -o $@ $(BENCH_OBJS) \
		$(B)/glue.a

# The sub-make knows what the kernel depends on; it does nothing if all is new.
.PHONY: $(B)/bench/kernel.img
$(B)/bench/kernel.img: $(B)/libfdt/.stamp
	@mkdir -p $(@D)
	@ln -sfn $(abspath $(B)/libfdt) $(B)/bench/libfdt
	$(Q)$(MAKE) --no-print-directory B=$(B)/bench LINUX=$(LINUX) LWIP=$(LWIP) \
		DEBUG=0 BENCH=1 $@

## bench-kernel: the kernel's rows of `make bench` only
.PHONY: bench-kernel
bench-kernel: $(B)/bench_kernel.elf $(B)/bench/kernel.img
	$(Q)$(PYTHON) tests/bench/kernel_rows.py --build $(B)

# The default system, and apps/crowd in it; its IP stack, which would be one more
# client of the card, starts only on demand.
CURVES := $(B)/curves
$(CURVES)/manifest.txt: $(B)/archive/manifest.txt
	@mkdir -p $(@D)
	$(Q)sed 's/start=boot needs=net/start=demand/' $< > $@
	$(Q)echo '$(CROWD_LINE)' >> $@
	$(Q)echo '$(CROWD_ONE_LINE)' >> $@
.PHONY: curves-image
curves-image: $(IMAGES) $(B)/crowd.elf $(CURVES)/manifest.txt \
		$(B)/bench/kernel.img
	$(Q)$(MAKE) --no-print-directory IMAGE=$(CURVES) \
		MANIFEST=$(CURVES)/manifest.txt MORE_ELFS=$(B)/crowd.elf \
		$(CURVES)/system.elf

## bench-curves: cost by depth, size and clients, as plots; build/curves.json
.PHONY: bench-curves
bench-curves: curves-image
	$(Q)$(PYTHON) tests/bench/curves.py --build $(B)

bench: $(B)/bench_kernel.elf $(B)/bench/kernel.img native-image

-include $(BENCH_OBJS:.o=.d)
