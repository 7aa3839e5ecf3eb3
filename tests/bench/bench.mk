# SPDX-License-Identifier: BSD-2-Clause
# bench.mk - the kernel's benchmark: a root task, and a kernel built for it;
# a system for cards and for many clients, and one whose UART changes hands.
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

# The default system, and apps/crowd in it. Its IP stack, which would be one more
# client of the card, starts only on demand, and so do drivers of no part in it:
# what their heartbeat costs would be counted as the frames'.
CURVES := $(B)/curves
$(CURVES)/manifest.txt: $(B)/archive/manifest.txt
	@mkdir -p $(@D)
	$(Q)sed -e 's/start=boot needs=net/start=demand/' \
		-e '/ class=\(rtc\|gpio\) /s/start=device/start=demand/' $< > $@
	$(Q)echo '$(CROWD_LINE)' >> $@
	$(Q)echo '$(CROWD_ONE_LINE)' >> $@
.PHONY: curves-image
curves-image: $(IMAGES) $(B)/crowd.elf $(CURVES)/manifest.txt \
		$(B)/bench/kernel.img
	$(Q)$(MAKE) --no-print-directory IMAGE=$(CURVES) \
		MANIFEST=$(CURVES)/manifest.txt MORE_ELFS=$(B)/crowd.elf \
		$(CURVES)/system.elf

# What a drivers.config of three lines leaves: three Linux drivers, who works with
# them, and a load for the card.
THREE := $(B)/three
THREE_PROGRAMS := native_timer_arm shell ip virtio_blk virtio_net \
	serial_amba_pl011 nettest
$(THREE)/manifest.txt: $(B)/archive/manifest.txt
	@mkdir -p $(@D)
	$(Q)grep $(THREE_PROGRAMS:%=-e '^% ') $< > $@
.PHONY: three-image
three-image: $(IMAGES) $(THREE)/manifest.txt
	$(Q)$(MAKE) --no-print-directory IMAGE=$(THREE) \
		MANIFEST=$(THREE)/manifest.txt $(THREE)/system.elf

# The machine's one UART belongs to whichever of its two drivers has been started
# by name; the shell sits at the virtual console.
LINES := $(B)/lines
.PHONY: lines-image
lines-image: $(IMAGES) native-image
	@mkdir -p $(LINES)
	$(Q)sed -e '/^shell /s/ match=[^ ]* optional_device=1//' \
		-e '/^serial_amba_pl011 /s/start=device/start=demand/' \
		$(B)/archive/manifest.txt > $(LINES)/manifest.txt
	$(Q)sed -n '/^native_serial_pl011 /s/start=device/start=demand/p' \
		$(B)/native/archive/manifest.txt >> $(LINES)/manifest.txt
	$(Q)$(MAKE) --no-print-directory IMAGE=$(LINES) \
		MANIFEST=$(LINES)/manifest.txt \
		MORE_ELFS=$(B)/native/native_serial_pl011.elf $(LINES)/system.elf

## bench-curves: cost by depth, size and clients, as plots; build/curves.json
.PHONY: bench-curves
bench-curves: curves-image
	$(Q)$(PYTHON) tests/bench/curves.py --build $(B)

# A shell that remembers all sectors of a disk of 1 GiB, 4 bytes each.
SUMS := $(B)/sums
.PHONY: sums-image
sums-image: $(IMAGES) $(B)/bench/kernel.img
	@mkdir -p $(SUMS)
	$(Q)sed '/^shell /s/$$/ sums_kib=8192/' $(B)/archive/manifest.txt \
		> $(SUMS)/manifest.txt
	$(Q)$(MAKE) --no-print-directory IMAGE=$(SUMS) \
		MANIFEST=$(SUMS)/manifest.txt $(SUMS)/system.elf

## bench-sums: cost of a request whose client remembers its sectors (sums_kib=)
.PHONY: bench-sums
bench-sums: sums-image
	$(Q)$(PYTHON) tests/bench/sums_rows.py --build $(B)

bench: $(B)/bench_kernel.elf $(B)/bench/kernel.img curves-image lines-image

-include $(BENCH_OBJS:.o=.d)
