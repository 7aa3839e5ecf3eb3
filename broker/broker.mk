# SPDX-License-Identifier: BSD-2-Clause
# broker.mk - the root task, all but the archive that mk/image.mk embeds.
#
# Product: $(BROKER_OBJS), linked with glue.a and the archive by mk/image.mk.
# libfdt comes from Linux's tarball: linux-src extracts it, stamped by
# $(B)/libfdt/.stamp; the kernel uses the same files.

BROKER_SRC := $(addprefix broker/, start.S main.c boot.c calls.c calls_look.c \
	calls_pci.c message.c supervisor.c process.c loader.c grant.c channels.c \
	fault.c timer.c clock.c devices.c devtree.c subtree.c probe.c pci.c \
	pci_access.c pci_config.c policy.c glob.c elf.c \
	archive.c image.c vspace.c account.c blocks.c slots.c machine.c check.c \
	log.c libc/libc.c)
BROKER_OBJS := $(call objs,$(BROKER_SRC))

BROKER_FDT_OBJS := $(patsubst %,$(B)/broker/libfdt/%.o,fdt fdt_ro fdt_sw)

# No C library: a fresh machine has no headers of one for AArch64. libfdt's
# own environment header finds our broker/libc instead.
BROKER_LIBC := -isystem broker/libc
BROKER_CFLAGS := $(USER_CFLAGS) -mgeneral-regs-only $(INC_GLUE) \
		 $(BROKER_LIBC) -isystem $(LIBFDT_DIR)
$(eval $(call compile_rules,broker/,$(BROKER_CFLAGS)))

$(BROKER_OBJS): | $(B)/libfdt/.stamp

# Not our code: our warnings would only stop it from being used unchanged.
$(B)/broker/libfdt/%.o: $(B)/libfdt/.stamp $(B)/broker/.flags
	$(call say,CC,libfdt/$*.c)
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out $(WARN),$(USER_CFLAGS)) -mgeneral-regs-only \
		$(INC_GLUE) $(BROKER_LIBC) -I$(LIBFDT_DIR) \
		-MMD -MP -MF $(@:.o=.d) -c $(LIBFDT_DIR)/$*.c -o $@

BROKER_ALL_OBJS := $(BROKER_OBJS) $(BROKER_FDT_OBJS)
-include $(BROKER_ALL_OBJS:.o=.d)
