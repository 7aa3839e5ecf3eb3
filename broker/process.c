/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.c - the process table, and the order of a start and of an end.
 *
 * A start: memory account, kernel objects, address space, capabilities, env
 * page, go. An end: stop the thread, silence the interrupts, close the account.
 * Each entry keeps one notification object for ever, because peers hold
 * capabilities to it that may outlive the process: a signal to a process that
 * has just ended must go nowhere, not fault the sender.
 */
#include "process.h"

#include <glue/print.h>
#include <glue/string.h>
#include <glue/sys.h>

#include "blocks.h"
#include "devices.h"
#include "life.h"
#include "loader.h"
#include "log.h"
#include "machine.h"
#include "slots.h"
#include "supervisor.h"
#include "timer.h"

#define COMPLAINTS_MAX 4  /* a process cannot flood the console */
#define ENDED_SHOWN    12 /* ended processes that are kept for `ps` */

static struct broker_process processes[BROKER_PROCESSES_MAX];
static struct glue_env starting_env; /* starts never overlap */
/* What the life that ended last had counted: its next one goes on from there. */
static struct glue_counter counted[GLUE_COUNTERS_MAX];
static const struct broker_process *counted_by;
static uint32_t next_pid;
static uint32_t broker_endpoint;

/* One page holds the notifications of all entries, for ever. */
enum k_err broker_processes_init(uint32_t endpoint)
{
	struct glue_slot root = { ABI_SLOT_CNODE, 0, 0 };
	uint32_t untyped;
	uint32_t notify = broker_slots_take(BROKER_OWNER_BROKER,
					    2 * BROKER_PROCESSES_MAX);
	uint32_t reply = notify + BROKER_PROCESSES_MAX;

	if (notify == 0 ||
	    broker_account_block(broker_vspace_own()->account, BROKER_PAGE_BITS,
				 &untyped) ||
	    glue_untyped_retype(untyped, ABI_OBJ_NOTIFICATION, 0, root, notify,
				BROKER_PROCESSES_MAX))
		return K_ERR_NOMEM;
	for (uint32_t i = 0; i < BROKER_PROCESSES_MAX; i++) {
		processes[i] = (struct broker_process){
			.notify = notify + i,
			.reply = reply + i,
		};
	}
	next_pid = 1;
	broker_endpoint = endpoint;
	return K_OK;
}

int broker_process_alive(const struct broker_process *process)
{
	return process->state == GLUE_PROC_STARTING ||
	       process->state == GLUE_PROC_READY ||
	       process->state == GLUE_PROC_STOPPING;
}

int broker_process_may_serve(const struct broker_process *process)
{
	return process->state == GLUE_PROC_STARTING ||
	       process->state == GLUE_PROC_WAITING;
}

int broker_process_may_complain(struct broker_process *process)
{
	if (process->refusals > COMPLAINTS_MAX)
		return 0;
	if (process->refusals++ < COMPLAINTS_MAX)
		return 1;
	broker_log("%s (pid %u): what it is refused from now on is not told",
		   process->label, process->pid);
	return 0;
}

/* Ended, named by no channel, not holding memory that a device may use, and no
 * driver of the boot, which GLUE_BROKER_START brings back. */
static int entry_is_reusable(const struct broker_process *p)
{
	return p->state != 0 && p->state != GLUE_PROC_WAITING &&
	       !broker_process_alive(p) && p->ends == 0 &&
	       p->arena.bytes == 0 &&
	       !broker_restart_wanted(p, GLUE_PROC_ENDED);
}

/*
 * An entry for a new process. Some that ended are kept, so that `ps` can show
 * how; beyond that the one that ended first is used again.
 */
static struct broker_process *entry_find(void)
{
	struct broker_process *unused = NULL, *oldest = NULL;
	unsigned int ended = 0;

	for (unsigned int i = 0; i < BROKER_PROCESSES_MAX; i++) {
		struct broker_process *p = &processes[i];

		if (p->state == 0 && !unused)
			unused = p;
		if (!entry_is_reusable(p))
			continue;
		ended++;
		if (!oldest || p->pid < oldest->pid)
			oldest = p;
	}
	return unused && ended < ENDED_SHOWN ? unused : oldest;
}

