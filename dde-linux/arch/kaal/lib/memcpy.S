/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memcpy.S - copy memory, forwards or backwards, 64 bytes a round.
 *
 * x0 destination (returned), x1 source, x2 length. Ordinary memory only:
 * accesses may be unaligned, which device memory would refuse.
 *
 * memmove copies downwards only when the destination starts inside the source;
 * everywhere else the forward copy is right, because each round loads all its
 * 64 bytes before it stores any. The last bytes are done by an access that
 * ends at the end and overlaps bytes already copied; for overlapping areas it
 * is loaded before the loop could overwrite it, see memmove.
 */
#include <linux/linkage.h>

	.text
/* Fewer than 16 bytes from x1 to x3: load everything first, then store. */
.Lcopy_small:
	tbz	x2, #3, 1f
	sub	x5, x2, #8
	ldr	x6, [x1]
	ldr	x7, [x1, x5]
	str	x6, [x3]
	str	x7, [x3, x5]
	ret
1:	tbz	x2, #2, 2f
	sub	x5, x2, #4
	ldr	w6, [x1]
	ldr	w7, [x1, x5]
	str	w6, [x3]
	str	w7, [x3, x5]
	ret
2:	cbz	x2, 3f
	/* 1..3 bytes: first, middle and last, which may be the same byte. */
	lsr	x5, x2, #1
	sub	x8, x2, #1
	ldrb	w6, [x1]
	ldrb	w7, [x1, x5]
	ldrb	w9, [x1, x8]
	strb	w6, [x3]
	strb	w7, [x3, x5]
	strb	w9, [x3, x8]
3:	ret

SYM_FUNC_START(memmove)
	mov	x3, x0
	cmp	x2, #16
	b.lo	.Lcopy_small
	sub	x4, x0, x1
	cmp	x4, x2
	b.lo	.Ldown
	b	.Lup
SYM_FUNC_END(memmove)

SYM_FUNC_START(memcpy)
	mov	x3, x0
	cmp	x2, #16
	b.lo	.Lcopy_small
.Lup:
	/* The last 16 bytes are kept in x14, x15 and stored at the very end. */
	add	x4, x1, x2
	add	x5, x3, x2
	ldp	x14, x15, [x4, #-16]
	subs	x2, x2, #64
	b.lo	.Lup_below_64
.Lup_64:
	ldp	x6, x7, [x1]
	ldp	x8, x9, [x1, #16]
	ldp	x10, x11, [x1, #32]
	ldp	x12, x13, [x1, #48]
	add	x1, x1, #64
	stp	x6, x7, [x3]
	stp	x8, x9, [x3, #16]
	stp	x10, x11, [x3, #32]
	stp	x12, x13, [x3, #48]
	add	x3, x3, #64
	subs	x2, x2, #64
	b.hs	.Lup_64
.Lup_below_64:
	adds	x2, x2, #48
	b.le	.Lup_end
.Lup_16:
	ldp	x6, x7, [x1], #16
	stp	x6, x7, [x3], #16
	subs	x2, x2, #16
	b.gt	.Lup_16
.Lup_end:
	stp	x14, x15, [x5, #-16]
	ret

	/* Destination above source, overlapping: from the end downwards. */
.Ldown:
	cbz	x4, .Ldown_done
	ldp	x14, x15, [x1]
	add	x4, x1, x2
	add	x5, x3, x2
	subs	x2, x2, #64
	b.lo	.Ldown_below_64
.Ldown_64:
	ldp	x6, x7, [x4, #-16]
	ldp	x8, x9, [x4, #-32]
	ldp	x10, x11, [x4, #-48]
	ldp	x12, x13, [x4, #-64]
	sub	x4, x4, #64
	stp	x6, x7, [x5, #-16]
	stp	x8, x9, [x5, #-32]
	stp	x10, x11, [x5, #-48]
	stp	x12, x13, [x5, #-64]
	sub	x5, x5, #64
	subs	x2, x2, #64
	b.hs	.Ldown_64
.Ldown_below_64:
	adds	x2, x2, #48
	b.le	.Ldown_end
.Ldown_16:
	ldp	x6, x7, [x4, #-16]!
	stp	x6, x7, [x5, #-16]!
	subs	x2, x2, #16
	b.gt	.Ldown_16
.Ldown_end:
	stp	x14, x15, [x3]
.Ldown_done:
	ret
SYM_FUNC_END(memcpy)
