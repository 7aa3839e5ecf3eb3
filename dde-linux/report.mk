# SPDX-License-Identifier: GPL-2.0-only
# report.mk - make dde-report: how the needs of Linux drivers are met.
#
# A report has a build folder of its own, $(B)/dde-report/NAME, made by the very
# rules of dde.mk: same real files, same emulation, but a Linux configured for
# the drivers asked for. The sources and our side of the waist are the system's.

## dde-report: what Linux's driver D=SYMBOL needs, or all of ALL="drivers/rtc ..."
REPORTS := $(B)/dde-report
REPORT_NAME := $(if $(ALL),$(subst $(eval ) ,+,$(strip \
	$(subst /,_,$(ALL:drivers/%=%)))),$(D))
REPORT_B := $(REPORTS)/$(REPORT_NAME)
REPORT_CHOICE := $(ALL:%=--folder %) $(if $(ALL),,$(D:%=--symbol %))

# The same pipeline up to the archives, in the report's folder.
REPORT_MAKE = $(MAKE) --no-print-directory B=$(REPORT_B) \
	DRIVERS_CONFIG=$(REPORT_B)/drivers.config ALL= D= \
	DDE_CONFIG_EXTRA=$(DDE_BUILD)/report.config \
	DDE_RESOLVE='$(PYTHON) $(DDE_BUILD)/report_config.py $(REPORT_CHOICE) \
	--refused $(REPORT_B)/refused.txt'

.PHONY: dde-report dde-report-build
dde-report-build: $(LINUX)/.extracted $(DDE)/ours.o $(DDE_ELFS)
	@mkdir -p $(REPORT_B)/linux/out
	@: >> $(REPORT_B)/drivers.config
	@ln -sfn $(abspath $(LINUX_SRC)) $(REPORT_B)/linux/src
	@test $(REPORT_B)/linux/.extracted -nt $(LINUX)/.extracted || \
		touch $(REPORT_B)/linux/.extracted
	+$(Q)$(REPORT_MAKE) $(REPORT_B)/dde/emul.a