/* Make an entry like new; what belongs to it for ever stays. */
static void entry_reset(struct broker_process *p)
{
	uint32_t notify = p->notify, reply = p->reply;
	unsigned int index = broker_process_index(p);

	/* No capability of an earlier life may reach the new one. */
	glue_cnode_revoke(broker_slot(notify));
	glue_sys_poll(notify);
	broker_metadata_forget(p);
	*p = (struct broker_process){
		.notify = notify,
		.reply = reply,
		.pid = next_pid++,
		.state = GLUE_PROC_STARTING,
		.env = &starting_env,
	};
	broker_account_open(&p->memory, BROKER_OWNER_PROCESS + index);
	broker_account_open(&p->arena, BROKER_OWNER_ARENA + index);
}

/* What the process will read about itself; grants add mmio and irq later. */
static void env_describe(struct broker_process *p, const char *args)
{
	const struct broker_program *program = p->program;
	const struct broker_match *match;
	struct glue_env *env = p->env;

	memset(env, 0, sizeof(*env));
	env->magic = GLUE_ENV_MAGIC;
	env->pid = p->pid;
	glue_strlcpy(env->name, program->name, sizeof(env->name));
	glue_strlcpy(env->service, p->service, sizeof(env->service));
	glue_snprintf(env->args, sizeof(env->args), "%s%s%s", program->args,
		      program->args[0] && args[0] ? " " : "", args);
	env->stack_bytes = program->stack_bytes;
	env->meta_bytes = program->meta_bytes;
	/* Who has met a device that hangs need not be as patient again. */
	env->stall_ms = p->hung ? (program->stall_ms + 1) / 2 :
				  program->stall_ms;
	env->counter_hz = broker_clock_hz();
	env->sums_bytes = program->sums_bytes;
	env->sums_vaddr = program->segment[program->n_segments - 1].vaddr;
	if (!p->device)
		return;
	glue_strlcpy(env->device_node, p->device->path,
		     sizeof(env->device_node));
	glue_strlcpy(env->device_compatible, p->device->compatible,
		     sizeof(env->device_compatible));
	env->is_pci = p->device->is_pci;
	env->pci_devfn = p->device->devfn;
	match = broker_match_of(p->device, program);
	if (match)
		glue_strlcpy(env->device_alias, match->alias,
			     sizeof(env->device_alias));
}

static void entry_describe(struct broker_process *p, const char *service,
			   const char *args)
{
	glue_strlcpy(p->service, service, sizeof(p->service));
	glue_snprintf(p->label, sizeof(p->label), "%s%s%s", service,
		      service[0] != '\0' ? "/" : "", p->program->name);
	env_describe(p, args);
}

/* Everything that can fail. Half of it is undone by closing the accounts. */
static enum k_err process_build(struct broker_process *p)
{
	enum k_err err = broker_grant_objects(p);

	if (!err)
		err = broker_load(p);
	if (!err)
		err = broker_grant_caps(p, broker_endpoint);
	if (!err)
		broker_load_env(p);
	if (!err)
		err = broker_grant_start(p);
	return err;
}

static void device_take(struct broker_process *p)
{
	if (p->device)
		p->device->driver = (uint16_t)(broker_process_index(p) + 1);
}

/* Build it and let it go; the entry is described. */
static enum k_err process_launch(struct broker_process *p)
{
	enum k_err err;

	device_take(p);
	err = process_build(p);
	if (err) {
		broker_log(
			"%s: not started: %s (%lu KiB and %u capability slots are free)",
			p->label, k_err_text(err),
			(broker_blocks_free() - broker_blocks_promised()) /
				1024,
			broker_slots_free());
		broker_process_stop(p);
		broker_process_end(p, 1, GLUE_PROC_FAILED, (int32_t)err);
		return err;
	}
	p->env = NULL;
	if (!p->program->class)
		p->state = GLUE_PROC_READY;
	return K_OK;
}

enum k_err broker_process_start(const struct broker_program *program,
				struct broker_device *device,
				const char *service, const char *args,
				struct broker_process **out)
{
	struct broker_process *p = entry_find();
	enum k_err err;

	if (!p) {
		broker_log("%s: not started: %u processes run already",
			   program->name, BROKER_PROCESSES_MAX);
		return K_ERR_FULL;
	}
	entry_reset(p);
	p->program = program;
	p->device = device;
	entry_describe(p, service, args);
	err = process_launch(p);
	if (err) {
		broker_process_release(p);
		return err;
	}
	*out = p;
	return K_OK;
}

/* What its last life has come to have is this one's to take: the room for what
 * clients lend, for instance. */
static void memory_keep(struct broker_process *p, uint64_t had)
{
	uint64_t has = p->memory.bytes + p->memory.reserved;

	if (had > has)
		broker_account_reserve(&p->memory,
				       (uint32_t)((had - has) /
						  BROKER_PAGE_BYTES));
}

