# SPDX-License-Identifier: GPL-2.0-only
# report.mk - make dde-report: how the needs of Linux drivers are met.
#
# A report has a build folder of its own, $(B)/dde-report/NAME, made by the very
# rules of dde.mk: same real files, same emulation, but a Linux configured for
# the drivers asked for. The sources and our side of the waist are the system's.
# A driver of drivers.config needs no folder: it is reported as it is built.

REPORTS := $(B)/dde-report
REPORT_NAME := $(if $(ALL),$(subst $(eval ) ,+,$(strip \
	$(subst /,_,$(ALL:drivers/%=%)))),$(D))
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
	--refused $(REPORT_B)/refused.json'

.PHONY: dde-report dde-report-build dde-report-asked
dde-report-asked:
	@test -n '$(D)$(ALL)' || { echo 'write make dde-report D=SYMBOL or' \
		'make dde-report ALL="drivers/rtc ..."' >&2; false; }

dde-report-build: dde-report-asked $(LINUX)/.extracted $(DDE)/ours.o \
		$(DDE)/emul.a
	@mkdir -p $(REPORTS) $(REPORT_B)/linux/out
	+$(if $(REPORT_LISTED),,$(Q) \
		: >> $(REPORT_B)/drivers.config && \
		ln -sfn $(abspath $(LINUX_SRC)) $(REPORT_B)/linux/src && \
		{ test $(REPORT_B)/linux/.extracted -nt $(LINUX)/.extracted || \
		  touch $(REPORT_B)/linux/.extracted; } && \
		$(REPORT_MAKE) $(REPORT_B)/dde/emul.a)

# The drivers that system tests run: this system's, and the wide one's if it
# has been built (tests.mk).
REPORT_WIDE = $(if $(wildcard $(B)/wide/dde/emul.a),--system '$(B)/wide \
	$(shell $(PYTHON) $(DDE_BUILD)/drivers_config.py names \
	tests/system/wide.config)')

# Which names the checks of the emulation use: their objects say it.
REPORT_CHECKS := $(patsubst tests/unit/%.c,$(REPORTS)/%.o, \
	$(wildcard tests/unit/dde_emul/*.c))
$(REPORTS)/dde_emul/%.o: tests/unit/dde_emul/%.c $(LINUX)/cflags
	@mkdir -p $(@D)
	$(Q)$(DDE_CFLAGS) -DKBUILD_BASENAME='"check"' -Itests/unit/dde_emul \
		-c $< -o $@

## dde-report: what Linux's driver D=SYMBOL needs, or all of ALL="drivers/rtc ..."
dde-report: dde-report-build $(REPORT_CHECKS)
	$(Q)$(PYTHON) $(DDE_BUILD)/dde_report.py $(REPORT_CHOICE) \
		$(if $(REPORT_LISTED),,--refused $(REPORT_B)/refused.json) \
		--src $(LINUX_SRC) --out $(REPORT_B)/linux/out \
		--work $(REPORTS)/$(REPORT_NAME).work --cross $(CROSS) --ours $(DDE)/ours.o \
		--emul $(REPORT_B)/dde/emul.a --real $(REPORT_B)/linux/real.a \
		--system '$(B) $(DDE_NAMES)' $(REPORT_WIDE) \
		$(REPORT_CHECKS:%=--check %) --json $(REPORTS)/$(REPORT_NAME).json

# The folders whose figures docs/drivers.md publishes, in groups that are
# configured together; each group is a report of its own.
REPORT_GROUPS := drivers/rtc+drivers/watchdog+drivers/gpio+$\
	drivers/char/hw_random+drivers/virtio+drivers/input \
	drivers/block+drivers/nvme+drivers/mmc/host drivers/net/ethernet
REPORT_JSON := $(patsubst %,$(REPORTS)/%.json,$(subst /,_,$(subst \
	drivers/,,$(REPORT_GROUPS))))

## dde-report-docs: the reports of ten folders, into docs/drivers.md (an hour)
.PHONY: dde-report-docs dde-report-table
dde-report-docs: $(B)/wide/system.elf
	+$(Q)for group in $(REPORT_GROUPS); do \
		$(MAKE) --no-print-directory dde-report \
			ALL="$$(echo $$group | tr + ' ')" || exit 1; done
	+$(Q)$(MAKE) --no-print-directory dde-report-table

# The table alone, of the reports that there are.
dde-report-table:
	$(Q)$(PYTHON) $(DDE_BUILD)/report_table.py docs/drivers.md \
		$(wildcard $(REPORT_JSON))
