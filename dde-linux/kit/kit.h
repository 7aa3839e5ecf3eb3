/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit.h - the narrow waist: all that Linux code may ask of KaaL.
 *
 * Above it (emul/, class/) all speaks Linux's types, below it (in kit/) dddk's and
 * glue's. Neither side sees the other's headers, so this one has plain C types and
 * includes nothing. Only names that begin with kit_ stay visible when our libraries
 * are pre-linked (dde.mk). Services: kit_block.h, kit_net.h, kit_request.h.
 * Read next: emul/dde_main.c (the loop)
 */
#ifndef KIT_H
#define KIT_H

#define KIT_MMIO_MAX 4
#define KIT_IRQ_MAX  4

/* Device-visible page: at DMA_BASE + bus address; its metadata at META_BASE. */
#define KIT_DMA_BASE  0x4000000000ul
#define KIT_META_BASE 0x20000000ul

struct kit_mmio {
	unsigned long vaddr; /* where it is mapped */
	unsigned long bus;   /* what the device tree says */
	unsigned long bytes;
	unsigned long bar; /* of a PCI function: number + 1 */
};

struct kit_irq {
	unsigned int number; /* of the interrupt controller */
	unsigned int edge;   /* 1 edge, 0 level */
};

/* What this process was given. Strings are never NULL. */
struct kit_device {
	const char *process;
	const char *service;
	const char *node;
	const char *compatible;
	const char *alias;
	const char *args; /* words separated by blanks */
	unsigned int mmio_count;
	unsigned int irq_count;
	struct kit_mmio mmio[KIT_MMIO_MAX];
	struct kit_irq irq[KIT_IRQ_MAX];
	const void *tree; /* flattened device tree of the device, or NULL */
	unsigned long arena_vaddr; /* memory that the device may see */
	unsigned long arena_bytes;
	unsigned int page_meta_bytes; /* of metadata behind each page */
	unsigned int ticks_per_second;
	unsigned int stall_ms; /* the device may take so long to answer */
	unsigned short is_pci;
	unsigned short pci_devfn;
};

const struct kit_device *kit_device(void);

/* The other side of the waist: kit's start-up calls it. Return: exit status. */
int dde_main(void);

/* Events. Bits as the kernel delivers them (glue/env.h proves the numbers). */
#define KIT_EVENT_CONTROL  (1ul << 32) /* a client has come or gone */
#define KIT_EVENT_STOP	   (1ul << 35)
#define KIT_EVENT_IRQ(i)   (1ul << (40 + (i)))
#define KIT_EVENT_IRQ_MASK (0xful << 40)
#define KIT_FOREVER	   0ul

/**
 * kit_wait - publish what was completed, then sleep.
 * @deadline: absolute, in kit_ticks(), or KIT_FOREVER
 *
 * Return: KIT_EVENT_* bits; 0 if the deadline passed or there is other work.
 */
unsigned long kit_wait(unsigned long deadline);

/* Take no new requests. */
void kit_stop(void);
/* Publish what was completed. Return: how many requests are left. */
unsigned int kit_in_flight(void);

/* Collect KIT_EVENT_* bits without sleeping. */
unsigned long kit_poll(void);

/* Let interrupt @index come again. */
void kit_irq_ack(unsigned int index);

/* Counter ticks; reading needs no system call. */
static inline unsigned long kit_ticks(void)
{
	unsigned long ticks;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
	return ticks;
}

/* One line, without its end, for people. */
void kit_log(const char *text);

/* Counters that people can look at: `counters PROCESS` in the shell. */
enum kit_counter_kind {
	KIT_COUNTER_EVENT = 1, /* something worth knowing */
	KIT_COUNTER_STUB = 2,  /* calls of a missing Linux function */
	KIT_COUNTER_GAUGE = 3, /* a level, not a count */
};
/* Where to count; the same place for the same name. Never NULL. */
unsigned long *kit_counter(enum kit_counter_kind kind, const char *name);
/* Eight bytes for our next life; at first 0, later anything: check them. */
unsigned long *kit_keepsake(void);

/* Look how deep the stack has ever been; a counter shows it. Slow. */
void kit_stack_measure(void);

/* Where a request is on its way; see docs/life-of-a-block-read.md. */
enum kit_trace_point {
	KIT_TRACE_QUEUE_RQ = 5,
	KIT_TRACE_KICK = 6,
	KIT_TRACE_IRQ = 7,
	KIT_TRACE_DONE = 8,
};
void kit_trace(enum kit_trace_point point, unsigned int value);

/* Errors as clients see them: the numbers of enum k_err. */
enum kit_err {
	KIT_OK = 0,
	KIT_ERR_INVALID = 1,
	KIT_ERR_RANGE = 2,
	KIT_ERR_UNSUPPORTED = 5,
	KIT_ERR_IO = 6,
	KIT_ERR_BUSY = 7,
	KIT_ERR_NOMEM = 8,
	KIT_ERR_NOTFOUND = 9,
	KIT_ERR_GONE = 12,
	KIT_ERR_TIMEOUT = 13,
	KIT_ERR_NOSPACE = 16,
};

/* Configuration space of the PCI function; the broker decides. */
enum kit_err kit_pci_read(unsigned int offset, unsigned int bytes,
			  unsigned int *value);
enum kit_err kit_pci_write(unsigned int offset, unsigned int bytes,
			   unsigned int value);

/* Tell the broker: the service works, or why the driver could not start. */
void kit_ready(enum kit_err err);
void kit_exit(int status) __attribute__((noreturn));

/* Fibers: only the switch; who runs next is Linux's business. */
void kit_fiber_switch(void **save_sp, void *load_sp);
void *kit_fiber_prepare(void *stack_top, void (*entry)(void *), void *arg);

#endif
