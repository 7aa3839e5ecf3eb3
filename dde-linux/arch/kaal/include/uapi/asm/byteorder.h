/* SPDX-License-Identifier: GPL-2.0-only */
/* byteorder.h - little endian. */
#ifndef _UAPI_ASM_KAAL_BYTEORDER_H
#define _UAPI_ASM_KAAL_BYTEORDER_H

#include <linux/byteorder/little_endian.h>

#endif
