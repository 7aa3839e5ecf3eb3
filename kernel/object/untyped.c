/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * untyped.c - memory becomes objects: retype, watermark, clearing.
 *
 * An untyped capability names a power-of-two piece of memory. Objects are cut
 * from it upwards; the watermark in the capability is the first byte never
 * used. When it has no children left (the derivation tree knows), the watermark
 * starts again at 0. The kernel has no other memory, so "out of memory" is
 * always the caller's own and always a clean error.
 *
 * Memory is cleared when it becomes an object, not when an untyped is reset:
 * each byte is cleared once, and nothing is cleared that nobody will use. An
 * untyped cut from an untyped is not cleared; its objects will be. Clearing
 * more than CLEAR_STEP goes in steps with a chance for interrupts after each;
 * how far it came is kept beside the watermark, in units of CLEAR_STEP from the
 * watermark rounded up to one, so that the restarted call goes on from there.
 * Source: shared/abi.md section 13.
 */
#include <core/arch.h>
#include <core/invoke.h>
#include <object/delete.h>
#include <object/objects.h>

#define CLEAR_STEP 0x10000ull

struct retype {
	struct cte *untyped;
	enum abi_object_type type;
	unsigned int size_bits; /* the argument */
	unsigned int object_bits;
	struct cte *slots; /* first destination slot */
	uint64_t num;
	bool device;
	uint64_t watermark; /* 0 again when there are no children */
	uint64_t first;	    /* offset of the first object */
};

static uint64_t round_up(uint64_t value, uint64_t step)
{
	return (value + step - 1) & ~(step - 1);
}

static unsigned int object_bits(uint64_t type, unsigned int size_bits)
{
	static const uint8_t fixed[ABI_OBJ_COUNT] = {
		[ABI_OBJ_TCB] = ABI_TCB_BITS,
		[ABI_OBJ_ENDPOINT] = ABI_ENDPOINT_BITS,
		[ABI_OBJ_NOTIFICATION] = ABI_NOTIFICATION_BITS,
		[ABI_OBJ_FRAME_HUGE] = ABI_FRAME_HUGE_BITS,
		[ABI_OBJ_VSPACE] = ABI_VSPACE_BITS,
		[ABI_OBJ_FRAME_SMALL] = ABI_FRAME_SMALL_BITS,
		[ABI_OBJ_FRAME_LARGE] = ABI_FRAME_LARGE_BITS,
		[ABI_OBJ_PAGE_TABLE] = ABI_PAGE_TABLE_BITS,
	};

	if (type == ABI_OBJ_UNTYPED)
		return size_bits;
	if (type == ABI_OBJ_CNODE)
		return size_bits + ABI_SLOT_BITS;
	return fixed[type];
}

static enum abi_error check_type(struct call *call, struct retype *r)
{
	uint64_t type = call_arg(call, 0);
	uint64_t size_bits = call_arg(call, 1);

	if (type >= ABI_OBJ_COUNT)
		return call_fail_argument(call, 0);
	if (size_bits >= 64)
		return call_fail_range(call, 0, ABI_UNTYPED_MAX_BITS);
	r->object_bits = object_bits(type, (unsigned int)size_bits);
	if (r->object_bits > ABI_UNTYPED_MAX_BITS)
		return call_fail_range(call, 0, ABI_UNTYPED_MAX_BITS);
	if (type == ABI_OBJ_CNODE && size_bits == 0)
		return call_fail_argument(call, 1);
	if (type == ABI_OBJ_UNTYPED && size_bits < ABI_UNTYPED_MIN_BITS)
		return call_fail_argument(call, 1);
	r->type = (enum abi_object_type)type;
	r->size_bits = (unsigned int)size_bits;
	return ABI_OK;
}

/* The CNode that receives the new capabilities. */
static enum abi_error find_node(struct call *call, struct cap *node)
{
	uint64_t depth = call_arg(call, 3);
	struct cte *slot;
	enum abi_error err;

	*node = call_extra(call, 0);
	if (depth != 0) {
		err = call_find_slot(call, *node, call_arg(call, 2), depth,
				     false, &slot);
		if (err)
			return err;
		*node = slot->cap;
	}
	if (!cap_is(*node, ABI_CAP_CNODE))
		return call_fail_missing(call, false, depth);
	return ABI_OK;
}

static enum abi_error check_slots(struct call *call, struct cap node,
				  struct retype *r)
{
	uint64_t slots = 1ull << cnode_radix(node);
	uint64_t offset = call_arg(call, 4);
	uint64_t i;

	r->num = call_arg(call, 5);
	if (offset >= slots)
		return call_fail_range(call, 0, slots - 1);
	if (r->num < 1 || r->num > ABI_RETYPE_MAX)
		return call_fail_range(call, 1, ABI_RETYPE_MAX);
	if (r->num > slots - offset)
		return call_fail_range(call, 1, slots - offset);
	r->slots = (struct cte *)cap_ptr(node) + offset;
	for (i = 0; i < r->num; i++) {
		if (!cte_is_empty(&r->slots[i]))
			return ABI_DELETE_FIRST;
	}
	return ABI_OK;
}

