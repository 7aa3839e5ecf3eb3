/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - virtio-console, native: consoles of virtual machines (VIRTIO 1.2,
 * 5.3).
 *
 * A port is a stream each way. Input stays in its buffer until there is room
 * for it, and the host cannot fill a buffer that it does not have: so the
 * sender is held back.
 *
 * A device with several ports says on two more queues which of them is a
 * console, when it is asked; only then the port's own queues are known, and
 * queues cannot come after the start. So the first look is with port 0's, which
 * is right nearly always, and a second one with those of the port that it was.
 */
#include <dddk/driver.h>
#include <dddk/serial_service.h>
#include <dddk/stream.h>
#include <dddk/virtqueue_wait.h>
#include <glue/rt.h>
#include <glue/string.h>

#define VIRTIO_ID_CONSOLE 3u
#define F_MULTIPORT	  (1ull << 1)

#define CONFIG_PORTS 4u /* offset of how many there may be (5.3.4) */

struct control { /* 5.3.6.2; a name may follow */
	uint32_t port;
	uint16_t event;
	uint16_t value;
};
enum { DEVICE_READY, PORT_ADD, PORT_REMOVE, PORT_READY, CONSOLE_PORT };
enum { PORT_OPEN = 6 };

enum { CONTROL_RX = 2, CONTROL_TX }; /* numbers of queues (5.3.2) */

#define BUFFERS	      4u
#define BUFFER_BYTES  4096u
#define ASKED	      32u  /* messages that may come at once */
#define CONTROL_BYTES 256u /* of one, with the longest name */
#define CONTROL_MOST  1000u
#define NO_PORT	      (~0u)

static struct {
	struct dddk_virtio dev;
	struct dddk_stream in, out, ask, answer;
	uint32_t ports; /* 0: there is but one, and nothing to ask */
	uint32_t port;	/* whose queues these are */
	uint32_t found; /* the first that is a console */
} console;

/* --- which port ----------------------------------------------------------- */

static void answer(uint32_t port, uint16_t event)
{
	dddk_stream_write(&console.answer, &(struct control){ port, event, 1 },
			  sizeof(struct control));
}

static void judge(const struct control *msg)
{
	int ours = msg->port == console.port;

	if (msg->port >= console.ports || (ours && msg->event == PORT_REMOVE))
		dddk_driver_broken("control port", msg->port,
				   "there is no such port, or no longer");
	else if (msg->event == PORT_ADD)
		answer(msg->port, PORT_READY);
	else if (msg->event == CONSOLE_PORT && console.found == NO_PORT)
		console.found = msg->port;
	if (msg->event == CONSOLE_PORT && ours)
		answer(msg->port, PORT_OPEN);
}

/* Where the device has to do something next: one answer at a time. */
static struct dddk_virtqueue *control_queue(void)
{
	return dddk_stream_is_sent(&console.answer) ? &console.ask.queue :
						      &console.answer.queue;
}

/* The next message. Its buffer goes back before the answer: what the host says
 * to that is lost if it finds none. */
static int control_step(void)
{
	struct control msg = { NO_PORT, 0, 0 };
	const uint8_t *data;
	uint32_t bytes = CONTROL_BYTES;

	if (control_queue() != &console.ask.queue)
		return dddk_vq_arm(&console.answer.queue);
	data = dddk_stream_peek(&console.ask, &bytes);
	if (!data)
		return 0;
	if (bytes >= sizeof(msg))
		memcpy(&msg, data, sizeof(msg));
	dddk_stream_take(&console.ask, bytes);
	dddk_stream_fill(&console.ask);
	judge(&msg);
	return !dddk_driver_is_broken();
}

static void control(void)
{
	uint32_t n = 0;

	while (n < CONTROL_MOST && control_step())
		n++;
	if (n == CONTROL_MOST)
		dddk_driver_broken("control queue", n, "it never rests");
}

/* --- bytes ---------------------------------------------------------------- */

static void console_receive(void)
{
	const uint8_t *data;
	uint32_t bytes;

	while ((bytes = dddk_serial_room()) &&
	       (data = dddk_stream_peek(&console.in, &bytes))) {
		dddk_serial_input(data, bytes);
		dddk_stream_take(&console.in, bytes);
	}
	dddk_stream_fill(&console.in);
}

