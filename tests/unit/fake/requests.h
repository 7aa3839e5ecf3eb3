/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * requests.h - around the request service: a fake driver below, clients above.
 *
 * Clients write their rings directly, as nothing forces a real one to use our
 * library. The driver keeps what it was given and ends it when told to. The
 * class is the test's own: OP_WAIT has an argument of at most 100, OP_WRITE
 * has flags 0..3 and 4..64 bytes of data, OP_TAKE makes its client the owner,
 * OP_KEEP only the owner may send.
 */
#ifndef FAKE_REQUESTS_H
#define FAKE_REQUESTS_H

#include <stdint.h>
#include <dddk/request_service.h>
#include <glue/env.h>

#define REGION	 8192u
#define DATA(i)	 (GLUE_LENT_VADDR + (i)*0x100000ul)
#define OP_WAIT	 16
#define OP_WRITE 17
#define OP_TAKE	 20
#define OP_KEEP	 21

/* The driver: what it was given, and how it behaves. */
extern struct dddk_req given[8192];
extern uint32_t cancelled[8192];
extern unsigned int n_given, n_cancelled, clients_in, clients_out;
extern enum k_err refuse; /* K_OK, or its answer to every submit */
extern int at_once;	  /* completes inside submit */
extern int cancel_at_once;

/* The class, for a test with a driver of its own. */
extern const struct dddk_req_class *const requests_class;

/* A fresh process and service; channels 0 and 1 open. cmocka set-up. */
int requests_start(void **state);
/* The same for a real class. */
void requests_serve(const struct dddk_req_class *class, const void *info);

extern unsigned int disconnects;
void open_channel(unsigned int i);
void put(unsigned int i, struct glue_req_sqe sqe);
void put_wait(unsigned int i, uint32_t tag);
void put_cancel(unsigned int i, uint32_t tag, uint32_t victim);

/* Flush the service and take the client's next answer; 0 if there is none. */
extern struct glue_req_cqe last;
int got_answer(unsigned int i);
void expect_answer(unsigned int i, uint32_t tag, enum k_err status);

#endif
