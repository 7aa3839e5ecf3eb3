/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip_fake_net.c - frames through a socket, with the net client's interface.
 *
 * Sent frames end in the next poll, received ones fill the oldest buffers.
 * A frame that finds no buffer is dropped and counted, as the class demands.
 */
#include "ip_fake_net.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <glue/broker_client.h>
#include <glue/find.h>

#define QUEUE_MAX   GLUE_NET_DEPTH
#define FRAME_BYTES 65536

struct fake_net fake_net;

struct queue {
	struct glue_net_frame *frame[QUEUE_MAX];
	unsigned int first, used;
};
static struct queue filled, sent;

static void queue_put(struct queue *q, struct glue_net_frame *frame)
{
	assert(q->used < QUEUE_MAX && !frame->in_flight);
	frame->in_flight = 1;
	q->frame[(q->first + q->used++) % QUEUE_MAX] = frame;
}

static struct glue_net_frame *queue_take(struct queue *q)
{
	struct glue_net_frame *frame = q->frame[q->first % QUEUE_MAX];

	if (q->used == 0)
		return NULL;
	q->first++;
	q->used--;
	frame->in_flight = 0;
	return frame;
}

enum k_err glue_net_open(struct glue_net *net, const char *service,
			 uint64_t data_bytes, uint64_t deadline_ticks)
{
	(void)deadline_ticks;
	memset(net, 0, sizeof(*net));
	memset(&filled, 0, sizeof(filled));
	memset(&sent, 0, sizeof(sent));
	if (strcmp(service, "net0") != 0)
		return K_ERR_NOTFOUND;
	net->port.state = GLUE_PORT_OPEN;
	net->port.data = calloc(1, data_bytes);
	net->port.data_bytes = data_bytes;
	net->info.mtu = 1500;
	net->info.link = 1;
	net->info.features = fake_net.features;
	net->info.fill_bytes = GLUE_NET_FRAME_MAX;
	memcpy(net->info.mac, fake_net.mac, 6);
	strcpy(net->info.driver, "a socket");
	return K_OK;
}

void glue_net_close(struct glue_net *net)
{
	free(net->port.data);
	net->port.data = NULL;
	net->port.state = GLUE_PORT_CLOSED;
}

void *glue_net_alloc(struct glue_net *net, uint64_t bytes)
{
	void *data = net->port.data + net->data_used;

	if (bytes > net->port.data_bytes - net->data_used)
		return NULL;
	net->data_used += bytes;
	return data;
}

/* What the card does for GLUE_NET_CSUM: VIRTIO 1.2, 5.1.6.2. */
static void checksum_make(const struct glue_net_frame *frame, uint8_t *data)
{
	uint32_t sum = 0;
	uint32_t at;

	assert(fake_net.features & GLUE_NET_F_CSUM);
	for (at = frame->csum_start; at < frame->bytes; at += 2)
		sum += data[at] << 8 |
		       (at + 1 < frame->bytes ? data[at + 1] : 0);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum & 0xffff;
	at = frame->csum_start + frame->csum_offset;
	data[at] = (uint8_t)(sum >> 8);
	data[at + 1] = (uint8_t)sum;
}

/* --- time and the wire ------------------------------------------------------ */

#define STEP	 (20000000ul / 16) /* 20 ms: 20 times as fast as the host's */
#define VAIN_MAX 20u /* sleeps: what is on the wire is for nobody */
#define FOR_GOOD 2

static struct {
	uint64_t ticks;
	int32_t frames;	   /* on the wire */
	int32_t asleep[2]; /* 0, 1, FOR_GOOD */
} * wire;
static unsigned int me, vain;