static bool type_fits_device(enum abi_object_type type)
{
	return type == ABI_OBJ_UNTYPED || type == ABI_OBJ_FRAME_SMALL ||
	       type == ABI_OBJ_FRAME_LARGE || type == ABI_OBJ_FRAME_HUGE;
}

static enum abi_error check_space(struct call *call, struct retype *r)
{
	struct cap cap = call->cap;
	uint64_t left;

	r->device = untyped_is_device(cap);
	r->watermark = cdt_has_child(r->untyped) ? untyped_watermark(cap) : 0;
	left = (1ull << untyped_bits(cap)) - r->watermark;
	if (left >> r->object_bits < r->num)
		return call_fail_memory(call, left);
	if (r->device && !type_fits_device(r->type))
		return call_fail_argument(call, 1);
	r->first = round_up(r->watermark, 1ull << r->object_bits);
	return ABI_OK;
}

static enum abi_error decode(struct call *call, struct retype *r)
{
	struct cap node = CAP_NULL;
	enum abi_error err;

	if (call->label != ABI_UNTYPED_RETYPE)
		return ABI_ILLEGAL_OPERATION;
	if (!call_has(call, 6, 1))
		return ABI_TRUNCATED_MESSAGE;
	r->untyped = call->slot;
	err = check_type(call, r);
	if (!err)
		err = find_node(call, &node);
	if (!err)
		err = check_slots(call, node, r);
	if (!err)
		err = check_space(call, r);
	return err;
}

/* Clear up to @to in steps from @at on; false: an interrupt is due. */
static bool clear_steps(struct retype *r, uint64_t at, uint64_t to)
{
	uint64_t done = untyped_cleared(r->untyped->cap);
	char *memory = cap_ptr(r->untyped->cap);
	uint64_t bytes;

	for (at += done * CLEAR_STEP; at < to; at += bytes) {
		bytes = to - at < CLEAR_STEP ? to - at : CLEAR_STEP;
		arch_memory_clear(memory + at, bytes);
		if (bytes == CLEAR_STEP && done < UNTYPED_CLEARED_MAX)
			done++;
		r->untyped->cap.w1 = untyped_fill(r->watermark, done);
		if (bytes == CLEAR_STEP && arch_irq_pending())
			return false;
	}
	return true;
}

/* Clear the objects' memory; false: an interrupt is due, begin again later. */
static bool clear_objects(struct retype *r)
{
	uint64_t end = r->first + (r->num << r->object_bits);
	uint64_t base = round_up(r->watermark, CLEAR_STEP);
	char *memory = cap_ptr(r->untyped->cap);

	if (r->device || r->type == ABI_OBJ_UNTYPED)
		return true;
	if (r->first < base)
		arch_memory_clear(memory + r->first,
				  (end < base ? end : base) - r->first);
	return clear_steps(r, base, end);
}

static struct cap make_cap(const struct retype *r, uint64_t paddr)
{
	switch (r->type) {
	case ABI_OBJ_UNTYPED:
		return cap_untyped(paddr, r->size_bits, r->device, 0);
	case ABI_OBJ_TCB:
		tcb_init(phys_to_virt(paddr));
		return cap_thread(phys_to_virt(paddr));
	case ABI_OBJ_ENDPOINT:
		return cap_endpoint(phys_to_virt(paddr), ABI_RIGHT_ALL, 0);
	case ABI_OBJ_NOTIFICATION:
		return cap_notification(phys_to_virt(paddr),
					ABI_RIGHT_READ | ABI_RIGHT_WRITE, 0);
	case ABI_OBJ_CNODE:
		return cap_cnode(phys_to_virt(paddr), r->size_bits, 0);
	case ABI_OBJ_VSPACE:
		return cap_vspace(paddr, 0);
	case ABI_OBJ_PAGE_TABLE:
		return cap_page_table(paddr);
	case ABI_OBJ_FRAME_LARGE:
		return cap_frame(paddr, FRAME_LARGE, 3, r->device);
	case ABI_OBJ_FRAME_HUGE:
		return cap_frame(paddr, FRAME_HUGE, 3, r->device);
	default:
		return cap_frame(paddr, FRAME_SMALL, 3, r->device);
	}
}

static void make_objects(const struct retype *r)
{
	uint64_t base = cap_addr(r->untyped->cap) + r->first;
	uint64_t i;

	for (i = 0; i < r->num; i++)
		cdt_insert(&r->slots[i],
			   make_cap(r, base + (i << r->object_bits)),
			   r->untyped, true);
}

enum abi_error untyped_invoke(struct call *call)
{
	struct retype r = { 0 };
	enum abi_error err;

	err = decode(call, &r);
	if (err)
		return err;
	if (r.watermark != untyped_watermark(call->cap))
		r.untyped->cap.w1 = 0; /* no children: begin again */
	if (!clear_objects(&r))
		return CALL_PREEMPTED;
	r.untyped->cap.w1 = untyped_fill(r.first + (r.num << r.object_bits), 0);
	make_objects(&r);
	return ABI_OK;
}
