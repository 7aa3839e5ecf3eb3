# SPDX-License-Identifier: BSD-2-Clause
# run.mk - set-up, and what a person runs: run, demo, qemu-gdb, help.
#
# The stamp of the set-up is an included makefile: make brings it up to date
# before anything else, so no rule of a room runs without its tools.

ifneq ($(filter-out help clean,$(or $(MAKECMDGOALS),help)),)
include $(B)/setup.mk
endif
$(B)/setup.mk: mk/setup.sh
	@mk/setup.sh
	@mkdir -p $(@D)
	@echo '# every package of mk/setup.sh was there' > $@

IMAGES := $(B)/kernel.img $(B)/system.elf

## all: build/kernel.img and build/system.elf, all programs, the flags list
.PHONY: all
all: $(IMAGES) $(B)/compile_commands.json

# --- the machine ----------------------------------------------------------
# Eight transports lie on a page of registers, from 0, 8, 16 and 24 on, and a page
# is granted as a whole: whoever drives one device of it reaches the others. Four
# pages for seven devices: each disk has one, as it holds what must not get lost,
# and the card, which listens to strangers; what only this machine's own user
# speaks to shares the last (docs/architecture.md).

QEMU	?= qemu-system-aarch64
QEMU_MACHINE = $(QEMU) -M virt,gic-version=3 -cpu $(CPU) -m $(MEM) \
	-smp $(SMP) -nographic -no-reboot -nic none \
	-global virtio-mmio.force-legacy=false \
	-kernel $(B)/kernel.img -initrd $(B)/system.elf
# $(call disk,NAME,TRANSPORT)
disk = -drive if=none,format=raw,id=$(1),file=$(B)/disks/$(1).img \
	-device virtio-blk-device,drive=$(1),serial=$(1),bus=virtio-mmio-bus.$(2)
# The user network's card on transport 16; NET= leaves it out, NET=two adds one for
# the native driver, on a network of its own but on the same page. The ports of
# the guest's services are chosen when QEMU starts: some may be in use.
NET ?= user
NET_CARD_user = -netdev $(shell $(PYTHON) mk/hostfwd.py) \
	-device virtio-net-device,netdev=net0,bus=virtio-mmio-bus.16
NET_CARD_two = $(NET_CARD_user) -netdev user,id=net1,net=10.0.3.0/24 \
	-device virtio-net-device,netdev=net1,bus=virtio-mmio-bus.17
NET_CARD = $(NET_CARD_$(NET))
RUN_DISKS := $(B)/disks/ext4.img $(B)/disks/fat.img
# What drivers.config has drivers for, one device a line.
RUN_DEVICES = \
	-device virtio-rng-device,bus=virtio-mmio-bus.27 \
	-device virtio-keyboard-device,bus=virtio-mmio-bus.25 \
	-device virtio-tablet-device,bus=virtio-mmio-bus.26 \
	-chardev socket,id=hvc0,path=$(B)/hvc0,server=on,wait=off \
	-device virtio-serial-device,bus=virtio-mmio-bus.24 \
	-device virtconsole,chardev=hvc0
QEMU_RUN = $(QEMU_MACHINE) $(call disk,ext4,0) $(call disk,fat,8) \
	$(NET_CARD) $(RUN_DEVICES) $(QEMU_ARGS)

$(RUN_DISKS): tests/tools/disks.py
	$(call say,DISK,$@)
	$(Q)$(PYTHON) tests/tools/disks.py $(basename $(@F)) $@

## run: build, boot to the shell in this terminal (MEM= CPU= SMP= NET= QEMU_ARGS=)
.PHONY: run
run: all $(RUN_DISKS)
	@echo "QEMU: type 'poweroff', or Ctrl-A then X, to leave"
	$(Q)$(QEMU_RUN)

## demo: the same driven by a script that checks all it sees; exit status tells
.PHONY: demo
demo: all
	$(Q)$(PYTHON) tests/system/run.py --build $(B) --show demo

## qemu-gdb: boot and wait for gdb, which is started with the kernel's symbols
.PHONY: qemu-gdb
qemu-gdb: $(IMAGES) $(RUN_DISKS)
	@mk/setup.sh gdb
	@echo "QEMU waits for gdb on port 1234; its console: $(B)/gdb-console"
	$(Q)$(QEMU_RUN) -S -gdb tcp:127.0.0.1:1234 -monitor none \
		-serial file:$(B)/gdb-console </dev/null & pid=$$!; \
	trap 'kill $$pid 2>/dev/null' EXIT; sleep 1; \
	gdb-multiarch -q -ex 'target remote 127.0.0.1:1234' \
		-ex 'source kernel/gdb/kaal_gdb.py' \
		-ex 'hbreak boot_main' $(B)/kernel.elf

# --- for editors ----------------------------------------------------------

$(B)/compile_commands.json: mk/compile_commands.py $(IMAGES)
	$(call say,JSON,$@)
	$(Q)$(PYTHON) mk/compile_commands.py $(B) > $@

## clean: remove everything that was built
.PHONY: clean
clean:
	rm -rf $(B)

## help: this list
.PHONY: help
help:
	@echo "make TARGET    (all output goes below $(B)/)"
	@sed -n 's/^## \([^:]*\): \(.*\)/\1\t\2/p' \
		mk/run.mk tests/tests.mk $(filter Makefile %.mk,$(MAKEFILE_LIST)) | awk -F '\t' \
		'!seen[$$1]++ { printf "  %-18s %s\n", $$1, $$2 }'
