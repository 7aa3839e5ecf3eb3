/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * command.c - from a line to the command it names.
 *
 * Two-word names win over one-word names. Pure lookup, without the table of
 * commands itself (commands.c), so that it is tested on the host.
 */
#include <glue/string.h>

#include "command.h"

/*
 * Does @word equal the @bytes long part of a name? Names lie in one string
 * with a blank inside, the words of a line apart.
 */
static int part_equals(const char *part, size_t bytes, const char *word)
{
	return strlen(word) == bytes && !strncmp(part, word, bytes);
}

/* Words of the line that the name takes; 0: another command, -1: half of it. */
static int name_match(const char *name, int words, char **word)
{
	size_t first = 0;

	while (name[first] && name[first] != ' ')
		first++;
	if (!part_equals(name, first, word[0]))
		return 0;
	if (!name[first])
		return 1;
	if (words < 2)
		return -1;
	name += first + 1;
	return part_equals(name, strlen(name), word[1]) ? 2 : -1;
}

enum command_match command_find(const struct command *table, unsigned count,
				int words, char **word,
				const struct command **cmd, int *used)
{
	enum command_match result = COMMAND_UNKNOWN;
	int taken, args, best = 0;
	unsigned i;

	for (i = 0; i < count; i++) {
		taken = name_match(table[i].name, words, word);
		if (taken < 0 && !best)
			result = COMMAND_HALF;
		if (taken <= best)
			continue;
		best = *used = taken;
		*cmd = &table[i];
		args = words - taken;
		result = args < table[i].min_args || args > table[i].max_args ?
				 COMMAND_ARGS :
				 COMMAND_FOUND;
	}
	return result;
}
