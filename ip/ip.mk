# SPDX-License-Identifier: BSD-2-Clause
# ip.mk - the IP stack: lwIP's files, our port of them, the process.
#
# Without lwIP's sources (lwip-src/lwip.mk has said why) there is no program.

IP_SRC := $(addprefix ip/, main.c stack.c config.c address.c answers.c nic.c \
	nic_receive.c nic_send.c nic_checksum.c conn.c services.c ping.c \
	resolve.c server.c random.c random_start.c checksum.c)
IP_OBJS := $(call objs,$(IP_SRC))

INC_IP := -Iip/port -isystem $(LWIP_SRC)/include -isystem ip/port/libc
IP_CFLAGS := $(USER_CFLAGS) -mgeneral-regs-only $(INC_DDDK) $(INC_IP)

$(eval $(call compile_rules,ip/,$(IP_CFLAGS)))

# lwIP's files are not ours: two of our warnings are off.
LWIP_CFLAGS := $(IP_CFLAGS) -Wno-unused-parameter -Wno-undef
LWIP_FLAGS := $(CC) $(LWIP_CFLAGS)
$(eval $(call flags_stamp,$(B)/lwip/obj/.flags,LWIP_FLAGS))
$(B)/lwip/obj/%.o: $(LWIP_SRC)/%.c $(B)/lwip/obj/.flags ip/ip.mk
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LWIP_CFLAGS) -MD -MP -MF $(@:.o=.d) -c $< -o $@

$(B)/ip.elf: $(IP_OBJS) $(LWIP_OBJS) $(B)/dddk.a $(B)/glue.a $(GLUE_LDS)
	$(call say,LD,$@)
	$(Q)$(LD) $(GLUE_LINK) -o $@ $(filter %.o,$^) $(B)/dddk.a $(B)/glue.a

# ip serves all cards there are. ip2 is for `run`: a second stack on net0.
IP_LINE := elf=ip.elf kind=app class=ip stack_kib=32 \
	connect=net,rng channels=8
$(B)/manifest.d/20-ip: ip/ip.mk
	@mkdir -p $(@D)
	@echo 'ip $(IP_LINE) start=boot needs=net' > $@
	@echo 'ip2 $(IP_LINE) start=demand' >> $@

ifneq ($(LWIP_ARCHIVE),)
PROGRAMS += $(B)/ip.elf
MANIFEST_PARTS += $(B)/manifest.d/20-ip
endif

-include $(IP_OBJS:.o=.d) $(LWIP_OBJS:.o=.d)
