/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.S - memcpy, memmove, memset, memcmp, and clearing by cache block.
 *
 * The compiler may call the first four by itself. Alignment is not needed:
 * kernel memory is Normal memory and SCTLR_EL1.A is 0.
 */
	.text

/* memmove(x0 to, x1 from, x2 bytes): downwards only if the ends overlap. */
	.global	memmove
memmove:
	sub	x3, x0, x1
	cmp	x3, x2
	b.lo	copy_down
	/* on to memcpy */

	.global	memcpy
memcpy:
	mov	x3, x0
	subs	x2, x2, #64
	b.lo	2f
1:	ldp	x4, x5, [x1]
	ldp	x6, x7, [x1, #16]
	ldp	x8, x9, [x1, #32]
	ldp	x10, x11, [x1, #48]
	add	x1, x1, #64
	stp	x4, x5, [x3]
	stp	x6, x7, [x3, #16]
	stp	x8, x9, [x3, #32]
	stp	x10, x11, [x3, #48]
	add	x3, x3, #64
	subs	x2, x2, #64
	b.hs	1b
2:	tbz	x2, #5, 3f		// x2 is the rest - 64: low bits agree
	ldp	x4, x5, [x1], #16
	ldp	x6, x7, [x1], #16
	stp	x4, x5, [x3], #16
	stp	x6, x7, [x3], #16
3:	tbz	x2, #4, 4f
	ldp	x4, x5, [x1], #16
	stp	x4, x5, [x3], #16
4:	tbz	x2, #3, 5f
	ldr	x4, [x1], #8
	str	x4, [x3], #8
5:	tbz	x2, #2, 6f
	ldr	w4, [x1], #4
	str	w4, [x3], #4
6:	tbz	x2, #1, 7f
	ldrh	w4, [x1], #2
	strh	w4, [x3], #2
7:	tbz	x2, #0, 8f
	ldrb	w4, [x1]
	strb	w4, [x3]
8:	ret

copy_down:
	cbz	x2, 2f
1:	sub	x2, x2, #1
	ldrb	w4, [x1, x2]
	strb	w4, [x0, x2]
	cbnz	x2, 1b
2:	ret

/* memset(x0 to, w1 byte, x2 bytes) */
	.global	memset
memset:
	mov	x3, x0
	and	x1, x1, #0xff
	cbz	x1, 1f
	mov	x4, #0x0101010101010101
	mul	x1, x1, x4
1:	subs	x2, x2, #64
	b.lo	3f
2:	stp	x1, x1, [x3]
	stp	x1, x1, [x3, #16]
	stp	x1, x1, [x3, #32]
	stp	x1, x1, [x3, #48]
	add	x3, x3, #64
	subs	x2, x2, #64
	b.hs	2b
3:	tbz	x2, #5, 4f		// x2 is the rest - 64: low bits agree
	stp	x1, x1, [x3], #16
	stp	x1, x1, [x3], #16
4:	tbz	x2, #4, 5f
	stp	x1, x1, [x3], #16
5:	tbz	x2, #3, 6f
	str	x1, [x3], #8
6:	tbz	x2, #2, 7f
	str	w1, [x3], #4
7:	tbz	x2, #1, 8f
	strh	w1, [x3], #2
8:	tbz	x2, #0, 9f
	strb	w1, [x3]
9:	ret

/* memcmp(x0, x1, x2 bytes) -> difference of the first unequal bytes */
	.global	memcmp
memcmp:
	cbz	x2, 2f
1:	ldrb	w3, [x0], #1
	ldrb	w4, [x1], #1
	subs	w3, w3, w4
	b.ne	3f
	subs	x2, x2, #1
	b.ne	1b
2:	mov	w3, #0
3:	mov	w0, w3
	ret

/*
 * memory_zero(x0 start, x1 bytes): both multiples of 16.
 * DC ZVA clears a whole block where the CPU allows it (DCZID_EL0.DZP = 0)
 * and the area consists of whole blocks.
 */
	.global	memory_zero
memory_zero:
	add	x1, x0, x1
	mrs	x2, dczid_el0
	tbnz	x2, #4, 2f
	mov	x3, #4			// BS is the log2 of words
	lsl	x3, x3, x2
	sub	x4, x3, #1
	orr	x5, x0, x1
	tst	x5, x4
	b.ne	2f
1:	cmp	x0, x1
	b.hs	3f
	dc	zva, x0
	add	x0, x0, x3
	b	1b
2:	cmp	x0, x1
	b.hs	3f
	stp	xzr, xzr, [x0], #16
	b	2b
3:	ret

/* memory_clean(x0 start, x1 bytes): write dirty lines to memory. */
	.global	memory_clean
memory_clean:
	add	x1, x0, x1
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4		// DminLine
	mov	x3, #4
	lsl	x3, x3, x2
	sub	x4, x3, #1
	bic	x0, x0, x4
1:	cmp	x0, x1
	b.hs	2f
	dc	cvac, x0
	add	x0, x0, x3
	b	1b
2:	dsb	sy			// observers without caches see it too
	ret
