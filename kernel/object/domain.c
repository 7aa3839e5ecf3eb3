/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * domain.c - scheduling domains: there is one, number 0, with one entry.
 *
 * The calls exist so that programs written for the ABI find them; with a single
 * domain they have nothing to change. Source: shared/abi.md sections 7.3, 14.
 */
#include <object/objects.h>

#define SCHEDULE_ENTRIES 1u

static enum abi_error domain_set(struct call *call)
{
	if (!call_has(call, 1, 1))
		return ABI_TRUNCATED_MESSAGE;
	if (call_arg(call, 0) >= 1)
		return call_fail_argument(call, 0);
	if (!cap_is(call_extra(call, 0), ABI_CAP_THREAD))
		return call_fail_argument(call, 1);
	return ABI_OK;
}

static enum abi_error schedule_configure(struct call *call)
{
	if (call->length < 3)
		return ABI_TRUNCATED_MESSAGE;
	if (call_arg(call, 0) >= SCHEDULE_ENTRIES)
		return call_fail_range(call, 0, SCHEDULE_ENTRIES - 1);
	if (call_arg(call, 1) >= 1)
		return call_fail_argument(call, 1);
	return ABI_OK;
}

static enum abi_error schedule_set_start(struct call *call)
{
	if (call->length < 1)
		return ABI_TRUNCATED_MESSAGE;
	if (call_arg(call, 0) >= SCHEDULE_ENTRIES)
		return call_fail_range(call, 0, SCHEDULE_ENTRIES - 1);
	return ABI_OK;
}

enum abi_error domain_invoke(struct call *call)
{
	switch (call->label) {
	case ABI_DOMAIN_SET:
		return domain_set(call);
	case ABI_DOMAIN_SCHEDULE_CONFIGURE:
		return schedule_configure(call);
	case ABI_DOMAIN_SCHEDULE_SET_START:
		return schedule_set_start(call);
	default:
		return ABI_ILLEGAL_OPERATION;
	}
}
