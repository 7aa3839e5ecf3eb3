/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the IP stack: start, and the loop that everything runs in.
 *
 * lwIP in its form without threads: one loop takes frames from the cards,
 * requests from clients and lwIP's clocks in turn, and sleeps when there is
 * nothing. Read next: stack.c (cards), services.c (what other hosts see),
 * server.c (what other processes see)
 */
#include <dddk/request_service.h>
#include <dddk/service.h>
#include <glue/broker_client.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <lwip/init.h>

#include "config.h"
#include "random.h"
#include "server.h"
#include "services.h"
#include "stack.h"

void ip_assert_failed(const char *what, const char *file, int line)
{
	glue_printf("ip: lwIP is in a state that it rules out: %s (%s:%d)\n",
		    what, file, line);
	glue_exit(2);
}

/* Cards and services; a process without a card has nothing to do. */
static enum k_err start(struct ip_config *config, const char *args)
{
	const char *bad = ip_config_read(config, args);

	if (bad)
		glue_printf("ip: args: \"%s\" makes no sense; see "
			    "docs/manifest.md\n",
			    bad);
	ip_random_start();
	lwip_init();
	if (!ip_stack_open(config)) {
		glue_printf("ip: there is no network card to use\n");
		return K_ERR_NOTFOUND;
	}
	if (!ip_services_start())
		return K_ERR_NOMEM;
	return ip_server_start();
}

/* Sleep until something comes or lwIP's next clock; else only collect. */
static uint64_t events_wait(void)
{
	uint64_t events;

	dddk_service_flush();
	if (ip_stack_sleep_prepare() & dddk_service_sleep_prepare())
		events = glue_wait(ip_stack_deadline());
	else
		events = glue_poll(GLUE_ALL_EVENTS);
	ip_stack_sleep_end();
	return events;
}

int glue_program_main(const struct glue_env *env)
{
	static struct ip_config config;
	enum k_err err = start(&config, env->args);
	uint64_t events = 0;

	glue_broker_ready(err);
	while (!err && !(events & GLUE_EVENT_STOP)) {
		dddk_req_poll(events);
		ip_stack_turn(events);
		events = events_wait();
	}
	return (int)err;
}
