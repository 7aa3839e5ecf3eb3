/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fields.h - words, powers and the fields of a capability, for contracts.
 */
#ifndef PROVE_FIELDS_H
#define PROVE_FIELDS_H

/* clang-format off */
#define WORD(x)	(0 <= (x) < 0x10000000000000000)
#define TWO_44	0x100000000000
#define TWO_48	0x1000000000000
#define TWO_59	0x800000000000000

/* The fields of a capability, as numbers. */
#define Tag(c)	((c).w0 / TWO_59)
#define Aux(c)	((c).w0 >> 48 & 0x7ff)
#define Addr(c)	((c).w0 & 0xffffffffffff)

#endif
