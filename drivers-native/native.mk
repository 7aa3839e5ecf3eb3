# SPDX-License-Identifier: BSD-2-Clause
# native.mk - native drivers: all those that drivers.config names.
#
# A folder NAME of C files is the driver NATIVE_NAME; nothing else lists it. Its
# ELF says in a note of its own (DDDK_DRIVER) what its manifest line begins with.

NATIVE_LISTED := $(shell $(PYTHON) dde-linux/build/drivers_config.py \
	names --kind NATIVE $(DRIVERS_CONFIG) 2>/dev/null)
# The timer service is part of every system: no line lists it. Its manifest line
# comes first, so that no other driver takes its device.
NATIVE_NAMES := timer_arm $(filter-out timer_arm,$(NATIVE_LISTED))
NATIVE_ELFS := $(NATIVE_NAMES:%=$(B)/native_%.elf)
NATIVE_SRC := $(wildcard $(NATIVE_NAMES:%=drivers-native/%/*.c))
NATIVE_OBJS := $(call objs,$(NATIVE_SRC))

PROGRAMS += $(NATIVE_ELFS)
ifeq ($(filter timer_arm,$(NATIVE_LISTED)),)
MANIFEST_PARTS += $(B)/manifest.d/05-native-timer_arm
endif
$(B)/manifest.d/05-native-timer_arm: $(B)/manifest.d/50-native-timer_arm
	$(Q)cp $< $@

# As the kit (dddk/dddk.mk), with which they are optimised as one program:
# docs/decisions/0013.
NATIVE_CFLAGS := $(USER_CFLAGS) -mgeneral-regs-only -mno-strict-align \
	-flto $(INC_DDDK)
$(eval $(call compile_rules,drivers-native/,$(NATIVE_CFLAGS)))

$(NATIVE_ELFS): $(B)/native_%.elf: $(NATIVE_OBJS) $(B)/dddk.a \
		$(B)/libfdt.a $(B)/glue.a $(GLUE_LDS)
	$(call say,LD,$@)
	$(Q)$(CC) $(NATIVE_CFLAGS) -nostdlib -no-pie $(call to_linker,$(GLUE_LINK) \
		-u glue_program_main -Map $(@:.elf=.map)) -o $@ \
		$(filter $(B)/drivers-native/$*/%,$(NATIVE_OBJS)) \
		$(B)/dddk.a $(B)/libfdt.a $(B)/glue.a

$(B)/manifest.d/50-native-%: $(B)/native_%.elf drivers-native/manifest_line.py \
		$(B)/manifest.d/40-drivers
	@mkdir -p $(@D)
	$(Q)$(PYTHON) drivers-native/manifest_line.py $* $< \
		$(OBJCOPY) $(DRIVERS_CONFIG) > $@

-include $(NATIVE_OBJS:.o=.d)
