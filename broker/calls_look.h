/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls_look.h - requests that look at processes, devices and their records.
 */
#ifndef BROKER_CALLS_LOOK_H
#define BROKER_CALLS_LOOK_H

#include "calls.h"

call_fn broker_call_process;
call_fn broker_call_device;
call_fn broker_call_service;
call_fn broker_call_memory;
call_fn broker_call_held;
call_fn broker_call_trace_set;
call_fn broker_call_trace_get;
call_fn broker_call_counter;

#endif
