/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.h - the manifest: which programs exist, and what each may have.
 *
 * The only source of rights. manifest.txt is checked and packed when the system
 * is built (mk/manifest.py), together with where each program's segments lie;
 * what is packed has the layout of struct broker_program, with offsets for
 * pointers, and a sum. Keys: docs/manifest.md.
 */
#ifndef BROKER_POLICY_H
#define BROKER_POLICY_H

#include <stddef.h>
#include <stdint.h>
#include <glue/broker.h>

#define BROKER_PROGRAMS_MAX 48 /* mk/manifest.py has both, too */
#define BROKER_SEGMENTS_MAX 8

/* mk/manifest.py reads the words of the manifest from these two. */
enum broker_start {
	BROKER_START_BOOT = 1, /* once, at boot */
	BROKER_START_DEVICE,   /* one instance for each matching device */
	BROKER_START_DEMAND,   /* when GLUE_BROKER_RUN asks for it */
	BROKER_START_FIND,     /* before all others: the finder */
};

enum broker_allow {
	BROKER_ALLOW_LIST = 1 << 0,
	BROKER_ALLOW_POWEROFF = 1 << 1,
	BROKER_ALLOW_TRACE = 1 << 2,
	BROKER_ALLOW_RUN = 1 << 3,
	BROKER_ALLOW_KILL = 1 << 4,
	BROKER_ALLOW_FAULT = 1 << 5,
	BROKER_ALLOW_FIND = 1 << 6, /* those of glue/found.h */
};

/* What a service of a class looks like. Constant. */
struct broker_class {
	const char *name;   /* in the manifest */
	const char *prefix; /* of instance names: "blk" */
	uint16_t id;	    /* enum glue_class */
	uint16_t depth;	    /* ring entries */
	uint32_t sqe_bytes;
	uint32_t cqe_bytes;
	uint32_t masters; /* its devices may read and write memory themselves */
};

/* A part of a program's image; no two lie in one page. */
struct broker_segment {
	uint64_t vaddr;	    /* of the first byte, any alignment */
	uint64_t mem_bytes; /* the part past file_bytes is zero */
	uint64_t file_bytes;
	const uint8_t *data; /* those bytes */
	uint32_t writable;
	uint32_t executable; /* never both */
};

/* One line of the manifest. What it points to is in the archive. */
struct broker_program {
	const char *name;
	const char *match;  /* globs, a blank between two; "" none */
	const char *device; /* colon list of nodes, instead of match; "" none */
	const char *args;   /* words separated by blanks */
	const struct broker_class *class; /* NULL: offers no service */
	uint64_t stack_bytes;
	uint64_t dma_bytes;  /* whole pages, or 0 */
	uint64_t lend_bytes; /* most in one channel */
	uint64_t entry;	     /* first instruction */
	struct broker_segment segment[BROKER_SEGMENTS_MAX]; /* ascending */
	uint32_t n_segments;				    /* 1 or more */
	uint32_t kind;	   /* enum glue_process_kind */
	uint32_t start;	   /* enum broker_start */
	uint32_t connect;  /* bit 1 << class id for each granted class */
	uint32_t needs;	   /* the same: not started unless one is served */
	uint32_t allow;	   /* enum broker_allow */
	uint32_t priority; /* 0..254 */
	uint32_t optional_device;
	uint32_t share; /* takes turns for devices that others match too */
	uint32_t absent_waits; /* without a device, its clients wait for it */
	uint32_t meta_bytes;   /* a DMA-visible page */
	uint32_t stall_ms;     /* its device may take so long to answer */
	uint32_t channels;     /* most that it may have as a client */
	uint32_t sums_bytes;   /* its last segment, for its disk's sums, or 0 */
};

#define BROKER_ARCHIVE_MAGIC 0x4c61614bu
#define BROKER_ARCHIVE_PRIME 0x100000001b3ul

/* What the archive begins with; offsets count from here. Records follow, with
 * offsets for pointers and a class's id for the class. */
struct broker_archive {
	uint32_t magic;
	uint32_t programs;
	uint64_t sum; /* of what follows, and `programs` (policy.c) */
	uint64_t bytes;
	uint64_t texts_end; /* a multiple of 8 */
	struct broker_program program[];
};

/**
 * broker_policy_read - read the records of an archive made by mk/archive.py.
 * @archive: aligned to 8; stays where it is
 *
 * Return: number of programs; 0 if it is not as it was made.
 */
unsigned int broker_policy_read(const void *archive, size_t bytes);

unsigned int broker_policy_count(void);
const struct broker_program *broker_policy_program(uint64_t index);
const struct broker_program *broker_policy_find(const char *name);

/* First page of a segment, and the page behind its last one. */
uint64_t broker_segment_page(const struct broker_segment *segment);
uint64_t broker_segment_end(const struct broker_segment *segment);

#endif
