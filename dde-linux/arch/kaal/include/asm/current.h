/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * current.h - the running task: a plain variable that the fiber switch sets.
 */
#ifndef _ASM_KAAL_CURRENT_H
#define _ASM_KAAL_CURRENT_H

#ifndef __ASSEMBLY__

struct task_struct;
extern struct task_struct *dde_current;

#define get_current() (dde_current)
#define current	      get_current()

#endif
#endif
