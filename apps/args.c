/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * args.c - cut a program's arguments at blanks.
 */
#include "args.h"

#include <glue/string.h>

/* Cut in a copy: the env page is read-only. */
void args_cut(const struct glue_env *env, char *word[ARGS_WORDS])
{
	static char none[] = "", copy[sizeof(env->args)];
	char *text = copy;
	unsigned int i;

	glue_strlcpy(copy, env->args, sizeof(copy));
	for (i = 0; i < ARGS_WORDS; i++) {
		word[i] = none;
		while (*text == ' ')
			text++;
		if (!*text)
			continue;
		word[i] = text;
		while (*text && *text != ' ')
			text++;
		if (*text)
			*text++ = '\0';
	}
}
