# SPDX-License-Identifier: GPL-2.0-only
# report.mk - make dde-report: how the needs of Linux drivers are met.
#
# A report has a build folder of its own, $(B)/dde-report/NAME, made by the very
# rules of dde.mk: same real files, same emulation, but a Linux configured for
# the drivers asked for. The sources and our side of the waist are the system's.
# A driver of drivers.config needs no folder: it is reported as it is built.

REPORTS := $(B)/dde-report
REPORT_NAME := $(if $(ALL),$(subst $(eval ) ,+,$(strip \
	$(subst /,_,$(ALL:drivers/%=%))))$(APART:%=+apart),$(D))
REPORT_LISTED := $(and $(D),$(filter $(shell echo '$(D)' | \
	tr A-Z a-z),$(DDE_NAMES)))
REPORT_B := $(if $(REPORT_LISTED),$(B),$(REPORTS)/$(REPORT_NAME))
REPORT_CHOICE := $(ALL:%=--folder %) $(if $(ALL),,$(D:%=--symbol %))

# The same pipeline up to the archives, in the report's folder.
REPORT_MAKE = $(MAKE) --no-print-directory B=$(REPORT_B) LWIP=$(LWIP) \
	DRIVERS_CONFIG=$(REPORT_B)/drivers.config ALL= D= \
	DDE_CONFIG_EXTRA=$(DDE_BUILD)/report.config \
	DDE_CONFIG_TOOL=$(DDE_BUILD)/report_config.py \
	DDE_RESOLVE='$(PYTHON) $(DDE_BUILD)/report_config.py $(REPORT_CHOICE) \
	$(APART:%=--apart) --refused $(REPORT_B)/refused.json'

.PHONY: dde-report dde-report-build dde-report-asked
dde-report-asked:
	@test -n '$(D)$(ALL)' || { echo 'write make dde-report D=SYMBOL or' \
		'make dde-report ALL="drivers/rtc ..."' >&2; false; }
	@test '$(D)' = "$$(echo '$(D)' | tr a-z A-Z)" || { echo 'D=$(D):' \
		"Linux's symbols are in capitals, write" \
		"D=$$(echo '$(D)' | tr a-z A-Z)" >&2; false; }

dde-report-build: dde-report-asked $(LINUX)/.extracted $(DDE)/ours.o \
		$(DDE)/emul.a
	@mkdir -p $(REPORTS) $(REPORT_B)/linux/out
	+$(if $(REPORT_LISTED),,$(Q) \
		: >> $(REPORT_B)/drivers.config && \
		ln -sfn $(abspath $(LINUX_SRC)) $(REPORT_B)/linux/src && \
		{ test $(REPORT_B)/linux/.extracted -nt $(LINUX)/.extracted || \
		  touch $(REPORT_B)/linux/.extracted; } && \
		$(REPORT_MAKE) $(REPORT_B)/dde/emul.a)

# Which emulated functions the checks of the emulation execute: QEMU's log.
REPORT_CHECKS := $(REPORTS)/checks
$(REPORT_CHECKS)/trace.log: $(DDE)/emul.a $(LINUX)/.built \
		tests/unit/dde_emul.py $(wildcard tests/unit/dde_emul/*)
	$(call say,TRACE,$@)
	$(Q)rm -rf $(@D)
	$(Q)B=$(B) CROSS=$(CROSS) $(PYTHON) tests/unit/dde_emul.py trace $(@D)

## dde-mutants: emulated functions that could be empty and no check would notice
.PHONY: dde-mutants
dde-mutants: $(REPORT_CHECKS)/trace.log
	$(Q)B=$(B) CROSS=$(CROSS) $(PYTHON) tests/tools/emul_mutants.py \
		$(REPORT_CHECKS) $(DDE)/emul.a

# APART=y: the drivers of ALL= that report_config.py sets apart.
## dde-report: what Linux's driver D=SYMBOL needs, or all of ALL="drivers/rtc ..."
dde-report: dde-report-build $(REPORT_CHECKS)/trace.log
	$(Q)$(PYTHON) $(DDE_BUILD)/dde_report.py $(REPORT_CHOICE) \
		$(if $(REPORT_LISTED),,--refused $(REPORT_B)/refused.json) \
		--src $(LINUX_SRC) --out $(REPORT_B)/linux/out \
		--work $(REPORTS)/$(REPORT_NAME).work --cross $(CROSS) --ours $(DDE)/ours.o \
		--emul $(REPORT_B)/dde/emul.a --real $(REPORT_B)/linux/real.a \
		--checks $(REPORT_CHECKS) --json $(REPORTS)/$(REPORT_NAME).json

# The folders whose figures docs/drivers.md publishes, in groups that are
# configured together; each group is a report of its own.
REPORT_GROUPS := drivers/rtc+drivers/watchdog+drivers/gpio+$\
	drivers/char/hw_random+drivers/virtio+drivers/input \
	drivers/block+drivers/nvme+drivers/mmc/host drivers/net/ethernet
REPORT_APART := drivers/net/ethernet
REPORT_JSON := $(patsubst %,$(REPORTS)/%.json,$(subst /,_,$(subst \
	drivers/,,$(REPORT_GROUPS) $(REPORT_APART)+apart)))

## dde-report-docs: the reports of ten folders, into docs/drivers.md (an hour)
.PHONY: dde-report-docs dde-report-table
dde-report-docs:
	+$(Q)for group in $(REPORT_GROUPS); do \
		$(MAKE) --no-print-directory dde-report \
			ALL="$$(echo $$group | tr + ' ')" || exit 1; done
	+$(Q)$(MAKE) --no-print-directory dde-report ALL=$(REPORT_APART) APART=y
	+$(Q)$(MAKE) --no-print-directory dde-report-table

# The table alone, of the reports that there are.
dde-report-table:
	$(Q)$(PYTHON) $(DDE_BUILD)/report_table.py docs/drivers.md \
		$(wildcard $(REPORT_JSON))
