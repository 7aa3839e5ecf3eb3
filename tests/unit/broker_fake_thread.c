/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_fake_thread.c - threads, signals, interrupts, messages, console and
 * clock of the fake kernel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glue/print.h>
#include <glue/rt.h>

#include "../../broker/machine.h"
#include "broker_fake_cap.h"

#define THREADS_MAX 80
#define SIGNALS_MAX 256

struct thread {
	uint64_t object;
	uint64_t regs[ABI_CONTEXT_WORDS];
	uint64_t bound; /* notification */
	uint64_t limit; /* kernel ticks */
	int runs;
};

static struct thread threads[THREADS_MAX];
static struct {
	uint64_t object, word;
} signals[SIGNALS_MAX];
static struct abi_ipc_buffer ipc_buffer;
static struct glue_msg last_reply;
static unsigned int n_replies;
static int caller_present;
static char text[65536];
static size_t text_bytes;
uint64_t fake_now;

void fake_threads_reset(void)
{
	memset(threads, 0, sizeof(threads));
	memset(signals, 0, sizeof(signals));
	n_replies = 0;
	caller_present = 1;
	fake_now = 1000;
}

static struct thread *thread_of(uint64_t tcb)
{
	struct fake_cap *cap = fake_root_cap(tcb);

	assert_int_equal(cap->tag, ABI_CAP_THREAD);
	for (unsigned int i = 0; i < THREADS_MAX; i++) {
		if (threads[i].object == 0)
			threads[i].object = cap->object;
		if (threads[i].object == cap->object)
			return &threads[i];
	}
	fail_msg("too many threads");
	return NULL;
}

enum abi_error glue_tcb_configure(glue_cptr tcb,
				  const struct glue_tcb_config *config)
{
	thread_of(tcb);
	if (fake_refuses())
		return ABI_NOT_ENOUGH_MEMORY;
	assert_int_equal(fake_root_cap(config->cspace)->tag, ABI_CAP_CNODE);
	assert_int_equal(config->cspace_data,
			 64 + ABI_SLOT_BITS -
				 fake_root_cap(config->cspace)->bits);
	assert_int_equal(fake_root_cap(config->vspace)->tag, ABI_CAP_VSPACE);
	assert_int_equal(fake_root_cap(config->ipc_frame)->tag, ABI_CAP_FRAME);
	return ABI_OK;
}

enum abi_error glue_tcb_set_sched_params(glue_cptr tcb, glue_cptr authority,
					 unsigned int mcp,
					 unsigned int priority)
{
	thread_of(tcb);
	if (fake_refuses())
		return ABI_NOT_ENOUGH_MEMORY;
	assert_int_equal(authority, ABI_SLOT_TCB);
	assert_true(mcp == 0 && priority < 255);
	return ABI_OK;
}

enum abi_error glue_tcb_write_registers(glue_cptr tcb, int resume,
					const uint64_t *regs,
					unsigned int count)
{
	struct thread *t = thread_of(tcb);

	if (fake_refuses())
		return ABI_NOT_ENOUGH_MEMORY;
	assert_true(count <= ABI_CONTEXT_WORDS);
	memcpy(t->regs, regs, count * sizeof(*regs));
	t->runs = resume;
	if (resume)
		fake_journal_add("start");
	return ABI_OK;
}

enum abi_error glue_tcb_read_registers(glue_cptr tcb, int suspend,
				       uint64_t *regs, unsigned int count)
{
	(void)suspend;
	if (fake_refuses())
		return ABI_NOT_ENOUGH_MEMORY;
	memcpy(regs, thread_of(tcb)->regs, count * sizeof(*regs));
	return ABI_OK;
}

enum abi_error glue_tcb_suspend(glue_cptr tcb)
{
	thread_of(tcb)->runs = 0;
	fake_journal_add("stop");
	return ABI_OK;
}

uint64_t fake_cpu_ticks = 77;

enum abi_error glue_tcb_cpu_time(glue_cptr tcb, uint64_t *ticks)
{
	thread_of(tcb);
	*ticks = fake_cpu_ticks;
	return fake_refuses() ? ABI_ILLEGAL_OPERATION : ABI_OK;
}

/* It is noted, and answered as seL4 would: nobody may mind. */
enum abi_error glue_tcb_set_limit(glue_cptr tcb, uint64_t ticks)
{
	thread_of(tcb)->limit = ticks;
	return ABI_ILLEGAL_OPERATION;
}

enum abi_error glue_tcb_bind_notification(glue_cptr tcb, glue_cptr ntfn)
{
	if (fake_refuses())
		return ABI_NOT_ENOUGH_MEMORY;
	thread_of(tcb)->bound = fake_root_cap(ntfn)->object;
	return ABI_OK;
}

const uint64_t *fake_thread_regs(uint64_t tcb)
{
	return thread_of(tcb)->regs;
}

int fake_thread_runs(uint64_t tcb)
{
	return thread_of(tcb)->runs;
}

