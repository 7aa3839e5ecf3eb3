/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * err.c - error codes in words.
 */
#include <glue/err.h>

const char *k_err_text(enum k_err err)
{
	static const char *const text[K_ERR_COUNT] = {
		[K_OK] = "success",
		[K_ERR_INVALID] = "an argument makes no sense",
		[K_ERR_RANGE] = "beyond the end of the device or region",
		[K_ERR_ALIGN] = "buffer, start or length not aligned",
		[K_ERR_READONLY] = "the device is read-only",
		[K_ERR_UNSUPPORTED] = "the device cannot do this",
		[K_ERR_IO] = "the device reports a failure",
		[K_ERR_BUSY] = "no room now, try again later",
		[K_ERR_NOMEM] = "memory or quota used up",
		[K_ERR_NOTFOUND] = "no such service, process or device",
		[K_ERR_DENIED] = "not granted by the manifest",
		[K_ERR_FULL] = "no free channel or table entry",
		[K_ERR_GONE] = "the other side has ended",
		[K_ERR_TIMEOUT] = "the deadline has passed",
		[K_ERR_PROTOCOL] = "the other side broke the protocol",
		[K_ERR_FORMAT] = "malformed file or structure",
		[K_ERR_NOSPACE] = "no space left on the device",
		[K_ERR_DAMAGED] = "not what was written there",
	};

	/* A peer's number may be anything; the cast makes it one range. */
	return (unsigned int)err < K_ERR_COUNT ? text[err] : "unknown error";
}
