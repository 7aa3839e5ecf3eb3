/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * watch.h - devices that stop answering; for every class whose device owes
 * answers.
 *
 * A class says when its device may have work (dde_watch), counts what has ended,
 * and tells a look whether the device owes anything. Rules: watch.c
 */
#ifndef DDE_WATCH_H
#define DDE_WATCH_H

#include <linux/timer.h>
#include <linux/types.h>

struct device;
struct virtqueue;

struct dde_watch_ops {
	bool (*busy)(void); /* does the device owe an answer? */
	bool (*slow)(void); /* may it take long? NULL: always */
	/* Has an answer come since the last look? NULL: `ended` says it. */
	bool (*moving)(void);
};

struct dde_watch {
	struct timer_list timer;
	const struct dde_watch_ops *ops; /* NULL: nobody looks */
	const char *name;		 /* for messages */
	const struct device *dev;	 /* NULL, or whose queues may break */
	unsigned long ended;		 /* answers, ever */
	unsigned long seen;		 /* of them, at the last look */
	unsigned int looks;		 /* in a row that saw none */
};

/* Before the device has work. */
void dde_watch_init(struct dde_watch *watch, const struct dde_watch_ops *ops,
		    const char *name, const struct device *dev);

/* A look is due in a while. */
void dde_watch_begin(struct dde_watch *watch);

/* After the device may have been given work. */
static inline void dde_watch(struct dde_watch *watch)
{
	if (unlikely(!timer_pending(&watch->timer)))
		dde_watch_begin(watch);
}

/* The driver has failed a request: ends the process if it can do nothing else
 * from now on. */
void dde_watch_failure(const struct dde_watch *watch);

/* The queue of a virtio device by its driver's name for it; NULL: none. */
struct virtqueue *dde_watch_queue(const struct device *dev, const char *name);
/* How many descriptors of it the device, or its driver, has. */
unsigned int dde_watch_owed(const struct virtqueue *queue);

#endif
