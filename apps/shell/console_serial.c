/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console_serial.c - the shell's console through a serial driver.
 *
 * Input: one READ is open whenever the ring has room for all of it; its answer
 * ends our sleep. Output: text gathers in a slot and leaves when the slot is
 * full, at the end of a line, or before we wait for input; writing waits only
 * if all slots are under way. A driver that has gone is looked for again once
 * a second; until then output goes to the kernel's debug console.
 * Read next: glue/serial.h, console.c
 */
#include <glue/broker_client.h>
#include <glue/print.h>
#include <glue/request_client.h>
#include <glue/rt.h>
#include <glue/serial.h>
#include <glue/string.h>

#include "console_way.h"

#define READ_BYTES 512u
#define SLOTS	   4u
#define SLOT_BYTES 512u
#define LEND_BYTES 4096u
_Static_assert(READ_BYTES + SLOTS * SLOT_BYTES <= LEND_BYTES, "lent region");

#define LOOK_AGAIN_NS 1000000000u
#define DRAIN_WAIT_NS 2000000000u

static struct {
	struct glue_req_port port;
	struct glue_req read;
	struct glue_req slot[SLOTS];
	uint32_t now;	 /* slot being filled */
	uint32_t filled; /* bytes in it */
	int unread;	 /* the READ has ended, its bytes wait */
	int stuck;	 /* the slot found no end in time: a dead line */
	int lost;	 /* the driver has gone, and that has been said */
} serial;

static char *read_data(void)
{
	return glue_req_data(&serial.port);
}

static char *slot_data(uint32_t slot)
{
	return read_data() + READ_BYTES + slot * SLOT_BYTES;
}

/* --- the service ---------------------------------------------------------- */

/* The machine's console if the broker knows it, else the first serial line. */
static int service_find(char name[16])
{
	struct glue_service_info info;
	unsigned int i;
	int found = 0;

	for (i = 0; !glue_broker_service(i, &info); i++) {
		if (info.class_id != GLUE_CLASS_SERIAL ||
		    (found && !info.console))
			continue;
		memcpy(name, info.name, sizeof(info.name));
		found = 1;
		if (info.console)
			break;
	}
	return found;
}

static int port_open(void)
{
	char name[16];
	enum k_err err;

	if (!service_find(name))
		return 0;
	err = glue_req_open(&serial.port, name, GLUE_CLASS_SERIAL, LEND_BYTES);
	if (err && !serial.lost)
		glue_printf("shell: %.16s cannot be opened as the console: "
			    "%s\n",
			    name, k_err_text(err));
	if (err)
		return 0;
	serial.now = serial.filled = 0;
	serial.unread = serial.stuck = 0;
	return 1;
}

static int serial_open(const struct glue_env *env)
{
	(void)env;
	return port_open();
}

/* --- input ---------------------------------------------------------------- */

/* Take what a READ has brought, and ask for more. */
static void read_handle(void)
{
	if (serial.read.in_flight)
		return;
	if (serial.unread && !serial.read.status &&
	    serial.read.value <= READ_BYTES)
		console_input(read_data(), (uint32_t)serial.read.value);
	serial.unread = 0;
	if (console_room() < READ_BYTES)
		return;
	serial.read = (struct glue_req){
		.op = GLUE_SERIAL_READ,
		.bytes = READ_BYTES,
		.data = read_data(),
	};
	serial.unread = !glue_req_submit(&serial.port, &serial.read);
	glue_req_kick(&serial.port);
}

/* --- output --------------------------------------------------------------- */

/* The next slot must be free; a dead line is waited for once. */
static void slot_next(void)
{
	struct glue_req *next;

	serial.now = (serial.now + 1) % SLOTS;
	serial.filled = 0;
	next = &serial.slot[serial.now];
	if (next->in_flight && !serial.stuck)
		serial.stuck = glue_req_wait(&serial.port, next,
					     glue_deadline_ns(
						     CONSOLE_OUTPUT_WAIT_NS)) !=
			       K_OK;
}

static void slot_send(void)
{
	struct glue_req *slot = &serial.slot[serial.now];

	if (!serial.filled || slot->in_flight)
		return;
	*slot = (struct glue_req){
		.op = GLUE_SERIAL_WRITE,
		.bytes = serial.filled,
		.data = slot_data(serial.now),
	};
	if (!glue_req_submit(&serial.port, slot))
		glue_req_kick(&serial.port);
	slot_next();
}

/* Without a driver: whole lines through the broker, as any process prints. */
static void text_log(const char *text, size_t bytes)
{
	while (bytes--) {
		if (*text != '\r')
			glue_printf("%c", *text);
		text++;
	}
}

static void serial_write(const char *text, size_t bytes)
{
	int line_end = bytes && text[bytes - 1] == '\n';

	if (!glue_req_is_open(&serial.port)) {
		text_log(text, bytes);
		return;
	}
	glue_req_poll(&serial.port);
	for (; bytes; bytes--) {
		if (serial.slot[serial.now].in_flight)
			return; /* dropped: the line is dead */
		serial.stuck = 0;
		slot_data(serial.now)[serial.filled++] = *text++;
		if (serial.filled == SLOT_BYTES)
			slot_send();
	}
	if (line_end)
		slot_send();
}

static void serial_collect(void)
{
	if (!glue_req_is_open(&serial.port))
		return;
	slot_send();
	glue_req_poll(&serial.port);
	read_handle();
}

/* The driver has gone: say so once, and see whether there is one again. */
static void port_look(void)
{
	glue_req_close(&serial.port);
	if (!serial.lost)
		glue_printf("\nshell: the console's serial driver has gone: "
			    "nothing typed arrives until there is one; the "
			    "rest of the system goes on\n");
	glue_print_flush();
	serial.lost = !port_open();
	if (serial.lost)
		glue_wait_for(GLUE_EVENT_CONTROL,
			      glue_deadline_ns(LOOK_AGAIN_NS));
}

/* Of all events only our own end this sleep: others keep theirs. */
static void serial_wait(void)
{
	if (!glue_req_is_open(&serial.port)) {
		port_look();
		return;
	}
	slot_send();
	read_handle();
	glue_req_wait(&serial.port, &serial.read, GLUE_FOREVER);
	read_handle();
}

static void serial_drain(void)
{
	if (!glue_req_is_open(&serial.port)) {
		glue_print_flush();
		return;
	}
	slot_send();
	glue_req_call(&serial.port, GLUE_SERIAL_DRAIN, 0, 0, NULL, 0, NULL,
		      glue_deadline_ns(DRAIN_WAIT_NS));
}

const struct console_way console_serial = {
	.open = serial_open,
	.collect = serial_collect,
	.wait = serial_wait,
	.write = serial_write,
	.drain = serial_drain,
};
