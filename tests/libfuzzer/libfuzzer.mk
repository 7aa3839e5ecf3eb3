# SPDX-License-Identifier: BSD-2-Clause
# libfuzzer.mk - native drivers against devices that a coverage-guided fuzzer plays.
#
# tests/libfuzzer/NAME.c with the sources of tests/unit/native_NAME.src and the
# flags of its .flags (then libfdt is there, as for unit tests). The
# short run of `make test` is the same each time: its seed and runs are fixed.

LF_CC		?= clang-14
LF_NAMES	:= $(sort $(basename $(notdir $(wildcard tests/libfuzzer/*.c))))
LF_CFLAGS	:= -std=gnu11 -g -O1 -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined -fno-omit-frame-pointer \
	-Wall -Wextra -Werror -Wundef -Wno-unknown-attributes \
	-Ikernel/include -Iglue/include \
	-Idddk/include -I. -Itests/unit $(HOST_PLACES)
LF_SHORT	:= -seed=1 -runs=8000
FUZZ_SECONDS	?= 300

define lf_rules
$(1)_LF_OBJS := $(addprefix $(B)/libfuzzer/$(1).d/,$(addsuffix .o, \
	tests/libfuzzer/$(1).c $(call unit_lines,tests/unit/native_$(1).src)))
$(B)/libfuzzer/$(1).d/%.c.o: %.c tests/unit/native_$(1).src \
		$(call unit_lists,tests/unit/native_$(1).src) \
		tests/libfuzzer/libfuzzer.mk | $(B)/libfuzzer/.clang \
		$(B)/libfdt/.stamp
	@mkdir -p $$(@D)
	$(Q)$(LF_CC) $(LF_CFLAGS) \
		$(call unit_lines,tests/unit/native_$(1).flags) -MMD -MP -c $$< -o $$@
$(B)/libfuzzer/$(1): $$($(1)_LF_OBJS)
	$(call say,FUZZER,$$@)
	$(Q)$(LF_CC) -fsanitize=fuzzer,address,undefined -o $$@ $$^ -lcmocka
-include $$($(1)_LF_OBJS:.o=.d)
endef
$(foreach t,$(LF_NAMES),$(eval $(call lf_rules,$(t))))

$(B)/libfuzzer/.clang: mk/setup.sh
	@mk/setup.sh clang
	@mkdir -p $(@D)
	@touch $@

## fuzz-drivers: each native driver against a lying device (FUZZ_SECONDS=300 [T=name])
.PHONY: fuzz-drivers fuzz-drivers-test
fuzz-drivers: $(addprefix $(B)/libfuzzer/,$(or $(T),$(LF_NAMES)))
	$(Q)$(PYTHON) tests/libfuzzer/run.py --build $(B) $(or $(T),$(LF_NAMES)) \
		-- -max_total_time=$(FUZZ_SECONDS)

fuzz-drivers-test: $(addprefix $(B)/libfuzzer/,$(LF_NAMES))
	@mkdir -p $(RESULTS)
	$(Q)$(PYTHON) tests/libfuzzer/run.py --build $(B) --count $(LF_NAMES) \
		-- $(LF_SHORT)
