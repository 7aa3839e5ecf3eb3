/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic_checksum.c - leave TCP's and UDP's checksums to the card.
 *
 * The card sums from csum_start to the frame's end and stores the result at
 * csum_offset behind it. It knows nothing of the pseudo header, so its sum is
 * put into the checksum field first. Source: VIRTIO 1.2, 5.1.6.2; RFC 793, 3.1.
 * The frame is one that lwIP has just made, so its lengths are right.
 */
#include "nic.h"

#include <glue/string.h>
#include <lwip/prot/ethernet.h>
#include <lwip/prot/ip.h>
#include <lwip/prot/ip4.h>
#include <lwip/prot/tcp.h>
#include <lwip/prot/udp.h>

/* Where the checksum lies in a protocol's header; 0: a protocol without. */
static uint16_t checksum_offset(const struct ip_hdr *ip)
{
	if (IPH_PROTO(ip) == IP_PROTO_TCP)
		return offsetof(struct tcp_hdr, chksum);
	if (IPH_PROTO(ip) == IP_PROTO_UDP)
		return offsetof(struct udp_hdr, chksum);
	return 0;
}

/* Sum of both addresses, protocol and length, not inverted. */
static uint16_t pseudo_sum(const struct ip_hdr *ip, uint16_t bytes)
{
	uint32_t sum = ip_checksum_add(&ip->src, 2 * sizeof(ip->src));

	sum += lwip_htons(IPH_PROTO(ip));
	sum += lwip_htons(bytes);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

void ip_nic_offload(struct glue_net_frame *frame)
{
	uint8_t *data = frame->data;
	const struct eth_hdr *eth = frame->data;
	const struct ip_hdr *ip = (struct ip_hdr *)(data + SIZEOF_ETH_HDR);
	uint16_t offset, start, sum;

	if (frame->bytes < SIZEOF_ETH_HDR + IP_HLEN ||
	    eth->type != PP_HTONS(ETHTYPE_IP))
		return;
	offset = checksum_offset(ip);
	start = (uint16_t)(SIZEOF_ETH_HDR + IPH_HL_BYTES(ip));
	if (offset == 0 || (IPH_OFFSET(ip) & PP_HTONS(IP_OFFMASK | IP_MF)))
		return;
	sum = pseudo_sum(ip, (uint16_t)(frame->bytes - start));
	memcpy(data + start + offset, &sum, sizeof(sum));
	frame->flags = GLUE_NET_CSUM;
	frame->csum_start = start;
	frame->csum_offset = offset;
}
