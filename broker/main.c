/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - KaaL's root task: set up, start everything, then serve for ever.
 *
 * The broker is one thread at the highest priority. It sleeps in Recv on one
 * endpoint, where everything arrives and is told apart by badge:
 *
 *   pid                  a request of that process (glue/broker.h)
 *   pid | BADGE_FAULT    the kernel reports that the process has faulted
 *   BADGE_TIMER          the timer service, through the notification bound to
 *                        the thread
 *
 * The kernel put the badge there, so nobody can speak for another. Each message
 * is served to its end before the next one is received: there is no lock, and
 * no state in between. A request that has to wait keeps its reply capability in
 * the process's own slot (message.c), and the loop goes on.
 * Read next: calls.c (requests), finder.c (who comes first), boot.c
 */
#include <stdint.h>
#include <abi/bootinfo.h>
#include <glue/string.h>
#include <glue/sys.h>

#include "account.h"
#include "blocks.h"
#include "boot.h"
#include "calls.h"
#include "channels.h"
#include "fault.h"
#include "loader.h"
#include "log.h"
#include "machine.h"
#include "policy.h"
#include "probe.h"
#include "process.h"
#include "slots.h"
#include "supervisor.h"
#include "timer.h"
#include "vspace.h"

#define PRIORITY 255u /* the kernel's highest; ours */

static struct broker_account own_account;
static uint32_t endpoint;

/* The page below the stack (broker.lds), where nothing may be mapped. */
extern const char broker_stack_guard[];
extern const char broker_image_start[];

void broker_main(const struct abi_boot_info *info);

/* Take the guard page away: an overflow then faults instead of overwriting. */
static void guard_stack(const struct abi_boot_info *info)
{
	uint64_t page = (uint64_t)(broker_stack_guard - broker_image_start) /
			BROKER_PAGE_BYTES;

	glue_page_unmap(info->user_image_frames.start + page);
}

/* Two endpoints, and a notification bound to this thread, badged for the timer
 * service. */
static enum k_err make_objects(void)
{
	struct glue_slot root = { ABI_SLOT_CNODE, 0, 0 };
	uint32_t untyped, slot = broker_slots_take(BROKER_OWNER_BROKER, 4);

	if (slot == 0 ||
	    broker_account_block(&own_account, BROKER_PAGE_BITS, &untyped) ||
	    glue_untyped_retype(untyped, ABI_OBJ_ENDPOINT, 0, root, slot, 2) ||
	    glue_untyped_retype(untyped, ABI_OBJ_NOTIFICATION, 0, root,
				slot + 2, 1) ||
	    glue_cnode_mint(broker_slot(slot + 3), broker_slot(slot + 2),
			    ABI_RIGHT_WRITE, BROKER_BADGE_TIMER) ||
	    glue_tcb_bind_notification(ABI_SLOT_TCB, slot + 2))
		return K_ERR_NOMEM;
	endpoint = slot;
	broker_timer_init(slot + 1, slot + 3);
	return K_OK;
}

/* From here on memory, slots and the process table can be used. */
static void set_up_memory(const struct abi_boot_info *info)
{
	broker_slots_init(info->empty.start, info->empty.end);
	broker_blocks_init(info);
	broker_account_open(&own_account, BROKER_OWNER_BROKER);
	broker_vspace_init(&own_account);
	broker_channels_init();
	broker_inject_init();
	broker_probe_init();
	if (make_objects() || broker_processes_init(endpoint))
		broker_machine_give_up(
			"too little memory to start: give the machine more (QEMU: -m 64M)");
}

/* Image with archive, its page tables, and what windows and tables took. */
static uint32_t own_ram_kib(const struct abi_boot_info *info)
{
	uint64_t pages = info->user_image_frames.end -
			 info->user_image_frames.start;

	pages += info->user_image_paging.end - info->user_image_paging.start;
	pages += own_account.bytes / BROKER_PAGE_BYTES;
	return (uint32_t)(pages * (BROKER_PAGE_BYTES / 1024));
}

