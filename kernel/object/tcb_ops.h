/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcb_ops.h - the groups of TCB invocations, split over files by subject.
 */
#ifndef OBJECT_TCB_OPS_H
#define OBJECT_TCB_OPS_H

#include <core/invoke.h>

/* tcb_registers.c */
enum abi_error tcb_read_registers(struct call *call, struct tcb *tcb);
enum abi_error tcb_write_registers(struct call *call, struct tcb *tcb);
enum abi_error tcb_copy_registers(struct call *call, struct tcb *tcb);

/* tcb_space.c */
enum abi_error tcb_configure(struct call *call, struct tcb *tcb);
enum abi_error tcb_set_space(struct call *call, struct tcb *tcb);
enum abi_error tcb_set_ipc_buffer(struct call *call, struct tcb *tcb);

#endif
