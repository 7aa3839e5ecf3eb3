# SPDX-License-Identifier: BSD-2-Clause
# image.mk - pack the programs and the manifest, and link them into system.elf.
#
# In:  PROGRAMS ($(B)/NAME.elf, with symbols), MANIFEST_PARTS (manifest lines).
# Out: $(B)/archive.bin, $(B)/broker.elf (with symbols), $(B)/system.elf.
#
# Tests make other systems of the same programs in a folder of their own:
# IMAGE= that folder, MANIFEST= their manifest.txt, MORE_ELFS= more programs.

IMAGE		?= $(B)
MANIFEST	?= $(B)/archive/manifest.txt
MORE_ELFS	?=

ARCHIVE_ELFS := $(patsubst $(B)/%.elf,$(B)/archive/%.elf,$(PROGRAMS))

# Notes for people and reports (dde_symbols) stay in the file with symbols.
$(B)/archive/%.elf: $(B)/%.elf
	$(call say,STRIP,$@)
	@mkdir -p $(@D)
	$(Q)$(OBJCOPY) --strip-all -R dde_symbols $< $@

# In the order of the numbers NN- of the file names; those of one number stay in
# the order in which they were added, which for drivers is drivers.config's.
part_number = $(firstword $(subst -, ,$(notdir $(1))))
parts_of = $(foreach p,$(MANIFEST_PARTS),$(if $(filter $(1),$(call \
	part_number,$(p))),$(p)))
MANIFEST_ORDER = $(foreach n,$(sort $(foreach p,$(MANIFEST_PARTS),$(call \
	part_number,$(p)))),$(call parts_of,$(n)))

$(B)/archive/manifest.txt: $(MANIFEST_PARTS) $(filter %.mk Makefile,$(MAKEFILE_LIST))
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)cat $(MANIFEST_ORDER) /dev/null > $@

$(IMAGE)/archive.bin: mk/archive.py mk/manifest.py \
		broker/policy.h $(wildcard glue/include/glue/*.h) \
		$(ARCHIVE_ELFS) $(MORE_ELFS) $(MANIFEST)
	$(call say,PACK,$@)
	$(Q)$(PYTHON) mk/archive.py $@ $(MANIFEST) $(ARCHIVE_ELFS) $(MORE_ELFS)

$(IMAGE)/broker/embed.o: broker/embed.S $(IMAGE)/archive.bin $(B)/broker/.flags
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(USER_CFLAGS) -D__ASSEMBLY__ \
		-DBROKER_ARCHIVE='"$(IMAGE)/archive.bin"' -c $< -o $@

$(IMAGE)/broker.elf: broker/broker.lds $(BROKER_OBJS) $(IMAGE)/broker/embed.o \
		$(B)/glue.a
	$(call say,LD,$@)
	$(Q)$(LD) -nostdlib -static --gc-sections -z noexecstack \
		-z max-page-size=4096 \
		--build-id=none -T broker/broker.lds -o $@ \
		$(BROKER_OBJS) $(IMAGE)/broker/embed.o \
		$(B)/glue.a

$(IMAGE)/system.elf: $(IMAGE)/broker.elf
	$(call say,STRIP,$@)
	$(Q)$(OBJCOPY) --strip-all -R dde_symbols $< $@

## image: build $(B)/system.elf, the root task with all programs in it
.PHONY: image
image: $(IMAGE)/system.elf
