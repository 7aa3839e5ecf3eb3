/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit_internal.h - what the files of kit/ share among themselves.
 */
#ifndef KIT_INTERNAL_H
#define KIT_INTERNAL_H

/* 1 once dddk's block service runs: sleeping must then go through it. */
extern int kit_block_started;

#endif
