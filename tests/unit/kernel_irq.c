/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_irq.c - IRQ handlers, software-generated interrupts, domain, debug.
 *
 * Rules: abi.md sections 7.3 and 15; debug calls: section 1.
 */
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"
#include <object/irq.h>

#define ROOT	ABI_SLOT_CNODE
#define CONTROL ABI_SLOT_IRQ_CONTROL

static uint64_t get_irq(uint64_t irq, uint64_t dst)
{
	return user_call(CONTROL, ABI_IRQ_CONTROL_GET, WORDS(irq, dst, 64),
			 WORDS(ROOT));
}

static uint64_t set_notification(uint64_t handler, uint64_t ntfn)
{
	return user_call(handler, ABI_IRQ_HANDLER_SET_NOTIFICATION, NONE,
			 WORDS(ntfn));
}

static void interrupt(unsigned int irq)
{
	fake.take = irq;
	kernel_interrupt();
	check_world();
}

static uint64_t poll(uint64_t ntfn)
{
	user_message(ntfn, 0, NONE, NONE);
	user_svc(ABI_SYS_NBRECV);
	return user_badge();
}

static void getting_handlers(void **state)
{
	uint64_t dst = new_slot(), got;

	(void)state;
	assert_error(ABI_RANGE_ERROR, WORDS(0, IRQ_LIMIT - 1),
		     get_irq(IRQ_LIMIT, dst));
	assert_error(ABI_RANGE_ERROR, WORDS(0, IRQ_LIMIT - 1),
		     get_irq(1ull << 32 | 40, dst));
	assert_error(ABI_REVOKE_FIRST, NONE, get_irq(FAKE_TIMER, ROOT));
	assert_error(ABI_DELETE_FIRST, NONE, get_irq(40, ROOT));
	got = user_call(CONTROL, ABI_IRQ_CONTROL_GET, WORDS(40, dst),
			WORDS(ROOT));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	got = user_call(CONTROL, ABI_IRQ_CONTROL_GET_TRIGGER, WORDS(40, 1, dst),
			WORDS(ROOT));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     user_call(CONTROL, 99, NONE, NONE));
	assert_true(fake.masked[40]);
	assert_error(ABI_OK, NONE, get_irq(40, dst));
	assert_false(fake.masked[40]);
	assert_error(ABI_REVOKE_FIRST, NONE, get_irq(40, ROOT));
	got = user_call(CONTROL, ABI_IRQ_CONTROL_GET_TRIGGER,
			WORDS(41, 1, new_slot(), 64), WORDS(ROOT));
	assert_error(ABI_OK, NONE, got);
	assert_true(fake.edge[41]);
	assert_int_equal(cap_revoke(CONTROL), ABI_OK);
	assert_true(cte_is_empty(slot_at(dst)));
	assert_true(fake.masked[40]);
	assert_int_equal(get_irq(40, dst), ABI_OK);
}

static void delivery(void **state)
{
	uint64_t handler = new_slot(), ntfn, badged;

	(void)state;
	ntfn = new_object(ABI_OBJ_NOTIFICATION, 0);
	badged = new_badged(ntfn, ABI_RIGHT_WRITE, 0x10);
	assert_int_equal(get_irq(40, handler), ABI_OK);
	interrupt(40); /* no notification: dropped, not acknowledged */
	assert_int_equal(fake.deactivated[40], 0);
	assert_error(ABI_OK, NONE, set_notification(handler, badged));
	interrupt(40);
	assert_int_equal(fake.deactivated[40], 0);
	assert_int_equal(poll(ntfn), 0x10);
	assert_error(ABI_OK, NONE,
		     user_call(handler, ABI_IRQ_HANDLER_ACK, NONE, NONE));
	assert_int_equal(fake.deactivated[40], 1);
	assert_error(ABI_OK, NONE,
		     user_call(handler, ABI_IRQ_HANDLER_CLEAR, NONE, NONE));
	interrupt(40);
	assert_int_equal(poll(ntfn), 0);
	interrupt(50); /* nobody's: masked and done */
	assert_true(fake.masked[50]);
	assert_int_equal(fake.deactivated[50], 1);
	interrupt(1023); /* spurious */
}

static void setting_notifications(void **state)
{
	uint64_t handler = new_slot(), a, b, ro;
	const void *object;

	(void)state;
	a = new_object(ABI_OBJ_NOTIFICATION, 0);
	b = new_object(ABI_OBJ_NOTIFICATION, 0);
	ro = new_copy(a, ABI_RIGHT_READ);
	assert_int_equal(get_irq(40, handler), ABI_OK);
	assert_error(ABI_INVALID_CAPABILITY, WORDS(0),
		     set_notification(handler, ro));
	assert_error(ABI_INVALID_CAPABILITY, WORDS(0),
		     set_notification(handler, ROOT));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE,
		     user_call(handler, ABI_IRQ_HANDLER_SET_NOTIFICATION, NONE,
			       NONE));
	assert_error(ABI_OK, NONE, set_notification(handler, a));
	assert_error(ABI_OK, NONE, set_notification(handler, b));
	check_world();
	interrupt(40);
	assert_int_equal(poll(a), 0);
	assert_true(notification_is_active(cap_ptr(cap_at(b))));
	poll(b);
	assert_int_equal(cap_revoke(b), ABI_OK); /* the kernel's copy goes */
	interrupt(40);
	assert_false(notification_is_active(cap_ptr(cap_at(b))));
	object = cap_ptr(cap_at(a));
	assert_error(ABI_OK, NONE, set_notification(handler, a));
	assert_int_equal(cap_delete(ro), ABI_OK);
	assert_int_equal(cap_delete(a), ABI_OK); /* the kernel's is left */
	interrupt(40);
	check_world();
	assert_non_null(check_object_find(ABI_CAP_NOTIFICATION, object));
	assert_int_equal(cap_delete(handler), ABI_OK);
	check_world();
	assert_null(check_object_find(ABI_CAP_NOTIFICATION, object));
}

