/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_check.c - does a net request make sense for this card and region?
 *
 * One truth for both ends: the client asks before it sends, and the service in
 * the driver's process asks again, since it trusts no client.
 */
#include <glue/net_check.h>

/* The bytes must lie in the lent region; no sum here can overflow. */
static enum k_err check_place(uint64_t data_bytes,
			      const struct glue_net_sqe *sqe)
{
	if (sqe->offset > data_bytes || sqe->bytes > data_bytes - sqe->offset)
		return K_ERR_RANGE;
	return K_OK;
}

/* The two bytes of the sum lie behind the Ethernet header, in the frame. */
static enum k_err check_csum(const struct glue_net_info *info,
			     const struct glue_net_sqe *sqe)
{
	uint32_t place = (uint32_t)sqe->csum_start + sqe->csum_offset;

	if (!(sqe->flags & GLUE_NET_CSUM))
		return sqe->csum_start || sqe->csum_offset ? K_ERR_INVALID :
							     K_OK;
	if (!(info->features & GLUE_NET_F_CSUM))
		return K_ERR_INVALID;
	if (sqe->csum_start < GLUE_NET_MIN_BYTES || place + 2 > sqe->bytes)
		return K_ERR_INVALID;
	return K_OK;
}

static uint32_t gso_feature(uint8_t gso_type)
{
	switch (gso_type) {
	case GLUE_NET_GSO_TCP4:
		return GLUE_NET_F_TSO4;
	case GLUE_NET_GSO_TCP6:
		return GLUE_NET_F_TSO6;
	default:
		return 0;
	}
}

static enum k_err check_gso(const struct glue_net_info *info,
			    const struct glue_net_sqe *sqe)
{
	uint32_t segment = (uint32_t)sqe->header_bytes + sqe->gso_size;

	if (!(info->features & gso_feature(sqe->gso_type)) ||
	    !(sqe->flags & GLUE_NET_CSUM))
		return K_ERR_INVALID;
	if (sqe->bytes > GLUE_NET_GSO_MAX)
		return K_ERR_RANGE;
	if (sqe->gso_size < GLUE_NET_SEGMENT_MIN ||
	    sqe->header_bytes <= sqe->csum_start ||
	    sqe->header_bytes > GLUE_NET_HEADER_MAX ||
	    sqe->header_bytes >= sqe->bytes ||
	    segment > info->mtu + GLUE_NET_MIN_BYTES)
		return K_ERR_INVALID;
	return K_OK;
}

static enum k_err check_send(const struct glue_net_info *info,
			     uint64_t data_bytes,
			     const struct glue_net_sqe *sqe)
{
	enum k_err err;

	if ((sqe->flags & ~GLUE_NET_CSUM) || sqe->bytes < GLUE_NET_MIN_BYTES)
		return K_ERR_INVALID;
	err = check_csum(info, sqe);
	if (err)
		return err;
	if (sqe->gso_type != GLUE_NET_GSO_NONE)
		err = check_gso(info, sqe);
	else if (sqe->gso_size || sqe->header_bytes)
		err = K_ERR_INVALID;
	else if (sqe->bytes > info->mtu + GLUE_NET_MIN_BYTES)
		err = K_ERR_RANGE;
	return err ? err : check_place(data_bytes, sqe);
}

/* All but SEND: the fields that only it uses are 0. */
static int has_offloads(const struct glue_net_sqe *sqe)
{
	return sqe->flags || sqe->csum_start || sqe->csum_offset ||
	       sqe->gso_size || sqe->header_bytes;
}

/* Requests with data of at least, or exactly, so many bytes. */
static enum k_err check_data(uint64_t data_bytes,
			     const struct glue_net_sqe *sqe, uint64_t least)
{
	if (sqe->gso_type || sqe->bytes < least)
		return K_ERR_INVALID;
	return check_place(data_bytes, sqe);
}

static enum k_err check_other(const struct glue_net_info *info,
			      uint64_t data_bytes,
			      const struct glue_net_sqe *sqe)
{
	switch (sqe->op) {
	case GLUE_NET_FILL:
		return check_data(data_bytes, sqe, info->fill_bytes);
	case GLUE_NET_INFO:
		return check_data(data_bytes, sqe, sizeof(*info));
	case GLUE_NET_STATS:
		return check_data(data_bytes, sqe,
				  sizeof(struct glue_net_stats));
	case GLUE_NET_JOIN:
		if (sqe->bytes > sizeof(info->mac) * GLUE_NET_MULTICASTS)
			return K_ERR_INVALID;
		return check_data(data_bytes, sqe, sizeof(info->mac));
	case GLUE_NET_LEAVE:
		return check_data(data_bytes, sqe, sizeof(info->mac));
	case GLUE_NET_LINK:
		return sqe->gso_type > 1 ? K_ERR_INVALID : K_OK;
	case GLUE_NET_RECALL:
		return sqe->gso_type ? K_ERR_INVALID : K_OK;
	default:
		return K_ERR_UNSUPPORTED;
	}
}

enum k_err glue_net_check(const struct glue_net_info *info, uint64_t data_bytes,
			  const struct glue_net_sqe *sqe)
{
	if (sqe->rsvd || sqe->rsvd2)
		return K_ERR_INVALID;
	if (sqe->op == GLUE_NET_SEND)
		return check_send(info, data_bytes, sqe);
	if (has_offloads(sqe))
		return K_ERR_INVALID;
	return check_other(info, data_bytes, sqe);
}

enum k_err glue_net_check_info(const struct glue_net_info *info)
{
	if (info->mtu < GLUE_NET_MTU_MIN || info->mtu > GLUE_NET_MTU_MAX)
		return K_ERR_INVALID;
	/* A buffer for the longest frame without offloads must do. */
	if (info->fill_bytes < GLUE_NET_MIN_BYTES ||
	    info->fill_bytes > info->mtu + GLUE_NET_MIN_BYTES)
		return K_ERR_INVALID;
	if (info->mac[0] & 1)
		return K_ERR_INVALID;
	return K_OK;
}
