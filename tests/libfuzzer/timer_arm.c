/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer_arm.c - the timer service, clients that libFuzzer plays, and a model of
 * what they are owed.
 *
 * Each byte of the input is one act: a client sets its timer, to anything; the
 * broker changes its page, another process takes a client's place; time passes;
 * events come without cause. After each act the driver's own loop runs until it
 * would sleep. What must hold:
 *   - no access outside memory (AddressSanitizer), no assertion of the fakes;
 *   - who is due is signalled, once, and nobody else ever;
 *   - the hardware is set to the earliest deadline of the model, or is off.
 */
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <glue/rt.h>
#include <glue/timer.h>

#include "../../drivers-native/timer_arm/clock.h"
#include "fake/process.h"
#include "fuzz.h"

#define CLIENTS	   8u /* of the many there can be; the last is the broker */
#define BROKER	   (CLIENTS - 1)
#define PERIOD_MIN 62500ul /* 1 ms at 62.5 MHz */

static struct model {
	uint64_t deadline; /* 0 none */
	uint64_t period;
	uint32_t pid; /* of who has set it */
} model[CLIENTS];

static uint64_t armed; /* the hardware; 0 off */
static struct glue_msg message;
static int taken;
static uint64_t broker_wants; /* in its page, when it says so */
static jmp_buf would_sleep;

void clock_init(void)
{
}

void clock_arm(uint64_t deadline)
{
	armed = deadline;
}

static struct glue_timer_page *page(void)
{
	return (struct glue_timer_page *)GLUE_CHANS_VADDR;
}

static void receive(struct glue_msg *msg)
{
	if (taken)
		longjmp(would_sleep, 1);
	taken = 1;
	page()->broker_deadline = broker_wants;
	*msg = message;
}

static void answer(struct glue_msg *msg)
{
	msg->info = abi_info(K_OK, 0, 0);
}

/* The broker looks at once for its next deadline, and has none. */
static void signalled(glue_cptr cap)
{
	if (cap == GLUE_CAP_TIMER_BROKER)
		page()->broker_deadline = broker_wants = 0;
}

/* The driver's loop, with one message. Its program begins anew each time, with
 * a look at the broker's page, but keeps its timers. */
static void run(struct glue_msg msg)
{
	message = msg;
	taken = 0;
	memset(fake.signals, 0, sizeof(fake.signals));
	if (!setjmp(would_sleep)) {
		glue_program_main(glue_env());
		must(0, "the service has ended");
	}
}

/* --- what the clients are owed -------------------------------------------- */

/* Take out of the model who is due. Return: how many signals it gets. */
static unsigned int model_expire(unsigned int i)
{
	struct model *m = &model[i];

	if (m->deadline == 0 || m->deadline > fake.ticks)
		return 0;
	if (i != BROKER && page()->pid[i] != m->pid) {
		m->deadline = 0;
		return 0;
	}
	if (m->period == 0 || m->period > UINT64_MAX - fake.ticks)
		m->deadline = 0;
	else
		m->deadline = fake.ticks + m->period -
			      (fake.ticks - m->deadline) % m->period;
	return 1;
}

static uint64_t model_next(void)
{
	uint64_t next = 0;
	unsigned int i;

	for (i = 0; i < CLIENTS; i++) {
		if (model[i].deadline && (!next || model[i].deadline < next))
			next = model[i].deadline;
	}
	return next;
}

static void check(void)
{
	unsigned int i;

	for (i = 0; i < CLIENTS; i++) {
		unsigned int cap = i == BROKER ? GLUE_CAP_TIMER_BROKER :
						 GLUE_CAP_TIMER_CLIENT0 + i;

		must(fake.signals[cap] == model_expire(i),
		     "a signal too many, or too few");
	}
	must(armed == model_next(), "the hardware is set to another time");
}

/* --- acts ----------------------------------------------------------------- */

/* Soon, at once, never, at the end of all time. */
static uint64_t some_time(uint64_t from)
{
	uint8_t what = fuzz_byte();

	switch (what % 4) {
	case 0:
		return from + fuzz_byte() * PERIOD_MIN / 4;
	case 1:
		return UINT64_MAX - fuzz_byte();
	case 2:
		return what / 4 * PERIOD_MIN / 16;
	default:
		return from + what;
	}
}

static void set(unsigned int i, unsigned int words)
{
	struct glue_msg msg = {
		.info = abi_info(0, 0, words),
		.badge = GLUE_TIMER_CLIENT(i, page()->pid[i]),
	};

	msg.mr[0] = some_time(fake.ticks);
	msg.mr[1] = some_time(0);
	if (words >= GLUE_TIMER_WORDS) {
		model[i] = (struct model){ msg.mr[0], msg.mr[1],
					   page()->pid[i] };
		if (model[i].period && model[i].period < PERIOD_MIN)
			model[i].period = PERIOD_MIN;
	}
	run(msg);
}

static void event(uint64_t badge)
{
	run((struct glue_msg){ .badge = badge });
}

static void act(void)
{
	uint8_t what = fuzz_byte();
	unsigned int i = what / 8 % BROKER;

	switch (what % 8) {
	case 0:
	case 1:
	case 2:
		set(i, GLUE_TIMER_WORDS);
		break;
	case 3:
		set(i, what / 64);
		break;
	case 4:
		page()->pid[i] = fuzz_byte() % 4 + 1;
		event(0);
		break;
	case 5:
		broker_wants = some_time(fake.ticks);
		model[BROKER].deadline = broker_wants;
		event(GLUE_EVENT_CONTROL);
		break;
	case 6:
		event((uint64_t)fuzz_byte() << 33);
		break;
	default:
		fake.ticks += fuzz_byte() * PERIOD_MIN / 8;
		event(GLUE_EVENT_IRQ(0));
	}
	check();
}

/* What the service has kept of the last input goes. */
static void forget(void)
{
	unsigned int i;

	memset(model, 0, sizeof(model));
	broker_wants = 0;
	for (i = 0; i < BROKER; i++) {
		page()->pid[i] = i + 1;
		run((struct glue_msg){
			.info = abi_info(0, 0, GLUE_TIMER_WORDS),
			.badge = GLUE_TIMER_CLIENT(i, i + 1),
		});
	}
	event(GLUE_EVENT_CONTROL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	fuzz_input(data, bytes);
	fake_process_start();
	fake_env()->n_irq = 1;
	fake.on_recv = receive;
	fake.on_call = answer;
	fake.on_signal = signalled;
	forget();
	while (fuzz_left())
		act();
	return 0;
}