static void handler_copies(void **state)
{
	uint64_t handler = new_slot(), copy;

	(void)state;
	assert_int_equal(get_irq(40, handler), ABI_OK);
	assert_int_equal(get_irq(41, new_slot()), ABI_OK);
	copy = new_copy(handler, 0);
	assert_int_equal(cap_delete(handler), ABI_OK);
	assert_false(fake.masked[40]);
	assert_int_equal(cap_revoke(copy), ABI_OK);
	assert_int_equal(cap_delete(copy), ABI_OK);
	assert_true(fake.masked[40]);
	assert_false(fake.masked[41]);
}

static void software_interrupts(void **state)
{
	uint64_t dst = new_slot(), got;

	(void)state;
	got = user_call(CONTROL, ABI_IRQ_CONTROL_ISSUE_SGI,
			WORDS(16, 0, dst, 64), WORDS(ROOT));
	assert_error(ABI_RANGE_ERROR, WORDS(0, 15), got);
	got = user_call(CONTROL, ABI_IRQ_CONTROL_ISSUE_SGI,
			WORDS(3, 99, dst, 64), WORDS(ROOT));
	assert_int_equal(got, ABI_INVALID_ARGUMENT);
	got = user_call(CONTROL, ABI_IRQ_CONTROL_ISSUE_SGI,
			WORDS(3, 5, dst, 64), WORDS(ROOT));
	assert_error(ABI_OK, NONE, got);
	got = user_call(new_copy(dst, 0), 1234, NONE, NONE);
	assert_error(ABI_OK, NONE, got);
	assert_int_equal(fake.sgi, 3);
	assert_int_equal(fake.sgi_target, 5);
	got = user_call(CONTROL, ABI_IRQ_CONTROL_ISSUE_SGI,
			WORDS(3, 5, dst, 64), WORDS(ROOT));
	assert_error(ABI_DELETE_FIRST, NONE, got);
	check_world();
}

static uint64_t domain(uint64_t label, const uint64_t *words, size_t n,
		       uint64_t cap)
{
	return user_call(ABI_SLOT_DOMAIN, label, words, n, WORDS(cap));
}

static void one_domain(void **state)
{
	(void)state;
	assert_error(ABI_OK, NONE,
		     domain(ABI_DOMAIN_SET, WORDS(0), ABI_SLOT_TCB));
	assert_error(ABI_INVALID_ARGUMENT, WORDS(0),
		     domain(ABI_DOMAIN_SET, WORDS(1), ROOT));
	assert_error(ABI_INVALID_ARGUMENT, WORDS(1),
		     domain(ABI_DOMAIN_SET, WORDS(0), ROOT));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE,
		     domain(ABI_DOMAIN_SET, NONE, ROOT));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE,
		     domain(ABI_DOMAIN_SCHEDULE_CONFIGURE, WORDS(0, 0), ROOT));
	assert_error(ABI_OK, NONE,
		     domain(ABI_DOMAIN_SCHEDULE_SET_START, WORDS(0), ROOT));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, domain(33, NONE, ROOT));
}

static uint64_t identify(uint64_t cptr)
{
	sched_current->context.x[0] = cptr;
	user_svc(ABI_SYS_DEBUG_CAP_IDENTIFY);
	return user_badge();
}

static void debug_calls(void **state)
{
	struct abi_ipc_buffer *buffer = user_buffer();

	(void)state;
	assert_int_equal(identify(ABI_SLOT_TCB), ABI_CAP_THREAD);
	assert_int_equal(identify(WORLD_RAM), ABI_CAP_UNTYPED);
	assert_int_equal(identify(1ull << 60), 0);
	assert_int_equal(identify(ABI_SLOT_DOMAIN), ABI_CAP_DOMAIN);
	strcpy((char *)buffer->msg, "a name that is far too long to be kept");
	sched_current->context.x[0] = ABI_SLOT_TCB;
	user_svc(ABI_SYS_DEBUG_NAME_THREAD);
	assert_string_equal(world.root->name,
			    "a name that is far too long to ");
	sched_current->context.x[0] = 'K';
	user_svc(ABI_SYS_DEBUG_PUTCHAR);
	assert_int_equal(fake.printed[0], 'K');
	user_svc(ABI_SYS_DEBUG_DUMP_SCHEDULER);
	assert_non_null(strstr(fake.printed, "priority 255"));
	user_svc(ABI_SYS_DEBUG_SNAPSHOT);
	assert_int_equal(world.root->state, THREAD_RUNNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(getting_handlers),	   world_test(delivery),
		world_test(setting_notifications), world_test(handler_copies),
		world_test(software_interrupts),   world_test(one_domain),
		world_test(debug_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
