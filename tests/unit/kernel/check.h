/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h - are the kernel's structures whole? After any call they must be.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <object/tcb.h>

/* check_world - fail the test if any invariant of the kernel is broken. */
void check_world(void);

/* --- the parts, each over what check_collect() has found --- */

struct check_object {
	uint64_t addr;
	enum abi_cap_tag tag; /* a zombie counts as what it was */
	unsigned int caps;    /* capabilities that name it */
	unsigned int bits;    /* log2 of its bytes; 0: no memory */
	unsigned int waiting; /* threads that say they wait on it */
	bool zombie;
};

/* check_collect - find every slot and object there is. */
void check_collect(void);

/* check_object_of - the object a capability names; NULL for none. */
struct check_object *check_object_of(struct cap cap);
struct check_object *check_object_find(enum abi_cap_tag tag, const void *addr);

extern struct cte *check_slots[];
extern unsigned int check_n_slots;
extern struct check_object check_objects[];
extern unsigned int check_n_objects;

void check_tree(void);	   /* check_tree.c */
void check_threads(void);  /* check_threads.c */
void check_mappings(void); /* check_mappings.c */

#endif
