/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * args.h - the words that a test program was started with.
 */
#ifndef APPS_ARGS_H
#define APPS_ARGS_H

#include <glue/env.h>

#define ARGS_WORDS 8

/* The first words of env->args, in memory of their own; what is missing is "". */
void args_cut(const struct glue_env *env, char *word[ARGS_WORDS]);

#endif
