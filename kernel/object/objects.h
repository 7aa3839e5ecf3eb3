/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * objects.h - the entry of each object's invocations, for core/invoke.c.
 *
 * Each function decodes call->label for the capability call->cap, checks all
 * arguments, then acts. What each label means: shared/abi.md section 7.
 */
#ifndef OBJECT_OBJECTS_H
#define OBJECT_OBJECTS_H

#include <core/invoke.h>
#include <object/endpoint.h>
#include <object/notification.h>

enum abi_error untyped_invoke(struct call *call);
enum abi_error cnode_invoke(struct call *call);
enum abi_error tcb_invoke(struct call *call);
enum abi_error frame_invoke(struct call *call);
enum abi_error page_table_invoke(struct call *call);
enum abi_error vspace_invoke(struct call *call);
enum abi_error asid_control_invoke(struct call *call);
enum abi_error asid_pool_invoke(struct call *call);
enum abi_error irq_control_invoke(struct call *call);
enum abi_error irq_handler_invoke(struct call *call);
enum abi_error sgi_invoke(struct call *call);
enum abi_error domain_invoke(struct call *call);

#endif
