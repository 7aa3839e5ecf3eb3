/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip_world.c - starts the two stacks of ip_world.h, and runs them.
 */
#include "ip_world.h"

#include <assert.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glue/ip.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <lwip/init.h>

#include "ip/ping.h"
#include "ip/random.h"
#include "ip/services.h"
#include "ip/stack.h"
#include "ip_fake_net.h"

#define CHILD_S 120u /* ends by itself after this */

const ip_addr_t world_peer = IPADDR4_INIT_BYTES(10, 0, 0, 2);
struct world_answer world_answer;

static pid_t child;

void ip_assert_failed(const char *what, const char *file, int line)
{
	fprintf(stderr, "lwIP: %s (%s:%d)\n", what, file, line);
	abort();
}

/* What the stacks say about links and addresses is of no interest here. */
void glue_printf(const char *format, ...)
{
	(void)format;
}

uint64_t glue_time_ticks(void)
{
	return fake_net_time();
}

uint64_t glue_ticks_to_ns(uint64_t ticks)
{
	return ticks * 16;
}

uint64_t glue_deadline_ns(uint64_t ns)
{
	return glue_time_ticks() + ns / 16;
}

static void stack_start(int socket, uint8_t last, uint32_t features)
{
	static struct ip_config config;
	char args[64];

	memset(&fake_net, 0, sizeof(fake_net));
	fake_net.socket = socket;
	memcpy(fake_net.mac, (uint8_t[6]){ 2, 0, 0, 0, 0, last }, 6);
	fake_net.features = features;
	snprintf(args, sizeof(args), "dhcp=off address=10.0.0.%u/24", last);
	assert(!ip_config_read(&config, args));
	ip_random_feed(&last, sizeof(last));
	lwip_init();
	assert(ip_stack_open(&config) == 1);
}

static int socket_closed(void)
{
	struct pollfd on = { .fd = fake_net.socket };

	return poll(&on, 1, 0) > 0 && (on.revents & POLLHUP);
}

/* Pieces of datagrams hold places until lwIP's patience with them ends. */
static int places_back(void)
{
	const struct ip_nic *nic = ip_stack_nic(0);

	for (int i = 0; i < 10000 && nic->n_rx_lent < IP_NIC_RX; i++) {
		ip_stack_turn(GLUE_EVENT_CONTROL);
		fake_net_sleep();
	}
	return nic->n_rx_lent == IP_NIC_RX;
}

static void child_run(int socket)
{
	fake_net_side(1);
	stack_start(socket, 2, GLUE_NET_F_CSUM);
	if (!ip_services_start())
		_exit(1);
	alarm(CHILD_S);
	while (!socket_closed()) {
		ip_stack_turn(GLUE_EVENT_CONTROL);
		fake_net_sleep();
	}
	_exit(places_back() ? 0 : 2);
}

int world_start(void **state)
{
	int ends[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends))
		return 1;
	srand(1);
	fake_net_time_start();
	child = fork();
	if (child == 0) {
		close(ends[0]);
		child_run(ends[1]);
	}
	close(ends[1]);
	stack_start(ends[0], 1, 0);
	return child < 0 || !ip_ping_init(world_answered);
}

int world_end(void **state)
{
	int back = places_back();
	int status = -1;

	(void)state;
	fake_net_leave();
	close(fake_net.socket);
	waitpid(child, &status, 0);
	return !back || status != 0;
}

int world_run(const volatile int *flag, unsigned int seconds)
{
	uint64_t end = glue_deadline_ns(seconds * 1000000000ull * WORLD_SPEED);

	while (!*flag && glue_time_ticks() < end) {
		ip_stack_turn(GLUE_EVENT_CONTROL);
		fake_net_sleep();
	}
	return *flag;
}

void world_answered(uint32_t token, enum k_err status, uint64_t value)
{
	world_answer = (struct world_answer){
		.ended = 1, .token = token, .status = status, .value = value
	};
}

enum k_err world_ping(uint32_t address, uint32_t bytes, uint32_t wait_ms)
{
	enum k_err err;

	world_answer.ended = 0;
	err = ip_ping_start(7, GLUE_IP_PING_ARG(address, bytes, wait_ms));
	if (err)
		return err;
	assert(world_run(&world_answer.ended, WORLD_WAIT_S));
	assert(world_answer.token == 7);
	return world_answer.status;
}

void world_frame(const void *data, size_t bytes)
{
	assert(send(fake_net.socket, data, bytes, 0) == (ssize_t)bytes);
}
