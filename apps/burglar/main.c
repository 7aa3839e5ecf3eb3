/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - burglar: a driver with a device of its own that tries all the rest.
 *
 *	start burglar slots SEED	each slot, each invocation, wild words
 *	start burglar broker SEED	each request to the broker, wild words
 *	start burglar forge SEED	fault messages that the kernel never sent
 *	start burglar serve SEED MS	garbage for whoever is its client
 *	start burglar client SEED SERVICE	garbage for whoever serves it
 *	start burglar touch HOW ADDRESS	read, write or jump there
 *
 * What is answered with an error is counted as refused, what is answered well as
 * allowed, by number: tests/fault/guess.py knows what may be there. A message
 * that does not wait (NBSend) has no answer; whether it has changed anything is
 * seen from outside.
 */
#include <abi/label.h>
#include <glue/broker_client.h>
#include <glue/pattern.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <glue/sys.h>

#include "../args.h"

#define LABELS	     64u /* all invocations have lower numbers */
#define SLOTS	     (1u << GLUE_CSPACE_BITS)
#define FAR_SLOTS    512u   /* tried outside of the capability space */
#define REQUESTS     0x200u /* all of the broker's have lower numbers */
#define A_REQUEST    16u    /* times each is made */
#define FORGERIES    1000u
#define LEND_BYTES   65536ul
#define STACK_BYTES  16384ul /* fault messages speak of pages near the stack */
#define LOOK_NS	     500000ul
#define SETTLE_NS    100000000ul
#define MS_NS	     1000000ul
#define CALL_ALLOWED 8u /* different numbers that were answered well */
#define USAGE	     2

static uint64_t seed, drawn;

static uint64_t below(uint64_t limit)
{
	return glue_pattern_word(seed, drawn++) % limit;
}

static uint64_t wild(void)
{
	const uint64_t words[] = { 0,
				   1,
				   below(SLOTS),
				   below(4096),
				   UINT64_MAX,
				   1ul << below(64),
				   below(UINT64_MAX),
				   GLUE_ENV_VADDR + below(1ul << 24),
				   0x40000000ul + below(1ul << 28),
				   0xffff000000000000ul + below(1ul << 32) };

	return words[below(sizeof(words) / sizeof(words[0]))];
}

static struct {
	uint64_t tried, refused;
	uint64_t number[CALL_ALLOWED], times[CALL_ALLOWED];
} count;

static void count_answer(uint64_t number, uint64_t err)
{
	unsigned int i = 0;

	count.refused += err != 0;
	while (!err && i < CALL_ALLOWED - 1 && count.times[i] &&
	       count.number[i] != number)
		i++;
	count.number[i] = err ? count.number[i] : number;
	count.times[i] += !err;
}

static void count_print(const char *what)
{
	glue_printf("%s: %lu tried, %lu refused, allowed:", what, count.tried,
		    count.refused);
	for (unsigned int i = 0; i < CALL_ALLOWED; i++)
		if (count.times[i])
			glue_printf(" %lu times %lu,", count.times[i],
				    count.number[i]);
	glue_printf(" that is all\n");
}

/* Words, and capabilities to pass, of all kinds. */
static struct glue_msg message(uint64_t label)
{
	struct abi_ipc_buffer *buffer = glue_sys_ipc_buffer();
	struct glue_msg msg = {
		.info = abi_info(label, below(4), below(16)),
		.mr = { wild(), wild(), wild(), wild() },
	};

	for (unsigned int i = ABI_MSG_REGS; i < 16; i++)
		buffer->msg[i] = wild();
	for (unsigned int i = 0; i < 3; i++)
		buffer->caps_or_badges[i] = below(SLOTS);
	return msg;
}

/* --- capabilities -------------------------------------------------------- */

static void slot_try(uint64_t slot)
{
	for (uint64_t label = 0; label < LABELS; label++) {
		struct glue_msg msg = message(label);

		/* It would end us: `forge` does that. */
		if (slot == GLUE_CAP_FAULT)
			continue;
		count.tried++;
		glue_sys_nbsend(slot, &msg);
	}
}

/* These answer: nobody else is behind them. */
static void slot_ask(uint64_t slot)
{
	for (uint64_t label = 0; label < LABELS; label++) {
		struct glue_msg msg = message(label);

		count.tried++;
		glue_sys_call(slot, &msg);
		count_answer(label, abi_info_label(msg.info));
	}
}

