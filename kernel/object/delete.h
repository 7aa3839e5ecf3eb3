/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * delete.h - deleting and revoking capabilities, and the objects with them.
 */
#ifndef OBJECT_DELETE_H
#define OBJECT_DELETE_H

#include <core/invoke.h>

/**
 * slot_delete - delete the capability, and its object if it was the last.
 * Return: ABI_OK, or CALL_PREEMPTED with the rest still to do.
 */
enum abi_error slot_delete(struct cte *slot);

/* slot_delete_simple - for capabilities that never start a long deletion. */
void slot_delete_simple(struct cte *slot);

/* slot_revoke - delete all descendants; the slot itself stays. */
enum abi_error slot_revoke(struct cte *slot);

/* slot_is_long - would deleting it delete a whole CNode or TCB? */
bool slot_is_long(const struct cte *slot);

#endif
