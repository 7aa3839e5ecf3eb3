# SPDX-License-Identifier: BSD-2-Clause
# fuzz.mk - the system-call fuzzer and the memory test: two root tasks.
#
# `make fuzz` runs long and says which kernel lines it reached; `make fuzz-test`
# is the short run of `make test`. Both judge the kernel of this build; its
# invariants exist with DEBUG=1 only.

N	?= 10000000
SEED	?= 1

FUZZ_CFLAGS := $(USER_CFLAGS) -mgeneral-regs-only \
	       -fno-tree-loop-distribute-patterns $(INC_ABI)
FUZZ_LINK := -nostdlib --gc-sections -z max-page-size=4096 -z noexecstack \
	     --build-id=none -T tests/fuzz/fuzz.lds
FUZZ_COMMON := tests/fuzz/start.S tests/fuzz/base.c
FUZZ_OBJ := $(call objs,$(FUZZ_COMMON) tests/fuzz/main.c tests/fuzz/world.c \
	tests/fuzz/worker.c tests/fuzz/grammar.c tests/fuzz/letters.c)
FUZZ_MEMORY_OBJ := $(call objs,$(FUZZ_COMMON) tests/fuzz/memory.c \
	tests/fuzz/memory_steps.c)

$(eval $(call compile_rules,tests/fuzz/,$$(FUZZ_CFLAGS)))

$(B)/fuzz.elf: $(FUZZ_OBJ) tests/fuzz/fuzz.lds
	$(call say,LD,$@)
	$(Q)$(LD) $(FUZZ_LINK) -o $@ $(FUZZ_OBJ)

$(B)/fuzz_memory.elf: $(FUZZ_MEMORY_OBJ) tests/fuzz/fuzz.lds
	$(call say,LD,$@)
	$(Q)$(LD) $(FUZZ_LINK) -o $@ $(FUZZ_MEMORY_OBJ)

FUZZ_FILES := $(B)/kernel.img $(B)/fuzz.elf $(B)/fuzz_memory.elf

## fuzz: N system calls from SEED, invariants, coverage (N=10000000 SEED=1)
.PHONY: fuzz
fuzz: $(FUZZ_FILES)
	$(Q)$(PYTHON) tests/fuzz/run.py --build $(B) --calls $(N) --seed $(SEED)

# 200,000 calls, and every allocation failing once; counts for `make test`.
.PHONY: fuzz-test
fuzz-test: $(FUZZ_FILES)
	@mkdir -p $(RESULTS)
	$(Q)$(PYTHON) tests/fuzz/run.py --build $(B) --short

-include $(FUZZ_OBJ:.o=.d) $(FUZZ_MEMORY_OBJ:.o=.d)
