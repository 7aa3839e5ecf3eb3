/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.h - the process table: what each process is, has, and waits for.
 *
 * Starting a process makes everything from its own account, so a start that
 * fails half-way, an exit and a fault all end the same way: close the account.
 * An entry stays after its process has ended (`ps` shows how), and is used
 * again when a new process needs it and no channel end names it any more.
 * All fields belong to the broker's one thread.
 * Read next: broker/process.c, loader.h (memory), grant.c (capabilities)
 */
#ifndef BROKER_PROCESS_H
#define BROKER_PROCESS_H

#include <stdint.h>
#include <glue/broker.h>
#include <glue/counters.h>
#include <glue/env.h>

#include "account.h"
#include "devices.h"
#include "policy.h"
#include "vspace.h"

#define BROKER_PROCESSES_MAX 64
#define BROKER_SERVICE_BYTES 16

/* Badges on the broker's endpoint. The kernel's fault messages carry both. */
#define BROKER_BADGE_FAULT ((uint64_t)1 << 32)
#define BROKER_BADGE_TIMER ((uint64_t)1 << 62)

/* A call whose answer has to wait; a process can have only one. */
struct broker_pending {
	uint32_t op;			    /* enum glue_broker_op; 0: none */
	uint32_t pid;			    /* WAIT: of whom */
	uint64_t bytes;			    /* CONNECT: to lend */
	uint64_t deadline;		    /* CONNECT: CNTVCT ticks; 0 none */
	char service[BROKER_SERVICE_BYTES]; /* CONNECT: to whom */
};

/* Pages of zeros that come when they are touched (fresh.c); 0, 0: none. */
struct broker_fresh {
	uint64_t start;
	uint64_t end;
};
#define BROKER_FRESH_MAX 3 /* data, stack, one more */

struct broker_process {
	uint32_t pid;
	uint32_t state; /* enum glue_process_state; 0: entry free */
	const struct broker_program *program;
	struct broker_device *device;
	char service[BROKER_SERVICE_BYTES]; /* "" if it offers none */
	char label[56]; /* "blk0/virtio_blk", for messages */
	int32_t status;
	uint32_t restarts;
	uint32_t unanswered;  /* heartbeats, one after the other */
	uint32_t deaths;      /* in a row, without a good life in between */
	uint64_t ready_at;    /* CNTVCT ticks; 0: this life is not ready yet */
	uint64_t ended_at;    /* the same, of its last life */
	uint64_t restart_at;  /* the same, while WAITING */
	uint64_t cpu_ticks;   /* once ended */
	uint32_t busy;	      /* looks in a row that found it busy in vain */
	uint64_t seen_cpu;    /* ticks, at the last look of heartbeat.c */
	uint64_t seen_served; /* the same: what its service has answered */
	uint64_t keepsake;    /* of its last life */

	struct broker_account memory; /* image, stack, tables */
	struct broker_account arena;  /* what its device may write to */
	struct broker_vspace vspace;
	struct broker_fresh fresh[BROKER_FRESH_MAX];
	uint64_t arena_paddr;
	uint64_t low_end;   /* behind image and arena: room for lent regions */
	uint32_t ipc_frame; /* root slots: IPC buffer and counters, */
	uint32_t tcb;
	uint32_t cnode;
	uint32_t irq[GLUE_IRQ_MAX];
	uint32_t notify; /* belongs to the entry for ever */
	uint32_t notify_control;
	uint32_t notify_unset;
	uint32_t reply;		    /* holds the caller while `pending` */
	struct glue_env *env;	    /* only while it is being started */
	struct glue_env_page *page; /* the process sees it read-only */
	struct glue_counter_page *counters; /* the process writes them */
	struct glue_trace_page *trace;	    /* it too; NULL: never traced */

	uint16_t chan[GLUE_CHANS_MAX]; /* channel id + 1; 0 free */
	uint32_t ends;		       /* channel ends that name this entry */
	struct broker_pending pending;
	uint32_t victim;	/* whose thread it was lent; 0 nobody's */
	uint64_t complained_at; /* about a server; 0 never */
	uint8_t hung;		/* its last life ended as its device hung */
	uint8_t silent;		/* at the last look of heartbeat.c */
	uint8_t harmed;	  /* this life was given a fault: its end is no crash */
	uint8_t refusals; /* that were logged; only the first few are */
};

/* Make the table's kernel objects. Return: K_OK or K_ERR_NOMEM. */
enum k_err broker_processes_init(uint32_t endpoint);

/* Misuse is logged, but only the first few times a process does it. */
int broker_process_may_complain(struct broker_process *process);

/* Running, starting or stopping, that is: it has memory and a thread. */
int broker_process_alive(const struct broker_process *process);

/* Not ready, but may become so: it starts, or will be started again. */
int broker_process_may_serve(const struct broker_process *process);

struct broker_process *broker_process_find(uint64_t pid);
/* The entry in use behind another, or the first; NULL behind the last. */
struct broker_process *broker_process_next(const struct broker_process *last);
struct broker_process *broker_process_at(unsigned int index);
unsigned int broker_process_index(const struct broker_process *process);

/* The process that offers a service, the last started one if several did. */
struct broker_process *broker_process_serving(const char *service);

/* Ticks of CPU used until now; ~0 if the kernel cannot tell. */
uint64_t broker_process_cpu(const struct broker_process *process);

#endif
