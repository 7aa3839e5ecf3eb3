// SPDX-License-Identifier: BSD-2-Clause
/*
 * locks.c - semaphores, read-write semaphores and mutexes: who gets in, in what
 * order, and what ends a wait early.
 *
 * kthread_stop() sends the one signal there is, so it is what interrupts here.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include "check.h"

static struct semaphore sem;
static DECLARE_RWSEM(rw);
static DEFINE_MUTEX(mutex);
static char order[16];
static unsigned int steps;

static void step(char what)
{
	if (steps < sizeof(order) - 1)
		order[steps++] = what;
}

/* Have exactly these steps been made since the last look? */
static bool stepped(const char *wanted)
{
	bool same = steps == strlen(wanted) && !memcmp(order, wanted, steps);

	steps = 0;
	return same;
}

static int stopped(int (*function)(void *))
{
	struct task_struct *task = kthread_run(function, NULL, "locks");

	CHECK(!IS_ERR(task));
	msleep(8);
	return kthread_stop(task);
}

/* --- semaphores ----------------------------------------------------------- */

static void takes_a(struct work_struct *work)
{
	down(&sem);
	step('a');
}

static void takes_b(struct work_struct *work)
{
	down(&sem);
	step('b');
}

static void gives(struct work_struct *work)
{
	up(&sem);
}

static void counted(void)
{
	sema_init(&sem, 2);
	down(&sem);
	CHECK(down_trylock(&sem) == 0);
	CHECK(down_trylock(&sem) == 1);
	up(&sem);
	CHECK(down_trylock(&sem) == 0);
}

/* One up lets one in, the one that has waited longest. */
static void oldest_first(void)
{
	struct work_struct a, b;

	sema_init(&sem, 0);
	INIT_WORK_ONSTACK(&a, takes_a);
	INIT_WORK_ONSTACK(&b, takes_b);
	schedule_work(&a);
	schedule_work(&b);
	msleep(8);
	CHECK(stepped(""));
	up(&sem);
	msleep(8);
	CHECK(stepped("a"));
	CHECK(down_trylock(&sem) == 1);
	up(&sem);
	flush_work(&b);
	CHECK(stepped("b"));
}

/* A wait that ends late leaves nothing behind that could take an up. */
static void timed(void)
{
	unsigned long before = jiffies;
	struct delayed_work giver;

	sema_init(&sem, 0);
	CHECK(down_timeout(&sem, 5) == -ETIME);
	CHECK(!time_before(jiffies, before + 5));
	up(&sem);
	CHECK(down_timeout(&sem, 5) == 0);
	INIT_DELAYED_WORK_ONSTACK(&giver, gives);
	schedule_delayed_work(&giver, 2);
	before = jiffies;
	CHECK(down_timeout(&sem, 1000) == 0);
	CHECK(time_before(jiffies, before + 500));
	flush_delayed_work(&giver);
}

static int waits_for_sem(void *unused)
{
	return down_interruptible(&sem);
}

static void interrupted(void)
{
	sema_init(&sem, 0);
	CHECK(stopped(waits_for_sem) == -EINTR);
	up(&sem);
	CHECK(down_interruptible(&sem) == 0);
	CHECK(down_trylock(&sem) == 1);
}

/* --- read-write semaphores ------------------------------------------------ */

static void reads(struct work_struct *work)
{
	down_read(&rw);
	step('r');
	up_read(&rw);
}

static void writes(struct work_struct *work)
{
	down_write(&rw);
	step('w');
	msleep(8);
	step('W');
	up_write(&rw);
}

static void readers_share(void)
{
	struct work_struct reader, writer;

	INIT_WORK_ONSTACK(&reader, reads);
	INIT_WORK_ONSTACK(&writer, writes);
	down_read(&rw);
	CHECK(down_read_trylock(&rw) && !down_write_trylock(&rw));
	up_read(&rw);
	schedule_work(&reader);
	flush_work(&reader);
	CHECK(stepped("r"));
	/* Later readers do not pass a writer that waits. */
	schedule_work(&writer);
	msleep(8);
	CHECK(stepped("") && rwsem_is_contended(&rw));
	CHECK(!down_read_trylock(&rw));
	schedule_work(&reader);
	msleep(8);
	CHECK(stepped(""));
	up_read(&rw);
	flush_work(&reader);
	CHECK(stepped("wWr"));
}

static void writer_alone(void)
{
	struct work_struct reader;

	INIT_WORK_ONSTACK(&reader, reads);
	CHECK(down_write_trylock(&rw));
	CHECK(!down_read_trylock(&rw) && !down_write_trylock(&rw));
	schedule_work(&reader);
	msleep(8);
	CHECK(stepped(""));
	downgrade_write(&rw);
	flush_work(&reader);
	CHECK(stepped("r") && !down_write_trylock(&rw));
	up_read(&rw);
	CHECK(!rwsem_is_locked(&rw));
}

static int waits_to_read(void *unused)
{
	return down_read_interruptible(&rw);
}

static void reader_interrupted(void)
{
	down_write(&rw);
	CHECK(stopped(waits_to_read) == -EINTR);
	up_write(&rw);
	CHECK(!rwsem_is_locked(&rw));
}

/* --- mutexes -------------------------------------------------------------- */

static int waits_for_mutex(void *unused)
{
	CHECK(!mutex_trylock(&mutex));
	return mutex_lock_interruptible(&mutex);
}

static void mutexes(void)
{
	mutex_lock(&mutex);
	CHECK(mutex_is_locked(&mutex));
	CHECK(stopped(waits_for_mutex) == -EINTR);
	mutex_unlock(&mutex);
	CHECK(!mutex_is_locked(&mutex));
	CHECK(!mutex_lock_interruptible(&mutex));
	mutex_unlock(&mutex);
}

static void check_locks(void)
{
	counted();
	oldest_first();
	timed();
	interrupted();
	readers_share();
	writer_alone();
	reader_interrupted();
	mutexes();
}
CHECK_GROUP(locks);
