/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.c - making and removing capabilities, mappings and objects.
 *
 * Each operation writes its message anew, as a library's stub does: the words
 * beyond the fourth and the extra capability go to the IPC buffer.
 */
#include "world.h"

static uint64_t slot, notification, frame, vaddr;

static inline __attribute__((always_inline)) void invoke(
	uint64_t cap, uint64_t label, unsigned int words, uint64_t extra,
	uint64_t w0, uint64_t w1, uint64_t w2, uint64_t w3)
{
	if (extra)
		ipc_buffer->caps_or_badges[0] = extra;
	svc6(ABI_SYS_CALL, cap, abi_info(label, extra != 0, words), w0, w1, w2,
	     w3);
}

static inline void delete (void)
{
	svc6(ABI_SYS_CALL, ABI_SLOT_CNODE, abi_info(ABI_CNODE_DELETE, 0, 2),
	     slot, 64, 0, 0);
}

static inline void mint_delete(void)
{
	ipc_buffer->msg[4] = ABI_RIGHT_ALL;
	ipc_buffer->msg[5] = 0x77;
	invoke(ABI_SLOT_CNODE, ABI_CNODE_MINT, 6, ABI_SLOT_CNODE, slot, 64,
	       notification, 64);
	delete ();
}

static inline void map_unmap(void)
{
	invoke(frame, ABI_PAGE_MAP, 3, ABI_SLOT_VSPACE, vaddr,
	       ABI_RIGHT_READ | ABI_RIGHT_WRITE, ABI_VM_DEFAULT, 0);
	invoke(frame, ABI_PAGE_UNMAP, 0, 0, 0, 0, 0, 0);
}

static inline __attribute__((always_inline)) void retype_delete(
	enum abi_object_type type, uint64_t untyped)
{
	ipc_buffer->msg[4] = slot;
	ipc_buffer->msg[5] = 1;
	invoke(untyped, ABI_UNTYPED_RETYPE, 6, ABI_SLOT_CNODE, type, 0, 0, 0);
	delete ();
}

void bench_object(void)
{
	/* of its own, so that each round begins with an empty untyped */
	uint64_t untyped = object_make(ABI_OBJ_UNTYPED, ABI_TCB_BITS);

	slot = slot_alloc();
	notification = object_make(ABI_OBJ_NOTIFICATION, 0);
	frame = scratch_frame(&vaddr);
	report("mint_delete", MEASURE(mint_delete()));
	report("map_unmap", MEASURE(map_unmap()));
	report("retype_ep_delete",
	       MEASURE(retype_delete(ABI_OBJ_ENDPOINT, untyped)));
	report("retype_tcb_delete",
	       MEASURE(retype_delete(ABI_OBJ_TCB, untyped)));
}
