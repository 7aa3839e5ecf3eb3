/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_check.h - the rules of a net request, checked by both ends.
 */
#ifndef GLUE_NET_CHECK_H
#define GLUE_NET_CHECK_H

#include <stdint.h>
#include <glue/err.h>
#include <glue/net.h>

#define GLUE_NET_MTU_MIN     68u
#define GLUE_NET_MTU_MAX     (65535u - GLUE_NET_MIN_BYTES)
#define GLUE_NET_HEADER_MAX  128u /* headers of a SEND with GSO */
#define GLUE_NET_SEGMENT_MIN 8u	  /* payload of a segment */

/**
 * glue_net_check - is a request one that this card can be asked?
 * @info:       of the card, itself checked by glue_net_check_info
 * @data_bytes: size of the lent region
 * @sqe:        private copy of the ring entry
 *
 * The frame's bytes are not looked at: they may still change.
 *
 * Return: K_OK; K_ERR_INVALID unknown flag, used reserved field, a length or
 *         an offload that makes no sense or is not offered; K_ERR_RANGE too
 *         long or outside of the region; K_ERR_UNSUPPORTED unknown operation.
 */
enum k_err glue_net_check(const struct glue_net_info *info, uint64_t data_bytes,
			  const struct glue_net_sqe *sqe);

/*
 * The fast path of the same rules: 1 if bytes in the region are good for a
 * SEND without offloads. A length below the least wraps and is refused too.
 */
static inline int glue_net_send_fits(const struct glue_net_info *info,
				     uint64_t data_bytes, uint64_t offset,
				     uint32_t bytes)
{
	return bytes - GLUE_NET_MIN_BYTES <= info->mtu &&
	       offset <= data_bytes && bytes <= data_bytes - offset;
}

/* The same for a FILL: 1 if it is good. */
static inline int glue_net_fill_fits(const struct glue_net_info *info,
				     uint64_t data_bytes, uint64_t offset,
				     uint32_t bytes)
{
	return bytes >= info->fill_bytes && offset <= data_bytes &&
	       bytes <= data_bytes - offset;
}

/* Are a card's properties usable at all? Return: K_OK or K_ERR_INVALID. */
enum k_err glue_net_check_info(const struct glue_net_info *info);

#endif
