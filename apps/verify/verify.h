/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verify.h - what a disk must hold, sector by sector, and traffic that checks it.
 *
 * A written sector says which one it is, whose, and which write it is from, so
 * that a wrong one tells what went wrong:
 *     word 0     version << 32 | sector
 *     word 1     seed of the run
 *     word 2..   the same in each run with that seed, sector and version
 */
#ifndef VERIFY_H
#define VERIFY_H

#include <stdint.h>
#include <glue/block_client.h>

#define VERIFY_SECTORS 8192u /* 4 MiB from the start of the disk */

enum verify_kind {
	VERIFY_GOOD,
	VERIFY_STALE,	/* this sector as it was, or zeroes, or data that were
			 * overwritten by zeroes */
	VERIFY_FOREIGN, /* another sector, or of another run */
	VERIFY_TORN,	/* nothing that was ever written in one piece */
	VERIFY_KINDS,
};

/* state[]: how many writes the sector has had, and one of these. */
#define VERIFY_ZEROED  (1u << 31) /* the last one wrote zeroes */
#define VERIFY_UNKNOWN (1u << 30) /* the last one failed: not checked */

struct verify_model {
	uint64_t seed;
	uint32_t state[VERIFY_SECTORS];
};

/* Note a write, and make the data that it shall bring. */
void verify_write(struct verify_model *model, uint32_t sector, uint32_t count,
		  uint64_t *data);
void verify_zero(struct verify_model *model, uint32_t sector, uint32_t count);
/* A write or zeroing failed: anything may be there now. */
void verify_forget(struct verify_model *model, uint32_t sector, uint32_t count);
/* Add what was read to the count of its kind, sector by sector. */
void verify_check(const struct verify_model *model, uint32_t sector,
		  uint32_t count, const uint64_t *data,
		  uint64_t found[VERIFY_KINDS]);

/* What a run has seen. */
struct verify_result {
	uint64_t requests, errors;
	uint64_t found[VERIFY_KINDS];
	uint64_t pause_ticks; /* the longest time without an answer */
	uint64_t ticks;
};

/**
 * verify_traffic - random requests on an open disk for a while.
 *
 * Return: K_ERR_TIMEOUT if the disk does not answer any more; K_ERR_GONE; or
 *         why a request could not be made.
 */
enum k_err verify_traffic(struct glue_block *blk, struct verify_model *model,
			  uint64_t ms, struct verify_result *result);

/* The killers: see chaos.c, killer.c. Return: exit status. */
int chaos_main(void);
int killer_main(void);

/* Kill who offers a service. K_ERR_NOTFOUND, or as glue_broker_kill. */
enum k_err verify_kill(const char *service);
void verify_sleep(uint64_t ns);

/* Counter by which the killer sees its victim's client: when the driver's last
 * life first answered, or when the traffic began. */
#define VERIFY_AT "verify.at"

#endif
