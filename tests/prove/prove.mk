# SPDX-License-Identifier: BSD-2-Clause
# prove.mk - Frama-C on the kernel's capabilities, retype and addresses.

## prove: contracts of the kernel proved, their mutants refuted (Frama-C)
.PHONY: prove
prove:
	@mk/setup.sh prove
	$(Q)$(PYTHON) tests/prove/run.py --build $(B)