int fake_thread_bound(uint64_t tcb, uint64_t notification)
{
	return thread_of(tcb)->bound == fake_root_cap(notification)->object;
}

uint64_t fake_thread_limit(uint64_t tcb)
{
	return thread_of(tcb)->limit;
}

static uint64_t *signals_of(uint64_t object)
{
	for (unsigned int i = 0; i < SIGNALS_MAX; i++) {
		if (signals[i].object == 0)
			signals[i].object = object;
		if (signals[i].object == object)
			return &signals[i].word;
	}
	fail_msg("too many notifications");
	return NULL;
}

void glue_sys_signal(glue_cptr notification)
{
	struct fake_cap *cap = fake_root_cap(notification);

	assert_int_equal(cap->tag, ABI_CAP_NOTIFICATION);
	assert_true(cap->rights & ABI_RIGHT_WRITE);
	*signals_of(cap->object) |= cap->badge;
}

uint64_t glue_sys_poll(glue_cptr notification)
{
	uint64_t *word = signals_of(fake_root_cap(notification)->object);
	uint64_t got = *word;

	*word = 0;
	return got;
}

uint64_t fake_signals(uint64_t notification_slot)
{
	return glue_sys_poll(notification_slot);
}

enum abi_error glue_irq_control_get(glue_cptr control, unsigned int irq,
				    int edge, struct glue_slot dst)
{
	const struct fake_cap *caps = fake_caps_begin();
	struct fake_cap *cap = fake_root_cap(dst.index);

	(void)edge;
	assert_int_equal(control, ABI_SLOT_IRQ_CONTROL);
	if (irq > 159 || fake_refuses())
		return ABI_RANGE_ERROR;
	for (unsigned int i = 0; i < FAKE_SLOTS; i++) {
		if (caps[i].tag == ABI_CAP_IRQ_HANDLER && caps[i].object == irq)
			return ABI_REVOKE_FIRST;
	}
	*cap = (struct fake_cap){ .tag = ABI_CAP_IRQ_HANDLER,
				  .object = irq,
				  .rights = ABI_RIGHT_ALL };
	return ABI_OK;
}

static enum abi_error handler_check(glue_cptr handler)
{
	assert_int_equal(fake_root_cap(handler)->tag, ABI_CAP_IRQ_HANDLER);
	return ABI_OK;
}

enum abi_error glue_irq_handler_ack(glue_cptr handler)
{
	return handler_check(handler);
}

enum abi_error glue_irq_handler_clear(glue_cptr handler)
{
	fake_journal_add("mask");
	return handler_check(handler);
}

enum abi_error glue_irq_handler_set_notification(glue_cptr handler,
						 glue_cptr ntfn)
{
	assert_int_equal(fake_root_cap(ntfn)->tag, ABI_CAP_NOTIFICATION);
	return fake_refuses() ? ABI_NOT_ENOUGH_MEMORY : handler_check(handler);
}

struct abi_ipc_buffer *glue_sys_ipc_buffer(void)
{
	return &ipc_buffer;
}

void fake_set_caller(int present)
{
	caller_present = present;
}

enum abi_error glue_cnode_save_caller(struct glue_slot slot)
{
	struct fake_cap *cap = fake_root_cap(slot.index);

	assert_int_equal(cap->tag, ABI_CAP_NULL);
	if (caller_present)
		*cap = (struct fake_cap){ .tag = ABI_CAP_REPLY };
	return ABI_OK;
}

void glue_sys_nbsend(glue_cptr cap, const struct glue_msg *msg)
{
	struct fake_cap *reply = fake_root_cap(cap);

	if (reply->tag != ABI_CAP_REPLY)
		return;
	reply->tag = ABI_CAP_NULL;
	last_reply = *msg;
	n_replies++;
}

unsigned int fake_replies(void)
{
	return n_replies;
}

uint64_t fake_reply_label(void)
{
	return abi_info_label(last_reply.info);
}

uint64_t fake_reply_word(unsigned int index)
{
	return last_reply.mr[index];
}

void glue_vprintf(const char *format, va_list args)
{
	int n = vsnprintf(text + text_bytes, sizeof(text) - text_bytes, format,
			  args);

	if (n > 0 && text_bytes + (size_t)n < sizeof(text))
		text_bytes += (size_t)n;
}

void glue_printf(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	glue_vprintf(format, args);
	va_end(args);
}

void glue_print_flush(void)
{
}

int glue_snprintf(char *dst, size_t size, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(dst, size, format, args);
	va_end(args);
	return n;
}

const char *fake_text(void)
{
	return text;
}

void fake_text_clear(void)
{
	text_bytes = 0;
	text[0] = '\0';
}

uint64_t broker_clock_now(void)
{
	return fake_now;
}

uint64_t glue_time_ticks(void)
{
	return fake_now;
}

uint32_t broker_clock_hz(void)
{
	return 62500000;
}

void broker_machine_off(uint64_t status)
{
	glue_printf("off %lu\n", (unsigned long)status);
}

void broker_machine_give_up(const char *why)
{
	fail_msg("%s", why);
	abort();
}
