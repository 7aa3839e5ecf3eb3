/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue.h - a FIFO of threads that wait on one object, linked by ep_next/prev.
 */
#ifndef OBJECT_QUEUE_H
#define OBJECT_QUEUE_H

#include <object/tcb.h>

struct tcb_queue {
	struct tcb *head, *tail;
};

static inline void tcb_queue_append(struct tcb_queue *queue, struct tcb *tcb)
{
	tcb->ep_prev = queue->tail;
	tcb->ep_next = NULL;
	if (queue->tail)
		queue->tail->ep_next = tcb;
	else
		queue->head = tcb;
	queue->tail = tcb;
}

static inline void tcb_queue_remove(struct tcb_queue *queue, struct tcb *tcb)
{
	if (tcb->ep_prev)
		tcb->ep_prev->ep_next = tcb->ep_next;
	else
		queue->head = tcb->ep_next;
	if (tcb->ep_next)
		tcb->ep_next->ep_prev = tcb->ep_prev;
	else
		queue->tail = tcb->ep_prev;
}

#endif