static uint32_t console_room(void)
{
	return dddk_stream_room(&console.out);
}

static void console_write(const uint8_t *data, uint32_t bytes)
{
	dddk_stream_write(&console.out, data, bytes);
}

static int console_is_sent(void)
{
	return dddk_stream_is_sent(&console.out);
}

static const struct dddk_serial_ops ops = {
	.room = console_room,
	.write = console_write,
	.is_sent = console_is_sent,
	.receive = console_receive,
};

static void console_irq(void)
{
	dddk_virtio_interrupts(&console.dev);
	if (console.ports)
		control();
	console_receive();
	dddk_serial_more();
}

/* --- start ---------------------------------------------------------------- */

/* Ask for the first port that is a console. */
static enum k_err port_find(struct dddk_virtio *dev)
{
	uint64_t deadline = glue_deadline_ns(dddk_vq_stall_ns());
	enum k_err err = K_OK;

	dddk_stream_fill(&console.ask);
	answer(0, DEVICE_READY);
	while (console.found == NO_PORT && !err && !dddk_driver_is_broken()) {
		err = dddk_vq_await(dev, control_queue(), deadline);
		control();
		if (glue_time_ticks() > deadline)
			err = K_ERR_TIMEOUT;
	}
	if (err)
		dddk_log("the device offers no console: lines that are device "
			 "files only (QEMU's virtserialport) are not served; "
			 "give it a virtconsole");
	return console.found == NO_PORT ? K_ERR_NOTFOUND : K_OK;
}

static enum k_err control_start(struct dddk_virtio *dev)
{
	enum k_err err = dddk_virtio_config(dev, CONFIG_PORTS, &console.ports,
					    sizeof(console.ports));

	if (!err)
		err = dddk_stream_start(dev, &console.ask, CONTROL_RX, ASKED,
					CONTROL_BYTES, DDDK_VQ_WRITE);
	if (!err)
		err = dddk_stream_start(dev, &console.answer, CONTROL_TX, 1,
					CONTROL_BYTES, 0);
	if (!err)
		dddk_vq_watch(&console.answer.queue, 0);
	return err;
}

/* Start with the queues of console.port. */
static enum k_err port_start(struct dddk_virtio *dev, void *regs)
{
	enum k_err err = dddk_virtio_begin(dev, regs, VIRTIO_ID_CONSOLE,
					   F_MULTIPORT | DDDK_VIRTIO_F_EVENT,
					   0);
	int several = dddk_virtio_has(dev, F_MULTIPORT);
	uint32_t first = console.port ? 2 * console.port + 2 : 0;

	console.ports = 0;
	console.found = several ? NO_PORT : 0;
	if (!err)
		err = dddk_stream_start(dev, &console.in, first, BUFFERS,
					BUFFER_BYTES, DDDK_VQ_WRITE);
	if (!err)
		err = dddk_stream_start(dev, &console.out, first + 1, BUFFERS,
					BUFFER_BYTES, 0);
	if (!err && several)
		err = control_start(dev);
	if (err)
		return err;
	dddk_virtio_go(dev);
	return several ? port_find(dev) : K_OK;
}

static __attribute__((cold)) enum k_err console_probe(void *regs)
{
	struct glue_serial_info info = { .driver = "native virtio_console" };
	enum k_err err = port_start(&console.dev, regs);

	if (!err && console.found != console.port) {
		console.port = console.found;
		dddk_virtio_stop(&console.dev);
		dddk_dma_reset();
		err = port_start(&console.dev, regs);
	}
	if (err || console.found != console.port)
		return err ? err : K_ERR_IO;
	console_receive();
	return dddk_serial_serve(&ops, &info);
}

static void console_quiesce(void)
{
	dddk_virtio_stop(&console.dev);
}

DDDK_DRIVER("class=serial match=virtio:d00000003v* dma_kib=64") = {
	.regs_bytes = DDDK_VIRTIO_REGS_BYTES,
	.probe = console_probe,
	.irq = console_irq,
	.timer = dddk_serial_more,
	.quiesce = console_quiesce,
};
