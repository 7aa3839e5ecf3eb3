# SPDX-License-Identifier: GPL-2.0-only
# dde.mk - Linux drivers: configure and build them with Linux's own tools, link.
#
# Five steps, each with its product below $(B)/linux or $(B)/dde:
#   .configured  drivers.config resolved by Linux's Kconfig
#   .built       modules (.ko) by Linux's Kbuild, real.a of Linux's pure logic
#   emul.a       our emulation and class glue, compiled like Linux's own files
#   ours.o       kit + dddk + glue, pre-linked: only kit_* and _start show
#   dde_X.elf    one process per driver, and its manifest line

include dde-linux/kit/kit.mk
include dde-linux/emul/emul.mk
include dde-linux/class/class.mk

DDE		:= $(B)/dde
DDE_BUILD	:= dde-linux/build
DDE_ARCH	:= dde-linux/arch/kaal
DRIVERS_CONFIG	?= drivers.config
DDE_NAMES	:= $(shell $(PYTHON) $(DDE_BUILD)/drivers_config.py \
		     names $(DRIVERS_CONFIG) 2>/dev/null)
DDE_ELFS	:= $(DDE_NAMES:%=$(B)/dde_%.elf)
JOBS		?= $(shell nproc)

PROGRAMS	+= $(DDE_ELFS)
MANIFEST_PARTS	+= $(B)/manifest.d/40-drivers \
		   $(addprefix $(B)/manifest.d/50-,$(shell $(PYTHON) \
		     $(DDE_BUILD)/drivers_config.py names --kind ALL \
		     $(DRIVERS_CONFIG) 2>/dev/null))

.PHONY: dde-linux
dde-linux: $(DDE_ELFS)

# Another compiler or another list of drivers configures Linux anew; what a
# line of drivers.config says of a listed driver only links it anew.
LINUX_FLAGS := $(CROSS) $(HOSTCC) $(DRIVERS_CONFIG) $(DDE_NAMES)
$(eval $(call flags_stamp,$(LINUX)/.flags,LINUX_FLAGS))

# Lines that nobody can read give no name above; here they are an error.
$(B)/manifest.d/40-drivers: $(DRIVERS_CONFIG) $(DDE_BUILD)/drivers_config.py \
		$(LINUX)/.flags
	@mkdir -p $(@D)
	$(Q)$(PYTHON) $(DDE_BUILD)/drivers_config.py read $< \
		--native drivers-native > $@

# Linux's makefile must not see ours: no inherited flags, no V=, no B=.
KBUILD = env -u MAKEFLAGS -u MFLAGS -u MAKEOVERRIDES -u MAKELEVEL \
	make -C $(LINUX_SRC) O=$(abspath $(LINUX_OUT)) ARCH=kaal \
	CROSS_COMPILE=$(CROSS) HOSTCC=$(HOSTCC) KBUILD_MODPOST_WARN=1 -j$(JOBS)

# $(call kbuild,TARGETS): quiet; a failure shows the compiler's messages.
kbuild = $(KBUILD) $(1) >> $(LINUX)/kbuild.log 2>&1 || { \
	grep -E 'error|Error|\*\*\*' $(LINUX)/kbuild.log | head -20 >&2; \
	echo "Linux build failed; all of it: $(LINUX)/kbuild.log" >&2; false; }

# --- configure -------------------------------------------------------------

# What Linux's parser is made of, when conf has been built.
KCONFIG_OBJS := $(addprefix $(LINUX_OUT)/scripts/kconfig/,confdata.o expr.o \
	lexer.lex.o menu.o parser.tab.o preprocess.o symbol.o util.o)

# What enables the drivers; report.mk has its own way and an extra setting.
DDE_CONFIG_EXTRA ?=
DDE_CONFIG_TOOL ?=
DDE_RESOLVE ?= $(PYTHON) $(DDE_BUILD)/drivers_config.py resolve \
	$(DRIVERS_CONFIG) --native drivers-native
KCONFIG_INC := -isystem $(LINUX_SRC)/scripts/kconfig \
	-isystem $(LINUX_SRC)/scripts/include

