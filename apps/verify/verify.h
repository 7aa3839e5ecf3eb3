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
#include <glue/broker_client.h>

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
#define VERIFY_UNKNOWN (1u << 30) /* it failed, or is wrong: not checked */

struct verify_model {
	uint64_t seed;
	uint32_t state[VERIFY_SECTORS];
	/* The last one that was wrong, as it was, and what was read. */
	uint32_t bad_sector, bad_state;
	uint64_t bad_name, bad_seed;
};

/* Note a write, and make the data that it shall bring. */
void verify_write(struct verify_model *model, uint32_t sector, uint32_t count,
		  uint64_t *data);
void verify_zero(struct verify_model *model, uint32_t sector, uint32_t count);
/* A write or zeroing failed: anything may be there now. */
void verify_forget(struct verify_model *model, uint32_t sector, uint32_t count);
/* Add what was read to the count of its kind, sector by sector; a wrong one
 * counts once and is then unknown. */
void verify_check(struct verify_model *model, uint32_t sector, uint32_t count,
		  const uint64_t *data, uint64_t found[VERIFY_KINDS]);

/* What a run has seen. */
struct verify_result {
	uint64_t requests, errors;
	uint64_t found[VERIFY_KINDS];
	uint64_t pause_ticks; /* the longest time without an answer */
	uint64_t ticks;
};

/* How the traffic is. */
struct verify_manner {
	uint32_t count_max; /* sectors of a request */
	uint64_t rest_ns;   /* after each answer; 0: none */
	/* NULL; or called in each life of the driver, when nothing is in
	 * flight: checks the whole model */
	enum k_err (*read_all)(void);
};

/**
 * verify_traffic - random requests on an open disk for a while.
 *
 * Return: K_ERR_TIMEOUT if the disk does not answer any more; K_ERR_GONE; or
 *         why a request could not be made.
 */
enum k_err verify_traffic(struct glue_block *blk, struct verify_model *model,
			  uint64_t ms, struct verify_result *result,
			  const struct verify_manner *manner);

/* Other programs of the same file: see chaos.c, pace.c, vandal.c, frames.c,
 * cycles.c, killer.c. Return: exit status. */
int chaos_main(void);
int pace_main(void);
int vandal_main(void);
int frames_main(void);
int cycles_main(void);
int killer_main(void);

/* Kill who offers a service. K_ERR_NOTFOUND, or as glue_broker_kill. */
enum k_err verify_kill(const char *service);

/* What is free; what is promised to who has not touched it yet is not. */
enum k_err verify_memory(struct glue_memory_info *m);
/* A line for people and tests/fault. Return: is it the same? */
int verify_memory_same(const struct glue_memory_info *before,
		       const struct glue_memory_info *after);

/* Counters by which the killer and the vandal see their victim's client. */
#define VERIFY_AT                                                              \
	"verify.at"		      /* when the driver's last life first
					 * answered, or the traffic began */
#define VERIFY_DONE   "verify.done"   /* requests or frames that ended */
#define VERIFY_WRONG  "verify.wrong"  /* sectors or frames */
#define VERIFY_ERRORS "verify.errors" /* requests that failed */
#define VERIFY_CHECKED                                                         \
	"verify.checked" /* lives in which all was right, but
					 * for what is counted as wrong */

#endif
