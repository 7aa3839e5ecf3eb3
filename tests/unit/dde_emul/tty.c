// SPDX-License-Identifier: BSD-2-Clause
/*
 * tty.c - terminals: a made-up tty driver under the real serial class glue.
 *
 * The driver takes as much output as it is told to and offers input through
 * Linux's flip buffer. The terminal stays open, as in a driver process.
 */
#include <linux/cdev.h>
#include <linux/console.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/serial.h>
#include <linux/string.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <linux/tty_flip.h>
#include <linux/tty_ldisc.h>
#include <glue/serial.h>
#include <dde.h>
#include "check.h"
#include "fake_request.h"

static struct tty_driver *driver;
static struct tty_port port;
static struct tty_struct *terminal;
static char out[128];
static unsigned int out_bytes, out_room;
static bool throttled, on_wire;
static unsigned int begun_at_write; /* by the request of token 5 */

static void submit(unsigned int token, unsigned short op, void *data,
		   unsigned int bytes)
{
	struct kit_req req = {
		.op = op, .token = token, .data = data, .bytes = bytes
	};

	fake_request(&req);
}

/* --- the fake driver -------------------------------------------------------- */

static int fake_open(struct tty_struct *tty, struct file *file)
{
	terminal = tty;
	return tty_port_open(&port, tty, file);
}

static void fake_close(struct tty_struct *tty, struct file *file)
{
}

static ssize_t fake_write(struct tty_struct *tty, const u8 *data, size_t bytes)
{
	size_t n = min_t(size_t, bytes, out_room);

	begun_at_write = fake_req_begun[5];
	memcpy(out + out_bytes, data, n);
	out_bytes += n;
	out_room -= n;
	return n;
}

static unsigned int fake_chars(struct tty_struct *tty)
{
	return on_wire ? 0 : out_bytes;
}

static void fake_throttle(struct tty_struct *tty)
{
	throttled = true;
}

static void fake_unthrottle(struct tty_struct *tty)
{
	throttled = false;
}

/* A line that knows one speed and no parity. */
static void fake_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
	tty->termios.c_cflag &= ~PARENB;
	tty_termios_encode_baud_rate(&tty->termios, 115200, 115200);
}

/* What a UART's driver counts, by which Linux's serial core would answer. */
static int fake_icount(struct tty_struct *tty,
		       struct serial_icounter_struct *count)
{
	count->overrun = 1;
	count->buf_overrun = 2;
	count->frame = 40;
	count->parity = 500;
	count->brk = 6000;
	return 0;
}

/* Of its buffer: what it is given at a time, as its device names no FIFO. */
static unsigned int room(struct tty_struct *tty)
{
	return 16;
}

static const struct tty_operations fake_ops = {
	.write_room = room,
	.open = fake_open,
	.close = fake_close,
	.write = fake_write,
	.chars_in_buffer = fake_chars,
	.throttle = fake_throttle,
	.unthrottle = fake_unthrottle,
	.set_termios = fake_set_termios,
	.get_icount = fake_icount,
};
static const struct tty_port_operations fake_port_ops;

static void driver_make(void)
{
	driver = tty_alloc_driver(2, TTY_DRIVER_DYNAMIC_DEV);
	CHECK(!IS_ERR(driver));
	driver->name = "ttyFAKE";
	driver->init_termios = tty_std_termios;
	tty_set_operations(driver, &fake_ops);
	tty_port_init(&port);
	port.ops = &fake_port_ops;
	CHECK(!tty_register_driver(driver));
	CHECK(!IS_ERR(tty_port_register_device(&port, driver, 1, NULL)));
	CHECK(IS_ERR(tty_register_device(driver, 2, NULL)));
}

/* What an interrupt handler would do. */
static void input(const char *text, size_t bytes)
{
	tty_insert_flip_string(&port, text, bytes);
	tty_flip_buffer_push(&port);
	msleep(4);
}

/* --- checks ----------------------------------------------------------------- */

static int start(void *unused)
{
	CHECK(!dde_class_serial.init());
	return dde_class_serial.start();
}

/* The class waits for a driver that comes a little later, and no longer. */
static void driver_comes_late(void)
{
	struct task_struct *task = kthread_create(start, NULL, "start");
	unsigned long before = jiffies;

	get_task_struct(task); /* it ends by itself */
	wake_up_process(task);
	msleep(8);
	CHECK(!terminal);
	driver_make();
	while (!terminal && time_before(jiffies, before + HZ))
		msleep(1);
	CHECK(time_before(jiffies, before + HZ));
	CHECK(kthread_stop_put(task) == 0);
}

