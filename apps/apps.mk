# SPDX-License-Identifier: BSD-2-Clause
# apps.mk - programs of the system that drive no bus: the shell, test programs.
#
# An app sees glue and abi only; its manifest line says what it may do.

# One a line, sorted, so that two who add one do not meet.
SHELL_SRC := $(addprefix apps/shell/, \
	calendar.c \
	cmd_blk.c \
	cmd_blk_bench.c \
	cmd_blk_bulk.c \
	cmd_caps.c \
	cmd_counters.c \
	cmd_gpio.c \
	cmd_input.c \
	cmd_net.c \
	cmd_rng.c \
	cmd_rtc.c \
	cmd_serial.c \
	cmd_system.c \
	cmd_trace.c \
	command.c \
	commands.c \
	console.c \
	console_serial.c \
	console_uart.c \
	disk.c \
	line.c \
	line_show.c \
	main.c \
	net_ask.c \
	process.c \
	request.c \
	service.c \
	stream.c \
	text.c)
POWERKEY_SRC := apps/powerkey/main.c
PROBE_SRC := apps/args.c $(addprefix apps/selftest/, \
	ask.c \
	channel.c \
	input.c \
	isolation.c \
	line.c \
	load.c \
	main.c \
	random.c \
	serial.c \
	timer.c \
	uses.c \
	wreck.c)

# Vector registers would have to be saved at each switch between processes.
APPS_CFLAGS := $(USER_CFLAGS) -mgeneral-regs-only $(INC_GLUE)
SHELL_OBJS := $(call objs,$(SHELL_SRC))
PROBE_OBJS := $(call objs,$(PROBE_SRC))
NETTEST_SRC := apps/args.c $(addprefix apps/nettest/, main.c traffic.c \
	cases.c offload.c)
NETTEST_OBJS := $(call objs,$(NETTEST_SRC))
POWERKEY_OBJS := $(call objs,$(POWERKEY_SRC))
CROWD_OBJS := $(call objs,$(addprefix apps/crowd/, main.c block.c net.c) \
	apps/args.c)
INJECT_OBJS := $(call objs,$(addprefix apps/inject/, change.c main.c) \
	apps/args.c)
VERIFY_OBJS := $(call objs,$(addprefix apps/verify/, chaos.c cycles.c frames.c \
	killer.c main.c model.c pace.c traffic.c vandal.c) apps/args.c)
BURGLAR_OBJS := $(call objs,apps/burglar/main.c apps/args.c)
GREEDY_OBJS := $(call objs,apps/greedy/main.c apps/args.c)
APPS_ELFS := $(B)/shell.elf $(B)/probe.elf $(B)/powerkey.elf \
	$(B)/nettest.elf $(B)/inject.elf

$(eval $(call compile_rules,apps/,$(APPS_CFLAGS)))

$(B)/shell.elf: $(SHELL_OBJS)
$(B)/probe.elf: $(PROBE_OBJS)
$(B)/nettest.elf: $(NETTEST_OBJS)
$(B)/powerkey.elf: $(POWERKEY_OBJS)
$(B)/crowd.elf: $(CROWD_OBJS)
$(B)/inject.elf: $(INJECT_OBJS)
$(B)/verify.elf: $(VERIFY_OBJS)
$(B)/greedy.elf: $(GREEDY_OBJS)
$(B)/burglar.elf: $(BURGLAR_OBJS)
$(APPS_ELFS) $(B)/crowd.elf $(B)/verify.elf $(B)/greedy.elf \
		$(B)/burglar.elf: $(B)/glue.a $(GLUE_LDS) apps/apps.mk
	$(call say,LD,$@)
	$(Q)$(LD) $(GLUE_LINK) -o $@ $(filter %.o,$^) $(B)/glue.a

PROGRAMS += $(APPS_ELFS)

# Manifest lines: what each may do; keys: broker/policy.c. The probe is there
# twice: as a plain client, and as `rogue`, a driver that holds QEMU's fw-cfg.
SHELL_LINE := shell elf=shell.elf kind=app start=boot class=none \
	stack_kib=16 match=of:N*T*Carm?pl011* optional_device=1 \
	connect=block,gpio,input,ip,rng,rtc,serial \
	allow=list,poweroff,trace,run,kill
