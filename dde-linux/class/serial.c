// SPDX-License-Identifier: GPL-2.0-only
/*
 * serial.c - a Linux terminal behind the serial class protocol.
 *
 * Any tty driver is served: UARTs through Linux's serial core, consoles of
 * hypervisors through hvc_console. The glue is the terminal's line discipline
 * (drivers/tty/dde_tty.h): raw bytes both ways, no echo, no editing.
 *
 * What goes out keeps its order: writes, and whatever changes or waits for the
 * line (DRAIN, SET_LINE, BREAK), stand in one list. Its first request is worked
 * on: a write at once in the loop, or in the work item `output` when the driver
 * has room again; the others, which may sleep, always in the work item.
 * The way in: serial_input.c. Read next: emul/drivers/tty/tty_io.c
 */
#include <linux/property.h>
#include <linux/serial.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tty.h>
#include <linux/tty_driver.h>
#include <linux/workqueue.h>
#include <glue/serial.h>
#include <dde.h>
#include <drivers/tty/dde_tty.h>
#include "dde_serial.h"

/* Consoles' usual speed, for a device whose tree names none. */
#define SPEED_DEFAULT 115200

/* A line that is held back for longer than this is not waited for. */
#define DRAIN_WAIT (10 * HZ)

/* What a driver is given at a time: its device's FIFO; if it names none, what its
 * buffer holds (hvc's is a page, and goes out in one piece); at least this. */
#define PIECE 16u

static struct {
	struct tty_struct *tty;
	struct list_head out; /* what goes out, oldest first */
	struct work_struct output;
	bool blocked; /* the first write waits for the driver's wake-up */
	unsigned int piece;
	u64 sent;
	struct serial_io *io; /* KIT_REQ_TOKENS of them */
} serial;

void dde_serial_end(struct serial_io *io, enum kit_err err, unsigned long value)
{
	list_del_init(&io->link);
	kit_req_complete(io - serial.io, err, value);
}

/* --- the way out ---------------------------------------------------------- */

static struct serial_io *out_first(void)
{
	return list_first_entry_or_null(&serial.out, struct serial_io, link);
}

/* What is begun our next life does not send again. */
static void write_begun(const struct serial_io *io, unsigned int more)
{
	kit_req_begun(io - serial.io, io->done + more);
}

/*
 * The next piece goes to the driver when nothing waits in its buffer: so when
 * we die there, no more than a piece is lost beside what the device holds.
 */
static ssize_t write_piece(const struct serial_io *io)
{
	unsigned int piece = min(serial.piece, io->bytes - io->done);
	ssize_t n;

	if (tty_chars_in_buffer(serial.tty))
		return 0;
	write_begun(io, piece);
	n = serial.tty->ops->write(serial.tty, io->data + io->done, piece);
	if (n < piece)
		write_begun(io, max_t(ssize_t, n, 0));
	return n;
}

/*
 * Give the driver what it takes. Its write() never sleeps; when it takes
 * nothing, it has promised to call write_wakeup.
 *
 * Return: true if the request has ended.
 */
static bool write_some(struct serial_io *io)
{
	ssize_t n;

	serial.blocked = false;
	while (io->done < io->bytes) {
		n = write_piece(io);
		if (n < 0) {
			dde_serial_end(io, dde_err_from_errno(n), io->done);
			return true;
		}
		if (!n) {
			serial.blocked = true;
			return false;
		}
		io->done += n;
		serial.sent += n;
	}
	dde_serial_end(io, KIT_OK, io->bytes);
	return true;
}

/*
 * Sleeps until @condition, the end of @jiffies or a cancel; all wake @tty. The
 * tty layer wakes interruptible sleepers only; nobody sends signals here.
 */
#define line_wait(io, condition, jiffies)                                      \
	wait_event_interruptible_timeout(serial.tty->write_wait,               \
					 (condition) || (io)->cancelled,       \
					 jiffies)

/* First the driver's buffer, then what the device itself still holds. */
static enum kit_err line_drain(struct serial_io *io)
{
	struct tty_struct *tty = serial.tty;
	long left;

	left = line_wait(io, !tty_chars_in_buffer(tty), DRAIN_WAIT);
	if (left <= 0)
		return KIT_ERR_TIMEOUT;
	if (!io->cancelled && tty->ops->wait_until_sent)
		tty->ops->wait_until_sent(tty, left);
	return KIT_OK;
}

static enum kit_err line_break(struct serial_io *io)
{
	struct tty_struct *tty = serial.tty;
	int err;

	if (!tty->ops->break_ctl || !io->arg)
		return io->arg ? KIT_ERR_UNSUPPORTED : KIT_ERR_INVALID;
	if (tty->driver->flags & TTY_DRIVER_HARDWARE_BREAK)
		return dde_err_from_errno(tty->ops->break_ctl(tty, io->arg));
	err = tty->ops->break_ctl(tty, -1);
	if (err)
		return dde_err_from_errno(err);
	line_wait(io, false, msecs_to_jiffies(io->arg));
	return dde_err_from_errno(tty->ops->break_ctl(tty, 0));
}

