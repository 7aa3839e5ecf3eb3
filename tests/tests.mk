# SPDX-License-Identifier: BSD-2-Clause
# tests.mk - everything that a change must keep: unit, checks, system; bench.
#
# Each part writes "passed failed" into $(B)/results/PART; `make test` adds
# them up, and its last line is the sum.

RESULTS := $(B)/results

# --- unit: portable .c files on the host, under the sanitizers ------------
# tests/unit/NAME.c with the sources listed in NAME.src (a path, or @LIST for
# all of LIST.list) and extra compiler flags in NAME.flags; or tests/unit/NAME.py.
# A test whose flags name LIBFDT_DIR waits until libfdt has been extracted;
# NAME.needs lists what make must build before the test runs. Only tests that
# make has brought up to date are run: it writes their names into UNIT_FRESH,
# and the rest has failed.

# Where the sanitizers leave room for a driver's memory (glue/env.h).
UNITS := $(B)/unit
HOST_PLACES := -DGLUE_LENT_VADDR=0x40000000ul -DGLUE_DMA_BASE=0x200000000000ul
UNIT_CFLAGS := -std=gnu11 -g -O1 -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined -fno-omit-frame-pointer \
	-Wall -Wextra -Werror -Wundef -Ikernel/include -Iglue/include \
	-Idddk/include -I. $(HOST_PLACES)
