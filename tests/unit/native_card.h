/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_card.h - a fake network card behind a fake virtio device, for its driver.
 *
 * What the driver sends is heard: the last frame is kept, and sent back if
 * `echo` is set. It is honest until a test sets `card.lie`, which is then told
 * instead of the next `lies` frames. Who runs when: fake/native.h
 */
#ifndef NATIVE_CARD_H
#define NATIVE_CARD_H

#include <stdint.h>
#include <glue/err.h>

#define REGION	  (1u << 20)
#define ARENA	  (512u << 10)
#define FRAME_MAX 65535u
#define CARD_MAC  "\x52\x54\x00\x12\x34\x56"

#define F_MTU	   (1ull << 3)
#define F_MAC	   (1ull << 5)
#define F_MERGED   (1ull << 15)
#define F_STATUS   (1ull << 16)
#define F_CTRL	   (3ull << 17)
#define F_ANNOUNCE (1ull << 21)
#define F_EVENT	   (1ull << 29)
#define F_OFFLOADS 0x1983ull /* checksums and segments, both ways */
#define ALL                                                                    \
	(F_MAC | F_MERGED | F_STATUS | F_CTRL | F_ANNOUNCE | F_EVENT |         \
	 F_OFFLOADS)

/* In front of each frame (VIRTIO 1.2, 5.1.6), written down once more. */
struct card_header {
	uint8_t flags, gso_type;
	uint16_t header_bytes, gso_size, csum_start, csum_offset, buffers;
};

enum lie {
	HONEST,
	/* About a frame for the guest: it is dropped, and counted. */
	SHORT_HEADER, /* fewer bytes than the header has */
	SHORT_FRAME,  /* no room for addresses */
	NO_BUFFERS,   /* the frame lies in 0 buffers */
	MANY_BUFFERS, /* in 65,535 */
	MISSING,      /* in one more than are there */
	UNWRITTEN,    /* nothing was written */
	BAD_CSUM,     /* the checksum's place is beyond the frame */
	BAD_KIND,     /* merged of what nobody knows */
	BAD_SIZE,     /* merged of pieces of 0 bytes */
	/* The card is reset. */
	LONG,	     /* a length beyond the buffer */
	FAR_ID,	     /* no such buffer */
	JUMP,	     /* the index leaps */
	SENT_FAR,    /* of a frame that was sent: no such */
	SENT_TWICE,  /* it was sent before */
	SENT_LONG,   /* the card wrote into it */
	COMMAND_FAR, /* the same of a command */
	NEEDS_RESET, /* it says so itself */
	/* Told about a buffer that others have as well: anything may follow. */
	WRONG_ID, /* another buffer's number */
	TWICE,	  /* one frame ends twice */
	LIES
};

struct native_card {
	enum lie lie;
	unsigned int lies; /* still to be told */
	int scribbled;	   /* rings say what they like: a command may be read
			    * twice, the second time with its answer */
	int echo;
	/* The last frame that was heard, and how many. */
	uint8_t frame[FRAME_MAX];
	uint32_t bytes;
	struct card_header header;
	unsigned int heard;
	void (*on_heard)(void); /* may be NULL */
	unsigned int graves;	/* lies told for which it is reset */
	unsigned int lost;	/* echoes that found no buffer */
	/* Commands, by class: what came with the last one. */
	unsigned int commands[8];
	uint8_t command[8][1024];
	uint32_t command_bytes[8];
	uint8_t ack; /* of the next commands */
};
extern struct native_card card;

/* A fresh process with a fresh card. Return: what probe says. */
enum k_err card_start(uint64_t features);

/* A frame for the guest; in @buffers 0 the card counts. Return: 0 if the driver
 * has lent too few. */
int card_send(const uint8_t *frame, uint32_t bytes,
	      const struct card_header *header);

/* The card does one thing. Return: 0 if it has nothing to do. */
int card_step(void);

/* What stands in the configuration: bit 0 link, bit 1 announce; then it says
 * that it has changed. */
void card_status(uint16_t status);

#endif