/* --- settings of the line ------------------------------------------------- */

static const tcflag_t bits_flag[] = { CS5, CS6, CS7, CS8 };

static bool line_valid(const struct glue_serial_line *line)
{
	return line->baud && line->bits >= 5 && line->bits <= 8 &&
	       line->parity <= GLUE_SERIAL_EVEN && line->stops >= 1 &&
	       line->stops <= 2 && line->rts_cts <= 1;
}

#define LINE_FLAGS (CSIZE | CSTOPB | PARENB | PARODD | CRTSCTS)

static tcflag_t line_flags(const struct glue_serial_line *line)
{
	tcflag_t flags = bits_flag[line->bits - 5];

	if (line->stops == 2)
		flags |= CSTOPB;
	if (line->parity != GLUE_SERIAL_NO_PARITY)
		flags |= PARENB;
	if (line->parity == GLUE_SERIAL_ODD)
		flags |= PARODD;
	if (line->rts_cts)
		flags |= CRTSCTS;
	return flags;
}

/*
 * Raw bytes, whatever the driver's own preference. A byte with an error is to
 * be marked as such (INPCK), and the modem's wires do not matter (CLOCAL).
 */
static int line_apply(const struct glue_serial_line *line)
{
	struct ktermios termios = serial.tty->termios;

	termios.c_iflag = INPCK;
	termios.c_oflag = 0;
	termios.c_lflag = 0;
	termios.c_cflag &= ~LINE_FLAGS;
	termios.c_cflag |= CREAD | CLOCAL | line_flags(line);
	tty_termios_encode_baud_rate(&termios, line->baud, line->baud);
	return tty_set_termios(serial.tty, &termios);
}

/* A driver writes into the terminal's settings what it could really do. */
static bool line_is(const struct glue_serial_line *line)
{
	const struct ktermios *termios = &serial.tty->termios;

	return tty_get_baud_rate(serial.tty) == line->baud &&
	       (termios->c_cflag & LINE_FLAGS) == line_flags(line);
}

/* It is kept for our next life. */
static enum kit_err line_set(const void *data)
{
	struct ktermios before = serial.tty->termios;
	struct glue_serial_line line;

	if (!serial.tty->ops->set_termios)
		return KIT_ERR_UNSUPPORTED;
	memcpy(&line, data, sizeof(line));
	if (!line_valid(&line))
		return KIT_ERR_INVALID;
	if (!line_apply(&line) && line_is(&line)) {
		memcpy(kit_keepsake(), &line, sizeof(line));
		return KIT_OK;
	}
	tty_set_termios(serial.tty, &before);
	return KIT_ERR_UNSUPPORTED;
}

static void line_get(struct glue_serial_line *line)
{
	tcflag_t flags = serial.tty->termios.c_cflag;

	memset(line, 0, sizeof(*line));
	if (serial.tty->ops->set_termios)
		line->baud = tty_get_baud_rate(serial.tty);
	line->bits = tty_get_char_size(flags);
	line->stops = flags & CSTOPB ? 2 : 1;
	if (flags & PARENB)
		line->parity = flags & PARODD ? GLUE_SERIAL_ODD :
						GLUE_SERIAL_EVEN;
	line->rts_cts = !!(flags & CRTSCTS);
}

/* --- requests ------------------------------------------------------------- */

/* In the work item. Return: whether the request has ended. */
static bool out_step(struct serial_io *io)
{
	enum kit_err err;

	switch (io->op) {
	case GLUE_SERIAL_WRITE:
		return write_some(io);
	case GLUE_SERIAL_DRAIN:
		err = line_drain(io);
		break;
	case GLUE_SERIAL_SET_LINE:
		err = line_set(io->data);
		break;
	default:
		err = line_break(io);
		break;
	}
	dde_serial_end(io, io->cancelled ? KIT_ERR_GONE : err, 0);
	return true;
}

static void out_work(struct work_struct *work)
{
	struct serial_io *io;

	while ((io = out_first()) && out_step(io))
		;
}

static void out_add(struct serial_io *io)
{
	bool first = list_empty(&serial.out);

	list_add_tail(&io->link, &serial.out);
	if (!first)
		return;
	if (io->op == GLUE_SERIAL_WRITE)
		write_some(io);
	else
		schedule_work(&serial.output);
}

/* Errors that only a UART can have; hvc lines count none. */
static void stats_fill(struct glue_serial_stats *stats)
{
	struct serial_icounter_struct count = { 0 };

	if (serial.tty->ops->get_icount)
		serial.tty->ops->get_icount(serial.tty, &count);
	*stats = (struct glue_serial_stats){
		.received = dde_serial_received(),
		.sent = serial.sent,
		.overruns = count.overrun + count.buf_overrun,
		.frame_errors = count.frame,
		.parity_errors = count.parity,
		.breaks = count.brk,
	};
}

