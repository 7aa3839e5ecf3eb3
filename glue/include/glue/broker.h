/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker.h - what a process may ask of the broker, and how the answer looks.
 *
 * A request is a Call on GLUE_CAP_BROKER with label = the operation; the reply's
 * label is an enum k_err, its words are the results. The broker knows the caller
 * by the badge of the capability, never by what the message says. Words are
 * 64 bits; names are packed bytewise, zero-padded, into GLUE_NAME_BYTES / 8 words.
 * Structures in replies are packed into the message words as they lie in memory.
 *
 * Any request may end in K_ERR_INVALID (an unknown one, or fewer words than it
 * has) and, if it needs a grant, in K_ERR_DENIED: the broker then says on the
 * console, of each process a few times, what its manifest line lacks. With an
 * error there are no results, and nothing has changed. A process has one thread,
 * which waits for the answer.
 * What a driver has of its device it finds when it starts: glue/env.h. Each
 * request is made, rightly and wrongly, by tests/system/test_broker_api.py.
 */
#ifndef GLUE_BROKER_H
#define GLUE_BROKER_H

#include <stdint.h>
#include <glue/broker_info.h>
#include <glue/env.h>
#include <glue/err.h>
#include <glue/fault.h>

#define GLUE_LOG_BYTES 256u

