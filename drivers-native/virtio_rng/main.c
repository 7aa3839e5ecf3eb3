/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - virtio-rng, native: random numbers of virtual machines (VIRTIO 1.2,
 * 5.4).
 *
 * One buffer goes to the device and comes back with bytes, as many as it likes.
 * They are given to the request that is first in line by then, and wiped: no
 * byte is given twice, and bytes whose reader has gone are nobody's. Zeros are
 * this buffer's poison: where the device says that it has written and zeros
 * stand, it has not.
 */
#include <dddk/driver.h>
#include <dddk/request_queue.h>
#include <dddk/stream.h>
#include <dddk/virtqueue_wait.h>
#include <glue/rng.h>
#include <glue/rt.h>
#include <glue/string.h>

#define VIRTIO_ID_RNG 4u

/* So many zeros at the end of an answer are no chance: 1 in 2^64. */
#define WORD	   8u /* bytes that tell whether they were written */
#define ASK_LEAST  16u
#define DOUBTS_MAX 16u

enum { READS }; /* the line of requests */

static struct {
	struct dddk_virtio dev;
	struct dddk_stream in;
	unsigned int doubts; /* in a row */
} rng;

/* Ask the device for what the first in line still lacks, and for so many that
 * the answer can be judged. */
static void ask(void)
{
	const struct dddk_req *req = dddk_req_first(READS);
	uint32_t bytes;

	if (!req || rng.in.queue.n_free == 0)
		return;
	bytes = req->bytes < ASK_LEAST ? ASK_LEAST : req->bytes;
	dddk_vq_desc(&rng.in.queue, 0, 0)->bytes = bytes;
	dddk_vq_send(&rng.in.queue, dddk_vq_get(&rng.in.queue), bytes);
	dddk_vq_tell(&rng.in.queue);
}

static void give(uint32_t bytes)
{
	struct dddk_req *req = dddk_req_first(READS);

	if (!req)
		return;
	if (bytes > req->bytes)
		bytes = req->bytes;
	memcpy(req->data, rng.in.data, bytes);
	req->data = (uint8_t *)req->data + bytes;
	req->bytes -= bytes;
	req->arg += bytes; /* so many has it got */
	if (req->bytes == 0)
		dddk_req_first_end(READS, K_OK, req->arg);
}

/* Each of an answer of less than a word? There a zero is only a doubt. */
static int bytes_written(const uint8_t *data, uint32_t bytes)
{
	while (bytes && data[bytes - 1])
		bytes--;
	return !bytes;
}

/*
 * Are these bytes the device's own? Eight zeros in a row come by no chance; the
 * last eight may begin within a word.
 */
static int written(const uint8_t *data, uint32_t bytes)
{
	const uint64_t *word = (const void *)data;
	uint32_t at;
	uint64_t last;

	if (bytes < WORD)
		return bytes && bytes_written(data, bytes);
	for (at = 0; at < bytes / WORD; at++)
		if (!word[at])
			return 0;
	memcpy(&last, data + bytes - WORD, WORD);
	return last != 0;
}

/* Returns 0 if the device cannot be believed any more. */
static int accept(uint32_t bytes)
{
	if (written(rng.in.data, bytes)) {
		rng.doubts = 0;
		give(bytes);
	} else if (bytes - 1 >= WORD - 1 || ++rng.doubts == DOUBTS_MAX) {
		dddk_driver_broken("used length", bytes,
				   "so many bytes have not been written");
		return 0;
	}
	return 1;
}

static void rng_irq(void)
{
	struct dddk_vq_end end;

	dddk_virtio_interrupts(&rng.dev);
	do {
		while (dddk_vq_take(&rng.in.queue, &end) && accept(end.bytes)) {
			/* Also what it wrote and did not say. */
			memset(rng.in.data, 0, end.bytes + end.missing);
			dddk_vq_put(&rng.in.queue, end.slot);
		}
		if (dddk_driver_is_broken())
			return;
		ask();
	} while (dddk_vq_arm(&rng.in.queue));
}

static enum k_err submit(void *drv, const struct dddk_req *req)
{
	(void)drv;
	dddk_req_queue(READS, req);
	ask();
	return K_OK;
}

static const struct dddk_req_ops ops = { submit, dddk_req_queue_cancel, 0 };

static __attribute__((cold)) enum k_err rng_probe(void *regs)
{
	struct glue_rng_info info = { .driver = "native virtio_rng" };
	enum k_err err = dddk_virtio_begin(&rng.dev, regs, VIRTIO_ID_RNG,
					   DDDK_VIRTIO_F_EVENT, 0);

	if (!err)
		err = dddk_stream_start(&rng.dev, &rng.in, 0, 1,
					GLUE_RNG_BYTES_MAX, DDDK_VQ_WRITE);
	if (err)
		return err;
	rng.doubts = 0;
	dddk_vq_watch(&rng.in.queue, dddk_vq_slow);
	dddk_virtio_go(&rng.dev);
	glue_strlcpy(info.name, glue_env()->device_node, sizeof(info.name));
	return dddk_req_start(&dddk_class_rng, &ops, 0, &info);
}

static void rng_quiesce(void)
{
	dddk_virtio_stop(&rng.dev);
}

DDDK_DRIVER("class=rng match=virtio:d00000004v* dma_kib=8") = {
	.regs_bytes = DDDK_VIRTIO_REGS_BYTES,
	.probe = rng_probe,
	.irq = rng_irq,
	.quiesce = rng_quiesce,
};
