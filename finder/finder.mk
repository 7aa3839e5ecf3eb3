# SPDX-License-Identifier: BSD-2-Clause
# finder.mk - the program that finds the devices; part of every archive.
#
# It sees the manifest's records (broker/policy.h), PCI's registers, and libfdt.

FINDER_SRC := $(addprefix finder/, main.c assign.c table.c devices.c \
	devtree.c subtree.c probe.c pci.c glob.c look.c)
FINDER_OBJS := $(call objs,$(FINDER_SRC))

FINDER_CFLAGS := $(USER_CFLAGS) -mgeneral-regs-only -mno-strict-align -I. $(INC_GLUE) $(INC_FDT)
$(eval $(call compile_rules,finder/,$(FINDER_CFLAGS)))

$(FINDER_OBJS): | $(B)/libfdt/.stamp

$(B)/finder.elf: $(FINDER_OBJS) $(B)/libfdt.a $(B)/glue.a $(GLUE_LDS)
	$(call say,LD,$@)
	$(Q)$(LD) $(GLUE_LINK) -o $@ $(filter %.o,$^) $(B)/libfdt.a $(B)/glue.a

PROGRAMS += $(B)/finder.elf

-include $(FINDER_OBJS:.o=.d)
