/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.c - the fake kernel and address space behind process.h.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include <glue/broker.h>
#include <glue/rt.h>
#include <glue/timer.h>

#include "process.h"

#define LOW_BYTES   (GLUE_MMIO_VADDR - GLUE_ENV_VADDR)
#define RINGS_BYTES (GLUE_CHANS_MAX * GLUE_RING_SPAN)
#define MAPS_MAX    8

struct fake_kernel fake;
struct abi_ipc_buffer fake_ipc_buffer;

static int rings_fd = -1;
static struct {
	void *at;
	size_t bytes;
} map[MAPS_MAX];
static unsigned int n_maps;

static void *map_fixed(uint64_t vaddr, size_t bytes, int fd, off_t offset)
{
	int flags = MAP_FIXED |
		    (fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED);
	void *at = mmap((void *)vaddr, bytes, PROT_READ | PROT_WRITE, flags, fd,
			offset);

	assert_ptr_equal(at, (void *)vaddr);
	return at;
}

static void map_rings(void)
{
	if (rings_fd < 0)
		rings_fd = memfd_create("rings", 0);
	assert_true(rings_fd >= 0);
	assert_int_equal(ftruncate(rings_fd, 0), 0);
	assert_int_equal(ftruncate(rings_fd, RINGS_BYTES), 0);
	map_fixed(GLUE_RING_VADDR, RINGS_BYTES, rings_fd, 0);
}

void fake_process_start(void)
{
	struct glue_env *env;

	while (n_maps > 0) {
		n_maps--;
		munmap(map[n_maps].at, map[n_maps].bytes);
	}
	memset(&fake, 0, sizeof(fake));
	memset(&fake_ipc_buffer, 0, sizeof(fake_ipc_buffer));
	fake.ticks = 1000;
	map_fixed(GLUE_ENV_VADDR, LOW_BYTES, -1, 0);
	map_rings();
	env = fake_env();
	env->magic = GLUE_ENV_MAGIC;
	env->counter_hz = 62500000;
	env->stall_ms = 1000;
	strcpy(env->name, "test_driver");
	strcpy(env->service, "blk7");
	/* Events, and a timer, that an earlier test left in glue/rt. */
	glue_tick_set(0, 0);
	fake.timer_calls = 0;
	glue_poll(GLUE_ALL_EVENTS);
	fake.polls = 0;
}

struct glue_env *fake_env(void)
{
	return (struct glue_env *)GLUE_ENV_VADDR;
}

struct glue_chan *fake_chan(unsigned int index)
{
	return &((struct glue_chan_table *)GLUE_CHANS_VADDR)->chan[index];
}

void *fake_ring(unsigned int index)
{
	return (void *)(GLUE_RING_VADDR + index * GLUE_RING_SPAN);
}

void fake_ring_alias(unsigned int index, unsigned int other)
{
	map_fixed(GLUE_RING_VADDR + index * GLUE_RING_SPAN, GLUE_RING_SPAN,
		  rings_fd, other * GLUE_RING_SPAN);
}

void *fake_map(uint64_t vaddr, uint64_t bytes)
{
	assert_true(n_maps < MAPS_MAX);
	map[n_maps].at = map_fixed(vaddr, bytes, -1, 0);
	map[n_maps].bytes = bytes;
	return map[n_maps++].at;
}

void fake_map_twice(uint64_t vaddr, uint64_t other, uint64_t bytes)
{
	int fd = memfd_create("lent", 0);

	assert_int_equal(ftruncate(fd, (off_t)bytes), 0);
	assert_true(n_maps + 2 <= MAPS_MAX);
	map[n_maps].at = map_fixed(vaddr, bytes, fd, 0);
	map[n_maps++].bytes = bytes;
	map[n_maps].at = map_fixed(other, bytes, fd, 0);
	map[n_maps++].bytes = bytes;
	close(fd);
}

/* --- what glue/sys offers, without a kernel ------------------------------ */

struct abi_ipc_buffer *glue_sys_ipc_buffer(void)
{
	return &fake_ipc_buffer;
}

void glue_sys_signal(glue_cptr cap)
{
	assert_true(cap < 128);
	fake.signals[cap]++;
	if (fake.on_signal)
		fake.on_signal(cap);
}

static uint64_t take_events(void)
{
	int is_held = fake.irq_masked || fake.in_client;
	uint64_t events, held = is_held ? GLUE_EVENT_IRQ(0) : 0;

	if (fake.timer && fake.ticks >= fake.timer) {
		fake.timer = fake.period ? fake.timer + fake.period : 0;
		fake.events |= GLUE_EVENT_TIMER;
	}
	events = fake.events & ~held;
	fake.events &= held;
	if (events & GLUE_EVENT_IRQ(0))
		fake.irq_masked = 1;
	return events;
}

uint64_t glue_sys_poll(glue_cptr cap)
{
	assert_int_equal(cap, GLUE_CAP_NOTIFY);
	fake.polls++;
	return take_events();
}

uint64_t glue_sys_wait(glue_cptr cap)
{
	uint64_t events = take_events();

	assert_int_equal(cap, GLUE_CAP_NOTIFY);
	fake.waits++;
	if (!events && fake.on_block) {
		fake.on_block();
		events = take_events();
	}
	if (!events && fake.timer) {
		fake.ticks = fake.timer;
		events = take_events();
	}
	if (!events)
		fail_msg("a wait that nothing can end");
	return events;
}

uint64_t glue_time_ticks(void)
{
	return fake.ticks;
}

void glue_sys_call(glue_cptr cap, struct glue_msg *msg)
{
	assert_int_equal(cap, GLUE_CAP_BROKER);
	if (!fake.on_call)
		fail_msg("unexpected call of the broker: %#lx",
			 (unsigned long)abi_info_label(msg->info));
	else
		fake.on_call(msg);
}

void glue_sys_send(glue_cptr cap, const struct glue_msg *msg)
{
	assert_int_equal(cap, GLUE_CAP_TIMER);
	assert_int_equal(abi_info_length(msg->info), GLUE_TIMER_WORDS);
	fake.timer = msg->mr[0];
	fake.period = msg->mr[1];
	fake.timer_calls++;
}

void glue_sys_recv(glue_cptr cap, struct glue_msg *msg)
{
	assert_int_equal(cap, GLUE_CAP_TIMER);
	assert_non_null(fake.on_recv);
	fake.on_recv(msg);
}

enum abi_error glue_irq_handler_ack(glue_cptr cap)
{
	assert_true(cap >= GLUE_CAP_IRQ0 && cap < GLUE_CAP_IRQ0 + GLUE_IRQ_MAX);
	fake.acks++;
	fake.irq_masked = 0;
	return ABI_OK;
}

void glue_sys_debug_putchar(char c)
{
	if (fake.console_bytes + 1 < sizeof(fake.console))
		fake.console[fake.console_bytes++] = c;
}
