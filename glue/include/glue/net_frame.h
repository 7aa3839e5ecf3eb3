/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_frame.h - one Ethernet frame as a client of the net class holds it.
 *
 * The offload fields mean what the entries of glue/net.h say.
 */
#ifndef GLUE_NET_FRAME_H
#define GLUE_NET_FRAME_H

#include <stdint.h>
#include <glue/err.h>
#include <glue/net.h>

/* One frame. The caller fills the first part, and keeps the struct and the
 * bytes untouched while in_flight is not 0. */
struct glue_net_frame {
	void *data;	     /* in the lent region */
	uint32_t room;	     /* fill: bytes that may be written */
	uint32_t bytes;	     /* send: of the frame; fill, in done: what came */
	uint8_t flags;	     /* send: GLUE_NET_CSUM; fill: _CSUM_OK, _PARTIAL */
	uint8_t gso_type;    /* enum glue_net_gso; both ways */
	uint16_t gso_size;   /* the same */
	uint16_t csum_start; /* send with GLUE_NET_CSUM */
	uint16_t csum_offset;			    /* the same */
	uint16_t header_bytes;			    /* send with gso_type */
	void (*done)(struct glue_net_frame *frame); /* may be NULL */
	void *owner;				    /* the caller's own */
	/* Written by the library. */
	enum k_err status; /* valid once in_flight is 0 */
	uint32_t in_flight;
	uint32_t tag;
};

#endif
