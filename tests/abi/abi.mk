# SPDX-License-Identifier: BSD-2-Clause
# abi.mk - the conformance root tasks, written from abi.md only.
#
# They see nothing of the tree, not even kernel/include: what they know about
# the ABI they bring along.

ABI_SRC := $(addprefix tests/abi/,start.S suite.c calls.c world.c t_boot.c \
	t_trap.c t_cspace.c t_untyped.c t_cnode.c t_derive.c t_tcb.c t_state.c t_ipc.c \
	t_transfer.c t_notification.c t_fault.c t_vspace.c t_asid.c t_sched.c \
	t_irq.c t_delete.c)
ABI_CFLAGS := $(COMMON) -mcpu=cortex-a53 -mstrict-align -Itests/abi \
	-fno-tree-loop-distribute-patterns
ABI_OBJS := $(call objs,$(ABI_SRC))

$(eval $(call compile_rules,tests/abi/,$(ABI_CFLAGS)))

$(B)/abi_suite.elf: $(ABI_OBJS) tests/abi/abi.lds
	$(call say,LD,$@)
	$(Q)$(LD) -nostdlib -static -T tests/abi/abi.lds -o $@ $(ABI_OBJS)

ABI_BIG_OBJS := $(call objs,$(addprefix tests/abi/,start.S calls.c big.c))
$(B)/abi_big.elf: $(ABI_BIG_OBJS) tests/abi/big.lds
	$(call say,LD,$@)
	$(Q)$(LD) -nostdlib -static --no-warn-rwx-segments \
		-z max-page-size=4096 -T tests/abi/big.lds -o $@ $(ABI_BIG_OBJS)

## abi: build the conformance root tasks (run: make system T=abi_suite)
.PHONY: abi
abi: $(B)/abi_suite.elf $(B)/abi_big.elf

# make system boots them (tests/system/test_kernel.py).
system: | abi

-include $(ABI_OBJS:.o=.d) $(ABI_BIG_OBJS:.o=.d)