void fake_net_time_start(void)
{
	wire = mmap(NULL, sizeof(*wire), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert(wire != MAP_FAILED);
	wire->ticks = 1000 * STEP;
}

uint64_t fake_net_time(void)
{
	return __atomic_load_n(&wire->ticks, __ATOMIC_SEQ_CST);
}

void fake_net_side(unsigned int side)
{
	me = side;
}

/* Has that many bytes gone well? Then there is a frame more on the wire, which takes
 * a tick, or less. */
static int on_wire(ssize_t bytes, int more)
{
	if (bytes <= 0)
		return 0;
	__atomic_add_fetch(&wire->frames, more, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&wire->ticks, more > 0, __ATOMIC_SEQ_CST);
	vain = 0;
	return 1;
}

static void sleep_set(unsigned int side, int32_t how)
{
	int32_t was = how == FOR_GOOD ? wire->asleep[side] : !how;

	__atomic_compare_exchange_n(&wire->asleep[side], &was, how, 0,
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* The other one, whose turn is now, must have slept before we step again. */
static int time_steps(void)
{
	if (!__atomic_load_n(&wire->asleep[!me], __ATOMIC_SEQ_CST) ||
	    (__atomic_load_n(&wire->frames, __ATOMIC_SEQ_CST) &&
	     ++vain < VAIN_MAX))
		return 0;
	vain = 0;
	sleep_set(!me, 0);
	__atomic_add_fetch(&wire->ticks, STEP, __ATOMIC_SEQ_CST);
	return 1;
}

void fake_net_sleep(void)
{
	struct pollfd on = { .fd = fake_net.socket, .events = POLLIN };

	sleep_set(me, 1);
	if (!time_steps()) {
		poll(&on, 1, 1);
		if (on.revents & POLLHUP)
			sleep_set(!me, FOR_GOOD);
	}
	sleep_set(me, 0);
}

void fake_net_leave(void)
{
	sleep_set(me, FOR_GOOD);
}

/* --- frames ---------------------------------------------------------------- */

static int lose(void)
{
	if (fake_net.lose_one_in == 0 ||
	    (unsigned int)rand() % fake_net.lose_one_in != 0)
		return 0;
	fake_net.lost++;
	return 1;
}

enum k_err glue_net_send(struct glue_net *net, struct glue_net_frame *frame)
{
	static uint8_t data[FRAME_BYTES];

	if (frame->bytes < GLUE_NET_MIN_BYTES ||
	    frame->bytes > GLUE_NET_FRAME_MAX)
		return K_ERR_RANGE;
	if (filled.used + sent.used >= GLUE_NET_FRAMES_MAX)
		return K_ERR_BUSY;
	assert((uint8_t *)frame->data >= net->port.data &&
	       (uint8_t *)frame->data + frame->bytes <=
		       net->port.data + net->port.data_bytes);
	memcpy(data, frame->data, frame->bytes);
	if (frame->flags & GLUE_NET_CSUM)
		checksum_make(frame, data);
	frame->status = K_OK;
	if (!lose() &&
	    !on_wire(send(fake_net.socket, data, frame->bytes, MSG_DONTWAIT),
		     1))
		frame->status = K_ERR_IO;
	fake_net.sent++;
	queue_put(&sent, frame);
	return K_OK;
}

enum k_err glue_net_fill(struct glue_net *net, struct glue_net_frame *frame)
{
	assert(frame->room >= net->info.fill_bytes);
	if (filled.used + sent.used >= GLUE_NET_FRAMES_MAX)
		return K_ERR_BUSY;
	queue_put(&filled, frame);
	return K_OK;
}

void glue_port_kick(struct glue_port *port)
{
	(void)port;
}

void fake_net_receive(const void *data, size_t bytes, uint8_t flags)
{
	struct glue_net_frame *frame = queue_take(&filled);

	fake_net.received++;
	if (!frame) {
		fake_net.no_buffer++;
		return;
	}
	assert(bytes <= frame->room);
	memcpy(frame->data, data, bytes);
	frame->bytes = (uint32_t)bytes;
	frame->flags = flags;
	frame->status = K_OK;
	frame->done(frame);
}

/* One frame out of the socket, into the oldest buffer. */
static int receive_one(void)
{
	static uint8_t data[FRAME_BYTES];
	ssize_t bytes = recv(fake_net.socket, data, sizeof(data), MSG_DONTWAIT);

	if (!on_wire(bytes, -1))
		return 0;
	if (!lose())
		fake_net_receive(data, (size_t)bytes, 0);
	return 1;
}

unsigned int glue_net_poll(struct glue_net *net)
{
	struct glue_net_frame *frame;
	unsigned int ended = 0;

	if (net->port.state != GLUE_PORT_OPEN)
		return 0;
	while ((frame = queue_take(&sent)) != NULL) {
		frame->done(frame);
		ended++;
	}
	for (unsigned int i = 0; i < GLUE_NET_DEPTH && receive_one(); i++)
		ended++;
	return ended;
}

enum k_err glue_net_refresh(struct glue_net *net, uint64_t deadline_ticks)
{
	(void)net;
	(void)deadline_ticks;
	return K_OK;
}

enum k_err glue_net_stats(struct glue_net *net, struct glue_net_stats *stats,
			  uint64_t deadline_ticks)
{
	(void)net;
	(void)deadline_ticks;
	stats->dropped_no_buffer = fake_net.no_buffer;
	return K_OK;
}

int glue_port_sleep_prepare(struct glue_port *port)
{
	(void)port;
	return 1;
}

void glue_port_sleep_end(struct glue_port *port)
{
	(void)port;
}

static void end_all(struct queue *q)
{
	struct glue_net_frame *frame;

	while ((frame = queue_take(q)) != NULL) {
		frame->status = K_ERR_GONE;
		frame->done(frame);
	}
}

void fake_net_end(struct glue_net *net)
{
	fake_net.is_off = 1;
	net->port.state = GLUE_PORT_GONE;
	end_all(&sent);
	end_all(&filled);
}

void fake_net_link(struct glue_net *net, int up)
{
	net->info.link = (uint8_t)up;
	net->link_changed(net);
}

/* --- the rest of glue that the stack needs --- */

enum k_err glue_service_find(const char *name, struct glue_service_info *info)
{
	assert(strcmp(name, "net0") == 0);
	info->state = fake_net.is_off ? GLUE_PROC_ENDED : GLUE_PROC_READY;
	return K_OK;
}

enum k_err glue_broker_service(unsigned int index,
			       struct glue_service_info *info)
{
	if (index > 0)
		return K_ERR_NOTFOUND;
	*info = (struct glue_service_info){ .class_id = GLUE_CLASS_NET };
	strcpy(info->name, "net0");
	return K_OK;
}
