# SPDX-License-Identifier: BSD-2-Clause
# model.mk - the Spin model of IPC against deletion, and its mutants.

## model: search the IPC model to the end; each mutant must be refuted (Spin)
.PHONY: model
model:
	@mkdir -p $(B)/results
	$(Q)$(PYTHON) tests/model/run.py --build $(B)
