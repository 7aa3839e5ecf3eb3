/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native.c - the loop of native.h: who runs when.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/dma.h>
#include <dddk/driver.h>
#include <dddk/service.h>
#include <glue/broker.h>
#include <glue/counters.h>
#include <glue/rt.h>
#include "dddk/channels/channels.h"
#include "dddk/driver/internal.h"

#include "loopback.h"
#include "native.h"
#include "process.h"

struct native native;

/* The driver's process runs; then the client's again. */
static void enter(void)
{
	native.in_driver = 1;
	fake.in_client = 0;
}

static void leave(void)
{
	native.in_driver = 0;
	fake.in_client = 1;
}

/* An interrupt comes when the one before was acknowledged; waiting for that
 * takes time. */
static uint64_t take_interrupt(void)
{
	uint64_t events = fake.events & GLUE_EVENT_IRQ(0);

	if (!events)
		return 0;
	if (fake.irq_masked) {
		fake.ticks += fake_env()->counter_hz / 10000;
		return 0;
	}
	fake.irq_masked = 1;
	fake.events &= ~events;
	return events;
}

void native_run(uint64_t events)
{
	if (native.in_driver)
		return;
	enter();
	fake.events |= events & GLUE_EVENT_IRQ(0);
	events &= ~GLUE_EVENT_IRQ(0);
	events |= take_interrupt();
	do {
		if (!native.driver_end)
			native.driver_end = dddk_driver_turn(events);
		events = take_interrupt();
		dddk_service_flush();
	} while (!native.driver_end &&
		 (events || !dddk_service_sleep_prepare()));
	leave();
}

static void on_signal(glue_cptr cap)
{
	if (cap == GLUE_CAP_PEER0 + 1)
		fake.events |= GLUE_EVENT_CHAN(0);
	else if (cap == GLUE_CAP_PEER0 && !native.in_driver)
		native_run(GLUE_EVENT_CHAN(1));
}

/* The device works until it interrupts. Returns 0 if it has nothing to do. */
static int device_work(void)
{
	while (!(fake.events & GLUE_EVENT_IRQ(0))) {
		if (!native.device_step())
			return 0;
	}
	return 1;
}

/* Somebody sleeps: the driver in its probe, or the client. */
static void on_block(void)
{
	while (!(fake.events & (GLUE_EVENT_CHAN(0) | GLUE_EVENT_CONTROL)) &&
	       !native.driver_end && device_work() && !native.in_driver) {
		native_run(0);
		/* What the driver's own waits have put aside is the client's. */
		fake.events |= glue_poll(GLUE_EVENT_CHAN(0));
	}
	if (native.revives && native.driver_end && !native.in_driver)
		native_live_again();
}

/* The client has let go of the rings, and the driver lives again. */
static void reconnect(void)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		fake_chan(i)->generation++;
		fake_chan(i)->state = GLUE_CHAN_OPEN;
	}
	native_run(GLUE_EVENT_CONTROL);
	fake.events |= GLUE_EVENT_CONTROL;
}

static void broker(struct glue_msg *msg)
{
	if (abi_info_label(msg->info) == GLUE_BROKER_RECONNECT) {
		reconnect();
	} else if (abi_info_label(msg->info) == GLUE_BROKER_CONNECT) {
		loopback_connect(native.class_id, native.depth, native.region);
		native_run(GLUE_EVENT_CONTROL);
	} else if (abi_info_label(msg->info) == GLUE_BROKER_DISCONNECT) {
		fake_chan((unsigned int)msg->mr[0])->state = GLUE_CHAN_FREE;
		if (fake_chan(1)->state == GLUE_CHAN_OPEN) {
			fake_chan(1)->state = GLUE_CHAN_CLOSED;
			native_run(GLUE_EVENT_CONTROL);
		}
	}
	msg->mr[0] = 0;
	msg->info = abi_info(K_OK, 0, 1);
}

void native_start(uint16_t class_id, uint32_t depth, uint64_t region,
		  int (*device_step)(void))
{
	static uint64_t now;

	fake_process_start();
	fake.ticks = now += 10ull * fake_env()->counter_hz;
	fake.on_call = broker;
	fake.on_signal = on_signal;
	fake.on_block = on_block;
	fake.in_client = 1;
	native = (struct native){ .class_id = class_id,
				  .depth = depth,
				  .region = region,
				  .device_step = device_step };
}

enum k_err native_probe(void)
{
	enum k_err err;

	enter();
	dddk_dma_reset();
	err = dddk_driver_start();
	leave();
	return err;
}

static void expect_said(const char *words)
{
	fake.console[fake.console_bytes] = '\0';
	assert_non_null(strstr(fake.console, words));
}

void native_expect(enum k_err end, const char *said)
{
	assert_int_equal(native.driver_end, end);
	expect_said(said);
}

void native_refused(enum k_err err, const char *why)
{
	assert_int_equal(native_probe(), err);
	expect_said(why);
	fake.console_bytes = 0;
}

void native_pass(unsigned int ms)
{
	unsigned int step;

	for (step = 0; step < ms / 10; step++) {
		fake.ticks += fake_env()->counter_hz / 100;
		native_run(0);
	}
}

int native_stop(enum k_err why)
{
	int status;

	enter();
	status = dddk_driver_stop(why);
	leave();
	native.driver_end = K_ERR_GONE;
	return status;
}

/* All that a new process does not know. Nobody is answered. */
static void forget(void)
{
	uint64_t kept = *glue_keepsake();

	dddk_channels.channel[1].in_flight = 0;
	fake_chan(1)->state = GLUE_CHAN_FREE;
	dddk_channels_update();
	if (native.forget)
		native.forget();
	memset(&dddk_channels, 0, sizeof(dddk_channels));
	*glue_keepsake() = kept;
	fake.irq_masked = 0;
}

void native_live_again(void)
{
	forget();
	if (native.driver_end != K_ERR_GONE)
		native_stop(native.driver_end);
	native.driver_end = K_OK;
	native.lives++;
	if (fake_chan(0)->state == GLUE_CHAN_OPEN)
		fake_chan(0)->state = GLUE_CHAN_LOST;
	assert_int_equal(native_probe(), K_OK);
	fake.events |= GLUE_EVENT_CONTROL; /* it is the client's */
}

void native_end(void)
{
	if (!native.driver_end) {
		fake.ticks += 10ull * fake_env()->counter_hz;
		native_run(0);
	}
	if (native.driver_end)
		native_live_again();
}
