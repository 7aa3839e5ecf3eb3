/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stack.c - the cards of this process, a turn of all, and when to sleep.
 */
#include "stack.h"

#include <glue/broker_client.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <lwip/sys.h>
#include <lwip/timeouts.h>

#include "address.h"
#include "random.h"

#define NS_A_MS	     1000000ul
#define SERVICES_MAX 64u
#define SLEEP_MAX_MS 60000u

static struct ip_nic nics[IP_NICS_MAX];
static unsigned int n_nics;

unsigned int ip_stack_count(void)
{
	return n_nics;
}

struct ip_nic *ip_stack_nic(unsigned int index)
{
	return index < n_nics ? &nics[index] : NULL;
}

/* lwIP's clock, in milliseconds; it may wrap around. */
uint32_t sys_now(void)
{
	return (uint32_t)(glue_ticks_to_ns(glue_time_ticks()) / NS_A_MS);
}

static void nic_add(const struct ip_config *config, const char *service)
{
	struct ip_nic *nic = &nics[n_nics];
	enum k_err err;

	if (n_nics == IP_NICS_MAX) {
		glue_printf("ip: %s is left out: %u cards are in use already\n",
			    service, IP_NICS_MAX);
		return;
	}
	err = ip_nic_open(nic, service);
	if (err) {
		glue_printf("ip: cannot use %s: %s\n", service,
			    k_err_text(err));
		return;
	}
	ip_random_feed(nic->netif.hwaddr, nic->netif.hwaddr_len);
	if (n_nics++ == 0)
		netif_set_default(&nic->netif);
	ip_address_start(nic, config, n_nics == 1);
}

unsigned int ip_stack_open(const struct ip_config *config)
{
	struct glue_service_info info;

	for (unsigned int i = 0; i < config->n_nics; i++)
		nic_add(config, config->nic[i]);
	for (unsigned int i = 0; config->n_nics == 0 && i < SERVICES_MAX &&
				 glue_broker_service(i, &info) == K_OK;
	     i++) {
		if (info.class_id == GLUE_CLASS_NET)
			nic_add(config, info.name);
	}
	return n_nics;
}

void ip_stack_turn(uint64_t events)
{
	sys_check_timeouts();
	for (unsigned int i = 0; i < n_nics; i++)
		ip_nic_turn(&nics[i], (events & GLUE_EVENT_CONTROL) != 0);
	netif_poll_all(); /* what was sent to an address of our own */
}

uint64_t ip_stack_deadline(void)
{
	uint32_t ms = sys_timeouts_sleeptime();

	if (ms > SLEEP_MAX_MS)
		ms = SLEEP_MAX_MS;
	return glue_deadline_ns((ms + 1) * NS_A_MS);
}

int ip_stack_sleep_prepare(void)
{
	int sleep = 1;

	for (unsigned int i = 0; i < n_nics; i++)
		sleep &= glue_port_sleep_prepare(&nics[i].net.port);
	return sleep;
}

void ip_stack_sleep_end(void)
{
	for (unsigned int i = 0; i < n_nics; i++)
		glue_port_sleep_end(&nics[i].net.port);
}
