/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcb_space.c - giving a thread its CSpace, VSpace and IPC buffer.
 *
 * Everything is checked and derived first; then the TCB's own slots are emptied
 * and filled. A slot that would take a long deletion is refused, so that the
 * second part cannot be preempted half-way. Source: shared/abi.md 7.2.
 */
#include <core/arch.h>
#include <core/sched.h>
#include <core/thread.h>
#include <object/cap_ops.h>
#include <object/delete.h>
#include <object/tcb_ops.h>

/* A capability on its way into a TCB slot, and where it came from. */
struct install {
	struct cap cap;
	struct cte *source;
};

static enum abi_error check_buffer(struct call *call, unsigned int extra,
				   uint64_t vaddr, struct install *in)
{
	enum abi_error err;

	in->source = call->extra[extra];
	in->cap = CAP_NULL;
	if (vaddr == 0)
		return ABI_OK;
	err = cap_derive(in->source, in->source->cap, &in->cap);
	if (err)
		return err;
	if (!cap_is(in->cap, ABI_CAP_FRAME) || frame_is_device(in->cap))
		return ABI_ILLEGAL_OPERATION;
	return vaddr & ((1u << ABI_IPCBUF_BITS) - 1) ? ABI_ALIGNMENT_ERROR :
						       ABI_OK;
}

static enum abi_error check_cspace(struct call *call, uint64_t data,
				   struct install *in)
{
	enum abi_error err;

	in->source = call->extra[0];
	in->cap = in->source->cap;
	if (data)
		in->cap = cap_set_data(in->cap, data, false);
	err = cap_derive(in->source, in->cap, &in->cap);
	if (err)
		return err;
	return cap_is(in->cap, ABI_CAP_CNODE) ? ABI_OK : ABI_ILLEGAL_OPERATION;
}

static enum abi_error check_vspace(struct call *call, struct install *in)
{
	enum abi_error err;

	in->source = call->extra[1];
	err = cap_derive(in->source, in->source->cap, &in->cap);
	if (err)
		return err;
	if (!cap_is(in->cap, ABI_CAP_VSPACE) || !cap_asid(in->cap))
		return ABI_ILLEGAL_OPERATION;
	return ABI_OK;
}

static enum abi_error check_spaces(struct call *call, const struct tcb *tcb,
				   uint64_t cspace_data, struct install in[2])
{
	enum abi_error err;

	if (slot_is_long(&tcb->slot[TCB_CSPACE]) ||
	    slot_is_long(&tcb->slot[TCB_VSPACE]))
		return ABI_ILLEGAL_OPERATION;
	err = check_cspace(call, cspace_data, &in[0]);
	return err ? err : check_vspace(call, &in[1]);
}

/* The old one goes; the new one comes unless its source has gone with it. */
static void install(struct cte *slot, const struct install *in)
{
	slot_delete_simple(slot);
	if (in->cap.w0 && !cte_is_empty(in->source) &&
	    cap_same_object(in->cap, in->source->cap))
		cdt_insert(slot, in->cap, in->source, false);
}

static void install_spaces(struct tcb *tcb, uint64_t fault_ep,
			   const struct install in[2])
{
	tcb->fault_handler = fault_ep;
	install(&tcb->slot[TCB_CSPACE], &in[0]);
	install(&tcb->slot[TCB_VSPACE], &in[1]);
	sched_vspace_changed(tcb);
}

static void install_buffer(struct tcb *tcb, uint64_t vaddr,
			   const struct install *in)
{
	install(&tcb->slot[TCB_IPC_FRAME], in);
	tcb->ipc_buffer = vaddr;
}

enum abi_error tcb_configure(struct call *call, struct tcb *tcb)
{
	struct install spaces[2], buffer;
	enum abi_error err;

	if (!call_has(call, 4, 3))
		return ABI_TRUNCATED_MESSAGE;
	err = check_buffer(call, 2, call_arg(call, 3), &buffer);
	if (!err)
		err = check_spaces(call, tcb, call_arg(call, 1), spaces);
	if (err)
		return err;
	install_spaces(tcb, call_arg(call, 0), spaces);
	install_buffer(tcb, call_arg(call, 3), &buffer);
	return ABI_OK;
}

enum abi_error tcb_set_space(struct call *call, struct tcb *tcb)
{
	struct install spaces[2];
	enum abi_error err;

	if (!call_has(call, 3, 2))
		return ABI_TRUNCATED_MESSAGE;
	err = check_spaces(call, tcb, call_arg(call, 1), spaces);
	if (err)
		return err;
	install_spaces(tcb, call_arg(call, 0), spaces);
	return ABI_OK;
}

enum abi_error tcb_set_ipc_buffer(struct call *call, struct tcb *tcb)
{
	struct install buffer;
	enum abi_error err;

	if (!call_has(call, 1, 1))
		return ABI_TRUNCATED_MESSAGE;
	err = check_buffer(call, 0, call_arg(call, 0), &buffer);
	if (err)
		return err;
	install_buffer(tcb, call_arg(call, 0), &buffer);
	return ABI_OK;
}
