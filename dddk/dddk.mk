# SPDX-License-Identifier: BSD-2-Clause
# dddk.mk - the driver kit: service loops, registers, interrupts, log.
#
# Product: $(B)/dddk.a; link it before $(B)/glue.a.

DDDK_SRC := dddk/channels/channels.c dddk/channels/wait.c \
	    dddk/channels/tokens.c \
	    dddk/block/service.c dddk/block/start.c \
	    dddk/request/service.c dddk/request/classes.c \
	    dddk/net/service.c dddk/net/receive.c dddk/net/segment.c \
	    dddk/net/control.c dddk/net/clients.c dddk/log/log.c
DDDK_OBJ := $(call objs,$(DDDK_SRC))

# No vector registers, as in glue.mk.
DDDK_CFLAGS := $(USER_CFLAGS) -mgeneral-regs-only $(INC_DDDK)

$(eval $(call compile_rules,dddk/,$(DDDK_CFLAGS)))
# Frames, rings and counters: ordinary memory only, where addresses may be odd.
# An Ethernet address read by bytes costs 20 instructions, else 3.
$(eval $(call compile_rules,dddk/net/,$(DDDK_CFLAGS) -mno-strict-align))

$(B)/dddk.a: $(DDDK_OBJ)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcsD $@ $^

-include $(DDDK_OBJ:.o=.d)
