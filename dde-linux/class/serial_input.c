// SPDX-License-Identifier: GPL-2.0-only
/*
 * serial_input.c - bytes of a Linux terminal to the clients' reads.
 *
 * A driver's interrupt puts bytes into Linux's flip buffer, a work item brings
 * them here (dde_serial_receive). They wait in a queue of one page; the
 * oldest read of any client gets them. No byte is lost for want of a reader:
 * with the queue half full the sender is held back (below), and what still
 * comes stays in the flip buffer until there is room.
 *
 * How a sender is held back: by the line's own flow control if it is on, as in
 * Linux. If it is off and the driver can stop receiving, it does: the device's
 * FIFO fills, and a sender that can see this (an emulator's console, RTS by
 * hardware) waits; one that cannot makes an overrun, which the device counts.
 * Read next: serial.c
 */
#include <linux/kfifo.h>
#include <linux/serial_core.h>
#include <linux/tty.h>
#include <linux/tty_flip.h>
#include <linux/workqueue.h>
#include <dde.h>
#include "dde_serial.h"

/* Declared in Linux's private drivers/tty/tty.h. */
extern bool tty_buffer_restart_work(struct tty_port *port);

#define QUEUE_BYTES 4096
#define HOLD_ABOVE  (QUEUE_BYTES / 2)
#define GO_ON_BELOW (QUEUE_BYTES / 4)

/* Linux allows 640 KiB, more than such a process has. */
#define FLIP_BYTES 65536

/* There only if a UART's driver is: the modules of others do not need it. */
#pragma weak uart_register_driver

static DECLARE_KFIFO_PTR(queue, u8);
static LIST_HEAD(reads); /* oldest first */
static struct tty_struct *terminal;
static struct uart_port *uart; /* NULL: the terminal is none, or cannot stop */
static bool held;
static u64 received;
static struct work_struct go_on;

u64 dde_serial_received(void)
{
	return received;
}

static void reads_serve(void)
{
	while (!list_empty(&reads) && !kfifo_is_empty(&queue)) {
		struct serial_io *io = list_first_entry(&reads,
							struct serial_io, link);

		dde_serial_end(io, KIT_OK,
			       kfifo_out(&queue, io->data, io->bytes));
	}
}

/*
 * Is the terminal a UART whose driver can stop receiving on request? 8250's
 * throttle() calls on to a function that only some of its kinds have; its own
 * register functions tell that it is one of them.
 */
static struct uart_port *uart_of(struct tty_struct *tty)
{
	struct uart_driver *driver = tty->driver->driver_state;
	struct uart_state *state = tty->driver_data;
	struct uart_port *port;

	if (!uart_register_driver || !driver ||
	    driver->tty_driver != tty->driver)
		return NULL;
	port = state->uart_port;
	if (!port->ops->throttle || !port->ops->unthrottle)
		return NULL;
	return port->serial_in && !port->throttle ? NULL : port;
}

/* In a fiber. What Linux's tty layer does when its reader is behind. */
static void sender_hold(struct tty_struct *tty)
{
	held = true;
	set_bit(TTY_THROTTLED, &tty->flags);
	if (tty->ops->throttle)
		tty->ops->throttle(tty);
	if (uart)
		uart->ops->throttle(uart);
}

/* A work item: the terminal's locks may sleep. */
static void sender_go_on(struct work_struct *work)
{
	if (!held || kfifo_len(&queue) >= GO_ON_BELOW)
		return;
	held = false;
	tty_unthrottle(terminal);
	if (uart)
		uart->ops->unthrottle(uart);
	tty_buffer_restart_work(terminal->port);
}

/* A byte that came with an error is none; its driver has counted it. */
static size_t queue_put_flagged(const u8 *bytes, const u8 *flags, size_t count)
{
	size_t n;

	for (n = 0; n < count; n++) {
		if (flags[n] == TTY_NORMAL && !kfifo_put(&queue, bytes[n]))
			break;
	}
	return n;
}

/**
 * dde_serial_receive - what the driver has received.
 * @flags: TTY_NORMAL, TTY_BREAK ... a byte; NULL: all are normal
 *
 * Return: how many are done with; the rest is offered again after
 * tty_buffer_restart_work().
 */
size_t dde_serial_receive(struct tty_struct *tty, const u8 *bytes,
			  const u8 *flags, size_t count)
{
	unsigned int before = kfifo_len(&queue);
	size_t n = flags ? queue_put_flagged(bytes, flags, count) :
			   kfifo_in(&queue, bytes, count);

	received += kfifo_len(&queue) - before;
	reads_serve();
	if (!held && (n < count || kfifo_len(&queue) > HOLD_ABOVE))
		sender_hold(tty);
	return n;
}

void dde_serial_read(struct serial_io *io)
{
	list_add_tail(&io->link, &reads);
	reads_serve();
	if (held && kfifo_len(&queue) < GO_ON_BELOW)
		schedule_work(&go_on);
}

int dde_serial_init(void)
{
	INIT_WORK(&go_on, sender_go_on);
	return kfifo_alloc(&queue, QUEUE_BYTES, GFP_KERNEL);
}

void dde_serial_start(struct tty_struct *tty)
{
	terminal = tty;
	uart = uart_of(tty);
	tty_buffer_set_limit(tty->port, FLIP_BYTES);
}
