/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_info.h - what the broker tells of processes, devices, services, memory.
 *
 * Results of requests in glue/broker.h, which includes this.
 */
#ifndef GLUE_BROKER_INFO_H
#define GLUE_BROKER_INFO_H

#include <stdint.h>
#include <glue/env.h>

enum glue_process_state {
	GLUE_PROC_STARTING = 1,
	GLUE_PROC_READY = 2,
	GLUE_PROC_ENDED = 3,	/* by itself, with a status */
	GLUE_PROC_FAULTED = 4,	/* by the kernel's fault report */
	GLUE_PROC_FAILED = 5,	/* could not be started */
	GLUE_PROC_KILLED = 6,	/* by a process with allow=kill */
	GLUE_PROC_WAITING = 7,	/* died; will be started again in a while */
	GLUE_PROC_HUNG = 8,	/* has not answered, or broken a protocol */
	GLUE_PROC_STOPPING = 9, /* has been asked to end */
};

enum glue_process_kind {
	GLUE_KIND_APP = 1,
	GLUE_KIND_DDE = 2, /* Linux driver */
	GLUE_KIND_NATIVE = 3,
	GLUE_KIND_TEST = 4,
	GLUE_KIND_BROKER = 5,
};

struct glue_process_info {
	char name[GLUE_NAME_BYTES];
	char service[16];
	uint32_t pid;
	uint16_t kind;
	uint16_t state;
	uint32_t ram_kib;   /* image, heap, stack, tables; not DMA */
	uint32_t dma_kib;   /* DMA arena, rings and lent regions */
	uint64_t cpu_ticks; /* CNTVCT ticks consumed; ~0 not known */
	uint32_t restarts;
	int32_t status; /* exit status once ended */
};

struct glue_device_info {
	char node[48];
	char alias[64]; /* modalias that describes it best */
	uint64_t paddr; /* of its registers; ~0: it has none */
	uint32_t intid;
	uint32_t driver_pid; /* 0: nobody drives it */
	uint32_t stopped;    /* 1: its driver has ended, and it may still run */
	uint32_t rsvd;
};

struct glue_service_info {
	char name[16];	   /* blk0 */
	uint32_t class_id; /* enum glue_class */
	uint32_t pid;
	uint32_t state;	  /* enum glue_process_state of its driver */
	uint32_t console; /* 1: the machine's, by /chosen of the device tree */
};

struct glue_memory_info {
	uint64_t total_bytes; /* RAM the kernel handed on */
	uint64_t free_bytes;
	uint64_t promised_bytes; /* of the free: for whoever needs it */
	uint64_t slots_free;	 /* for capabilities of the broker */
};

/* Where a process holds what has no slot: it is mapped, and the broker keeps
 * the capabilities. Greater than any slot. */
enum glue_held_place {
	GLUE_HELD_MEMORY = 0x1000, /* image, heap, stack, and kernel objects */
	GLUE_HELD_ARENA = 0x1001,
	GLUE_HELD_REGISTERS = 0x1002,
	GLUE_HELD_END
};

struct glue_held {
	uint64_t start;	 /* physical address; of an interrupt: its number */
	uint64_t bytes;	 /* 0: no memory */
	uint32_t pid;	 /* channel, client: who is at the other side */
	uint32_t server; /* channel: 1: the process serves, 0: it is client */
};

_Static_assert(sizeof(struct glue_process_info) <= 100 * 8, "one message");
_Static_assert(sizeof(struct glue_device_info) <= 100 * 8, "one message");

#endif