/* Runs in the loop. The service has checked operation, bytes and arg. */
static enum kit_err serial_submit(void *drv, const struct kit_req *req)
{
	struct serial_io *io = &serial.io[req->token];

	*io = (struct serial_io){
		.op = req->op,
		.data = req->data,
		.bytes = req->bytes,
		.arg = req->arg,
	};
	INIT_LIST_HEAD(&io->link);
	switch (req->op) {
	case GLUE_SERIAL_READ:
		dde_serial_read(io);
		break;
	case GLUE_SERIAL_GET_LINE:
		line_get(req->data);
		dde_serial_end(io, KIT_OK, 0);
		break;
	case GLUE_SERIAL_STATS:
		stats_fill(req->data);
		dde_serial_end(io, KIT_OK, 0);
		break;
	default:
		out_add(io);
		break;
	}
	return KIT_OK;
}

/* The work item sleeps in the first of the list if that is no write. */
static bool in_work(const struct serial_io *io)
{
	return io == out_first() && io->op != GLUE_SERIAL_WRITE;
}

static void serial_cancel(void *drv, unsigned int token)
{
	struct serial_io *io = &serial.io[token];

	if (in_work(io)) {
		io->cancelled = true;
		wake_up_all(&serial.tty->write_wait);
		return;
	}
	dde_serial_end(io, KIT_ERR_GONE, io->done);
	if (!list_empty(&serial.out))
		schedule_work(&serial.output);
}

static const struct kit_req_ops serial_ops = {
	.submit = serial_submit,
	.cancel = serial_cancel,
};

/* The driver has room again. Often called from inside its write(). */
static void write_wakeup(struct tty_struct *tty)
{
	if (serial.blocked)
		schedule_work(&serial.output);
}

/* --- start ---------------------------------------------------------------- */

static const struct tty_ldisc_ops serial_ldisc = {
	.name = "serial class",
	.num = N_NULL,
	.receive_buf2 = dde_serial_receive,
	.write_wakeup = write_wakeup,
};

static int serial_init(void)
{
	serial.io = kcalloc(KIT_REQ_TOKENS, sizeof(*serial.io), GFP_KERNEL);
	if (!serial.io)
		return -ENOMEM;
	INIT_LIST_HEAD(&serial.out);
	INIT_WORK(&serial.output, out_work);
	return dde_serial_init();
}

/*
 * The tree's node may be several parents up: port, controller, bus device.
 * Return: 0 if it names no speed. What the firmware has set is not asked.
 */
static unsigned int speed_of_tree(struct device *dev)
{
	unsigned int speed = 0;

	while (dev && device_property_read_u32(dev, "current-speed", &speed))
		dev = dev->parent;
	return speed;
}

static void line_start(struct tty_struct *tty)
{
	struct glue_serial_line line = {
		.baud = speed_of_tree(tty->dev) ?: SPEED_DEFAULT,
		.bits = 8,
		.stops = 1,
	};

	if (!line_set(kit_keepsake()))
		return; /* as our last life left it */
	if (line_apply(&line))
		pr_warn("%s: its settings could not be changed\n", tty->name);
}

static void info_fill(struct glue_serial_info *info)
{
	struct tty_struct *tty = serial.tty;
	struct serial_struct port = { 0 };

	memset(info, 0, sizeof(*info));
	if (tty->ops->set_termios)
		info->features |= GLUE_SERIAL_F_LINE;
	if (tty->ops->get_serial && !tty->ops->get_serial(tty, &port))
		info->fifo_bytes = port.xmit_fifo_size;
	strscpy(info->name, tty->name, sizeof(info->name));
	dde_driver_text(info->driver, sizeof(info->driver));
}

static int serial_start(void)
{
	struct glue_serial_info info;
	struct tty_struct *tty = dde_tty_open(&serial_ldisc);

	if (IS_ERR(tty)) {
		pr_err("serial: the device offers no console: lines that are "
		       "device files only (QEMU's virtserialport) are not "
		       "served; give it a virtconsole\n");
		return PTR_ERR(tty);
	}
	serial.tty = tty;
	set_bit(TTY_DO_WRITE_WAKEUP, &tty->flags);
	dde_serial_start(tty);
	line_start(tty);
	info_fill(&info);
	serial.piece = info.fifo_bytes ?: max(tty_write_room(tty), PIECE);
	kit_req_start(KIT_CLASS_SERIAL, &serial_ops, NULL, &info);
	return 0;
}

const struct dde_class dde_class_serial = {
	.name = "serial",
	.init = serial_init,
	.start = serial_start,
	.poll = kit_req_poll,
};