$(LINUX)/.configured: $(LINUX)/.extracted \
		$(DDE_ARCH)/Kconfig $(DDE_ARCH)/Makefile \
		$(DDE_ARCH)/configs/kaal_defconfig \
		$(DDE_BUILD)/drivers_config.py $(DDE_BUILD)/driver_class.py \
		$(DDE_BUILD)/classes.txt $(DDE_BUILD)/kconfig_need.c \
		$(DDE_CONFIG_EXTRA) $(DDE_CONFIG_TOOL) $(LINUX)/.flags | $(B)/manifest.d/40-drivers
	$(call say,KCONFIG,$(DRIVERS_CONFIG))
	@ln -sfn $(CURDIR)/$(DDE_ARCH) $(LINUX_SRC)/arch/kaal
	@: > $(LINUX)/kbuild.log
	@cat $(DDE_ARCH)/configs/kaal_defconfig $(DDE_CONFIG_EXTRA) \
		> $(LINUX)/start.config
	$(Q)$(call kbuild,allnoconfig \
		KCONFIG_ALLCONFIG=$(abspath $(LINUX)/start.config))
	$(Q)$(HOSTCC) -std=gnu11 -O1 -Wall -Wextra -Werror $(KCONFIG_INC) \
		$(DDE_BUILD)/kconfig_need.c $(KCONFIG_OBJS) -o $(LINUX)/kconfig_need
	$(Q)$(DDE_RESOLVE) --src $(LINUX_SRC) --out $(LINUX_OUT) \
		--need $(LINUX)/kconfig_need
	$(Q)$(call kbuild,modules_prepare)
	$(Q)touch $@

# --- build -----------------------------------------------------------------

# Known when Linux is configured: some depend on what that switched on.
REAL_OBJS = $(shell $(PYTHON) $(DDE_BUILD)/real_files.py objects \
	      dde-linux/real-files.txt --out $(LINUX_OUT))
# What runs at start, at errors and for messages only: compiled for size.
REAL_SMALL := $(addprefix drivers/,amba/% base/% clk/% gpio/% hid/% i2c/% \
	mfd/% nvmem/% of/% pci/% pinctrl/% regulator/% rtc/% spi/% watchdog/%) \
	kernel/irq/irqdomain.o kernel/params.o kernel/resource.o lib/fdt.o \
	lib/fdt_ro.o lib/kobject.o lib/vsprintf.o
DDE_ARCH_FILES := $(shell find $(DDE_ARCH) -type f)

$(LINUX)/.built: $(LINUX)/.configured $(DDE_ARCH_FILES) \
		dde-linux/real-files.txt $(DDE_BUILD)/linux_flags.py \
		$(DDE_BUILD)/real_files.py $(DDE_BUILD)/common_code.py
	$(call say,KBUILD,"modules and $(words $(REAL_OBJS)) files of Linux")
	@: > $(LINUX)/kbuild.log
	$(Q)$(call kbuild,modules)
	$(Q)$(call kbuild,$(or $(filter-out $(REAL_SMALL),$(REAL_OBJS)),\
		$(error dde-linux/real-files.txt cannot be read)))
	$(Q)$(call kbuild,$(filter $(REAL_SMALL),$(REAL_OBJS)) KCFLAGS=-Os)
	$(Q)$(PYTHON) $(DDE_BUILD)/real_files.py archive \
		dde-linux/real-files.txt --out $(LINUX_OUT) --cross $(CROSS) \
		--archive $(LINUX)/real.a --inits $(LINUX)/real.inits
	$(Q)$(PYTHON) $(DDE_BUILD)/linux_flags.py $(LINUX_OUT) lib/ctype.o \
		> $(LINUX)/cflags.new
	@cmp -s $(LINUX)/cflags.new $(LINUX)/cflags || \
		mv $(LINUX)/cflags.new $(LINUX)/cflags
	$(Q)touch $@

# What a file of ours is compiled with; it changes only when it differs.
$(LINUX)/cflags: | $(LINUX)/.built

# --- ours, Linux's side: emulation and class glue ---------------------------

DDE_OBJS := $(patsubst %,$(B)/%.o,$(basename $(DDE_EMUL_SRC) $(DDE_CLASS_SRC)))
DDE_CFLAGS := $(CC) @$(LINUX)/cflags -Werror -Idde-linux/kit \
	-Idde-linux/emul -Idde-linux/class -idirafter glue/include \
	-idirafter dde-linux/kit/plain -DKBUILD_MODNAME='"dde"' \
	-DKBUILD_MODFILE='"dde"' -D__KBUILD_MODNAME=dde
DDE_FLAGS := $(B)/dde-linux/emul/.flags $(B)/dde-linux/class/.flags
$(foreach f,$(DDE_FLAGS),$(eval $(call flags_stamp,$(f),DDE_CFLAGS)))

