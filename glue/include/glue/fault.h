/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.h - the software faults that GLUE_BROKER_FAULT puts into a process.
 */
#ifndef GLUE_FAULT_H
#define GLUE_FAULT_H

enum glue_fault_kind {
	GLUE_FAULT_INSTRUCTION = 1, /* a bit of an instruction flips */
	GLUE_FAULT_BRANCH = 2,	    /* a branch goes elsewhere */
	GLUE_FAULT_POINTER = 3,	    /* a pointer in its data or heap */
	GLUE_FAULT_STACK = 4,	    /* a word of what functions keep there */
	GLUE_FAULT_HEAP = 5,	    /* a word of its heap or data */
	GLUE_FAULT_REGISTER = 6,    /* a bit of a register flips */
	GLUE_FAULT_NULL = 7,	    /* it calls address 0 */
	GLUE_FAULT_HANG = 8,	    /* it loops for ever */
	GLUE_FAULT_KINDS
};

#endif