static void opening(void)
{
	const struct glue_serial_info *info = (const void *)fake_req_info;

	driver_comes_late();
	CHECK((tty_std_termios.c_cflag & CSIZE) == CS8);
	CHECK(tty_std_termios.c_ospeed == 38400);
	CHECK(terminal && !strcmp(tty_name(terminal), "ttyFAKE1"));
	CHECK(!strcmp(tty_driver_name(terminal), "ttyFAKE"));
	CHECK(fake_req_class == KIT_CLASS_SERIAL);
	CHECK(!strcmp(info->name, "ttyFAKE1"));
	CHECK(info->features & GLUE_SERIAL_F_LINE);
	CHECK(!tty_hung_up_p(NULL));
	CHECK(tty_ldisc_ref_wait(terminal) == terminal->ldisc);
}

/* Bytes go to the oldest read; an error's byte is none. */
static void reading(void)
{
	char data[2][8] = { "", "" };

	submit(1, GLUE_SERIAL_READ, data[0], 4);
	submit(2, GLUE_SERIAL_READ, data[1], 8);
	CHECK(fake_req_status[1] == FAKE_OPEN);
	tty_insert_flip_char(&port, 'x', TTY_PARITY);
	input("abcdef", 6);
	CHECK(!fake_req_status[1] && fake_req_value[1] == 4 &&
	      !memcmp(data[0], "abcd", 4));
	CHECK(!fake_req_status[2] && fake_req_value[2] == 2 &&
	      !memcmp(data[1], "ef", 2));
	submit(3, GLUE_SERIAL_READ, data[0], 4);
	fake_req_cancel(3);
	CHECK(fake_req_status[3] == KIT_ERR_GONE);
}

/* Errors of every kind among good bytes: only these are read and counted, and
 * the driver's own figures go out each under its name. */
static void errors(void)
{
	struct glue_serial_stats before, after;
	char data[8] = "";

	submit(1, GLUE_SERIAL_STATS, &before, sizeof(before));
	submit(2, GLUE_SERIAL_READ, data, sizeof(data));
	tty_insert_flip_char(&port, 'x', TTY_FRAME);
	tty_insert_flip_char(&port, 'a', TTY_NORMAL);
	tty_insert_flip_char(&port, 'y', TTY_PARITY);
	tty_insert_flip_char(&port, 0, TTY_OVERRUN);
	tty_insert_flip_char(&port, 0, TTY_BREAK);
	input("b", 1);
	CHECK(!fake_req_status[2] && fake_req_value[2] == 2 &&
	      !memcmp(data, "ab", 2));
	submit(1, GLUE_SERIAL_STATS, &after, sizeof(after));
	CHECK(after.received == before.received + 2);
	CHECK(after.overruns == 3 && after.frame_errors == 40);
	CHECK(after.parity_errors == 500 && after.breaks == 6000);
}

/* Without a reader the sender is held back, and nothing is lost. */
static void holding_back(void)
{
	static char text[6000], data[6000];
	unsigned int i, got = 0;

	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 251;
	for (i = 0; i < sizeof(text); i += 200)
		input(text + i, 200);
	CHECK(throttled);
	for (i = 0; got < sizeof(data) && i < 50; i++) {
		submit(4, GLUE_SERIAL_READ, data + got, 500);
		if (fake_req_status[4] == FAKE_OPEN)
			msleep(20);
		if (fake_req_status[4] == FAKE_OPEN)
			break;
		got += fake_req_value[4];
	}
	CHECK(got == sizeof(data) && !memcmp(data, text, sizeof(data)));
	CHECK(!throttled);
	if (fake_req_status[4] == FAKE_OPEN)
		fake_req_cancel(4);
}

/* A write that the driver takes in two parts, and one behind it. */
static void writing(void)
{
	out_bytes = 0;
	out_room = 3;
	on_wire = true;
	submit(5, GLUE_SERIAL_WRITE, "hello", 5);
	submit(6, GLUE_SERIAL_WRITE, " you", 4);
	CHECK(fake_req_status[5] == FAKE_OPEN &&
	      fake_req_status[6] == FAKE_OPEN);
	CHECK(fake_req_begun[5] == 3);
	out_room = 10;
	tty_wakeup(terminal);
	msleep(4);
	CHECK(!fake_req_status[5] && fake_req_value[5] == 5 &&
	      !fake_req_status[6]);
	CHECK(out_bytes == 9 && !memcmp(out, "hello you", 9));
	out_room = 0;
	submit(5, GLUE_SERIAL_WRITE, "gone", 4);
	fake_req_cancel(5);
	CHECK(fake_req_status[5] == KIT_ERR_GONE);
}

/* A long one goes piece by piece: none before the last has left the driver's
 * buffer, and each is said to have begun before the driver has it. */
static void writing_pieces(void)
{
	static char text[100];

	out_bytes = 0;
	out_room = sizeof(text);
	on_wire = false;
	submit(5, GLUE_SERIAL_WRITE, text, sizeof(text));
	CHECK(out_bytes == 16 && begun_at_write == 16);
	tty_wakeup(terminal);
	msleep(4);
	CHECK(out_bytes == 16 && fake_req_status[5] == FAKE_OPEN);
	on_wire = true;
	tty_wakeup(terminal);
	msleep(4);
	CHECK(out_bytes == 100 && begun_at_write == 100);
	CHECK(!fake_req_status[5] && fake_req_value[5] == 100);
}

