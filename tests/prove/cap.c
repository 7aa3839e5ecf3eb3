/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cap.c - contracts of kernel/object/cap.[ch]: derivation gives no more.
 *
 * What they say together: nothing that is done to a capability on its way to
 * another slot changes its kind or its object, adds a right, or gives a badge
 * to one that has a badge already.
 */
#include <object/cap_ops.h>
#include "accessors.h"
#include "bits.h"

/* clang-format off */

/*@ requires rights < 16;
    assigns \nothing;
    ensures tag: Tag(\result) == Tag(cap);
    ensures addr: Addr(\result) == Addr(cap);
    ensures w1: \result.w1 == cap.w1;
    ensures ep: Tag(cap) == ABI_CAP_ENDPOINT ==>
	Aux(\result) == (Aux(cap) & rights);
    ensures ntfn: Tag(cap) == ABI_CAP_NOTIFICATION ==>
	Aux(\result) == (Aux(cap) & rights & 3);
    ensures frame: Tag(cap) == ABI_CAP_FRAME ==>
	Aux(\result) == (Aux(cap) & (rights << 2 | 0xfffffff3));
    ensures others: Tag(cap) != ABI_CAP_ENDPOINT &&
	Tag(cap) != ABI_CAP_NOTIFICATION && Tag(cap) != ABI_CAP_FRAME ==>
	\result == cap; */
struct cap cap_mask_rights(struct cap cap, unsigned int rights);

/*@ assigns \nothing;
    ensures object: \result.w0 == cap.w0 ||
	(\result.w0 == 0 && \result.w1 == 0);
    ensures fits: \result.w0 != 0 ==>
	(\result.w1 & 63) + (Aux(cap) & 63) <= 64;
    ensures size: \result.w0 != 0 ==> (\result.w1 & 63) == (data & 63); */
static struct cap set_guard(struct cap cap, uint64_t data);

/*@ assigns \nothing;
    ensures object: \result.w0 == cap.w0 ||
	(\result.w0 == 0 && \result.w1 == 0);
    ensures badge_once: (Tag(cap) == ABI_CAP_ENDPOINT ||
	Tag(cap) == ABI_CAP_NOTIFICATION) && (cap.w1 != 0 || moving) ==>
	\result.w0 == 0;
    ensures badge: (Tag(cap) == ABI_CAP_ENDPOINT ||
	Tag(cap) == ABI_CAP_NOTIFICATION) && cap.w1 == 0 && !moving ==>
	\result.w1 == data;
    ensures guard_fits: Tag(cap) == ABI_CAP_CNODE && \result.w0 != 0 ==>
	(\result.w1 & 63) + (Aux(cap) & 63) <= 64;
    ensures others: Tag(cap) != ABI_CAP_ENDPOINT &&
	Tag(cap) != ABI_CAP_NOTIFICATION && Tag(cap) != ABI_CAP_CNODE ==>
	\result == cap; */
struct cap cap_set_data(struct cap cap, uint64_t data, bool moving);

/*@ assigns \nothing; */
bool cdt_has_child(const struct cte *slot);

/*@ requires \valid(derived);
    assigns *derived;
    ensures object: derived->w0 == cap.w0 || derived->w0 == 0;
    ensures badge: derived->w1 == cap.w1 || derived->w1 == 0;
    ensures never: Tag(cap) == ABI_CAP_REPLY || Tag(cap) == ABI_CAP_ZOMBIE ||
	Tag(cap) == ABI_CAP_IRQ_CONTROL ==> derived->w0 == 0;
    ensures frame: Tag(cap) == ABI_CAP_FRAME ==> derived->w1 == 0;
    ensures table: (Tag(cap) == ABI_CAP_PAGE_TABLE ||
	Tag(cap) == ABI_CAP_VSPACE) && cap.w1 < TWO_48 ==>
	\result == ABI_ILLEGAL_OPERATION;
    ensures kept: Tag(cap) == ABI_CAP_ENDPOINT ||
	Tag(cap) == ABI_CAP_NOTIFICATION || Tag(cap) == ABI_CAP_CNODE ||
	Tag(cap) == ABI_CAP_THREAD ==> *derived == cap && \result == ABI_OK; */
enum abi_error cap_derive(const struct cte *slot, struct cap cap,
			  struct cap *derived);

/*@ assigns \nothing;
    ensures kind: \result ==> Tag(a) == Tag(b);
    ensures address: \result && Tag(a) != ABI_CAP_IRQ_HANDLER &&
	Tag(a) != ABI_CAP_SGI_SIGNAL ==> Addr(a) == Addr(b);
    ensures none: Tag(a) == ABI_CAP_NULL || Tag(a) == ABI_CAP_UNTYPED ||
	Tag(a) == ABI_CAP_ZOMBIE ==> !\result;
    ensures radix: \result && Tag(a) == ABI_CAP_CNODE ==>
	(Aux(a) & 63) == (Aux(b) & 63);
    ensures itself: a == b && Tag(a) != ABI_CAP_NULL &&
	Tag(a) != ABI_CAP_UNTYPED && Tag(a) != ABI_CAP_ZOMBIE ==> \result; */
bool cap_same_object(struct cap a, struct cap b);

/*@ assigns \nothing;
    ensures untyped: Tag(derived) == ABI_CAP_UNTYPED ==> \result;
    ensures badged: Tag(derived) == ABI_CAP_ENDPOINT ||
	Tag(derived) == ABI_CAP_NOTIFICATION ==>
	(\result <==> derived.w1 != source.w1);
    ensures irq: Tag(derived) == ABI_CAP_IRQ_HANDLER ==>
	(\result <==> Tag(source) == ABI_CAP_IRQ_CONTROL);
    ensures others: Tag(derived) != ABI_CAP_UNTYPED &&
	Tag(derived) != ABI_CAP_ENDPOINT &&
	Tag(derived) != ABI_CAP_NOTIFICATION &&
	Tag(derived) != ABI_CAP_IRQ_HANDLER &&
	Tag(derived) != ABI_CAP_SGI_SIGNAL ==> !\result; */
bool cap_starts_generation(struct cap derived, struct cap source);

#include <object/cap.c>
