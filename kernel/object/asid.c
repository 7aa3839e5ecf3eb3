/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * asid.c - ASID pools: which VSpace has which identifier.
 *
 * A VSpace can be used only while it has an ASID. An ASID is 16 bits: pool
 * number and index in the pool. A pool is one page of 512 words, each the
 * physical address of a level-0 table. A capability remembers the ASID its
 * mapping was made under, and the kernel compares before it trusts it, so stale
 * capabilities are harmless: no search for them is ever needed.
 * Source: shared/abi.md section 12.
 */
#include <core/arch.h>
#include <core/invoke.h>
#include <core/sched.h>
#include <core/thread.h>
#include <object/asid.h>
#include <object/objects.h>

#define POOL_SIZE (1u << ASID_POOL_BITS)

uint64_t *asid_pools[ASID_POOLS];
bool asid_pool_lost;

const uint64_t *asid_pool_at(unsigned int number)
{
	return asid_pools[number];
}

void asid_boot_pool(uint64_t pool_paddr)
{
	asid_pools[0] = phys_to_virt(pool_paddr);
}

uint64_t asid_boot_assign(uint64_t vspace_paddr)
{
	asid_pools[0][1] = vspace_paddr;
	return 1;
}

void asid_release(uint64_t asid, uint64_t vspace_paddr)
{
	if (asid_find(asid) != vspace_paddr)
		return;
	arch_vspace_retire(asid);
	asid_pools[asid >> ASID_POOL_BITS][asid & (POOL_SIZE - 1)] = 0;
	sched_vspace_changed(sched_current);
}

void asid_pool_release(uint64_t first_asid, uint64_t pool_paddr)
{
	uint64_t *pool = phys_to_virt(pool_paddr);
	unsigned int i;

	if (asid_pools[first_asid >> ASID_POOL_BITS] != pool)
		return;
	for (i = 0; i < POOL_SIZE; i++) {
		if (pool[i])
			arch_vspace_retire(first_asid + i);
	}
	asid_pools[first_asid >> ASID_POOL_BITS] = NULL;
	asid_pool_lost = true;
	sched_vspace_changed(sched_current);
}

static unsigned int free_pool_number(void)
{
	unsigned int i;

	for (i = 0; i < ASID_POOLS && asid_pools[i]; i++)
		;
	return i;
}

enum abi_error asid_control_invoke(struct call *call)
{
	unsigned int number = free_pool_number();
	struct cte *untyped, *dst;
	struct cap cap;
	enum abi_error err;

	if (call->label != ABI_ASID_CONTROL_MAKE_POOL)
		return ABI_ILLEGAL_OPERATION;
	if (!call_has(call, 2, 2))
		return ABI_TRUNCATED_MESSAGE;
	if (number == ASID_POOLS)
		return ABI_DELETE_FIRST;
	untyped = call->extra[0];
	cap = untyped->cap;
	if (!cap_is(cap, ABI_CAP_UNTYPED) || untyped_is_device(cap) ||
	    untyped_bits(cap) != ABI_ASID_POOL_BITS)
		return call_fail_capability(call, 1);
	if (cdt_has_child(untyped))
		return ABI_REVOKE_FIRST;
	err = call_find_empty(call, call_extra(call, 1), call_arg(call, 0),
			      call_arg(call, 1), &dst);
	if (err)
		return err;
	untyped->cap.w1 = untyped_fill(1ull << ABI_ASID_POOL_BITS, 0);
	asid_pools[number] = cap_ptr(cap);
	arch_memory_clear(asid_pools[number], 1ull << ABI_ASID_POOL_BITS);
	cdt_insert(dst,
		   cap_asid_pool(cap_addr(cap),
				 (uint64_t)number << ASID_POOL_BITS),
		   untyped, true);
	return ABI_OK;
}

/* A free index in the pool; 0 of pool 0 is never given. */
static unsigned int free_index(const uint64_t *pool, uint64_t first_asid)
{
	unsigned int i;

	for (i = first_asid == 0; i < POOL_SIZE && pool[i]; i++)
		;
	return i;
}

enum abi_error asid_pool_invoke(struct call *call)
{
	static const struct lookup_failure no_root = { ABI_LOOKUP_INVALID_ROOT,
						       0,
						       { 0, 0, 0 } };
	uint64_t first = call->cap.w1;
	uint64_t *pool = asid_pools[first >> ASID_POOL_BITS];
	struct cte *vspace;
	unsigned int i;

	if (call->label != ABI_ASID_POOL_ASSIGN)
		return ABI_ILLEGAL_OPERATION;
	if (!call_has(call, 0, 1))
		return ABI_TRUNCATED_MESSAGE;
	vspace = call->extra[0];
	if (!cap_is(vspace->cap, ABI_CAP_VSPACE) || cap_asid(vspace->cap))
		return call_fail_capability(call, 1);
	if (!pool)
		return call_fail_lookup(call, false, &no_root);
	if (pool != cap_ptr(call->cap))
		return call_fail_capability(call, 0);
	i = free_index(pool, first);
	if (i == POOL_SIZE)
		return ABI_DELETE_FIRST;
	pool[i] = cap_addr(vspace->cap);
	vspace->cap.w1 = map_info(first + i, 0);
	return ABI_OK;
}
