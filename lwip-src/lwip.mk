# SPDX-License-Identifier: BSD-2-Clause
# lwip.mk - lwIP's sources: taken from Debian's package, never stored here.
#
# source.mk is an included makefile, so the fetch comes before any rule. Where
# no mirror answers, lwip-src/fetch.sh says so and the build goes on without
# the IP stack (LWIP_ARCHIVE is empty then); the next make tries again.

LWIP		:= $(B)/lwip
LWIP_SRC	:= $(LWIP)/src

ifneq ($(filter-out help clean,$(or $(MAKECMDGOALS),help)),)
-include $(LWIP)/source.mk
endif
$(LWIP)/source.mk: lwip-src/fetch.sh | $(B)/setup.mk
	$(call say,FETCH,lwip)
	$(Q)lwip-src/fetch.sh $(LWIP)

# The core with IPv4. Each is Debian's file, unpatched.
LWIP_FILES := $(addprefix core/, def.c dns.c inet_chksum.c init.c ip.c mem.c \
	memp.c netif.c pbuf.c raw.c stats.c tcp.c tcp_in.c tcp_out.c timeouts.c \
	udp.c) $(addprefix core/ipv4/, dhcp.c etharp.c icmp.c ip4.c ip4_addr.c \
	ip4_frag.c) netif/ethernet.c
LWIP_OBJS := $(LWIP_FILES:%.c=$(B)/lwip/obj/%.o)

VERIFY_LWIP = $(PYTHON) lwip-src/verify_lwip.py --build $(B) \
	--archive $(LWIP_ARCHIVE) --record $(LWIP)/record.txt --src $(LWIP_SRC)

## verify-lwip: prove every lwIP file that was used to be Debian's
.PHONY: verify-lwip
verify-lwip: $(LWIP_OBJS)
	$(Q)$(VERIFY_LWIP)

# The same proof over a copy with one changed byte has to fail, by name.
.PHONY: verify-lwip-tamper
verify-lwip-tamper: $(LWIP_OBJS)
	@mkdir -p $(LWIP)/tampered/src/core
	$(Q)sed '1s/@/+/;2s/@/+/' $(LWIP_SRC)/core/udp.c \
		> $(LWIP)/tampered/src/core/udp.c
	$(Q)if $(VERIFY_LWIP) --overlay $(LWIP)/tampered \
		> $(LWIP)/tampered.log 2>&1; \
	then echo "verify-lwip missed a changed byte"; false; fi
	$(Q)grep -q "not the package's: src/core/udp.c" $(LWIP)/tampered.log
	@echo "verify-lwip-tamper: one changed byte was found"