enum k_err broker_process_again(struct broker_process *p)
{
	uint64_t had = p->memory.bytes + p->memory.reserved;
	enum k_err err;

	glue_sys_poll(p->notify); /* what was meant for its earlier life */
	p->pid = next_pid++;
	p->state = GLUE_PROC_STARTING;
	p->status = 0;
	p->ready_at = 0;
	p->unanswered = 0;
	p->harmed = 0;
	p->seen_cpu = 0;
	p->restarts++;
	memset(p->fresh, 0, sizeof(p->fresh));
	p->env = &starting_env;
	env_describe(p, "");
	broker_account_close(&p->memory);
	err = process_launch(p);
	if (!err && counted_by == p)
		memcpy(p->counters->counter, counted, sizeof(counted));
	memory_keep(p, had);
	return err;
}

void broker_process_wait(struct broker_process *process)
{
	process->state = GLUE_PROC_WAITING;
	device_take(process);
}

uint64_t broker_process_cpu(const struct broker_process *process)
{
	uint64_t ticks;

	if (!broker_process_alive(process))
		return process->cpu_ticks;
	if (process->tcb == 0 || glue_tcb_cpu_time(process->tcb, &ticks))
		return ~(uint64_t)0;
	return ticks;
}

/* Mask the interrupts and stop them from being routed anywhere. */
static void irqs_silence(struct broker_process *p)
{
	for (unsigned int i = 0; i < GLUE_IRQ_MAX; i++) {
		if (p->irq[i] == 0)
			continue;
		glue_irq_handler_clear(p->irq[i]);
		glue_cnode_revoke(broker_slot(p->irq[i]));
		p->irq[i] = 0;
	}
}

/* A process that never ran (env still there) has not touched its device. */
int broker_process_quiet(const struct broker_process *process)
{
	const struct broker_class *class = process->program->class;
	const char *why = NULL;

	if (process->device && !process->env && process->arena.bytes != 0)
		why = broker_device_stop(process->device,
					 !class || class->masters);
	if (why)
		broker_log(
			"%s cannot be stopped: %s; it, the %lu KiB at 0x%lx and what clients lend it stay out of use",
			process->device->node, why, process->arena.bytes / 1024,
			process->arena_paddr);
	return !why;
}

void broker_process_stop(struct broker_process *process)
{
	if (process->tcb != 0)
		glue_tcb_suspend(process->tcb);
	irqs_silence(process);
	glue_cnode_delete(broker_slot(process->reply));
	process->pending.op = 0;
	broker_timer_forget(process);
}

void broker_process_end(struct broker_process *process, int quiet,
			enum glue_process_state state, int32_t status)
{
	process->cpu_ticks = broker_process_cpu(process);
	process->state = state;
	process->status = status;
	process->page = NULL;
	process->trace = NULL;
	if (process->counters) {
		process->keepsake = process->counters->keepsake;
		memcpy(counted, process->counters->counter, sizeof(counted));
		counted_by = process;
	}
	process->counters = NULL;
	process->notify_control = 0;
	process->notify_unset = 0;
	process->tcb = 0;
	broker_account_empty(&process->memory);
	broker_metadata_forget(process);
	if (quiet)
		broker_account_empty(&process->arena);
	else
		process->device->broken = 1;
	if (process->device)
		process->device->driver = 0;
}

void broker_process_release(struct broker_process *process)
{
	broker_account_close(&process->memory);
	if (!process->device || !process->device->broken)
		broker_account_close(&process->arena);
}

struct broker_process *broker_process_next(const struct broker_process *last)
{
	struct broker_process *p = processes;

	if (last)
		p += last - processes + 1;
	while (p < processes + BROKER_PROCESSES_MAX && p->state == 0)
		p++;
	return p < processes + BROKER_PROCESSES_MAX ? p : NULL;
}

struct broker_process *broker_process_find(uint64_t pid)
{
	struct broker_process *p = NULL;

	while ((p = broker_process_next(p)) && p->pid != pid)
		;
	return p;
}

struct broker_process *broker_process_at(unsigned int index)
{
	return index < BROKER_PROCESSES_MAX ? &processes[index] : NULL;
}

unsigned int broker_process_index(const struct broker_process *process)
{
	return (unsigned int)(process - processes);
}

struct broker_process *broker_process_serving(const char *service)
{
	struct broker_process *best = NULL;

	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		if (strcmp(p->service, service) == 0 &&
		    (!best || p->pid > best->pid))
			best = p;
	}
	return service[0] != '\0' ? best : NULL;
}
