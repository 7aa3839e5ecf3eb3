/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * complaint.c - what clients say about their servers, in words.
 *
 * Only the broker needs them: in err.c every driver would have the strings.
 */
#include <glue/broker.h>

const char *glue_complaint_text(uint64_t what)
{
	static const char *const text[] = {
		[GLUE_COMPLAINT_RING] = "has broken the ring protocol",
		[GLUE_COMPLAINT_SILENT] = "owes an answer for too long",
		[GLUE_COMPLAINT_DATA] = "has brought other data than are there",
	};

	return text[what < sizeof(text) / sizeof(text[0]) ? what : 0];
}
