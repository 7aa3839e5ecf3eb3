# SPDX-License-Identifier: BSD-2-Clause
# libfdt.mk - libfdt for our processes: the broker, and drivers that read the tree.
#
# Product: $(B)/libfdt.a; link it before $(B)/glue.a. The files are Linux's copy
# (linux-src extracts them), the few C names they want glue's (glue/libc); the
# kernel has flags and names of its own.

FDT_OBJS := $(patsubst %,$(B)/libfdt.d/%.o,fdt fdt_ro fdt_sw)

# No C library: a fresh machine has no headers of one for AArch64. libfdt's
# own environment header finds glue/libc instead.
INC_FDT := -isystem glue/libc -isystem $(LIBFDT_DIR)

# Not our code: our warnings would only stop it from being used unchanged. Trees
# lie in ordinary memory: a number is one load, and 4 bytes of code instead of 40.
$(B)/libfdt.d/%.o: $(B)/libfdt/.stamp $(B)/glue/.flags mk/libfdt.mk
	$(call say,CC,libfdt/$*.c)
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out $(WARN),$(USER_CFLAGS)) -Os -mgeneral-regs-only \
		-mno-strict-align \
		$(INC_GLUE) $(INC_FDT) -MMD -MP -MF $(@:.o=.d) \
		-c $(LIBFDT_DIR)/$*.c -o $@

$(B)/libfdt.a: $(FDT_OBJS)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcsD $@ $^

-include $(FDT_OBJS:.o=.d)
