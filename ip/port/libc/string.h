/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.h - the name under which lwIP looks for glue's string functions.
 */
#ifndef IP_PORT_STRING_H
#define IP_PORT_STRING_H

#include <glue/string.h>

#endif
