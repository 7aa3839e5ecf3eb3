// SPDX-License-Identifier: GPL-2.0-only
/*
 * asm-offsets.c - structure offsets for assembly: this port needs none.
 *
 * Kbuild compiles the file for every architecture. The one thing worth proving
 * here is the size of struct page: the broker backs 64 bytes of it a page
 * (manifest key meta_bytes), and pfn arithmetic relies on that.
 */
#include <linux/build_bug.h>
#include <linux/mm_types.h>
#include <asm/page.h>

static_assert(sizeof(struct page) == KAAL_META_BYTES);

int main(void)
{
	return 0;
}
