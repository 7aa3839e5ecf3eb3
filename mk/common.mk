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
export PYTHONDONTWRITEBYTECODE := 1

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

# User processes: EL0, static, glue/rt/program.lds; FPU free for libraries.
# Instructions are 4 bytes: room left for alignment fills 3 % of a small driver.
USER_CFLAGS	:= $(COMMON) -mcpu=cortex-a53 -mstrict-align \
		   -falign-functions=4 -falign-jumps=4 -falign-loops=4 \
		   -fomit-frame-pointer
# $(call objs,FILES): object paths below $(B)
objs = $(patsubst %,$(B)/%.o,$(basename $(1)))

# $(call differ,A,B): empty if both texts are the same
differ = $(subst x$(1),,x$(2))$(subst x$(2),,x$(1))

# $(call flags_stamp,FILE,VARIABLE): FILE holds the variable's text. It counts
# as changed only when the text is another one, so that other flags on the
# command line (DEBUG=0, CROSS=) rebuild what they must and nothing else. The
# strip is needed: make 4.3 now and then keeps a file's last newline.
define flags_stamp
$(if $(call differ,$(strip $(file <$(1))),$(strip $($(2)))),.PHONY: $(1))
$(1):
	@mkdir -p $$(@D)
	@printf '%s\n' '$(subst ','\'',$(strip $($(2))))' > $$@
endef

# $(call to_linker,OPTIONS): for a compiler that links
empty :=
comma := ,
to_linker = -Wl,$(subst $(empty) $(empty),$(comma),$(strip $(1)))

# Files that run rarely are made small instead of fast: COLD lists them.
COLD :=

# $(call compile_rules,PREFIX,FLAGS): how objects below $(B)/PREFIX are made.
# $(B)/PREFIX.flags says with what; mk/compile_commands.py reads it too.
define compile_rules
FLAGS_$(1) := $(CC) $(2)
$$(eval $$(call flags_stamp,$(B)/$(1).flags,FLAGS_$(1)))
$(B)/$(1)%.o: $(1)%.c $(B)/$(1).flags $$(filter %.mk Makefile,$$(MAKEFILE_LIST))
	$$(call say,CC,$$<)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(2) $$(if $$(filter $$<,$$(COLD)),-Os) \
		-MMD -MP -MF $$(@:.o=.d) -c $$< -o $$@
$(B)/$(1)%.o: $(1)%.S $(B)/$(1).flags $$(filter %.mk Makefile,$$(MAKEFILE_LIST))
	$$(call say,AS,$$<)
	@mkdir -p $$(@D)
	$(Q)$(CC) $(2) -D__ASSEMBLY__ -MMD -MP -MF $$(@:.o=.d) -c $$< -o $$@
endef

# libfdt as Linux carries it, for kernel, broker and host tests (linux-src).
LIBFDT_DIR := $(B)/libfdt/scripts/dtc/libfdt

$(B):
	@mkdir -p $@
