/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwipopts.h - how lwIP is set up: what is in it, and how much of everything.
 *
 * All memory is counted here and fixed: heap, pools and windows below are the
 * most that peers can make the stack hold. Meaning of each: lwip/opt.h.
 */
#ifndef IP_LWIPOPTS_H
#define IP_LWIPOPTS_H

/* One thread and its own loop; no sockets, no second thread to guard from. */
#define NO_SYS		     1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN	     0
#define LWIP_SOCKET	     0

/* IPv4 with what a host needs. */
#define LWIP_IPV4		     1
#define LWIP_IPV6		     0
#define LWIP_ARP		     1
#define LWIP_ICMP		     1
#define LWIP_RAW		     1 /* ping */
#define LWIP_UDP		     1
#define LWIP_TCP		     1
#define LWIP_DHCP		     1
#define LWIP_DNS		     1
#define IP_REASSEMBLY		     1
#define IP_FRAG			     1
#define LWIP_NETIF_LOOPBACK	     1 /* own addresses, 127.0.0.1 */
#define LWIP_HAVE_LOOPIF	     1
#define LWIP_LOOPBACK_MAX_PBUFS	     16
#define LWIP_NETIF_HOSTNAME	     1
#define LWIP_NETIF_LINK_CALLBACK     1
#define LWIP_NETIF_STATUS_CALLBACK   1
#define LWIP_TCP_KEEPALIVE	     1
/* Offloaded checksums: set for each netif, received frames one by one. */
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1

/* Memory. The heap holds what is sent, and received bytes that had to be
 * copied; PBUF_POOL the first bytes of each received frame (nic_receive.c). */
#define MEM_ALIGNMENT	  8
#define MEM_SIZE	  (128 * 1024)
#define PBUF_POOL_SIZE	  256
#define PBUF_POOL_BUFSIZE 192
#define MEMP_NUM_PBUF	  128 /* bytes sent in place: streams, datagrams */

/* A frame's worth of payload; what a connection may have under way. */
#define TCP_MSS			1460
#define TCP_WND			(22 * TCP_MSS)
#define TCP_SND_BUF		(22 * TCP_MSS)
#define TCP_SND_QUEUELEN	64
#define MEMP_NUM_TCP_SEG	256
#define MEMP_NUM_TCP_PCB	12
#define MEMP_NUM_TCP_PCB_LISTEN 4
#define TCP_LISTEN_BACKLOG	1
#define TCP_OOSEQ_MAX_BYTES	TCP_WND
#define TCP_OOSEQ_MAX_PBUFS	48
#define MEMP_NUM_UDP_PCB	6  /* DHCP, DNS and its sockets, echo */
#define MEMP_NUM_RAW_PCB	1  /* ping */
#define MEMP_NUM_SYS_TIMEOUT	24 /* lwIP's own, and one a ping */

/* One datagram of 64 KiB in pieces: 45 frames of two pbufs each. */
#define IP_REASS_MAX_PBUFS  100
#define MEMP_NUM_REASSDATA  4
#define MEMP_NUM_FRAG_PBUF  96
#define ARP_TABLE_SIZE	    16
#define DNS_TABLE_SIZE	    8
#define DNS_MAX_SERVERS	    2
#define DNS_MAX_NAME_LENGTH 128

/* Counters behind `net stats`. */
#define LWIP_STATS	   1
#define LWIP_STATS_LARGE   1
#define LINK_STATS	   1
#define MEM_STATS	   1
#define MEMP_STATS	   1
#define MIB2_STATS	   1
#define LWIP_STATS_DISPLAY 0

/* Sequence numbers that nobody can guess: random.c. */
#define LWIP_HOOK_FILENAME "ip_hooks.h"
#define LWIP_HOOK_TCP_ISN  ip_tcp_isn

#endif
