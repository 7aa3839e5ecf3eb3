/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stdint.h - C's integer types, from Linux's, for the class headers of glue.
 *
 * Class glue is compiled like Linux itself, without the compiler's own headers,
 * but shares the protocols of glue/ (plain numbers and structures) with the
 * other side of the waist. dde.mk puts this folder last on its path.
 */
#ifndef KIT_PLAIN_STDINT_H
#define KIT_PLAIN_STDINT_H

#include <linux/types.h>

#endif