PROBE_LINE := probe elf=probe.elf kind=test start=demand class=none \
	stack_kib=16 connect=block,gpio,input,rng,rtc,serial channels=32
ROGUE_LINE := rogue elf=probe.elf kind=test start=demand \
	class=none stack_kib=16 dma_kib=16 match=of:N*T*Cqemu?fw-cfg-mmio*

# Puts faults into others: it runs before all drivers, and may do no more.
INJECT_LINE := inject elf=inject.elf kind=test start=demand class=none \
	stack_kib=8 priority=240 allow=list,fault

NETTEST_LINE := nettest elf=nettest.elf kind=test start=demand class=none \
	stack_kib=16 connect=net allow=list

$(B)/manifest.d/10-shell: apps/apps.mk
	@mkdir -p $(@D)
	@echo '$(SHELL_LINE)' > $@
# Not in the default system: tests/bench/bench.mk adds it to one of its own.
CROWD_LINE := crowd elf=crowd.elf kind=test start=demand class=none \
	stack_kib=8 priority=150 allow=list,run,kill
CROWD_ONE_LINE := crowd_one elf=crowd.elf kind=test start=demand class=none \
	stack_kib=8 connect=block,net
# Neither are these: tests/fault adds them. The witness is the same program.
VERIFY_LINE := verify elf=verify.elf kind=test start=demand class=none \
	stack_kib=8 connect=block
WITNESS_LINE := witness elf=verify.elf kind=test start=demand class=none \
	stack_kib=8 connect=block
CHAOS_LINE := chaos elf=verify.elf kind=test start=demand class=none \
	stack_kib=8 connect=block,net priority=230 allow=list,run,kill
PACE_LINE := pace elf=verify.elf kind=test start=demand class=none \
	stack_kib=8 connect=block priority=230 allow=list,run,kill
# Drivers go before it, clients do not.
GREEDY_LINE := greedy elf=greedy.elf kind=test start=demand class=none \
	stack_kib=8 connect=rtc channels=32 priority=150 allow=list
# A driver of a disk, by its manifest line; once with what a Linux driver has.
BURGLAR_LINE := elf=burglar.elf start=demand class=block dma_kib=64 \
	stack_kib=8 match=virtio:d00000002v* device=/virtio_mmio@a001000 \
	connect=block,gpio,rtc
FRAMES_LINE := frames elf=verify.elf kind=test start=demand class=none \
	stack_kib=8 connect=net
CYCLES_LINE := cycles elf=verify.elf kind=test start=demand class=none \
	stack_kib=8 connect=block,net allow=list,run,kill
VANDAL_LINE := vandal elf=verify.elf kind=test start=demand class=none \
	stack_kib=8 connect=block,net,serial priority=230 allow=list,run,kill,fault
KILLER_LINE := killer elf=verify.elf kind=test start=demand class=none \
	stack_kib=8 connect=gpio,input,net,rng,rtc,serial priority=230 \
	allow=list,run,kill
# Only where a driver offers gpio.
POWERKEY_LINE := powerkey elf=powerkey.elf kind=app start=boot needs=gpio \
	class=none stack_kib=8 connect=gpio,block allow=poweroff
$(B)/manifest.d/60-powerkey: apps/apps.mk
	@mkdir -p $(@D)
	@echo '$(POWERKEY_LINE)' > $@
$(B)/manifest.d/90-probe: apps/apps.mk
	@mkdir -p $(@D)
	@echo '$(PROBE_LINE)' > $@
	@echo '$(ROGUE_LINE)' >> $@
	@echo '$(NETTEST_LINE)' >> $@
	@echo '$(INJECT_LINE)' >> $@

MANIFEST_PARTS += $(B)/manifest.d/10-shell $(B)/manifest.d/60-powerkey \
	$(B)/manifest.d/90-probe

-include $(SHELL_OBJS:.o=.d) $(PROBE_OBJS:.o=.d) $(POWERKEY_OBJS:.o=.d) \
	$(NETTEST_OBJS:.o=.d) $(CROWD_OBJS:.o=.d) $(VERIFY_OBJS:.o=.d) \
	$(GREEDY_OBJS:.o=.d) $(BURGLAR_OBJS:.o=.d) \
	$(INJECT_OBJS:.o=.d)
