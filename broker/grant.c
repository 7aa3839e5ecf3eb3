/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * grant.c - the capabilities of a process, and nothing more.
 *
 * The process's CNode has 64 slots and a guard that fills the word, so that a
 * capability's address is its slot number. It holds what glue/env.h lists; it
 * holds no memory, no thread, no CNode, so that a process can neither grow its
 * rights nor pass them on. Rights are the least that work: the own
 * notification may only be waited on, the endpoints only be called.
 */
#include "loader.h"

#include <glue/sys.h>
#include <glue/timer.h>

#include "log.h"
#include "slots.h"
#include "timer.h"

#define PROCESS_OBJECTS_BITS 13u /* VSpace 4 KiB, TCB 2 KiB, CNode 2 KiB */
#define CALL_RIGHTS	     (ABI_RIGHT_WRITE | ABI_RIGHT_GRANT_REPLY)
#define SPSR_USER	     0u /* EL0t, nothing masked */

_Static_assert((1u << PROCESS_OBJECTS_BITS) ==
		       (1u << ABI_VSPACE_BITS) + (1u << ABI_TCB_BITS) +
			       (1u << (ABI_SLOT_BITS + GLUE_CSPACE_BITS)),
	       "block is full");

/* The timer service has a capability for each client. */
static unsigned int cspace_bits(const struct broker_process *process)
{
	return broker_timer_is(process->program) ? GLUE_TIMER_CSPACE_BITS :
						   GLUE_CSPACE_BITS;
}

struct glue_slot broker_process_slot(const struct broker_process *process,
				     unsigned int index)
{
	return (struct glue_slot){ process->cnode, index,
				   cspace_bits(process) };
}

enum k_err broker_grant_objects(struct broker_process *process)
{
	struct glue_slot root = { ABI_SLOT_CNODE, 0, 0 };
	unsigned int bits = cspace_bits(process);
	uint32_t untyped, large, slot;
	enum k_err err;

	err = broker_account_block(&process->memory, PROCESS_OBJECTS_BITS,
				   &untyped);
	large = untyped;
	if (!err && bits > GLUE_CSPACE_BITS)
		err = broker_account_block(&process->memory,
					   ABI_SLOT_BITS + bits, &large);
	if (err)
		return err;
	slot = broker_slots_take(process->memory.owner, 3);
	if (slot == 0)
		return K_ERR_NOMEM;
	/* In this order each object is aligned to its size. */
	if (glue_untyped_retype(untyped, ABI_OBJ_VSPACE, 0, root, slot, 1) ||
	    glue_untyped_retype(untyped, ABI_OBJ_TCB, 0, root, slot + 1, 1) ||
	    glue_untyped_retype(large, ABI_OBJ_CNODE, bits, root, slot + 2,
				1) ||
	    glue_asid_pool_assign(ABI_SLOT_ASID_POOL, slot))
		return K_ERR_NOMEM;
	process->vspace.cap = slot;
	process->vspace.account = &process->memory;
	process->tcb = slot + 1;
	process->cnode = slot + 2;
	return K_OK;
}

/*
 * A badged copy of the process's notification, for the broker itself. Its slot
 * is foreign: the notification is not made from the process's own memory.
 */
static enum k_err mint_signal(struct broker_process *process, uint64_t badge,
			      uint32_t *slot)
{
	*slot = broker_account_foreign_slot(&process->memory);
	if (*slot == 0)
		return K_ERR_NOMEM;
	if (glue_cnode_mint(broker_slot(*slot), broker_slot(process->notify),
			    ABI_RIGHT_WRITE, badge))
		return K_ERR_NOMEM;
	return K_OK;
}

/*
 * Route one interrupt of the device to the process's notification. The process
 * gets a copy of the handler, which lets it acknowledge and nothing else of
 * use; the broker keeps the original, to mask the line when the process dies.
 */
static enum k_err grant_irq(struct broker_process *process, unsigned int index)
{
	const struct glue_irq *irq = &process->device->irq[index];
	uint32_t handler = broker_account_foreign_slot(&process->memory);
	uint32_t signal;

	if (handler == 0)
		return K_ERR_NOMEM;
	if (glue_irq_control_get(ABI_SLOT_IRQ_CONTROL, irq->intid,
				 (int)irq->edge, broker_slot(handler))) {
		broker_log("%s: interrupt %u of %s is in use or out of range",
			   process->label, irq->intid, process->device->node);
		return K_ERR_BUSY;
	}
	process->irq[index] = handler;
	if (mint_signal(process, GLUE_EVENT_IRQ(index), &signal) ||
	    glue_irq_handler_set_notification(handler, signal) ||
	    glue_cnode_copy(broker_process_slot(process, GLUE_CAP_IRQ0 + index),
			    broker_slot(handler), ABI_RIGHT_ALL))
		return K_ERR_NOMEM;
	/* A line left active by an earlier owner would never fire again. */
	glue_irq_handler_ack(handler);
	process->env->irq[index] = *irq;
	process->env->n_irq = index + 1;
	return K_OK;
}

enum k_err broker_grant_caps(struct broker_process *process, uint32_t endpoint)
{
	enum k_err err;

	if (glue_cnode_mint(broker_process_slot(process, GLUE_CAP_BROKER),
			    broker_slot(endpoint), CALL_RIGHTS, process->pid) ||
	    glue_cnode_mint(broker_process_slot(process, GLUE_CAP_FAULT),
			    broker_slot(endpoint), CALL_RIGHTS,
			    process->pid | BROKER_BADGE_FAULT) ||
	    glue_cnode_copy(broker_process_slot(process, GLUE_CAP_NOTIFY),
			    broker_slot(process->notify), ABI_RIGHT_READ))
		return K_ERR_NOMEM;
	err = mint_signal(process, GLUE_EVENT_CONTROL,
			  &process->notify_control);
	if (!err)
		err = mint_signal(process, GLUE_EVENT_UNSET,
				  &process->notify_unset);
	if (!err)
		err = broker_timer_grant(process);
	if (!process->device)
		return err;
	for (unsigned int i = 0; !err && i < process->device->n_irq; i++)
		err = grant_irq(process, i);
	return err;
}

/* A maximum priority of 0: the thread can raise nobody's, not even its own. */
enum k_err broker_grant_start(struct broker_process *process)
{
	/* pc, sp, spsr, x0: abi.md section 10. */
	uint64_t regs[4] = { process->program->entry, GLUE_STACK_TOP, SPSR_USER,
			     GLUE_ENV_VADDR };
	struct glue_tcb_config config = {
		.fault_ep = GLUE_CAP_FAULT,
		.cspace = process->cnode,
		.cspace_data = 64 - cspace_bits(process), /* guard's length */
		.vspace = process->vspace.cap,
		.ipc_buffer = GLUE_IPCBUF_VADDR,
		.ipc_frame = process->ipc_frame,
	};

	if (glue_tcb_configure(process->tcb, &config) ||
	    glue_tcb_set_sched_params(process->tcb, ABI_SLOT_TCB, 0,
				      process->program->priority) ||
	    glue_tcb_write_registers(process->tcb, 1, regs, 4))
		return K_ERR_NOMEM;
	return K_OK;
}

enum k_err broker_grant_stop(struct broker_process *process)
{
	uint32_t signal;
	enum k_err err = mint_signal(process, GLUE_EVENT_STOP, &signal);

	if (!err)
		glue_sys_signal(signal);
	return err;
}