UNIT_NAMES := $(sort $(basename $(notdir $(wildcard tests/unit/*.src))))
UNIT_PY := $(filter-out run,$(basename $(notdir $(wildcard tests/unit/*.py))))

# FILE:WORD for each word of these files, # comments left out
UNIT_WORDS := $(shell awk '{ sub(/\#.*/, ""); \
	for (i = 1; i <= NF; i++) print FILENAME ":" $$i }' /dev/null \
	$(wildcard $(addprefix tests/unit/*.,src list flags needs)))
# $(call unit_words,FILE): the words of a file that may be missing
# $(call unit_lists,FILE): each list that a word @NAME in it stands for
# $(call unit_lines,FILE): its words, and those of its lists
unit_words = $(patsubst $(1):%,%,$(filter $(1):%,$(UNIT_WORDS)))
unit_lists = $(foreach l,$(patsubst @%,tests/unit/%.list,$(filter @%, \
	$(call unit_words,$(1)))),$(or $(wildcard $(l)), \
	$(error $(1) names $(l), which is missing)) $(call unit_lists,$(l)))
unit_lines = $(filter-out @%,$(foreach f,$(1) $(call unit_lists,$(1)), \
	$(call unit_words,$(f))))

UNIT_WANTED := $(or $(T),$(UNIT_NAMES) $(UNIT_PY))
UNIT_KNOWN := $(filter $(UNIT_NAMES) $(UNIT_PY),$(UNIT_WANTED))
UNIT_FRESH := $(UNITS)/fresh.txt

define unit_rules
$(1)_UNIT_OBJS := $(addprefix $(UNITS)/$(1).d/,$(addsuffix .o, \
	tests/unit/$(1).c $(call unit_lines,tests/unit/$(1).src)))
$(1)_UNIT_FLAGS := $(HOSTCC) $(UNIT_CFLAGS) \
	$(call unit_lines,tests/unit/$(1).flags) $(UNIT_COUNTS)
$$(eval $$(call flags_stamp,$(UNITS)/$(1).d/.flags,$(1)_UNIT_FLAGS))
$(UNITS)/$(1).d/%.c.o: %.c tests/unit/$(1).src tests/tests.mk \
		$(call unit_lists,tests/unit/$(1).src) \
		$(UNITS)/$(1).d/.flags $$(if \
		$$(findstring $(LIBFDT_DIR),$$($(1)_UNIT_FLAGS)), \
		| $(B)/libfdt/.stamp)
	@mkdir -p $$(@D)
	$(Q)$$($(1)_UNIT_FLAGS) -MMD -MP -c $$< -o $$@
$(UNITS)/$(1): $$($(1)_UNIT_OBJS)
	$(call say,UNIT,$$@)
	$(Q)$(HOSTCC) -fsanitize=address,undefined $(UNIT_COUNTS) \
		-o $$@ $$^ -lcmocka
-include $$($(1)_UNIT_OBJS:.o=.d)
endef
$(foreach t,$(UNIT_NAMES),$(eval $(call unit_rules,$(t))))

# $(call unit_fresh,NAME): note that all the test runs on is up to date.
define unit_fresh
.PHONY: unit-fresh-$(1)
unit-fresh-$(1): $(if $(filter $(1),$(UNIT_NAMES)),$(UNITS)/$(1)) \
		$(call unit_lines,tests/unit/$(1).needs)
	@echo $(1) >> $(UNIT_FRESH)
endef
$(foreach t,$(UNIT_KNOWN),$(eval $(call unit_fresh,$(t))))

## unit: unit tests on the host, under sanitizers ([T=name])
.PHONY: unit unit-bins
unit-bins: $(UNIT_KNOWN:%=unit-fresh-%)
unit:
	@mkdir -p $(RESULTS) $(dir $(UNIT_FRESH))
	@: > $(UNIT_FRESH)
	-@$(MAKE) --no-print-directory -k unit-bins
	$(Q)B=$(B) $(PYTHON) tests/unit/run.py --build $(B) \
		--programs $(UNITS) $(T)

# The same in a folder of their own, counted by gcov: all tests that compile a
# source of these rooms. Optimized code has no line to count for each of ours.
ROOM ?= broker finder
COUNTED := $(foreach t,$(UNIT_NAMES),$(if $(filter $(ROOM:%=%/%),$(call \
	unit_lines,tests/unit/$(t).src)),$(t)))
## coverage: lines and branches that no unit test reaches (ROOM="broker finder")
.PHONY: coverage
coverage:
	$(Q)rm -f $$(find $(B)/counted -name '*.gcda' 2> /dev/null)
	$(Q)$(MAKE) --no-print-directory UNITS=$(B)/counted/unit T="$(COUNTED)" \
		UNIT_COUNTS="--coverage -O0 -fno-sanitize=all" unit
	$(Q)$(PYTHON) tests/tools/unreached.py $(B)/counted/unit $(ROOM)

# --- checks: what can be judged without running anything ------------------

## checks: style numbers, room arrows, headers alone, licences
.PHONY: checks
checks:
	@mkdir -p $(RESULTS)
	$(Q)$(PYTHON) tests/tools/checks.py --build $(B) --cc $(CC)

# --- system: QEMU boots, driven and judged by a script --------------------

# The kernel without its debug parts, in a build folder of its own; it shares
# the extracted libfdt. The sub-make does nothing if all is new.
.PHONY: $(B)/release/kernel.img
$(B)/release/kernel.img: $(B)/libfdt/.stamp
	@mkdir -p $(@D)
	@ln -sfn $(abspath $(B)/libfdt) $(B)/release/libfdt
	$(Q)$(MAKE) --no-print-directory B=$(B)/release \
		LWIP=$(LWIP) DEBUG=0 $@

# A system with other drivers (wide.config), over the same Linux sources. What
# makes up its drivers is configured and compiled anew, as for a user.
WIDE := $(B)/wide
$(WIDE)/linux/.extracted: $(LINUX)/.extracted
	@mkdir -p $(WIDE)/linux/out
	@ln -sfn $(abspath $(LINUX_SRC)) $(WIDE)/linux/src
	@echo "$(CURDIR) $$(cd $(WIDE)/linux && pwd -P)" \
		> $(WIDE)/linux/place.txt
	@touch $@

# The same drivers and programs as in system.elf, every Linux driver strict.
STRICT := $(B)/strict
$(STRICT)/manifest.txt: $(B)/archive/manifest.txt tests/tools/strict.py
	@mkdir -p $(@D)
	$(Q)$(PYTHON) tests/tools/strict.py < $< > $@
.PHONY: strict-image wide-image native-image
strict-image: $(B)/system.elf $(STRICT)/manifest.txt
	$(Q)$(MAKE) --no-print-directory IMAGE=$(STRICT) \
		MANIFEST=$(STRICT)/manifest.txt $(STRICT)/system.elf
wide-image: $(WIDE)/linux/.extracted
	$(Q)$(MAKE) --no-print-directory B=$(WIDE) \
		DRIVERS_CONFIG=tests/system/wide.config strict-image

# The system of our own drivers: where there is one, it serves the device.
native-image:
	$(Q)$(MAKE) --no-print-directory B=$(B)/native \
		LWIP=$(LWIP) DRIVERS_CONFIG=tests/system/native.config image

## system: boots in QEMU, each judged by exit status ([T=name] [CODE=1: code_seen])
.PHONY: system
system: all | $(B)/release/kernel.img wide-image strict-image native-image \
		curves-image lines-image three-image faults-parts
	@mkdir -p $(RESULTS)
	$(Q)B=$(B) $(if $(CODE),KAAL_CODE=$(B)/code) $(PYTHON) \
		tests/system/run.py --build $(B) $(T)

## quotas: measure how much memory each listed Linux driver needs under load
.PHONY: quotas
quotas: all | wide-image
	$(Q)$(PYTHON) tests/system/quotas.py --build $(B) > $(B)/quotas.txt
	@mv $(B)/quotas.txt dde-linux/build/quotas.txt
	@cat dde-linux/build/quotas.txt

## traffic: much real traffic through the drivers, minutes ([T=name])
.PHONY: traffic
traffic: all strict-image native-image
	$(Q)B=$(B) $(PYTHON) tests/system/run.py --build $(B) --long $(T)

## test: unit, checks, system, fuzzers, model; the last line counts all
.PHONY: test
test:
	@rm -rf $(RESULTS)
	-@$(MAKE) --no-print-directory T= unit
	-@$(MAKE) --no-print-directory checks
	-@$(MAKE) --no-print-directory T= system
	-@$(MAKE) --no-print-directory fuzz-test
	-@$(MAKE) --no-print-directory fuzz-drivers-test
	-@$(MAKE) --no-print-directory model
	@$(PYTHON) tests/tools/total.py $(RESULTS) unit checks system fuzz \
		libfuzzer model

## symbolize: function and line for the fault reports in LOG=, or in what comes in
.PHONY: symbolize
symbolize:
	$(Q)$(PYTHON) tests/tools/symbolize.py --build $(B) $(LOG)

## bench: instruction counts under icount; bench.KEY VALUE, build/bench.json
.PHONY: bench
bench: $(IMAGES)
	$(Q)$(PYTHON) tests/bench/bench.py --build $(B)

## footprint: memory and size of each driver, native beside Linux's, in figures
.PHONY: footprint
footprint: $(IMAGES) $(RUN_DISKS) native-image curves-image three-image \
		$(B)/bench/kernel.img
	$(Q)QEMU_RUN='$(QEMU_RUN)' $(PYTHON) tests/bench/footprint.py \
		--build $(B)