/* Return: 1 if an empty reply shall let the process go on. */
static int serve_fault(struct broker_process *from,
		       const struct broker_request *request)
{
	struct broker_fault fault = { .label = request->label };

	memcpy(fault.word, request->word, sizeof(fault.word));
	if (broker_fresh_touched(from, &fault))
		return 1;
	broker_supervise_fault(from, &fault);
	return 0;
}

/* Serve one message. Return: 1 if @msg now holds a reply to send. */
static int serve(struct glue_msg *msg)
{
	static struct broker_request request;
	static struct broker_reply reply;
	struct broker_process *from;

	if (msg->badge & BROKER_BADGE_TIMER) {
		broker_timer_interrupt();
		return 0;
	}
	if (!(msg->badge & BROKER_BADGE_FAULT)) /* which says more */
		broker_timer_check();
	from = broker_process_find((uint32_t)msg->badge);
	if (!from || !broker_process_alive(from))
		return 0;
	broker_request_read(msg, &request);
	if (msg->badge & BROKER_BADGE_FAULT) {
		reply = (struct broker_reply){ .err = K_OK };
		if (!serve_fault(from, &request))
			return 0;
	} else if (!broker_call(from, &request, &reply)) {
		return 0;
	}
	broker_reply_write(&reply, msg);
	return 1;
}

/*
 * Until the finder has ended it is the only process. At our own priority it
 * leaves us our turn, so that its time can be looked at.
 */
static void serve_finder(struct broker_process *finder)
{
	struct glue_msg msg = { 0 };
	uint64_t end = broker_clock_now() +
		       broker_clock_hz() / 1000u * finder->program->stall_ms;

	glue_tcb_set_sched_params(ABI_SLOT_TCB, ABI_SLOT_TCB, PRIORITY,
				  finder->program->priority);
	while (broker_process_alive(finder)) {
		glue_sys_nbrecv(endpoint, &msg);
		if (msg.badge == 0)
			glue_sys_yield();
		else if (serve(&msg))
			glue_sys_reply(&msg);
		if (broker_process_alive(finder) && broker_clock_now() > end)
			broker_supervise_hang(finder);
	}
	glue_tcb_set_sched_params(ABI_SLOT_TCB, ABI_SLOT_TCB, PRIORITY,
				  PRIORITY);
}

static void set_up_devices(const struct abi_boot_info *info)
{
	struct broker_process *finder = broker_finder_start(info);

	if (finder)
		serve_finder(finder);
	broker_log("memory %lu KiB, devices %u", broker_blocks_total() / 1024,
		   broker_finder_take(finder));
}

/* Without a manifest there is nothing to do. */
static void set_up_policy(void)
{
	size_t bytes = (size_t)(broker_archive_end - broker_archive_start);

	if (broker_policy_read(broker_archive_start, bytes) == 0)
		broker_machine_give_up(
			"the archive in system.elf is damaged: build it again");
}

/* With nothing running there is nothing to wait for. */
static void set_up_programs(void)
{
	broker_supervisor_init();
	if (broker_boot_programs() == 0)
		broker_machine_give_up(
			"no program could be started, see above: nothing left to do");
	broker_check_ready();
}

void broker_main(const struct abi_boot_info *info)
{
	struct glue_msg msg = { 0 };
	int reply = 0;

	glue_sys_set_ipc_buffer((struct abi_ipc_buffer *)info->ipc_buffer);
	guard_stack(info);
	set_up_memory(info);
	broker_image_init(info);
	set_up_policy();
	set_up_devices(info);
	broker_calls_init(own_ram_kib(info));
	set_up_programs();
	for (;;) {
		if (reply)
			glue_sys_reply_recv(endpoint, &msg);
		else
			glue_sys_recv(endpoint, &msg);
		reply = serve(&msg);
	}
}
