/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.h - the manifest: which programs exist, and what each may have.
 *
 * manifest.txt in the archive is the only source of rights. One line describes
 * one kind of process: a name, then key=value words. A line with an error is
 * skipped with one message; the rest goes on. Keys: broker/policy.c.
 */
#ifndef BROKER_POLICY_H
#define BROKER_POLICY_H

#include <stddef.h>
#include <stdint.h>
#include <glue/broker.h>

#define BROKER_PROGRAMS_MAX   48
#define BROKER_MANIFEST_BYTES 32768u

enum broker_start {
	BROKER_START_BOOT = 1, /* once, at boot */
	BROKER_START_DEVICE,   /* one instance for each matching device */
	BROKER_START_DEMAND,   /* when GLUE_BROKER_RUN asks for it */
};

enum broker_allow {
	BROKER_ALLOW_LIST = 1 << 0,
	BROKER_ALLOW_POWEROFF = 1 << 1,
	BROKER_ALLOW_TRACE = 1 << 2,
	BROKER_ALLOW_RUN = 1 << 3,
	BROKER_ALLOW_KILL = 1 << 4,
	BROKER_ALLOW_FAULT = 1 << 5,
};

/* What a service of a class looks like. Constant. */
struct broker_class {
	const char *name;   /* in the manifest: "block" */
	const char *prefix; /* of instance names: "blk" */
	uint16_t id;	    /* enum glue_class */
	uint16_t depth;	    /* ring entries */
	uint32_t sqe_bytes;
	uint32_t cqe_bytes;
	uint32_t masters; /* its devices may read and write memory themselves */
};

/* One line of the manifest. Text points into the broker's copy of it. */
struct broker_program {
	const char *name;
	const char *elf;
	const char *match;  /* comma list of globs; "" none */
	const char *device; /* colon list of nodes, instead of match; "" none */
	const char *args;   /* words separated by blanks */
	const struct broker_class *class; /* NULL: offers no service */
	uint32_t line;
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
	uint64_t stack_bytes;
	uint64_t dma_bytes;  /* whole pages, or 0 */
	uint64_t lend_bytes; /* most in one channel */
	uint32_t channels;   /* most that it may have as a client */
};

/**
 * broker_policy_read - read the manifest.
 * @text: not zero-terminated; copied, may vanish afterwards
 *
 * Return: number of programs; bad lines are reported and left out.
 */
unsigned int broker_policy_read(const char *text, size_t bytes);

unsigned int broker_policy_count(void);
const struct broker_program *broker_policy_program(unsigned int index);
const struct broker_program *broker_policy_find(const char *name);

/* A class by its manifest name; NULL if there is none such. */
const struct broker_class *broker_class_find(const char *name);

/**
 * broker_glob_match - does a device alias match a glob of a match= list?
 *
 * `*` any text, `?` one character, [abc] and [a-z] one of a set, as in the
 * MODULE_ALIAS lines of Linux modules.
 */
int broker_glob_match(const char *glob, const char *text);

/*
 * The same for a comma list: does any glob of it match? Each glob begins with
 * a bus name and a colon; commas elsewhere belong to the glob ("arm,pl011").
 */
int broker_match_list(const char *list, const char *text);

#endif
