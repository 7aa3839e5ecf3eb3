/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.h - the ip class: other processes ask this one about the network.
 */
#ifndef IP_SERVER_H
#define IP_SERVER_H

#include <glue/err.h>

/* Begin to serve; cards are open. */
enum k_err ip_server_start(void);

#endif
