/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cc.h - what lwIP wants to know about compiler and platform.
 *
 * lwIP includes this file by this name. Formats and character classes of a C
 * library are not there, and lwIP has its own or does not print.
 */
#ifndef IP_PORT_CC_H
#define IP_PORT_CC_H

#include <stddef.h>
#include <stdint.h>

#define LWIP_NO_INTTYPES_H 1
#define LWIP_NO_CTYPE_H	   1
#define LWIP_NO_UNISTD_H   1
#define LWIP_NO_LIMITS_H   1

/* So that lwIP does not make its own, which a host's C library contradicts. */
#define SSIZE_MAX __PTRDIFF_MAX__
typedef ptrdiff_t ssize_t;

/* Formats of lwIP's messages, which are compiled out. */
#define X8_F  "02x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "lu"

#define LWIP_PLATFORM_DIAG(words)
#define LWIP_PLATFORM_ASSERT(what) ip_assert_failed(what, __FILE__, __LINE__)

#define lwip_htons(x) __builtin_bswap16((uint16_t)(x))
#define lwip_htonl(x) __builtin_bswap32((uint32_t)(x))

#define LWIP_RAND()		 ip_random()
#define LWIP_CHKSUM(data, bytes) ip_checksum_add(data, (size_t)(bytes))

/* An invariant of lwIP is broken: say where, end the process. */
void ip_assert_failed(const char *what, const char *file, int line)
	__attribute__((noreturn));

/* A number that peers cannot guess: random.c. */
uint32_t ip_random(void);

/* Sum of 16-bit words in memory order, folded to 16 bits: checksum.c. */
uint16_t ip_checksum_add(const void *data, size_t bytes);

#endif