/* DRAIN waits for the wire, and what is behind it waits for DRAIN. */
static void draining(void)
{
	out_bytes = out_room = 4;
	on_wire = false;
	submit(7, GLUE_SERIAL_DRAIN, NULL, 0);
	submit(8, GLUE_SERIAL_WRITE, "!", 1);
	msleep(8);
	CHECK(fake_req_status[7] == FAKE_OPEN &&
	      fake_req_status[8] == FAKE_OPEN);
	on_wire = true;
	tty_wakeup(terminal);
	msleep(4);
	CHECK(!fake_req_status[7] && !fake_req_status[8]);
	on_wire = false;
	submit(7, GLUE_SERIAL_DRAIN, NULL, 0);
	msleep(4);
	fake_req_cancel(7);
	msleep(4);
	CHECK(fake_req_status[7] == KIT_ERR_GONE);
}

static int line_set(unsigned int baud, unsigned int parity)
{
	struct glue_serial_line line = {
		.baud = baud, .bits = 7, .stops = 1, .parity = parity
	};

	*kit_keepsake() = 0;
	submit(9, GLUE_SERIAL_SET_LINE, &line, sizeof(line));
	msleep(4);
	CHECK(fake_req_status[9] ?
		      !*kit_keepsake() :
		      !memcmp(kit_keepsake(), &line, sizeof(line)));
	return fake_req_status[9];
}

/* What the driver could not do is refused, and the line is as before. */
static void settings(void)
{
	struct glue_serial_line line;

	CHECK(!line_set(115200, GLUE_SERIAL_NO_PARITY));
	CHECK(line_set(9600, GLUE_SERIAL_NO_PARITY) == KIT_ERR_UNSUPPORTED);
	CHECK(line_set(115200, GLUE_SERIAL_ODD) == KIT_ERR_UNSUPPORTED);
	CHECK(line_set(0, GLUE_SERIAL_NO_PARITY) == KIT_ERR_INVALID);
	submit(9, GLUE_SERIAL_GET_LINE, &line, sizeof(line));
	CHECK(line.baud == 115200 && line.bits == 7 && line.stops == 1);
	CHECK(!line.parity && !line.rts_cts);
	submit(9, GLUE_SERIAL_BREAK, NULL, 0);
	msleep(4);
	CHECK(fake_req_status[9] == KIT_ERR_INVALID);
}

/* Device files and consoles: drivers make them, nobody uses them. */
static void files(void)
{
	static const struct file_operations fops;
	struct cdev *cdev = cdev_alloc(), embedded;
	dev_t number;

	CHECK(cdev && !cdev_add(cdev, MKDEV(240, 0), 1));
	cdev_del(cdev);
	cdev_init(&embedded, &fops);
	CHECK(embedded.ops == &fops);
	cdev_del(&embedded);
	CHECK(!alloc_chrdev_region(&number, 3, 1, "check"));
	CHECK(MAJOR(number) && MINOR(number) == 3);
	unregister_chrdev_region(number, 1);
	CHECK(__register_chrdev(0, 0, 1, "check", &fops) > 0);
	CHECK(!__register_chrdev(7, 0, 1, "check", &fops));
	tty_ldisc_flush(terminal);
}

/* Another driver's line comes and goes; a line that hangs up ends all. */
static void going(void)
{
	struct tty_driver *other = tty_alloc_driver(1, TTY_DRIVER_DYNAMIC_DEV);
	struct tty_struct made = { .driver = driver };
	struct device *line;

	CHECK(!IS_ERR(other));
	other->name = "ttyGONE";
	other->major = 99;
	CHECK(!tty_register_driver(other));
	line = tty_register_device(other, 0, NULL);
	CHECK(!IS_ERR(line));
	get_device(line);
	tty_unregister_device(other, 0);
	CHECK(!device_is_registered(line));
	put_device(line);
	tty_unregister_driver(other);
	CHECK(list_empty(&other->tty_drivers));
	tty_driver_kref_get(other);
	tty_driver_kref_put(other);
	CHECK(kref_read(&other->kref) == 1);
	tty_driver_kref_put(other);
	tty_init_termios(&made);
	CHECK(made.termios.c_ospeed == 38400);
	CHECK((made.termios.c_cflag & CSIZE) == CS8);
	CHECK_ENDS(tty_hangup(terminal));
	CHECK_ENDS(tty_vhangup(terminal));
	CHECK(strstr(fake_log, "ttyFAKE1 was hung up"));
}

static void check_tty(void)
{
	opening();
	if (!terminal)
		return;
	reading();
	errors();
	holding_back();
	writing();
	writing_pieces();
	draining();
	settings();
	files();
	going();
}
CHECK_GROUP(tty);
