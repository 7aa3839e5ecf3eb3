/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_fake_cap.h - what the parts of the fake kernel know of each other.
 */
#ifndef BROKER_FAKE_CAP_H
#define BROKER_FAKE_CAP_H

#include "broker_fake.h"

#define FAKE_ROOT_SLOTS 8192u
#define FAKE_NODES	80u
#define FAKE_NODE_SLOTS 128u /* of the largest CNode */
#define FAKE_SLOTS	(FAKE_ROOT_SLOTS + FAKE_NODES * FAKE_NODE_SLOTS)
#define FAKE_FIRST_FREE 32u

struct fake_cap {
	unsigned int tag; /* enum abi_cap_tag */
	unsigned int bits;
	unsigned int rights;
	int device;
	int assigned;	   /* VSpace with an ASID */
	unsigned int node; /* CNode: its first slot */
	uint64_t object;   /* physical address, or interrupt number */
	uint64_t badge;
	uint64_t watermark; /* untyped */
	uint64_t vspace;    /* frame, table: object mapped in, plus 1 */
	uint64_t vaddr;
	unsigned int map_rights;
};

struct fake_cap *fake_root_cap(uint64_t slot);
struct fake_cap *fake_caps_begin(void);
void fake_journal_add(const char *what);
void fake_unmap(struct fake_cap *cap);
void fake_maps_reset(void);
void fake_vspace_gone(uint64_t object);
void fake_threads_reset(void);
enum abi_error fake_lookup_error(uint64_t bits);
/* Is it this call that fake_fail_call meant? */
int fake_refuses(void);
uint8_t *fake_ram(uint64_t paddr);
int fake_ram_file(void);

#endif
