# SPDX-License-Identifier: BSD-2-Clause
# fault.mk - the fault campaign: drivers broken on purpose, under verified I/O.
#
# Its programs (apps/verify) are not in the default system: campaign.py makes
# systems of its own with these manifest lines.

$(B)/faults/lines.txt: apps/apps.mk
	@mkdir -p $(@D)
	@echo '$(VERIFY_LINE)' > $@
	@echo '$(WITNESS_LINE)' >> $@
	@echo '$(CHAOS_LINE)' >> $@
	@echo '$(PACE_LINE)' >> $@
	@echo '$(GREEDY_LINE)' >> $@
	@echo '$(FRAMES_LINE)' >> $@
	@echo '$(VANDAL_LINE)' >> $@
	@echo '$(CYCLES_LINE)' >> $@
	@echo '$(KILLER_LINE)' >> $@
	@echo 'burglar kind=native $(BURGLAR_LINE)' > $(@D)/burglar.txt
	@echo 'burglar kind=dde meta_bytes=64 $(BURGLAR_LINE)' \
		> $(@D)/burglar_dde.txt

.PHONY: faults-parts
faults-parts: $(B)/verify.elf $(B)/greedy.elf $(B)/burglar.elf \
		$(B)/faults/lines.txt

## faults-linux: Linux itself on the disks that lie (fetches Debian's arm64 kernel)
.PHONY: faults-linux
faults-linux: all strict-image native-image
	$(Q)B=$(B) $(PYTHON) tests/fault/stock.py --build $(B)

# $(call typed,NAME,OPTION): the option, if the user has set the variable.
typed = $(if $(filter command environment,$(firstword $(origin $(1)))), \
	$(2) $($(1)))

## faults: break drivers under verified I/O ([N= SEED= CLASS= DRIVER= SUMS=yes|no])
.PHONY: faults
faults: all native-image faults-parts
	$(Q)B=$(B) $(PYTHON) tests/fault/campaign.py --build $(B) \
		$(call typed,N,--n) $(call typed,SEED,--seed) \
		$(call typed,CLASS,--class) $(call typed,DRIVER,--driver) \
		$(call typed,SUMS,--sums)
