/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdlib.h - the one function of C's stdlib.h that lwIP's files name.
 */
#ifndef IP_PORT_STDLIB_H
#define IP_PORT_STDLIB_H

#include <glue/string.h>

/* Digits only; anything else counts as 0. netif_find() wants it. */
static inline int atoi(const char *text)
{
	uint64_t value = 0;

	return glue_parse_u64(text, &value) ? (int)(value & 0x7fffffff) : 0;
}

#endif
