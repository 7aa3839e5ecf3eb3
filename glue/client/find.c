/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * find.c - walks through the broker's lists.
 */
#include <glue/find.h>

#include <glue/broker_client.h>
#include <glue/print.h>
#include <glue/string.h>

enum k_err glue_service_find(const char *name, struct glue_service_info *info)
{
	struct glue_service_info s;
	enum k_err err, found = K_ERR_NOTFOUND;

	for (unsigned int i = 0; !(err = glue_broker_service(i, &s)); i++) {
		if (strcmp(s.name, name) || (!found && s.pid < info->pid))
			continue;
		*info = s;
		found = K_OK;
	}
	return err == K_ERR_NOTFOUND ? found : err;
}

enum k_err glue_process_find(uint32_t pid, struct glue_process_info *info)
{
	struct glue_process_info p;
	enum k_err err;

	for (unsigned int i = 0; !(err = glue_broker_process(i, &p)); i++)
		if (p.pid == pid) {
			*info = p;
			return K_OK;
		}
	return err;
}

enum k_err glue_process_serving(const char *service,
				struct glue_process_info *info)
{
	struct glue_process_info p;
	enum k_err err, found = K_ERR_NOTFOUND;

	for (unsigned int i = 0; !(err = glue_broker_process(i, &p)); i++) {
		if (strcmp(p.service, service) || (!found && p.pid < info->pid))
			continue;
		*info = p;
		found = K_OK;
	}
	return err == K_ERR_NOTFOUND ? found : err;
}

enum k_err glue_counter_find(uint32_t pid, const char *name, uint64_t *value)
{
	struct glue_counter c;
	enum k_err err;

	for (unsigned int i = 0; !(err = glue_broker_counter(pid, i, &c)); i++)
		if (!strcmp(c.name, name)) {
			*value = c.value;
			return K_OK;
		}
	return err;
}

void glue_process_label(const struct glue_process_info *info, char *text,
			size_t bytes)
{
	glue_snprintf(text, bytes, "%s%s%s", info->service,
		      info->service[0] != '\0' ? "/" : "", info->name);
}
