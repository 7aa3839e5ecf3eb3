/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * find.h - one of the broker's lists by name or number; how a process is called.
 *
 * Each walks a list of glue/broker_client.h and needs what that needs (allow=list,
 * or a class in connect=). Out-parameters are written only with K_OK.
 */
#ifndef GLUE_FIND_H
#define GLUE_FIND_H

#include <stddef.h>
#include <stdint.h>
#include <glue/broker.h>

#define GLUE_LABEL_BYTES                                                       \
	(16u + GLUE_NAME_BYTES) /* service, '/', program, end */

/**
 * glue_service_find - who offers a service; of several the one started last.
 *
 * Return: K_ERR_NOTFOUND: nobody whom this process may connect to.
 */
enum k_err glue_service_find(const char *name, struct glue_service_info *info);

/* A process, also one that has ended. K_ERR_NOTFOUND; K_ERR_DENIED without
 * allow=list. */
enum k_err glue_process_find(uint32_t pid, struct glue_process_info *info);

/**
 * glue_process_serving - the process that offers a service, or did; of several
 * the one started last.
 *
 * Unlike glue_service_find also of services that this process may not use.
 * Return: as glue_process_find.
 */
enum k_err glue_process_serving(const char *service,
				struct glue_process_info *info);

/* A counter of a process. Errors as glue_process_find. */
enum k_err glue_counter_find(uint32_t pid, const char *name, uint64_t *value);

/* Its name in messages: "blk0/virtio_blk", or "shell". */
void glue_process_label(const struct glue_process_info *info, char *text,
			size_t bytes);

#endif
