/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * untyped.c - contracts of kernel/object/untyped.c: objects stay in place.
 *
 * The theorem is check_space(): if it says yes, the objects begin at or above
 * the watermark, each is aligned to its size, and the last one ends inside the
 * untyped. The other contracts carry it: rounding up, sizes, the watermark's
 * way through its 44 bits.
 */
#include <core/arch.h>
#include <core/invoke.h>
#include <object/delete.h>
#include <object/objects.h>
#include "accessors.h"
#include "powers.h"

/* clang-format off */

/*@ requires power: \exists integer n; 0 <= n < 48 && step == (1 << n);
    requires small: value <= 0x800000000000;
    assigns \nothing;
    ensures above: \result >= value;
    ensures near: \result < value + step;
    ensures aligned: multiple(\result, step); */
static uint64_t round_up(uint64_t value, uint64_t step);

/*@ assigns \nothing;
    ensures device: \result <==> type == ABI_OBJ_UNTYPED ||
	type == ABI_OBJ_FRAME_SMALL || type == ABI_OBJ_FRAME_LARGE ||
	type == ABI_OBJ_FRAME_HUGE; */
static bool type_fits_device(enum abi_object_type type);

/*@ requires type < ABI_OBJ_COUNT && size_bits < 64;
    assigns \nothing;
    ensures untyped: type == ABI_OBJ_UNTYPED ==> \result == size_bits;
    ensures cnode: type == ABI_OBJ_CNODE ==> \result == size_bits + 5;
    ensures tcb: type == ABI_OBJ_TCB ==> \result == 11;
    ensures endpoint: type == ABI_OBJ_ENDPOINT ==> \result == 4;
    ensures notification: type == ABI_OBJ_NOTIFICATION ==> \result == 5;
    ensures huge: type == ABI_OBJ_FRAME_HUGE ==> \result == 30;
    ensures large: type == ABI_OBJ_FRAME_LARGE ==> \result == 21;
    ensures page: type == ABI_OBJ_VSPACE || type == ABI_OBJ_FRAME_SMALL ||
	type == ABI_OBJ_PAGE_TABLE ==> \result == 12; */
static unsigned int object_bits(uint64_t type, unsigned int size_bits);

/*@ assigns \nothing; */
bool cdt_has_child(const struct cte *slot);

/*@ requires \valid(call);
    assigns *call;
    ensures \result == ABI_NOT_ENOUGH_MEMORY; */
enum abi_error call_fail_memory(struct call *call, uint64_t bytes_left);

/*@ requires \valid(call);
    assigns *call;
    ensures \result == ABI_INVALID_ARGUMENT; */
enum abi_error call_fail_argument(struct call *call, unsigned int index);

#include <object/untyped.c>

#define UntypedSize(c)	(1 << (Aux(c) & 63))
#define Watermark(c)	(((c).w1 % TWO_44) * 16)

/*@ requires \valid(call) && \valid(r) && \separated(call, r);
    requires untyped: 4 <= (Aux(call->cap) & 63) <= 47;
    requires object: 4 <= r->object_bits <= 47;
    requires num: 1 <= r->num <= ABI_RETYPE_MAX;
    requires fill: Watermark(call->cap) <= UntypedSize(call->cap);
    assigns *call, r->device, r->watermark, r->first;
    ensures aligned: \result == ABI_OK ==>
	multiple(r->first, 1 << r->object_bits);
    ensures above: \result == ABI_OK ==> r->watermark <= r->first;
    ensures watermark: \result == ABI_OK ==> r->watermark == 0 ||
	r->watermark == Watermark(\old(call->cap));
    ensures near: \result == ABI_OK ==>
	r->first < r->watermark + (1 << r->object_bits);
    ensures enough: \result == ABI_OK ==> r->num <=
	((UntypedSize(\old(call->cap)) - r->watermark) >> r->object_bits);
    ensures full: \result == ABI_OK ==>
	r->watermark <= UntypedSize(\old(call->cap));
    ensures device: \result == ABI_OK && r->device ==>
	r->type == ABI_OBJ_UNTYPED || r->type == ABI_OBJ_FRAME_SMALL ||
	r->type == ABI_OBJ_FRAME_LARGE || r->type == ABI_OBJ_FRAME_HUGE; */
static enum abi_error check_space(struct call *call, struct retype *r);

/*@ requires \valid(call) && \valid(r) && \separated(call, r);
    requires untyped: 4 <= (Aux(call->cap) & 63) <= 47;
    requires object: 4 <= r->object_bits <= 47;
    requires num: 1 <= r->num <= ABI_RETYPE_MAX;
    requires fill: Watermark(call->cap) <= UntypedSize(call->cap);
    assigns *call, r->device, r->watermark, r->first;
    ensures below: \result == ABI_OK ==>
	r->first + (r->num << r->object_bits) <=
	UntypedSize(\old(call->cap)); */
static enum abi_error objects_end_inside(struct call *call, struct retype *r)
{
	return check_space(call, r);
}
