/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * copy.S - memcpy of our programs: 64 bytes a round, integer registers only.
 *
 * x0 destination (returned), x1 source, x2 length. Ordinary memory only:
 * accesses may be unaligned, which device memory would refuse. Everything from
 * 16 bytes on ends with one access of 16 bytes that ends where the data ends;
 * it is loaded first, so that memmove may use this for a destination below its
 * source. Vector registers would cost the kernel a save at each switch.
 */
	.section .text.memcpy, "ax"
	.global memcpy
	.type memcpy, %function
memcpy:
	cmp	x2, #16
	b.lo	.Lbelow_16
	add	x4, x1, x2
	add	x5, x0, x2
	mov	x3, x0
	ldp	x16, x17, [x4, #-16]
	cmp	x2, #64
	b.lo	.Ltail
.Lround:
	ldp	x6, x7, [x1], #64
	ldp	x8, x9, [x1, #-48]
	ldp	x10, x11, [x1, #-32]
	ldp	x12, x13, [x1, #-16]
	sub	x2, x2, #64
	cmp	x2, #64
	stp	x6, x7, [x3], #64
	stp	x8, x9, [x3, #-48]
	stp	x10, x11, [x3, #-32]
	stp	x12, x13, [x3, #-16]
	b.hs	.Lround
	/* 0..63 bytes are left: the whole 16s, then the end. */
.Ltail:
	tbz	x2, #5, 1f
	ldp	x6, x7, [x1], #32
	ldp	x8, x9, [x1, #-16]
	stp	x6, x7, [x3], #32
	stp	x8, x9, [x3, #-16]
1:	tbz	x2, #4, 2f
	ldp	x6, x7, [x1]
	stp	x6, x7, [x3]
2:	stp	x16, x17, [x5, #-16]
	ret

	/* Load all before any store: twice 8, twice 4, or at most 3 bytes. */
.Lbelow_16:
	add	x4, x1, x2
	add	x5, x0, x2
	tbz	x2, #3, 3f
	ldr	x6, [x1]
	ldr	x7, [x4, #-8]
	str	x6, [x0]
	str	x7, [x5, #-8]
	ret
3:	tbz	x2, #2, 4f
	ldr	w6, [x1]
	ldr	w7, [x4, #-4]
	str	w6, [x0]
	str	w7, [x5, #-4]
	ret
4:	cbz	x2, 5f
	lsr	x8, x2, #1
	ldrb	w6, [x1]
	ldrb	w7, [x1, x8]
	ldrb	w9, [x4, #-1]
	strb	w6, [x0]
	strb	w7, [x0, x8]
	strb	w9, [x5, #-1]
5:	ret
	.size memcpy, . - memcpy
