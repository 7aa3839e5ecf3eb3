/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * err.c - error codes, and complaints about a server, in words.
 */
#include <glue/broker.h>
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
		[K_ERR_DAMAGED] = "the data is not what was written there",
	};

	/* A peer's number may be anything; the cast makes it one range. */
	return (unsigned int)err < K_ERR_COUNT ? text[err] : "unknown error";
}

const char *glue_complaint_text(uint64_t what)
{
	static const char *const text[] = {
		[GLUE_COMPLAINT_RING] = "has broken the ring protocol",
		[GLUE_COMPLAINT_SILENT] = "owes an answer for too long",
		[GLUE_COMPLAINT_DATA] = "has brought other data than are there",
	};

	return text[what < sizeof(text) / sizeof(text[0]) ? what : 0];
}
