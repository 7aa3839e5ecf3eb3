/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * env.h - what a process finds when it starts: addresses, capabilities, env page.
 *
 * The broker writes these structures, the process only reads them (the pages
 * are mapped read-only in the process). Nothing here is negotiated: a process
 * has exactly what its manifest line grants. Owner of every field: the broker.
 * Read next: glue/broker.h (what a process may ask for afterwards).
 */
#ifndef GLUE_ENV_H
#define GLUE_ENV_H

#include <stdint.h>
#include <glue/class.h>
#include <glue/places.h>

/* Capability slots (CPtrs) of every process; empty ones fault on use. */
#define GLUE_CAP_BROKER	 1  /* broker endpoint: call */
#define GLUE_CAP_NOTIFY	 2  /* own notification: wait */
#define GLUE_CAP_FAULT	 3  /* where the kernel reports our faults */
#define GLUE_CAP_IRQ0	 4  /* IRQ handler i: + i */
#define GLUE_CAP_TIMER	 8  /* timer service: send (glue/timer.h) */
#define GLUE_CAP_VICTIM	 9  /* another's thread, if lent (glue/fault.h) */
#define GLUE_CAP_PEER0	 16 /* channel i: signal the peer */
#define GLUE_CSPACE_BITS 6

/* Badge bits of the own notification. */
#define GLUE_CHANS_MAX	   32 /* bits 0..31: channel i's peer signals */
#define GLUE_EVENT_CHAN(i) (1ul << (i))
#define GLUE_EVENT_CONTROL (1ul << 32) /* channel table has changed */
#define GLUE_EVENT_TIMER   (1ul << 33) /* armed deadline has passed */
#define GLUE_EVENT_UNSET   (1ul << 34) /* timers begin anew: none is armed */
#define GLUE_EVENT_STOP	   (1ul << 35) /* please end */
#define GLUE_EVENT_IRQ(i)  (1ul << (40 + (i)))

#define GLUE_ENV_MAGIC	0x4b61614c /* "KaaL" */
#define GLUE_MMIO_MAX	4
#define GLUE_IRQ_MAX	4
#define GLUE_NAME_BYTES 32

struct glue_mmio {
	uint64_t vaddr; /* first register, not page-aligned if the */
	uint64_t paddr; /* device is not */
	uint64_t bytes;
	uint64_t bar; /* of a PCI function: number + 1; else 0 */
};

struct glue_irq {
	uint32_t intid; /* GIC interrupt id */
	uint32_t edge;	/* 1 edge, 0 level */
};

struct glue_env {
	uint32_t magic; /* GLUE_ENV_MAGIC */
	uint32_t pid;
	char name[GLUE_NAME_BYTES];    /* manifest name */
	char service[GLUE_NAME_BYTES]; /* service it offers, "" if none */
	char args[256];		       /* words separated by blanks */
	uint64_t stack_bytes;
	uint64_t dma_bus;   /* DMA arena: bus address */
	uint64_t dma_vaddr; /* where it is mapped */
	uint64_t dma_bytes;
	uint32_t meta_bytes; /* shadow metadata per DMA-visible page */
	uint32_t n_mmio;
	uint32_t n_irq;
	uint32_t counter_hz; /* frequency of CNTVCT_EL0 */
	struct glue_mmio mmio[GLUE_MMIO_MAX];
	struct glue_irq irq[GLUE_IRQ_MAX];
	char device_node[128];	    /* device tree path, "" if none */
	char device_compatible[64]; /* first compatible string */
	char device_alias[64];	    /* the modalias that matched, "" none */
	/* Flattened tree: the device's node and its parents, whole, and what its
	 * phandles name (fixed clocks). 0: none. */
	uint64_t tree_vaddr;
	uint32_t tree_bytes;
	uint16_t is_pci;
	uint16_t pci_devfn; /* device << 3 | function, on bus 0 */
	uint32_t tracing;   /* 1: glue_trace writes; changes at any time */
	uint32_t stall_ms;  /* so long its device, and it, may take to answer */
	uint32_t beat; /* changes: the broker asks whether it still lives */
	uint64_t sums_vaddr; /* memory for glue/block_sums.h */
	uint64_t sums_bytes; /* 0: none */
};

enum glue_chan_state {
	GLUE_CHAN_FREE = 0,
	GLUE_CHAN_OPEN = 1,
	GLUE_CHAN_CLOSED = 2, /* peer has gone; close on this side too */
	/* client: the server died and is started again. RECONNECT when the
	 * rings are not touched any more; then OPEN, with a new generation, or
	 * CLOSED, follows */
	GLUE_CHAN_LOST = 3,
};

/* One end of a channel, as this process sees it. 64 bytes. */
struct glue_chan {
	uint32_t state;	     /* written last, with release */
	uint32_t generation; /* grows with each use of the slot */
	uint64_t data_vaddr; /* lent region in this process */
	uint64_t data_bus;   /* its bus address; 0 in a client */
	uint64_t data_bytes;
	uint32_t ring_bytes; /* at GLUE_RING_VADDR + i * GLUE_RING_SPAN */
	uint16_t depth;	     /* ring entries, a power of two */
	/* Tenths of a second: after as long a silence a client that is owed
	 * an answer complains; 0: never. */
	uint16_t patience;
	uint16_t server;   /* 1: this end serves, 0: this end is client */
	uint16_t class_id; /* enum glue_class */
	uint32_t peer_pid;
	char peer[16]; /* client: service name; server: client name */
};

struct glue_chan_table {
	struct glue_chan chan[GLUE_CHANS_MAX];
};

/* The page at GLUE_ENV_VADDR. */
struct glue_env_page {
	struct glue_env env;
	uint8_t tree[2048 - sizeof(struct glue_env)]; /* if it fits */
	struct glue_chan_table chans;
};

/* Trace ring of one process: written by it, read by the broker. The page is
 * there from the first tracing on (env.tracing). */
struct glue_trace_entry {
	uint64_t when;	/* CNTVCT_EL0 */
	uint32_t point; /* enum glue_trace_point */
	uint32_t value;
};

#define GLUE_TRACE_ENTRIES 255
struct glue_trace_page {
	uint64_t next; /* entries written so far; index modulo */
	uint64_t rsvd;
	struct glue_trace_entry entry[GLUE_TRACE_ENTRIES];
};

_Static_assert(sizeof(struct glue_chan) == 64, "one cache line");
_Static_assert(sizeof(struct glue_env_page) == 4096, "one page");
_Static_assert(__builtin_offsetof(struct glue_env_page, chans) ==
		       GLUE_CHANS_VADDR - GLUE_ENV_VADDR,
	       "half a page for the channels");
_Static_assert(__builtin_offsetof(struct glue_env_page, tree) % 8 == 0,
	       "libfdt wants that");
_Static_assert(sizeof(struct glue_trace_page) <= 4096, "one page");

#endif
