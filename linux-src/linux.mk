# SPDX-License-Identifier: GPL-2.0-only
# linux.mk - Linux's sources: taken from Debian's package, never stored here.
#
# $(LINUX_SRC) holds the package's files as they are (plus one link,
# arch/kaal, made by dde-linux/dde.mk); $(LINUX_OUT) is Kbuild's output folder.

LINUX_PACKAGE	:= linux-source-6.12
LINUX_TARBALL	?= /usr/src/$(LINUX_PACKAGE).tar.xz
LINUX		:= $(B)/linux
LINUX_SRC	:= $(LINUX)/src
LINUX_OUT	:= $(LINUX)/out

# Kbuild writes absolute names, and arch/kaal is a link into this tree: where
# both lie is noted, and a folder that was moved or copied is refused.
LINUX_HERE = $(CURDIR) $(realpath $(LINUX))
LINUX_MADE := $(strip $(file <$(LINUX)/place.txt))
ifneq ($(filter-out help clean,$(or $(MAKECMDGOALS),help)),)
$(if $(and $(LINUX_MADE),$(call differ,$(LINUX_MADE),$(LINUX_HERE))), \
	$(error the build folder was made as $(lastword $(LINUX_MADE)) for the \
	tree in $(firstword $(LINUX_MADE)), and is now $(realpath $(LINUX)) \
	for $(CURDIR); files in it name the old place: make B=$(B) clean))
endif

# Without a tarball: one message, the command, and no more.
$(LINUX_TARBALL):
	@echo "$@ is missing. Install it: apt-get install $(LINUX_PACKAGE)" >&2
	@false

$(LINUX)/.extracted: $(LINUX_TARBALL) linux-src/leave-out.txt
	$(call say,EXTRACT,$(LINUX_TARBALL))
	$(Q)rm -rf $(LINUX_SRC) $(LINUX_OUT)
	$(Q)mkdir -p $(LINUX_SRC) $(LINUX_OUT)
	$(Q)tar -xf $(LINUX_TARBALL) -C $(LINUX_SRC) --strip-components=1 \
		--wildcards --wildcards-match-slash -X linux-src/leave-out.txt
	@echo "$(CURDIR) $$(cd $(LINUX) && pwd -P)" > $(LINUX)/place.txt
	$(Q)touch $@

# Kernel and broker read the device tree with Linux's copy of libfdt
# (LIBFDT_DIR, mk/common.mk); it has a folder of its own, so that their include
# path does not lead into Linux.
$(B)/libfdt/.stamp: $(LINUX)/.extracted
	$(call say,COPY,libfdt)
	$(Q)rm -rf $(B)/libfdt && mkdir -p $(LIBFDT_DIR)
	$(Q)cp $(LINUX_SRC)/scripts/dtc/libfdt/*.[ch] $(LIBFDT_DIR)
	$(Q)touch $@ && touch $(LIBFDT_DIR)/*.[ch]

# Kept: make would delete what it takes for steps on the way.
.PRECIOUS: $(LIBFDT_DIR)/%.c $(LIBFDT_DIR)/%.h
$(LIBFDT_DIR)/%.c $(LIBFDT_DIR)/%.h: $(B)/libfdt/.stamp ;

VERIFY_LINUX = $(PYTHON) linux-src/verify.py --package $(LINUX_PACKAGE) \
	--tarball $(LINUX_TARBALL) --build $(B) \
	--src $(LINUX_SRC) --src $(B)/libfdt

## verify-linux: prove every Linux file that was used to be Debian's, byte for byte
.PHONY: verify-linux verify-linux-tamper
verify-linux: dde-linux
	$(Q)$(VERIFY_LINUX) --list $(LINUX)/verified.txt

# The same proof over a copy with one changed byte has to fail, by name.
TAMPERED := drivers/block/virtio_blk.c
verify-linux-tamper: dde-linux
	@mkdir -p $(LINUX)/tampered/$(dir $(TAMPERED))
	$(Q)sed '1s/SPDX/SPDY/' $(LINUX_SRC)/$(TAMPERED) \
		> $(LINUX)/tampered/$(TAMPERED)
	$(Q)if $(VERIFY_LINUX) --overlay $(LINUX)/tampered \
		> $(LINUX)/tampered.log 2>&1; \
	then echo "verify-linux missed a changed byte"; false; fi
	$(Q)grep -q 'differs: $(TAMPERED)' $(LINUX)/tampered.log
	@echo "verify-linux-tamper: one changed byte was found"
