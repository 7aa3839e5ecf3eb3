/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * eva.c - a driver for EVA: arbitrary inputs, and no alarm may be raised.
 *
 * EVA follows all values at once: any two capabilities, any rights and data,
 * any CPtr in a CSpace of one CNode, any retype arguments. What it
 * rules out: shifts out of range, division by zero, reads outside an object,
 * uninitialised values, overflow of signed numbers.
 */
#include <__fc_builtin.h>
#include <core/arch.h>
#include <core/invoke.h>
#include <object/cap_ops.h>
#include <object/delete.h>
#include <object/objects.h>

#include <object/cap.c>
#include <object/untyped.c>

bool cdt_has_child(const struct cte *slot)
{
	return Frama_C_interval(0, 1) && slot->next;
}

static uint64_t any_word(void)
{
	return Frama_C_unsigned_long_interval(0, -1ul);
}

/* Of this kind, with a size that the kernel gives out: at most 47. */
static struct cap any_cap(unsigned int tag)
{
	uint64_t first = (uint64_t)tag << CAP_TAG_SHIFT;
	uint64_t last = first + (48ull << CAP_AUX_SHIFT) - 1;

	return (struct cap){ Frama_C_unsigned_long_interval(first, last),
			     any_word() };
}

enum abi_error call_fail_argument(struct call *call, unsigned int index)
{
	call->error[0] = index;
	return ABI_INVALID_ARGUMENT;
}

enum abi_error call_fail_range(struct call *call, uint64_t min, uint64_t max)
{
	call->error[0] = min;
	call->error[1] = max;
	return ABI_RANGE_ERROR;
}

enum abi_error call_fail_memory(struct call *call, uint64_t bytes_left)
{
	call->error[0] = bytes_left;
	return ABI_NOT_ENOUGH_MEMORY;
}

static void derive_anything(unsigned int tag)
{
	struct cte slot = { .cap = any_cap(tag), .next = any_word() };
	struct cap derived, other = { any_word(), any_word() };
	struct cap cap = cap_mask_rights(slot.cap, any_word() & ABI_RIGHT_ALL);

	cap = cap_set_data(cap, any_word(), any_word() & 1);
	if (!cap_derive(&slot, cap, &derived))
		cap_starts_generation(derived, slot.cap);
	cap_same_object(slot.cap, other);
	cap_same_region(slot.cap, other);
}

/* An untyped as retype makes them: 4 to 47 bits, watermark inside. */
static struct cap any_untyped(void)
{
	unsigned int bits = Frama_C_unsigned_int_interval(4, 47);
	uint64_t mark = Frama_C_unsigned_long_interval(0, 1ul << 47);

	return cap_untyped(any_word(), bits, any_word() & 1,
			   mark > 1ul << bits ? 1ul << bits : mark);
}

static void retype_anything(void)
{
	struct tcb caller;
	struct abi_ipc_buffer buffer;
	struct cte untyped = { .cap = any_untyped() };
	struct call call = { .caller = &caller,
			     .buffer = &buffer,
			     .cap = untyped.cap,
			     .slot = &untyped };
	struct retype r = { .untyped = &untyped, .num = 1 };

	Frama_C_make_unknown((char *)&caller.context, sizeof(caller.context));
	Frama_C_make_unknown((char *)&buffer, sizeof(buffer));
	if (check_type(&call, &r))
		return;
	r.num = Frama_C_unsigned_long_interval(1, ABI_RETYPE_MAX);
	check_space(&call, &r);
}

int main(void)
{
	unsigned int tag;

	/*@ loop unroll 32; */
	for (tag = 0; tag < 32; tag++)
		derive_anything(tag);
	retype_anything();
	return 0;
}