enum glue_broker_op {
	/* in: status; no answer: the process has ended */
	GLUE_BROKER_EXIT = 0x100,
	/* driver: in: k_err. K_OK: the service is up; else: start failed, and
	 * the process is ended. From whoever does not start: nothing happens */
	GLUE_BROKER_READY = 0x101,
	/* in: name (4 words), data_bytes to lend, absolute deadline in
	 * CNTVCT_EL0 ticks (0 or missing: none); out: channel index. Answered
	 * when the service is up; K_ERR_TIMEOUT if it still starts, or its
	 * device is absent and may come (absent=wait), at the deadline.
	 * K_ERR_NOTFOUND no such service; K_ERR_DENIED its class, or so much
	 * memory, is not granted; K_ERR_FULL either side has no channel left;
	 * K_ERR_GONE its driver is given up; K_ERR_INVALID it is the caller;
	 * K_ERR_NOMEM */
	GLUE_BROKER_CONNECT = 0x102,
	/* in: channel index. The memory is free when the other side has closed
	 * too. K_ERR_INVALID: no such channel */
	GLUE_BROKER_DISCONNECT = 0x103,
	/* client of a channel that is LOST: in: channel index. Says that it
	 * has cleared the ring memory and does not touch it before the channel
	 * is OPEN or CLOSED. K_ERR_INVALID: the channel is not lost */
	GLUE_BROKER_RECONNECT = 0x104,
	/* client of an open channel: in: channel index, enum glue_complaint
	 * about its server (missing: _RING). The server is ended, and started again, if this
	 * process has not complained for ten seconds; else K_ERR_BUSY */
	GLUE_BROKER_COMPLAIN = 0x106,
	/* in: bytes (at most GLUE_LOG_BYTES), text; printed in one piece, so
	 * that lines of several processes never mix; a line that does not
	 * begin with the caller's name gets it in front. K_ERR_INVALID: more
	 * bytes than that, or than were sent */
	GLUE_BROKER_LOG = 0x105,
	/* Lists: the index runs from 0 until K_ERR_NOTFOUND.
	 * needs allow=list. in: index; out: struct glue_process_info */
	GLUE_BROKER_PROCESS = 0x110,
	/* needs allow=list. in: index; out: struct glue_device_info */
	GLUE_BROKER_DEVICE = 0x111,
	/* in: index; out: struct glue_service_info, services of granted classes */
	GLUE_BROKER_SERVICE = 0x112,
	/* needs allow=list. out: struct glue_memory_info */
	GLUE_BROKER_MEMORY = 0x113,
	/* needs allow=list. in: pid, place, n; out: struct glue_held, the n-th
	 * thing that a running process holds at this place: a capability's
	 * slot (glue/env.h) of an interrupt, of a channel, of a thread lent or,
	 * of the timer service, of a client; or an enum glue_held_place.
	 * K_ERR_NOTFOUND: no such process, or no more */
	GLUE_BROKER_HELD = 0x114,
	/* driver of a PCI function: its configuration space. in: offset,
	 * bytes (1, 2, 4); out: value. K_ERR_UNSUPPORTED: it has no function;
	 * K_ERR_RANGE, K_ERR_ALIGN */
	GLUE_BROKER_PCI_READ = 0x118,
	/* the same. in: offset, bytes, value. K_ERR_DENIED: BARs, message interrupts and
	 * whatever else reaches beyond the function */
	GLUE_BROKER_PCI_WRITE = 0x119,
	/* needs allow=poweroff. in: status, for the host; no answer */
	GLUE_BROKER_POWEROFF = 0x120,
	/* needs allow=trace. in: 0 stop, 1 clear and start, in all processes */
	GLUE_BROKER_TRACE_SET = 0x121,
	/* needs allow=trace. in: pid, index; out: struct glue_trace_entry.
	 * K_ERR_NOTFOUND past the last entry */
	GLUE_BROKER_TRACE_GET = 0x122,
	/* needs allow=list. in: pid, index; out: struct glue_counter.
	 * K_ERR_NOTFOUND past the last counter */
	GLUE_BROKER_COUNTER = 0x123,
	/* needs allow=run. in: manifest name (4 words) of a start=demand line;
	 * args (up to 30 words, zero-padded), behind those of the line. out:
	 * pid. K_ERR_NOTFOUND: no such line, or no free device for it;
	 * K_ERR_NOMEM */
	GLUE_BROKER_RUN = 0x130,
	/* needs allow=run. in: pid of another process; answered when it has
	 * ended. out: enum glue_process_state, exit status */
	GLUE_BROKER_WAIT = 0x131,
	/* needs allow=kill. in: pid of another process. K_ERR_GONE: it has
	 * ended already */
	GLUE_BROKER_KILL = 0x132,
	/* needs allow=kill. in: pid of a driver. It is told GLUE_EVENT_STOP,
	 * ends what its device has, and is not started again; it is STOPPING
	 * until then. K_ERR_BUSY: it starts, or stops already; K_ERR_GONE:
	 * it has ended; K_ERR_UNSUPPORTED: it serves nobody */
	GLUE_BROKER_STOP = 0x133,
	/* needs allow=run. in: pid of a driver that was stopped, or given up:
	 * it gets a new pid and serves as before; its clients connect anew.
	 * K_ERR_BUSY: it has not ended, or its device is out of use, or another
	 * drives it; K_ERR_UNSUPPORTED: it offers no service, or was started by
	 * GLUE_BROKER_RUN */
	GLUE_BROKER_START = 0x135,
	/* needs allow=fault. in: pid of another process, page of its code or 0,
	 * enum glue_victim_how; out: struct glue_victim. The caller may use its
	 * thread at GLUE_CAP_VICTIM until the victim has ended or the next call,
	 * and write the page at GLUE_VICTIM_VADDR; the victim runs what is there
	 * after the next call. K_ERR_GONE: it has ended, or the page is no longer
	 * lent; K_ERR_BUSY: it waits for the broker; K_ERR_NOTFOUND: no
	 * code there; K_ERR_INVALID: not a page; K_ERR_NOMEM */
	GLUE_BROKER_VICTIM = 0x134,
};

enum glue_complaint {
	GLUE_COMPLAINT_RING = 0,   /* it has broken the ring protocol */
	GLUE_COMPLAINT_SILENT = 1, /* it owes an answer for too long */
	GLUE_COMPLAINT_DATA = 2, /* it has brought other data than are there */
};

/* What is wrong, in words; an unknown complaint is the first. */
const char *glue_complaint_text(uint64_t what);

#endif
