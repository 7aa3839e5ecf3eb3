// SPDX-License-Identifier: BSD-2-Clause
/*
 * class_watch.c - when a device counts as hung (dde-linux/class/watch.c).
 *
 * Looks are made at once, without their timer; virtio_ring's functions are played.
 */
#include <linux/string.h>
#include <linux/virtio.h>
#include "check.h"
#include "watch.h"

#define LOOKS	   4u /* in the time, as in watch.c */
#define LOOKS_SLOW 40u

static bool busy, slow, broken, moving;

static bool is_busy(void)
{
	return busy;
}

static bool is_slow(void)
{
	return slow;
}

static bool is_moving(void)
{
	return moving;
}

bool virtqueue_is_broken(const struct virtqueue *queue)
{
	return broken && !strcmp(queue->name, "second");
}

unsigned int virtqueue_get_vring_size(const struct virtqueue *queue)
{
	return queue->num_max;
}

static struct dde_watch watch;

/* Looks in a row, with an answer before each one or none. */
static void looks(unsigned int count, bool answers)
{
	while (count--) {
		watch.ended += answers;
		watch.timer.function(&watch.timer);
	}
}

static void while_it_owes(void)
{
	busy = slow = false;
	looks(100, false);
	CHECK(!timer_pending(&watch.timer));
	busy = true;
	looks(100, true);
	looks(LOOKS - 1, false);
	CHECK(timer_pending(&watch.timer));
	looks(1, true);
	looks(LOOKS - 1, false);
	busy = false;
	looks(1, false);
	busy = true;
	looks(LOOKS - 1, false);
	fake_log_clear();
	CHECK(CHECK_ENDS(looks(1, false)));
	CHECK(strstr(fake_log, "fake: it has owed an answer for 0 ms"));
}

static void what_is_slow(void)
{
	slow = true;
	looks(1, true);
	looks(LOOKS_SLOW - 1, false);
	CHECK(CHECK_ENDS(looks(1, false)));
	looks(1, true);
	slow = false;
}

/* A class that knows better what an answer is. */
static void own_rule(void)
{
	static const struct dde_watch_ops ops = { .busy = is_busy,
						  .slow = is_slow,
						  .moving = is_moving };
	const struct dde_watch_ops *before = watch.ops;

	watch.ops = &ops;
	moving = true;
	looks(LOOKS_SLOW, false);
	moving = false;
	looks(LOOKS - 1, true);
	CHECK(CHECK_ENDS(looks(1, true)));
	watch.ops = before;
	looks(1, true);
}

/* One of its queues is broken: noticed at a look, and when a request fails. */
static void broken_queues(void)
{
	static const struct bus_type virtio = { .name = "virtio" };
	static const struct bus_type other = { .name = "platform" };
	static struct virtio_device device = { .dev.bus = &virtio };
	static struct virtqueue first = { .name = "first" };
	static struct virtqueue second = { .name = "second",
					   .num_max = 8,
					   .num_free = 5 };

	INIT_LIST_HEAD(&device.vqs);
	list_add_tail(&first.list, &device.vqs);
	list_add_tail(&second.list, &device.vqs);
	CHECK(dde_watch_queue(&device.dev, "second") == &second);
	CHECK(!dde_watch_queue(&device.dev, "third"));
	CHECK(!dde_watch_queue(NULL, "first"));
	CHECK(dde_watch_owed(&second) == 3);
	watch.dev = &device.dev;
	dde_watch_failure(&watch);
	looks(1, true);
	broken = true;
	CHECK(CHECK_ENDS(looks(1, true)));
	CHECK(CHECK_ENDS(dde_watch_failure(&watch)));
	device.dev.bus = &other;
	dde_watch_failure(&watch);
}

static void check_class_watch(void)
{
	static const struct dde_watch_ops ops = { .busy = is_busy,
						  .slow = is_slow };

	dde_watch_failure(&watch);
	dde_watch(&watch); /* without rules nobody looks */
	CHECK(!timer_pending(&watch.timer));
	dde_watch_init(&watch, &ops, "fake", NULL);
	while_it_owes();
	what_is_slow();
	own_rule();
	broken_queues();
	del_timer(&watch.timer);
}
CHECK_GROUP(class_watch);