# Linux's fixdep makes each object depend on the CONFIG_ symbols that it reads
# instead of all of autoconf.h: another driver compiles few of these again.
$(DDE_OBJS): $(B)/%.o: %.c $(LINUX)/cflags $(DDE_FLAGS) dde-linux/dde.mk
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(DDE_CFLAGS) -DKBUILD_BASENAME='"$(subst -,_,$(notdir $*))"' \
		-MMD -MF $(@:.o=.d) -c $< -o $@
	$(Q)$(LINUX_OUT)/scripts/basic/fixdep $(@:.o=.d) $@ '' | sed \
		's|include/config/|$(LINUX_OUT)/&|' > $(@:.o=.dep)

$(DDE)/emul.a: $(DDE_OBJS) $(DDE_BUILD)/common_code.py
	$(call say,AR,$@)
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)$(AR) qcsD $@ $(DDE_OBJS)
	$(Q)$(PYTHON) $(DDE_BUILD)/common_code.py apart $@

# --- ours, KaaL's side: kit, dddk, glue -------------------------------------

KIT_OBJS := $(patsubst %,$(B)/%.o,$(basename $(DDE_KIT_SRC)))
KIT_CFLAGS := $(USER_CFLAGS) -mgeneral-regs-only -mno-strict-align -flto \
	$(INC_DDDK) -Idde-linux/kit
$(eval $(call compile_rules,dde-linux/kit/,$(KIT_CFLAGS)))

# Linux owns memcpy and strlen in such a process. Ours are made local, and what
# is left undefined must be dde_*, else it would silently bind to Linux's.
# --unique keeps sections of one name apart (each service has a serve_client),
# or whoever holds one of them would hold them all.
$(DDE)/ours.o: $(KIT_OBJS) $(B)/dddk.a $(B)/glue.a \
		$(DDE_BUILD)/common_code.py
	$(call say,PRELINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(KIT_CFLAGS) -r -flinker-output=nolto-rel -nostdlib \
		$(call to_linker,--unique -u _start) -o $@.all $(KIT_OBJS) \
		$(call to_linker,--start-group) $(B)/dddk.a $(B)/glue.a \
		$(call to_linker,--end-group)
	$(Q)if $(NM) -u $@.all | grep -vE ' U (dde_|main$$)'; then \
		echo "kit, dddk or glue use the above, which is not theirs" >&2; \
		false; fi
	$(Q)$(OBJCOPY) --wildcard --keep-global-symbol='kit_*' \
		--keep-global-symbol=_start $@.all $@
	$(Q)$(PYTHON) $(DDE_BUILD)/common_code.py apart $@

# --- one process per driver --------------------------------------------------

DDE_LINK_TOOLS := $(DDE_BUILD)/link_driver.py $(DDE_BUILD)/kbuild_modules.py \
	$(DDE_BUILD)/common_code.py \
	$(DDE_BUILD)/dde.lds \
	$(DDE_BUILD)/settings.py $(DDE_BUILD)/quotas.py $(DDE_BUILD)/quotas.txt \
	$(DDE_BUILD)/real_files.py $(DDE_BUILD)/missing.py $(DDE_BUILD)/dwarf.py \
	$(DDE_BUILD)/classes.txt $(DDE_BUILD)/buses.txt

# $(call link_driver,NAME,ELF,MANIFEST LINE,FURTHER WORDS)
link_driver = $(PYTHON) $(DDE_BUILD)/link_driver.py $(1) --cross $(CROSS) \
		--compiler '$(subst ','\'',$(DDE_CFLAGS))' \
		--config $(DRIVERS_CONFIG) \
		--src $(LINUX_SRC) --out $(LINUX_OUT) --work $(DDE) \
		--ours $(DDE)/ours.o --archive $(DDE)/emul.a \
		--archive $(LINUX)/real.a --inits $(LINUX)/real.inits \
		--real-list dde-linux/real-files.txt --emul $(B)/dde-linux \
		--elf $(2) --manifest $(3) $(4)

# Linked each for itself at first, to learn what all have in common. New each time
# when ours has changed: one function that all call and no list knows lies in each
# driver elsewhere, and then nothing that calls it is the same in two drivers.
DDE_FIRST := $(DDE_NAMES:%=$(DDE)/first/%.elf)
$(DDE_FIRST): $(DDE)/first/%.elf: $(LINUX)/.built $(LINUX)/.flags \
		$(DDE_LINK_TOOLS) $(DDE)/emul.a $(DDE)/ours.o
	@mkdir -p $(@D)
	$(Q)$(call link_driver,$*,$@,$(@:.elf=.line),--work $(DDE)/first) \
		> $@.log 2>&1 || { cat $@.log >&2; false; }

