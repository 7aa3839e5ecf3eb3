# SPDX-License-Identifier: BSD-2-Clause
# common.mk - compilers, flags and the compile rules every room shares.

CC	:= $(CROSS)gcc
LD	:= $(CROSS)ld
AR	:= $(CROSS)ar
OBJCOPY	:= $(CROSS)objcopy
NM	:= $(CROSS)nm
SIZE	:= $(CROSS)size
HOSTCC	?= gcc
PYTHON	?= python3

ifeq ($(V),0)
Q := @
say = @printf '  %-8s %s\n' $(1) $(2)
else
Q :=
say = @:
endif

# What every C file of ours must survive, whatever the room.
WARN	:= -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	   -Wmissing-prototypes -Wundef -Wvla -Wpointer-arith
# No libc for the target: only the compiler's own headers (stdint.h ...).
GCC_INCLUDE := $(shell $(CC) -print-file-name=include 2>/dev/null)
COMMON	:= -std=gnu11 -O2 -g -ffreestanding -fno-common -fno-strict-aliasing \
	   -ffunction-sections -fdata-sections -fno-stack-protector \
	   -fno-asynchronous-unwind-tables -fno-pie -fno-pic $(WARN) \
	   -nostdinc -isystem $(GCC_INCLUDE)

# Room include lists are the arrows of design.md section 2.
INC_ABI		:= -Ikernel/include
INC_GLUE	:= -Iglue/include $(INC_ABI)
INC_DDDK	:= -Idddk/include $(INC_GLUE)

# User processes: EL0, static at 0x400000, FPU free for libraries.
USER_CFLAGS	:= $(COMMON) -mcpu=cortex-a53 -mstrict-align
# $(call objs,FILES): object paths below $(B)
objs = $(patsubst %,$(B)/%.o,$(basename $(1)))

# $(call compile_rules,PREFIX,FLAGS): how objects below $(B)/PREFIX are made.
define compile_rules
$(B)/$(1)%.o: $(1)%.c $$(filter %.mk Makefile,$$(MAKEFILE_LIST))
	$$(call say,CC,$$<)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(2) -MMD -MP -MF $$(@:.o=.d) -c $$< -o $$@
$(B)/$(1)%.o: $(1)%.S $$(filter %.mk Makefile,$$(MAKEFILE_LIST))
	$$(call say,AS,$$<)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(2) -D__ASSEMBLY__ -MMD -MP -MF $$(@:.o=.d) -c $$< -o $$@
endef

# libfdt as Linux carries it, for kernel, broker and host tests (linux-src).
LIBFDT_DIR := $(B)/libfdt/scripts/dtc/libfdt

$(B):
	@mkdir -p $@
