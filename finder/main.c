/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the program that finds the devices, once, before all others.
 *
 * Arguments: how many bytes of boot information there are.
 */
#include <abi/bootinfo.h>
#include <glue/found.h>
#include <glue/env.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "assign.h"
#include "log.h"

/* The flattened device tree among the extra boot information; NULL: none. */
static const void *tree_find(uint64_t room, size_t *bytes)
{
	uint64_t at = 0;

	while (room - at >= sizeof(struct abi_boot_extra)) {
		const struct abi_boot_extra *extra =
			(const void *)(FIND_TREE_VADDR + at);

		if (extra->len < sizeof(*extra) || extra->len > room - at)
			break;
		if (extra->id == ABI_BOOT_EXTRA_FDT) {
			*bytes = extra->len - sizeof(*extra);
			return extra + 1;
		}
		at += extra->len;
	}
	finder_log("the kernel gave no device tree: no devices can be used");
	return NULL;
}

int glue_program_main(const struct glue_env *env)
{
	const void *tree = NULL;
	size_t bytes = 0;
	uint64_t room;

	if (glue_parse_u64(env->args, &room))
		tree = tree_find(room, &bytes);
	finder_find(tree, bytes, (const void *)FIND_ARCHIVE_VADDR,
		    (struct broker_found *)FIND_TABLE_VADDR);
	return 0;
}
