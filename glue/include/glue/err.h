/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * err.h - error codes shared by the broker, drivers, clients and libraries.
 *
 * Kernel errors (enum abi_error) stay apart: glue/sys.h functions return those.
 * The numbers travel in messages and completion entries, so they never change.
 */
#ifndef GLUE_ERR_H
#define GLUE_ERR_H

enum k_err {
	K_OK = 0,
	K_ERR_INVALID = 1,     /* an argument makes no sense */
	K_ERR_RANGE = 2,       /* beyond the end of the device or region */
	K_ERR_ALIGN = 3,       /* buffer or length not aligned */
	K_ERR_READONLY = 4,    /* write to a read-only device */
	K_ERR_UNSUPPORTED = 5, /* the device cannot do this */
	K_ERR_IO = 6,	       /* the device says the operation failed */
	K_ERR_BUSY = 7,	       /* no room now, retry after a completion */
	K_ERR_NOMEM = 8,       /* memory or quota used up */
	K_ERR_NOTFOUND = 9,    /* no such service, process or device */
	K_ERR_DENIED = 10,     /* the manifest does not grant this */
	K_ERR_FULL = 11,       /* no free channel or table slot */
	K_ERR_GONE = 12,       /* the peer has ended */
	K_ERR_TIMEOUT = 13,    /* the deadline has passed */
	K_ERR_PROTOCOL = 14,   /* the peer broke the protocol */
	K_ERR_FORMAT = 15,     /* a file or structure is malformed */
	K_ERR_NOSPACE = 16,    /* the device has no space left */
	K_ERR_DAMAGED = 17,    /* a sector is not what was written to it */
	K_ERR_COUNT
};

/**
 * k_err_text - say an error in words, for messages to people.
 * @err: any value; unknown ones get a text too
 *
 * Return: a constant string, never NULL.
 */
const char *k_err_text(enum k_err err);

#endif
