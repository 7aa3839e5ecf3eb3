/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memset.S - fill memory, 64 bytes a round.
 *
 * x0 destination (returned), w1 byte, x2 length. Ordinary memory only:
 * stores may be unaligned, which device memory would refuse.
 */
#include <linux/linkage.h>

	.text
SYM_FUNC_START(memset)
	mov	x3, x0
	and	w1, w1, #255
	orr	w1, w1, w1, lsl #8
	orr	w1, w1, w1, lsl #16
	orr	x1, x1, x1, lsl #32
	cmp	x2, #16
	b.lo	.Lset_tail
	subs	x2, x2, #64
	b.lo	.Lset_below_64
.Lset_64:
	stp	x1, x1, [x3]
	stp	x1, x1, [x3, #16]
	stp	x1, x1, [x3, #32]
	stp	x1, x1, [x3, #48]
	add	x3, x3, #64
	subs	x2, x2, #64
	b.hs	.Lset_64
.Lset_below_64:
	add	x2, x2, #64
	cmp	x2, #16
	b.lo	.Lset_end
.Lset_16:
	stp	x1, x1, [x3], #16
	sub	x2, x2, #16
	cmp	x2, #16
	b.hs	.Lset_16
.Lset_end:
	cbz	x2, .Lset_done
	/* At least 16 bytes lie behind: one store that ends at the end. */
	add	x3, x3, x2
	stp	x1, x1, [x3, #-16]
.Lset_done:
	ret

	/* Fewer than 16 bytes in all: one store for each bit of the length. */
.Lset_tail:
	tbz	x2, #3, 1f
	str	x1, [x3], #8
1:	tbz	x2, #2, 2f
	str	w1, [x3], #4
2:	tbz	x2, #1, 3f
	strh	w1, [x3], #2
3:	tbz	x2, #0, 4f
	strb	w1, [x3]
4:	ret
SYM_FUNC_END(memset)