$(DDE)/common/.lists: $(DDE_FIRST)
	$(call say,COMMON,$(@D))
	@mkdir -p $(@D)
	$(Q)$(PYTHON) $(DDE_BUILD)/common_code.py plan $(@D) \
		$(DDE_NAMES:%=$(DDE)/first/%/link.map)
	@touch $@

$(B)/dde_%.elf $(B)/manifest.d/50-dde-%: $(LINUX)/.built $(DDE)/emul.a \
		$(DDE)/ours.o $(DDE_LINK_TOOLS) $(DRIVERS_CONFIG) \
		$(DDE)/common/.lists
	$(call say,LINK,$(B)/dde_$*.elf)
	$(Q)$(call link_driver,$*,$(B)/dde_$*.elf,$(B)/manifest.d/50-dde-$*,\
		--common $(DDE)/common)

# A module that is no part of Linux: MODULE=FOLDER/NAME, with NAME.c and a Kbuild
# file there. Leaves FOLDER/dde_NAME.elf and its manifest line FOLDER/NAME.line.
.PHONY: dde-module
dde-module: $(LINUX)/.built $(DDE)/emul.a $(DDE)/ours.o
	$(if $(and $(MODULE),$(wildcard $(addprefix $(dir $(MODULE)),Kbuild \
		Makefile))),,$(error \
		MODULE='$(MODULE)' should be FOLDER/NAME: a folder with NAME.c and \
		a Kbuild file))
	$(call say,KBUILD,$(MODULE))
	$(Q)$(call kbuild,M=$(abspath $(dir $(MODULE))) modules)
	$(Q)$(call link_driver,$(notdir $(MODULE)),$(dir $(MODULE))dde_$(notdir \
		$(MODULE)).elf,$(MODULE).line,--module $(abspath $(MODULE)))

# --- drivers.config as a menu ------------------------------------------------

MENU		:= $(B)/menu
MENU_TOOL	?= kconfig-mconf
MENU_PY		:= $(PYTHON) $(DDE_BUILD)/menu.py
MENU_NATIVE	:= $(wildcard drivers-native/*/Kconfig)

$(MENU)/kconfig_menu: $(DDE_BUILD)/kconfig_menu.c | $(LINUX)/.configured
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) -std=gnu11 -O1 -Wall -Wextra -Werror $(KCONFIG_INC) \
		$< $(KCONFIG_OBJS) -o $@

# Titles, prompts and help are Linux's, read anew and never stored here.
$(MENU)/Kconfig: $(MENU)/kconfig_menu $(LINUX)/.extracted $(MENU_NATIVE) \
		$(DDE_BUILD)/menu.py $(DDE_BUILD)/driver_class.py \
		$(DDE_BUILD)/classes.txt
	$(call say,MENU,$@)
	$(Q)$(MENU_PY) tree --src $(LINUX_SRC) --out $(LINUX_OUT) --menu $< \
		--native drivers-native > $@

# First, so that nothing is built for a menu that cannot be drawn.
.PHONY: menu-terminal
menu-terminal:
	@test -t 0 && test -t 1 || { echo "make menuconfig needs a terminal;" \
		"without one edit $(DRIVERS_CONFIG), one driver a line" >&2; false; }

## menuconfig: choose drivers in a menu; edits drivers.config
.PHONY: menuconfig savedefconfig olddefconfig
menuconfig: menu-terminal $(MENU)/Kconfig
	@$(if $(filter kconfig-%,$(MENU_TOOL)),mk/setup.sh menuconfig)
	$(Q)$(MENU_PY) load $(DRIVERS_CONFIG) > $(MENU)/.config
	$(Q)KCONFIG_CONFIG=$(MENU)/.config CONFIG_=CONFIG_ $(MENU_TOOL) \
		$(MENU)/Kconfig
	$(Q)$(MENU_PY) save $(DRIVERS_CONFIG) $(MENU)/.config $(MENU)/Kconfig

## savedefconfig: write the shortest drivers.config of the same meaning
savedefconfig: $(B)/manifest.d/40-drivers
	$(Q)$(MENU_PY) minimal $(DRIVERS_CONFIG) > $(B)/defconfig
	@echo "$(B)/defconfig: drivers.config without comments and defaults"

## olddefconfig: check drivers.config against this Linux, by line
olddefconfig: $(LINUX)/.configured $(B)/manifest.d/40-drivers
	$(Q)$(MENU_PY) check $(DRIVERS_CONFIG)

-include $(DDE_OBJS:.o=.dep) $(KIT_OBJS:.o=.d)
include dde-linux/report.mk
