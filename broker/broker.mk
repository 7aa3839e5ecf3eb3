# SPDX-License-Identifier: BSD-2-Clause
# broker.mk - the root task, all but the archive that mk/image.mk embeds.
#
# Product: $(BROKER_OBJS), linked with glue.a and the archive by mk/image.mk.

BROKER_SRC := $(addprefix broker/, start.S main.c boot.c calls.c calls_look.c \
	message.c supervisor.c restart.c heartbeat.c quiet.c process.c loader.c \
	fresh.c metadata.c grant.c channels.c channel_ends.c \
	fault.c inject.c timer.c devices.c finder.c probe.c pci.c \
	pci_access.c pci_config.c policy.c \
	vspace.c account.c blocks.c slots.c machine.c \
	log.c)
BROKER_OBJS := $(call objs,$(BROKER_SRC))

BROKER_CFLAGS := $(USER_CFLAGS) -mgeneral-regs-only $(INC_GLUE)
$(eval $(call compile_rules,broker/,$(BROKER_CFLAGS)))

-include $(BROKER_OBJS:.o=.d)
