/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ask.c - any request to the broker, also one that no library would make.
 *
 * `ask WORD... / WORD... / ...`: each part is one Call, label first. A word is
 * a number, or:
 *   =a_b  a name: four words of text, `_` is a blank, `;` a new line
 *   +N    N milliseconds from now, in ticks
 *   $     word 0 of the first answer that had one
 *   @     this process's pid
 * `sleep N` is no request. Each answer is a line: label, error, words.
 */
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <glue/sys.h>

#include "probe.h"

#define REQUEST_WORDS 40u
#define SHOWN	      12u /* words of an answer: the line is short enough */
#define NAME_WORDS    (GLUE_NAME_BYTES / 8)

struct request {
	uint64_t label;
	unsigned int length;
	uint64_t word[REQUEST_WORDS];
};

static uint64_t first_word;
static int has_first;

static int name_read(const char *text, uint64_t word[NAME_WORDS])
{
	char name[GLUE_NAME_BYTES] = { 0 };

	glue_strlcpy(name, text, sizeof(name));
	for (char *at = name; *at; at++)
		*at = *at == '_' ? ' ' : *at == ';' ? '\n' : *at;
	memcpy(word, name, sizeof(name));
	return 1;
}

/* Return: 1; 0 if it is no word of ours. */
static int word_read(const char *text, uint64_t *word)
{
	uint64_t number = 0;

	*word = first_word;
	if (!strcmp(text, "$"))
		return 1;
	*word = glue_env()->pid;
	if (!strcmp(text, "@"))
		return 1;
	if (!glue_parse_u64(text + (*text == '+'), &number))
		return 0;
	*word = *text == '+' ? glue_deadline_ns(number * 1000000) : number;
	return 1;
}

/* Put a word of the line into the request. */
static int request_add(struct request *request, const char *text)
{
	unsigned int words = *text == '=' ? NAME_WORDS : 1;
	uint64_t *to = &request->word[request->length];

	if (request->length + words > REQUEST_WORDS)
		return 0;
	request->length += words;
	return words == 1 ? word_read(text, to) : name_read(text + 1, to);
}

static uint64_t answer_word(const struct glue_msg *msg, unsigned int index)
{
	return index < ABI_MSG_REGS ? msg->mr[index] :
				      glue_sys_ipc_buffer()->msg[index];
}

/* Printing is a Call as well, so the answer is kept first. */
static void answer_show(uint64_t label, const struct glue_msg *msg)
{
	uint64_t word[SHOWN];
	unsigned int count = (unsigned int)abi_info_length(msg->info);
	enum k_err err = (enum k_err)abi_info_label(msg->info);

	count = count < SHOWN ? count : SHOWN;
	for (unsigned int i = 0; i < count; i++)
		word[i] = answer_word(msg, i);
	if (count && !has_first)
		first_word = word[0];
	has_first |= count != 0;
	glue_printf("ask: 0x%lx: %u", label, err);
	for (unsigned int i = 0; i < count; i++)
		glue_printf(" %lx", word[i]);
	glue_printf("\n");
}

/* Words 0 .. 3 are registers, the others in the IPC buffer. */
static void request_make(const struct request *request)
{
	struct glue_msg msg = {
		.info = abi_info(request->label, 0, request->length),
	};

	for (unsigned int i = 0; i < request->length; i++) {
		if (i < ABI_MSG_REGS)
			msg.mr[i] = request->word[i];
		else
			glue_sys_ipc_buffer()->msg[i] = request->word[i];
	}
	glue_sys_call(GLUE_CAP_BROKER, &msg);
	answer_show(request->label, &msg);
}

/* Cut the next word off a line; NULL at its end. */
static char *word_next(char **line)
{
	char *word = *line, *end;

	while (*word == ' ')
		word++;
	for (end = word; *end && *end != ' ';)
		end++;
	*line = *end ? end + 1 : end;
	*end = '\0';
	return *word ? word : NULL;
}

/* One part of the line. Return: 0 if it makes no sense. */
static int part_do(char **line, char *word)
{
	struct request request = { 0 };
	uint64_t ms = 0;

	if (!strcmp(word, "sleep")) {
		word = word_next(line);
		if (!word || !glue_parse_u64(word, &ms))
			return 0;
		glue_wait_for(0, glue_deadline_ns(ms * 1000000));
		word_next(line); /* the slash */
		return 1;
	}
	if (!glue_parse_u64(word, &request.label))
		return 0;
	while ((word = word_next(line)) && strcmp(word, "/") != 0)
		if (!request_add(&request, word))
			return 0;
	request_make(&request);
	return 1;
}

int probe_ask(char *first, char *second, char *third)
{
	static char line[sizeof(glue_env()->args)];
	char *at = line, *word;

	(void)first;
	(void)second;
	(void)third;
	glue_strlcpy(line, glue_env()->args, sizeof(line));
	word_next(&at); /* "ask" */
	while ((word = word_next(&at)))
		if (!part_do(&at, word))
			return PROBE_USAGE;
	return PROBE_HELD;
}
