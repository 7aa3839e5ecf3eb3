# SPDX-License-Identifier: BSD-2-Clause
# dddk.mk - the driver kit: service loops, registers, interrupts, log.
#
# Product: $(B)/dddk.a; link it before $(B)/glue.a.

# One a line, sorted, so that two who add one do not meet.
DDDK_SRC := $(addprefix dddk/, \
	block/service.c \
	block/start.c \
	channels/channels.c \
	channels/tokens.c \
	channels/wait.c \
	driver/dma.c \
	driver/interrupts.c \
	driver/main.c \
	driver/tree.c \
	gpio/service.c \
	log/log.c \
	net/clients.c \
	net/control.c \
	net/receive.c \
	net/segment.c \
	net/service.c \
	request/classes.c \
	request/hold.c \
	request/queue.c \
	request/service.c \
	serial/input.c \
	serial/output.c \
	serial/service.c \
	virtio/await.c \
	virtio/device.c \
	virtio/mmio.c \
	virtio/queue.c \
	virtio/stream.c \
	virtio/watch.c)
COLD += $(addprefix dddk/,block/start.c channels/channels.c channels/tokens.c \
	driver/dma.c driver/tree.c gpio/service.c log/log.c net/clients.c \
	net/control.c request/classes.c virtio/await.c virtio/device.c \
	virtio/mmio.c virtio/watch.c)
DDDK_OBJ := $(call objs,$(DDDK_SRC))

# No vector registers, as in glue.mk. Frames, rings and counters are ordinary
# memory, where addresses may be odd (an Ethernet address read by bytes costs 20
# instructions, else 3); registers are reached through dddk/mmio.h alone.
# Native drivers are linked with -flto, Linux's with the machine code beside it.
DDDK_CFLAGS := $(USER_CFLAGS) -mgeneral-regs-only -mno-strict-align \
	-flto -ffat-lto-objects $(INC_DDDK)

$(eval $(call compile_rules,dddk/,$(DDDK_CFLAGS)))
# tree.c reads the device tree with libfdt.
$(eval $(call compile_rules,dddk/driver/,$(DDDK_CFLAGS) $(INC_FDT)))
$(B)/dddk/driver/tree.o: | $(B)/libfdt/.stamp

$(B)/dddk.a: $(DDDK_OBJ)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcsD $@ $^

-include $(DDDK_OBJ:.o=.d)
