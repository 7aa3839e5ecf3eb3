/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clients.h - around the block service: a fake driver below, clients above.
 *
 * Clients write their rings directly, as nothing forces a real one to use our
 * library. The driver keeps what it was given and ends it when told to.
 */
#ifndef FAKE_CLIENTS_H
#define FAKE_CLIENTS_H

#include <stdint.h>
#include <dddk/block_service.h>
#include <glue/env.h>
#include <glue/ring.h>

#define DEPTH	  16u
#define REGION	  65536u
#define BUS(chan) (0x48000000ul + (chan)*0x100000ul)

extern const struct glue_block_info disk;

/* The driver: what it was given, and how it behaves. */
extern const struct dddk_block_ops ops;
extern struct dddk_block_req given[1024];
extern unsigned int n_given, n_commits;
extern unsigned int room; /* requests it can take before it is busy */
extern enum k_err refuse; /* K_OK, or its answer to every submit */
extern int at_once;	  /* completes inside submit */

/* The clients' ends of the rings, by channel. */
extern struct glue_ring_ends client[GLUE_CHANS_MAX];
extern unsigned int disconnects, last_disconnect;
extern unsigned int opened, closed; /* regions */

/* A fresh process and service; channels 0 and 1 open. cmocka set-up. */
int clients_start(void **state);

/* Request @i of the driver ends. */
void end(unsigned int i, enum k_err status);

void open_channel(unsigned int i);
void put(unsigned int i, const struct glue_block_sqe *sqe);

/* A good request: one sector, number @tag. */
void put_read(unsigned int i, uint32_t tag);

/* Flush the service and take the client's next answer; 0 if there is none. */
int got_answer(unsigned int i);
void expect_answer(unsigned int i, uint32_t tag, enum k_err status);

#endif
