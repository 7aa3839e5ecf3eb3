# SPDX-License-Identifier: BSD-2-Clause
# glue.mk - the library of every process: system calls, rings, run-time, clients.
#
# Products: $(B)/glue.a, and for users of it GLUE_LDS and GLUE_LINK.

GLUE_SRC := glue/sys/message.c glue/sys/cnode.c glue/sys/tcb.c glue/sys/irq.c \
	    glue/sys/page.c glue/sys/debug.c glue/sys/clock.c \
	    glue/ring/ring.c \
	    glue/rt/entry.S glue/rt/start.c glue/rt/events.c glue/rt/ticks.c \
	    glue/rt/trace.c glue/rt/err.c glue/rt/copy.S glue/rt/memory.c glue/rt/text.c \
	    glue/rt/format.c glue/rt/console.c glue/rt/sha256.c \
	    glue/rt/complaint.c glue/rt/fault_text.c glue/rt/crc32c.c glue/rt/counters.c glue/libc/libc.c \
	    glue/client/broker.c glue/client/fault.c glue/client/find.c glue/client/port.c \
	    glue/client/request.c glue/client/request_sync.c \
	    glue/client/block.c glue/client/block_sync.c \
	    glue/client/block_memory.c glue/client/block_check.c \
	    glue/client/block_sums.c \
	    glue/client/net.c glue/client/net_sync.c glue/client/net_check.c
COLD += $(addprefix glue/,rt/complaint.c rt/fault_text.c rt/start.c rt/trace.c rt/err.c rt/text.c rt/format.c \
	rt/console.c rt/counters.c client/broker.c client/fault.c client/find.c client/port.c)
GLUE_OBJ := $(call objs,$(GLUE_SRC))

# Vector registers stay out of libraries: using them costs at each switch.
# The loop pass would turn memcpy's loop into a call of memcpy.
GLUE_CFLAGS := $(USER_CFLAGS) -mgeneral-regs-only \
	       -fno-tree-loop-distribute-patterns $(INC_GLUE)

$(eval $(call compile_rules,glue/,$(GLUE_CFLAGS)))
$(eval $(call compile_rules,glue/libc/,$(GLUE_CFLAGS) -isystem glue/libc))

$(B)/glue.a: $(GLUE_OBJ)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcsD $@ $^

# How a program is linked: $(LD) $(GLUE_LINK) -o x.elf x.o ... $(B)/glue.a
GLUE_LDS  := glue/rt/program.lds
GLUE_LINK := -static -nostdlib --gc-sections -z max-page-size=4096 \
	     -z noexecstack --build-id=none -T $(GLUE_LDS)

-include $(GLUE_OBJ:.o=.d)
