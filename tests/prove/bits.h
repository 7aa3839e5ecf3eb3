/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bits.h - what the proofs may assume about shifts and masks of 64-bit words.
 *
 * WP knows words as integers and next to nothing about their bits. Each axiom
 * here is a fact about all 64-bit values; bits.smt2 states the same facts once
 * more as bit vectors, and cvc4 decides them there before any proof starts.
 */
#ifndef PROVE_BITS_H
#define PROVE_BITS_H

#include <stdint.h>
#include "fields.h"

/* clang-format off */

/*@ axiomatic Bits {
  axiom or_high_48: \forall integer x, y; 0 <= x < TWO_48 && WORD(y) &&
	y % TWO_48 == 0 ==> (x | y) == x + y && (y | x) == x + y;
  axiom or_high_44: \forall integer x, y; 0 <= x < TWO_44 && WORD(y) &&
	y % TWO_44 == 0 ==> (x | y) == x + y && (y | x) == x + y;
  axiom or_shift_48: \forall integer x, y; WORD(x) && WORD(y) ==>
	((x | y) >> 48) == ((x >> 48) | (y >> 48));
  axiom or_shift_59: \forall integer x, y; WORD(x) && WORD(y) ==>
	((x | y) >> 59) == ((x >> 59) | (y >> 59));
  axiom or_mask_48: \forall integer x, y; WORD(x) && WORD(y) ==>
	((x | y) & 0xffffffffffff) ==
	((x & 0xffffffffffff) | (y & 0xffffffffffff));
  axiom or_mask_11: \forall integer x, y; WORD(x) && WORD(y) ==>
	((x | y) & 0x7ff) == ((x & 0x7ff) | (y & 0x7ff));
  axiom or_word: \forall integer x, y; WORD(x) && WORD(y) ==> WORD(x | y);
  axiom or_zero: \forall integer x; WORD(x) ==> (x | 0) == x && (0 | x) == x;
  axiom watermark: \forall integer x; WORD(x) ==>
	((uint64_t)(x << 20) >> 16) == (x % TWO_44) * 16;
  axiom or_guard: \forall integer x, y; 0 <= x < 64 && WORD(y) ==>
	((x | (uint64_t)(y << 6)) & 63) == x;
  axiom or_field: \forall integer x, y; WORD(x) && 0 <= y < 0x800 ==>
	((x & 0xf800ffffffffffff) | (y << 48)) ==
	(x / TWO_59) * TWO_59 + y * TWO_48 + x % TWO_48;
  axiom and_below: \forall integer x, y; WORD(x) && WORD(y)
	==> 0 <= (x & y) <= x;
  axiom mask_6: \forall integer x; WORD(x) ==> (x & 63) == x % 64;
  axiom mask_11: \forall integer x; WORD(x) ==> (x & 0x7ff) == x % 0x800;
  axiom mask_48: \forall integer x; WORD(x)
	==> (x & 0xffffffffffff) == x % TWO_48;
  axiom left_2: \forall integer x; WORD(x) ==> (x << 2) == x * 4;
  axiom left_44: \forall integer x; WORD(x) ==> (x << 44) == x * TWO_44;
  axiom left_48: \forall integer x; WORD(x) ==> (x << 48) == x * TWO_48;
  axiom left_59: \forall integer x; WORD(x) ==> (x << 59) == x * TWO_59;
  axiom right_4: \forall integer x; WORD(x) ==> (x >> 4) == x / 16;
  axiom right_44: \forall integer x; WORD(x) ==> (x >> 44) == x / TWO_44;
  axiom right_48: \forall integer x; WORD(x) ==> (x >> 48) == x / TWO_48;
  axiom right_59: \forall integer x; WORD(x) ==> (x >> 59) == x / TWO_59;
  }
*/

#endif
