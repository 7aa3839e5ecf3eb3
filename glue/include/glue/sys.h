/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys.h - typed system calls: one C function for each kernel invocation.
 *
 * The only code with an svc instruction is glue/sys/. Argument order: invoked
 * capability, then the arguments as in the kernel ABI (shared/abi.md section 7).
 * Functions return enum abi_error; on FAILED_LOOKUP and RANGE_ERROR the reply's
 * words stay readable through glue_sys_error_word(). Single thread per process.
 */
#ifndef GLUE_SYS_H
#define GLUE_SYS_H

#include <stdint.h>
#include <abi/object.h>
#include <abi/syscall.h>

typedef uint64_t glue_cptr;

/* A message as sent or received: info, badge of the sender, all words. */
struct glue_msg {
	uint64_t info;
	uint64_t badge;		   /* out, receive and call */
	uint64_t mr[ABI_MSG_REGS]; /* MR4.. lie in the IPC buffer */
};

/* A slot address: CNode capability, index and depth below it. */
struct glue_slot {
	glue_cptr root;
	uint64_t index;
	uint64_t depth;
};

/**
 * glue_sys_set_ipc_buffer - say where this process's IPC buffer lies.
 * Called once at start-up. Before it only messages of 4 words work.
 */
void glue_sys_set_ipc_buffer(struct abi_ipc_buffer *buffer);

/* The buffer; word @index of the last reply that failed. */
struct abi_ipc_buffer *glue_sys_ipc_buffer(void);
uint64_t glue_sys_error_word(unsigned int index);

/* Raw calls; MR4.. are read and written in the IPC buffer by the caller. */
void glue_sys_call(glue_cptr cap, struct glue_msg *msg);
void glue_sys_send(glue_cptr cap, const struct glue_msg *msg);
void glue_sys_nbsend(glue_cptr cap, const struct glue_msg *msg);
void glue_sys_recv(glue_cptr cap, struct glue_msg *msg);
void glue_sys_nbrecv(glue_cptr cap, struct glue_msg *msg);
void glue_sys_reply(const struct glue_msg *msg);
void glue_sys_reply_recv(glue_cptr cap, struct glue_msg *msg);
void glue_sys_yield(void);
void glue_sys_signal(glue_cptr notification);
uint64_t glue_sys_wait(glue_cptr notification);
uint64_t glue_sys_poll(glue_cptr notification);
void glue_sys_debug_putchar(char c);
uint64_t glue_sys_debug_cap_identify(glue_cptr cap);
/* Stops the machine for the root task; any other process faults. */
void glue_sys_debug_halt(void);
void glue_sys_debug_name_thread(glue_cptr tcb, const char *name);

/* Cut @num objects from an untyped into the slots from @offset on. */
enum abi_error glue_untyped_retype(glue_cptr untyped, enum abi_object_type type,
				   unsigned int size_bits,
				   struct glue_slot node, uint64_t offset,
				   unsigned int num);

/* Capabilities from slot to slot: copied, with a badge, moved, moved with one,
 * deleted, its copies deleted, the caller's reply capability kept. */
enum abi_error glue_cnode_copy(struct glue_slot dst, struct glue_slot src,
			       unsigned int rights);
enum abi_error glue_cnode_mint(struct glue_slot dst, struct glue_slot src,
			       unsigned int rights, uint64_t badge);
enum abi_error glue_cnode_move(struct glue_slot dst, struct glue_slot src);
enum abi_error glue_cnode_mutate(struct glue_slot dst, struct glue_slot src,
				 uint64_t badge);
enum abi_error glue_cnode_delete(struct glue_slot slot);
enum abi_error glue_cnode_revoke(struct glue_slot slot);
enum abi_error glue_cnode_save_caller(struct glue_slot slot);

struct glue_tcb_config {
	uint64_t fault_ep; /* CPtr in the target's CSpace, 0 none */
	glue_cptr cspace;
	uint64_t cspace_data; /* guard, 0 keeps the capability's */
	glue_cptr vspace;
	uint64_t ipc_buffer; /* vaddr, 0 none */
	glue_cptr ipc_frame;
};
/* A thread: what it may reach, when it runs, its registers, its end. */
enum abi_error glue_tcb_configure(glue_cptr tcb,
				  const struct glue_tcb_config *config);
enum abi_error glue_tcb_set_sched_params(glue_cptr tcb, glue_cptr authority,
					 unsigned int mcp,
					 unsigned int priority);
enum abi_error glue_tcb_write_registers(glue_cptr tcb, int resume,
					const uint64_t *regs,
					unsigned int count);
enum abi_error glue_tcb_read_registers(glue_cptr tcb, int suspend,
				       uint64_t *regs, unsigned int count);
enum abi_error glue_tcb_suspend(glue_cptr tcb);
enum abi_error glue_tcb_resume(glue_cptr tcb);
enum abi_error glue_tcb_bind_notification(glue_cptr tcb, glue_cptr ntfn);
enum abi_error glue_tcb_cpu_time(glue_cptr tcb, uint64_t *ticks);
enum abi_error glue_tcb_set_limit(glue_cptr tcb, uint64_t ticks);

/* Interrupts: get one, let it come again, to whom, to nobody. */
enum abi_error glue_irq_control_get(glue_cptr control, unsigned int irq,
				    int edge, struct glue_slot dst);
enum abi_error glue_irq_handler_ack(glue_cptr handler);
enum abi_error glue_irq_handler_set_notification(glue_cptr handler,
						 glue_cptr ntfn);
enum abi_error glue_irq_handler_clear(glue_cptr handler);

/* Address spaces: frames and tables in them, where a frame lies, its code. */
enum abi_error glue_page_map(glue_cptr frame, glue_cptr vspace, uint64_t vaddr,
			     unsigned int rights, unsigned int attr);
enum abi_error glue_page_unmap(glue_cptr frame);
enum abi_error glue_page_get_address(glue_cptr frame, uint64_t *paddr);
enum abi_error glue_page_unify_instruction(glue_cptr frame, uint64_t start,
					   uint64_t end);
enum abi_error glue_page_table_map(glue_cptr table, glue_cptr vspace,
				   uint64_t vaddr);
enum abi_error glue_page_table_unmap(glue_cptr table);
enum abi_error glue_asid_pool_assign(glue_cptr pool, glue_cptr vspace);
enum abi_error glue_asid_control_make_pool(glue_cptr control, glue_cptr untyped,
					   struct glue_slot dst);

/* KaaL extension (abi/kaal.h): power off; returns only where it is missing. */
enum abi_error glue_machine_off(glue_cptr irq_control, uint64_t status,
				int reset);

#endif
