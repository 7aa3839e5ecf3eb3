/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * call.c - helpers of decoding: noting errors, finding slots, adding results.
 *
 * The words of each error reply are ABI: shared/abi.md section 6.
 */
#include <core/invoke.h>
#include <core/ipc.h>
#include <core/thread.h>

void call_result(struct call *call, uint64_t value)
{
	struct abi_ipc_buffer *buffer = NULL;

	if (call->n_results >= ABI_MSG_REGS)
		buffer = thread_buffer(call->caller, true);
	if (call->is_call &&
	    ipc_set_word(call->caller, buffer, call->n_results, value))
		call->n_results++;
}

static void error_words(struct call *call, unsigned int n, uint64_t w0,
			uint64_t w1)
{
	call->n_error = n;
	call->error[0] = w0;
	call->error[1] = w1;
}

enum abi_error call_fail_argument(struct call *call, unsigned int index)
{
	error_words(call, 1, index, 0);
	return ABI_INVALID_ARGUMENT;
}

enum abi_error call_fail_capability(struct call *call, unsigned int index)
{
	error_words(call, 1, index, 0);
	return ABI_INVALID_CAPABILITY;
}

enum abi_error call_fail_range(struct call *call, uint64_t min, uint64_t max)
{
	error_words(call, 2, min, max);
	return ABI_RANGE_ERROR;
}

enum abi_error call_fail_lookup(struct call *call, bool source,
				const struct lookup_failure *why)
{
	unsigned int i;

	error_words(call, 2 + why->n_values, source, why->type);
	for (i = 0; i < why->n_values; i++)
		call->error[2 + i] = why->value[i];
	return ABI_FAILED_LOOKUP;
}

enum abi_error call_fail_missing(struct call *call, bool source,
				 uint64_t bits_left)
{
	const struct lookup_failure why = { ABI_LOOKUP_MISSING,
					    1,
					    { bits_left, 0, 0 } };

	return call_fail_lookup(call, source, &why);
}

enum abi_error call_fail_memory(struct call *call, uint64_t bytes_left)
{
	error_words(call, 1, bytes_left, 0);
	return ABI_NOT_ENOUGH_MEMORY;
}

/* The slot needs more than one step, or there is none: then say why. */
static __attribute__((noinline)) enum abi_error find_slot_far(
	struct call *call, struct cap root, uint64_t index, uint64_t depth,
	bool source, struct cte **slot)
{
	static const struct lookup_failure no_root = { ABI_LOOKUP_INVALID_ROOT,
						       0,
						       { 0, 0, 0 } };
	struct lookup found;

	if (!cap_is(root, ABI_CAP_CNODE))
		return call_fail_lookup(call, source, &no_root);
	if (depth < 1 || depth > 64)
		return call_fail_range(call, 1, 64);
	found = lookup_exact(root, index, depth);
	if (!found.slot)
		return call_fail_lookup(call, source, &found.failure);
	*slot = found.slot;
	return ABI_OK;
}

enum abi_error call_find_slot(struct call *call, struct cap root,
			      uint64_t index, uint64_t depth, bool source,
			      struct cte **slot)
{
	struct cte *found = NULL;

	if (depth - 1 < 64)
		found = lookup_direct(root, index, (unsigned int)depth);
	if (!found)
		return find_slot_far(call, root, index, depth, source, slot);
	*slot = found;
	return ABI_OK;
}

enum abi_error call_find_empty(struct call *call, struct cap root,
			       uint64_t index, uint64_t depth,
			       struct cte **slot)
{
	enum abi_error err;

	err = call_find_slot(call, root, index, depth, false, slot);
	if (err)
		return err;
	return cte_is_empty(*slot) ? ABI_OK : ABI_DELETE_FIRST;
}
