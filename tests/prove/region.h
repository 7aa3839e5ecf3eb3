/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region.h - what the proof of covers() may assume; decided in bits.smt2.
 */
#ifndef PROVE_REGION_H
#define PROVE_REGION_H

#include <stdint.h>
#include "fields.h"

/* clang-format off */

/*@ predicate multiple(integer x, integer step) = x % step == 0; */

/*@ axiomatic Regions {
  axiom power: \forall integer n; 0 <= n < 48 ==>
	1 <= (1 << n) <= 0x800000000000;
  axiom near_right: \forall integer x, y, n; 0 <= x < TWO_48 &&
	0 <= y < TWO_48 && 0 <= n < 48 && multiple(x, 1 << n) &&
	((uint64_t)(x ^ y) >> n) == 0 ==> x <= y < x + (1 << n);
  axiom near_left: \forall integer x, y, n; 0 <= x < TWO_48 &&
	0 <= y < TWO_48 && 0 <= n < 48 && multiple(y, 1 << n) &&
	((uint64_t)(x ^ y) >> n) == 0 ==> y <= x < y + (1 << n);
  axiom inside: \forall integer x, y, m, n; 0 <= x < TWO_48 &&
	0 <= y < TWO_48 && 0 <= m <= n < 48 && multiple(x, 1 << n) &&
	multiple(y, 1 << m) && x <= y < x + (1 << n) ==>
	y + (1 << m) <= x + (1 << n);
  axiom right_48: \forall integer x; WORD(x) ==> (x >> 48) == x / TWO_48;
  axiom mask_6: \forall integer x; WORD(x) ==> (x & 63) == x % 64;
  axiom mask_11: \forall integer x; WORD(x) ==> (x & 0x7ff) == x % 0x800;
  axiom mask_48: \forall integer x; WORD(x)
	==> (x & 0xffffffffffff) == x % TWO_48;
  }
*/

#endif