static void slots_try(void)
{
	for (uint64_t slot = 0; slot < SLOTS; slot++)
		slot_try(slot);
	for (unsigned int i = 0; i < FAR_SLOTS; i++)
		slot_try(SLOTS + below(UINT64_MAX - SLOTS));
	for (unsigned int bit = GLUE_CSPACE_BITS; bit < 64; bit++)
		slot_try(1ul << bit | below(SLOTS));
	for (uint32_t i = 0; i < glue_env()->n_irq; i++)
		slot_ask(GLUE_CAP_IRQ0 + i);
	count_print("slots");
}

/* --- the broker ---------------------------------------------------------- */

static void broker_try(void)
{
	for (uint64_t op = 0; op < REQUESTS * A_REQUEST; op++) {
		uint64_t label = op % REQUESTS;
		struct glue_msg msg = message(label);

		if (label == GLUE_BROKER_EXIT || label == GLUE_BROKER_LOG)
			continue;
		count.tried++;
		glue_sys_call(GLUE_CAP_BROKER, &msg);
		count_answer(label, abi_info_label(msg.info));
	}
	count_print("broker");
}

/* The first ones bring pages that we are to have; the rest must end us. */
static void forge(void)
{
	glue_printf("forge: begins\n");
	for (unsigned int i = 0; i < FORGERIES; i++) {
		struct glue_msg msg = message(ABI_FAULT_VM);

		msg.info = abi_info(ABI_FAULT_VM, 0, 4);
		msg.mr[1] = GLUE_STACK_TOP - 4097 - below(STACK_BYTES);
		msg.mr[2] = 0;
		msg.mr[3] = 0x92000047; /* a write where nothing is */
		glue_sys_call(GLUE_CAP_FAULT, &msg);
	}
	glue_printf("forge: got through\n");
}

/* --- peers --------------------------------------------------------------- */

static void ring_garbage(unsigned int chan, int indices)
{
	volatile uint64_t *word = (void *)(GLUE_RING_VADDR +
					   chan * GLUE_RING_SPAN);
	uint64_t n = glue_chan(chan)->ring_bytes / sizeof(*word);

	for (uint64_t i = indices ? 0 : 32; i < n; i++)
		word[i] = below(3) ? wild() : below(256);
	count.tried++;
	glue_sys_signal(GLUE_CAP_PEER0 + chan);
}

static int is_open(unsigned int chan)
{
	return __atomic_load_n(&glue_chan(chan)->state, __ATOMIC_ACQUIRE) ==
	       GLUE_CHAN_OPEN;
}

static void serve(uint64_t ms)
{
	uint64_t end = glue_deadline_ns(ms * MS_NS);

	glue_printf("serve: begins\n");
	while (glue_time_ticks() < end) {
		for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++)
			if (is_open(i))
				ring_garbage(i, below(4) == 0);
		glue_sleep(LOOK_NS);
	}
	count_print("serve");
}

static void be_client(const char *service)
{
	unsigned int chan;
	enum k_err err = glue_broker_connect(service, LEND_BYTES, &chan);

	for (unsigned int i = 0; !err && i < 8 && is_open(chan); i++) {
		ring_garbage(chan, i & 1);
		glue_sleep(SETTLE_NS / 8);
	}
	glue_printf("client: of %s: %s\n", service,
		    err		  ? k_err_text(err) :
		    is_open(chan) ? "still open" :
				    "closed");
}

/* --- addresses ----------------------------------------------------------- */

static void touch(const char *how, const char *where)
{
	uint64_t address = 0;

	glue_parse_u64(where, &address);
	if (!strcmp(how, "read"))
		(void)*(volatile uint32_t *)address;
	else if (!strcmp(how, "write"))
		*(volatile uint32_t *)address = 1;
	else
		((void (*)(void))address)();
	glue_printf("touch: got through\n");
}

int glue_program_main(const struct glue_env *env)
{
	char *word[ARGS_WORDS];
	uint64_t ms = 0;

	args_cut(env, word);
	glue_parse_u64(word[1], &seed);
	glue_parse_u64(word[2], &ms);
	glue_broker_ready(K_OK);
	if (!strcmp(word[0], "slots"))
		slots_try();
	else if (!strcmp(word[0], "broker"))
		broker_try();
	else if (!strcmp(word[0], "forge"))
		forge();
	else if (!strcmp(word[0], "serve"))
		serve(ms);
	else if (!strcmp(word[0], "client"))
		be_client(word[2]);
	else if (!strcmp(word[0], "touch"))
		touch(word[1], word[2]);
	else
		return USAGE;
	return 0;
}
