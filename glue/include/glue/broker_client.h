/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_client.h - asking the broker: one C function for each request.
 *
 * Thin: packs the words of glue/broker.h, makes one Call, unpacks the answer.
 * Every function blocks until the broker has answered, and returns its
 * enum k_err; out-parameters are written only with K_OK.
 */
#ifndef GLUE_BROKER_CLIENT_H
#define GLUE_BROKER_CLIENT_H

#include <stddef.h>
#include <stdint.h>
#include <glue/broker.h>
#include <glue/counters.h>

#define GLUE_CONNECT_NS 10000000000ull /* a slow probe takes seconds */

/* Driver: tell that the service is up (K_OK), or why it cannot be. */
enum k_err glue_broker_ready(enum k_err status);

/**
 * glue_broker_connect - open a channel to a service.
 * @service:    such as "blk0"
 * @data_bytes: memory to lend; the broker rounds up to pages
 * @chan:       out: index of the channel, glue_chan(index) describes it
 *
 * Waits, at most GLUE_CONNECT_NS, while the service is still starting, or while
 * its device is absent if the manifest says that it may come (absent=wait).
 *
 * Return: K_ERR_NOTFOUND no such service; K_ERR_TIMEOUT it has not come; K_ERR_DENIED not in the manifest;
 *         K_ERR_FULL no free channel on either side; K_ERR_NOMEM;
 *         K_ERR_GONE its driver has failed; K_ERR_INVALID name too long.
 */
enum k_err glue_broker_connect(const char *service, uint64_t data_bytes,
			       unsigned int *chan);
enum k_err glue_broker_disconnect(unsigned int chan);
/* The server of a channel does not do its work. K_ERR_BUSY: we have said so
 * lately. */
enum k_err glue_broker_complain(unsigned int chan, enum glue_complaint what);
/* The ring memory of a lost channel is cleared, and not touched any more.
 * K_ERR_INVALID: it is not lost. */
enum k_err glue_broker_reconnect(unsigned int chan);

/**
 * glue_broker_log - print text in one piece; more than GLUE_LOG_BYTES is cut.
 * The sink of glue_printf after start-up.
 */
void glue_broker_log(const char *text, size_t bytes);

/* Lists: index from 0 until K_ERR_NOTFOUND. */
enum k_err glue_broker_process(unsigned int index,
			       struct glue_process_info *info);
enum k_err glue_broker_device(unsigned int index,
			      struct glue_device_info *info);
enum k_err glue_broker_service(unsigned int index,
			       struct glue_service_info *info);
enum k_err glue_broker_memory(struct glue_memory_info *info);

/* What a running process holds at a place: n from 0 until K_ERR_NOTFOUND. */
enum k_err glue_broker_held(uint32_t pid, unsigned int place, unsigned int n,
			    struct glue_held *held);

/* Driver of a PCI function: its configuration space, see glue/broker.h.
 * K_ERR_UNSUPPORTED: no such driver; K_ERR_INVALID, K_ERR_RANGE, K_ERR_ALIGN: no
 * such register; K_ERR_DENIED: not to be written. */
enum k_err glue_broker_pci_read(uint32_t offset, unsigned int bytes,
				uint32_t *value);
enum k_err glue_broker_pci_write(uint32_t offset, unsigned int bytes,
				 uint32_t value);

/* Return only if refused. */
enum k_err glue_broker_poweroff(uint64_t status);

/* on: 0 stop; 1 clear and start, in all processes. K_ERR_DENIED without
 * allow=trace. An entry: K_ERR_NOTFOUND past the last. */
enum k_err glue_broker_trace_set(int on);
enum k_err glue_broker_trace_get(uint32_t pid, unsigned int index,
				 struct glue_trace_entry *entry);

/* Counters of a process: index from 0 until K_ERR_NOTFOUND. */
enum k_err glue_broker_counter(uint32_t pid, unsigned int index,
			       struct glue_counter *counter);

/**
 * glue_broker_run - start a start=demand program of the manifest.
 * @args: words separated by blanks, at most 239 bytes; may be ""
 *
 * K_ERR_DENIED without allow=run, as glue_broker_wait; K_ERR_NOTFOUND: no such
 * line; K_ERR_NOMEM.
 */
enum k_err glue_broker_run(const char *name, const char *args, uint32_t *pid);

/* Wait until a program has ended; @status is valid for GLUE_PROC_ENDED.
 * K_ERR_NOTFOUND: no such process. */
enum k_err glue_broker_wait(uint32_t pid, enum glue_process_state *state,
			    int64_t *status);

/* End another process; when this returns, its clients have been told.
 * K_ERR_DENIED without allow=kill; K_ERR_NOTFOUND; K_ERR_GONE: it has ended. */
enum k_err glue_broker_kill(uint32_t pid);

/* Ask a driver to end for good; glue_broker_wait says when it has. Errors as
 * glue_broker_kill; K_ERR_BUSY: it starts, or stops already. */
enum k_err glue_broker_stop(uint32_t pid);

/* Bring back a driver that was stopped or given up. K_ERR_DENIED without
 * allow=run; K_ERR_NOTFOUND; K_ERR_BUSY, K_ERR_UNSUPPORTED: GLUE_BROKER_START. */
enum k_err glue_broker_start(uint32_t pid);

/**
 * glue_broker_victim - borrow a process's thread and a page of its code.
 *
 * Return: as GLUE_BROKER_VICTIM.
 */
enum k_err glue_broker_victim(uint32_t pid, uint64_t page,
			      enum glue_victim_how how,
			      struct glue_victim *victim);

/**
 * glue_broker_fault - put a fault into another process, by running apps/inject.
 *
 * The same seed does the same. What it did, it prints.
 *
 * Return: K_ERR_NOTFOUND: the process has nothing of that kind; K_ERR_BUSY: it
 *         waits for the broker; K_ERR_INVALID: no such kind, or oneself.
 */
enum k_err glue_broker_fault(uint32_t pid, enum glue_fault_kind kind,
			     uint64_t seed);

#endif
