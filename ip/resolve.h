/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * resolve.h - host names to addresses, by DNS.
 */
#ifndef IP_RESOLVE_H
#define IP_RESOLVE_H

#include <stddef.h>
#include <stdint.h>
#include <glue/err.h>

#define IP_RESOLVES 4u /* at once */

/* How a question ends. @address: in host order, with K_OK. */
typedef void ip_resolve_done(uint32_t token, enum k_err status,
			     uint64_t address);

/**
 * ip_resolve_start - ask for a name, or understand a dotted address.
 * @token: of the caller, handed to @done
 * @name:  @bytes characters, 1..GLUE_IP_NAME_MAX
 *
 * Return: K_OK: @done will be called, or has been; else why not.
 */
enum k_err ip_resolve_start(uint32_t token, const char *name, size_t bytes,
			    ip_resolve_done *done);

/* Nobody waits any more: done is called, with K_ERR_GONE, from here. Return:
 * 0 if there is no such question. */
int ip_resolve_cancel(uint32_t token);

#endif
