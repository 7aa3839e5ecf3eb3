/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * powers.h - what the proofs may assume about powers of two, beside bits.h.
 *
 * As there, bits.smt2 states each axiom as bit vectors, and cvc4 decides it.
 * The sides are stated apart because WP orders the operands of & itself. Kept
 * out of bits.h: a prover drowns in axioms it does not need.
 */
#ifndef PROVE_POWERS_H
#define PROVE_POWERS_H

#include <stdint.h>
#include "fields.h"

/* clang-format off */

/*@ predicate masks(integer y, integer n) = y == (uint64_t)(~((1 << n) - 1));
    predicate multiple(integer x, integer step) = x % step == 0; */

/*@ axiomatic Powers {
  axiom power: \forall integer n; 0 <= n < 48 ==>
	1 <= (1 << n) <= 0x800000000000;
  axiom round_right: \forall integer x, y, n; WORD(x) && 0 <= n < 48 &&
	masks(y, n) ==> (x & y) <= x < (x & y) + (1 << n);
  axiom round_left: \forall integer x, y, n; WORD(y) && 0 <= n < 48 &&
	masks(x, n) ==> (x & y) <= y < (x & y) + (1 << n);
  axiom multiple_right: \forall integer x, y, n; WORD(x) && 0 <= n < 48 &&
	masks(y, n) ==> multiple(x & y, 1 << n);
  axiom multiple_left: \forall integer x, y, n; WORD(y) && 0 <= n < 48 &&
	masks(x, n) ==> multiple(x & y, 1 << n);
  axiom fits: \forall integer left, first, num, m, n; 0 <= m < 48 &&
	0 <= n < 48 && 0 <= left <= (1 << n) && 1 <= num <= 256 &&
	num <= (left >> m) && multiple(first, 1 << m) &&
	(1 << n) - left <= first < (1 << n) - left + (1 << m) ==>
	first + (num << m) <= (1 << n);
  }
*/

#endif
