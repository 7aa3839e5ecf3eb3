/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * policy.c - the manifest's parser.
 *
 * The text is copied and cut into words in place, so programs point into the
 * copy. Each key has one row in a table that says where its value goes and
 * what values there are; adding a key is adding a row. Read next: process.c
 */
#include "policy.h"

#include <stddef.h>
#include <glue/block.h>
#include <glue/net.h>
#include <glue/request.h>
#include <glue/string.h>

#include "log.h"

#define KIB		 1024u
#define STACK_KIB_MAX	 252u /* and a guard down to the register window */
#define DMA_KIB_MAX	 (64u * KIB)
#define LEND_KIB_MAX	 (GLUE_LENT_SPAN / KIB)
#define META_BYTES_MAX	 64u
#define PRIORITY_MAX	 254u /* 255 is the broker's own */
#define PRIORITY_DRIVER	 200u
#define PRIORITY_APP	 100u
#define CHANNELS_DEFAULT 4u
#define STALL_MS_DEFAULT 1000u
#define STALL_MS_MAX	 (3600u * 1000)

/* A class whose requests have the form of glue/request.h. */
#define SMALL_CLASS(name, prefix, id)                                          \
	{                                                                      \
		name, prefix, id, GLUE_REQ_DEPTH, sizeof(struct glue_req_sqe), \
			sizeof(struct glue_req_cqe), 0                         \
	}

/* All classes there are. A new class is one row here and its header in glue. */
static const struct broker_class classes[] = {
	{ "block", "blk", GLUE_CLASS_BLOCK, GLUE_BLOCK_DEPTH,
	  sizeof(struct glue_block_sqe), sizeof(struct glue_block_cqe), 1 },
	{ "net", "net", GLUE_CLASS_NET, GLUE_NET_DEPTH,
	  sizeof(struct glue_net_sqe), sizeof(struct glue_net_cqe), 1 },
	SMALL_CLASS("serial", "serial", GLUE_CLASS_SERIAL),
	SMALL_CLASS("rng", "rng", GLUE_CLASS_RNG),
	SMALL_CLASS("rtc", "rtc", GLUE_CLASS_RTC),
	SMALL_CLASS("gpio", "gpio", GLUE_CLASS_GPIO),
	SMALL_CLASS("input", "input", GLUE_CLASS_INPUT),
	SMALL_CLASS("ip", "ip", GLUE_CLASS_IP),
	{ "timer", "timer", GLUE_CLASS_TIMER, 0, 0, 0, 0 },
};

struct word_value {
	const char *word;
	uint32_t value;
};

static const struct word_value kind_words[] = {
	{ "app", GLUE_KIND_APP },
	{ "dde", GLUE_KIND_DDE },
	{ "native", GLUE_KIND_NATIVE },
	{ "test", GLUE_KIND_TEST },
	{ NULL, 0 },
};
static const struct word_value start_words[] = {
	{ "boot", BROKER_START_BOOT },
	{ "device", BROKER_START_DEVICE },
	{ "demand", BROKER_START_DEMAND },
	{ NULL, 0 },
};
static const struct word_value absent_words[] = {
	{ "end", 0 },
	{ "wait", 1 },
	{ NULL, 0 },
};
static const struct word_value allow_words[] = {
	{ "list", BROKER_ALLOW_LIST },
	{ "poweroff", BROKER_ALLOW_POWEROFF },
	{ "trace", BROKER_ALLOW_TRACE },
	{ "run", BROKER_ALLOW_RUN },
	{ "kill", BROKER_ALLOW_KILL },
	{ "fault", BROKER_ALLOW_FAULT },
	{ NULL, 0 },
};

enum key_type {
	KEY_TEXT,    /* const char * */
	KEY_ARGS,    /* const char *, comma: blank, two: comma */
	KEY_WORD,    /* uint32_t, one of a list */
	KEY_WORDS,   /* uint32_t, flags or-ed from a comma list */
	KEY_NUMBER,  /* uint32_t */
	KEY_KIB,     /* uint64_t bytes */
	KEY_CLASS,   /* const struct broker_class * */
	KEY_CLASSES, /* uint32_t of class bits */
};

struct key {
	const char *name;
	enum key_type type;
	size_t offset; /* in struct broker_program */
	uint64_t max;  /* of a number */
	const struct word_value *words;
};

#define AT(field) offsetof(struct broker_program, field)
static const struct key keys[] = {
	{ "elf", KEY_TEXT, AT(elf), 0, NULL },
	{ "kind", KEY_WORD, AT(kind), 0, kind_words },
	{ "start", KEY_WORD, AT(start), 0, start_words },
	{ "class", KEY_CLASS, AT(class), 0, NULL },
	{ "match", KEY_TEXT, AT(match), 0, NULL },
	{ "device", KEY_TEXT, AT(device), 0, NULL },
	{ "optional_device", KEY_NUMBER, AT(optional_device), 1, NULL },
	{ "share", KEY_NUMBER, AT(share), 1, NULL },
	{ "absent", KEY_WORD, AT(absent_waits), 0, absent_words },
	{ "stack_kib", KEY_KIB, AT(stack_bytes), STACK_KIB_MAX, NULL },
	{ "dma_kib", KEY_KIB, AT(dma_bytes), DMA_KIB_MAX, NULL },
	{ "meta_bytes", KEY_NUMBER, AT(meta_bytes), META_BYTES_MAX, NULL },
	{ "lend_kib", KEY_KIB, AT(lend_bytes), LEND_KIB_MAX, NULL },
	{ "channels", KEY_NUMBER, AT(channels), GLUE_CHANS_MAX, NULL },
	{ "connect", KEY_CLASSES, AT(connect), 0, NULL },
	{ "needs", KEY_CLASSES, AT(needs), 0, NULL },
	{ "allow", KEY_WORDS, AT(allow), 0, allow_words },
	{ "stall_ms", KEY_NUMBER, AT(stall_ms), STALL_MS_MAX, NULL },
	{ "args", KEY_ARGS, AT(args), 0, NULL },
	{ "priority", KEY_NUMBER, AT(priority), PRIORITY_MAX, NULL },
};

static char manifest[BROKER_MANIFEST_BYTES + 1];
static struct broker_program programs[BROKER_PROGRAMS_MAX];
static unsigned int n_programs;

const struct broker_class *broker_class_find(const char *name)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strcmp(classes[i].name, name) == 0)
			return &classes[i];
	}
	return NULL;
}

static int word_find(const struct word_value *words, const char *word,
		     uint32_t *value)
{
	for (; words->word; words++) {
		if (strcmp(words->word, word) == 0) {
			*value = words->value;
			return 1;
		}
	}
	return 0;
}

static int class_bit(const char *name, uint32_t *bit)
{
	const struct broker_class *class = broker_class_find(name);

	if (!class || class->depth == 0)
		return 0; /* nobody connects to a class without rings */
	*bit = 1u << class->id;
	return 1;
}

/* One word of a comma list: a class, or one of the key's own words. */
static int item_read(const struct key *key, const char *word, uint32_t *value)
{
	if (key->type == KEY_CLASSES)
		return class_bit(word, value);
	return word_find(key->words, word, value);
}

/* Or together the values of a comma list. `none` and "" are empty lists. */
static int list_read(const struct key *key, char *list, uint32_t *flags)
{
	uint32_t sum = 0;

	while (list && *list != '\0') {
		char *end = list;
		uint32_t value = 0;
		int more;

		while (*end != '\0' && *end != ',')
			end++;
		more = *end == ',';
		*end = '\0';
		if (!item_read(key, list, &value) && strcmp(list, "none") != 0)
			return 0;
		sum |= value;
		list = more ? end + 1 : NULL;
	}
	*flags = sum;
	return 1;
}

static int class_read(const char *text, const struct broker_class **class)
{
	*class = broker_class_find(text);
	return *class != NULL || strcmp(text, "none") == 0;
}

/* A comma separates words; a doubled one is a comma inside a word. */
static void args_split(char *text)
{
	char *out = text;

	for (; *text != '\0'; text++) {
		if (*text != ',') {
			*out++ = *text;
		} else if (text[1] == ',') {
			*out++ = *text++;
		} else {
			*out++ = ' ';
		}
	}
	*out = '\0';
}

/* Put a value where its key says. Return: 0 if the value makes no sense. */
static int key_store(const struct key *key, char *value, void *field)
{
	uint64_t number = 0;

	switch (key->type) {
	case KEY_ARGS:
		args_split(value);
		*(const char **)field = value;
		return 1;
	case KEY_TEXT:
		*(const char **)field = value;
		return *value != '\0';
	case KEY_WORD:
		return word_find(key->words, value, field);
	case KEY_WORDS:
	case KEY_CLASSES:
		return list_read(key, value, field);
	case KEY_CLASS:
		return class_read(value, field);
	case KEY_NUMBER:
		if (!glue_parse_u64(value, &number) || number > key->max)
			return 0;
		*(uint32_t *)field = (uint32_t)number;
		return 1;
	case KEY_KIB:
		if (!glue_parse_u64(value, &number) || number > key->max)
			return 0;
		*(uint64_t *)field = number * KIB;
		return 1;
	}
	return 0;
}

/* The row of a key's name; NULL if there is no such key. */
static const struct key *key_find(const char *name)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	}
	return NULL;
}

/* One key=value word. Return: 0, with a message, if it is wrong. */
static int word_read(struct broker_program *program, char *word)
{
	const struct key *key;
	char *value = word;

	while (*value != '\0' && *value != '=')
		value++;
	if (*value == '\0') {
		broker_log(
			"manifest.txt line %u: \"%s\" is not key=value; line skipped",
			program->line, word);
		return 0;
	}
	*value++ = '\0';
	key = key_find(word);
	if (!key) {
		broker_log(
			"manifest.txt line %u: unknown key \"%s\"; line skipped",
			program->line, word);
		return 0;
	}
	if (!key_store(key, value, (char *)program + key->offset)) {
		broker_log(
			"manifest.txt line %u: bad value \"%s\" for %s; line skipped",
			program->line, value, word);
		return 0;
	}
	return 1;
}

/* Defaults that depend on other keys, and what must be there. */
static int program_finish(struct broker_program *program)
{
	const char *fault = NULL;

	if (program->priority > PRIORITY_MAX)
		program->priority = program->kind == GLUE_KIND_APP ||
						    program->kind ==
							    GLUE_KIND_TEST ?
					    PRIORITY_APP :
					    PRIORITY_DRIVER;
	program->dma_bytes = (program->dma_bytes + 4095) & ~(uint64_t)4095;
	if (strlen(program->name) >= GLUE_NAME_BYTES)
		fault = "the name is longer than 31 characters";
	else if (broker_policy_find(program->name))
		fault = "the name was used before";
	else if (program->elf[0] == '\0')
		fault = "elf= is missing";
	else if (program->start == BROKER_START_DEVICE && !program->match[0] &&
		 !program->device[0])
		fault = "start=device needs match= or device=";
	else if (program->stall_ms == 0)
		fault = "stall_ms=0 leaves the device no time";
	else if (n_programs == BROKER_PROGRAMS_MAX)
		fault = "there are more than 48 programs";
	if (fault)
		broker_log("manifest.txt line %u: %s: %s; line skipped",
			   program->line, program->name, fault);
	return fault == NULL;
}

/* Cut the next blank-separated word off a line; NULL at its end or at '#'. */
static char *word_next(char **line)
{
	char *word = *line;
	char *end;

	while (*word == ' ' || *word == '\t' || *word == '\r')
		word++;
	if (*word == '\0' || *word == '#')
		return NULL;
	end = word;
	while (*end != '\0' && *end != ' ' && *end != '\t' && *end != '\r')
		end++;
	*line = *end == '\0' ? end : end + 1;
	*end = '\0';
	return word;
}

/* One line: a program with all defaults, then what its words say. */
static void line_read(char *line, uint32_t number)
{
	struct broker_program program = {
		.elf = "",
		.match = "",
		.device = "",
		.args = "",
		.line = number,
		.kind = GLUE_KIND_APP,
		.start = BROKER_START_DEMAND,
		.priority = PRIORITY_MAX + 1,
		.stack_bytes = 16 * KIB,
		.lend_bytes = 4096 * KIB,
		.channels = CHANNELS_DEFAULT,
		.stall_ms = STALL_MS_DEFAULT,
	};
	char *word = word_next(&line);

	if (!word)
		return;
	program.name = word;
	while ((word = word_next(&line)) != NULL) {
		if (!word_read(&program, word))
			return;
	}
	if (program_finish(&program))
		programs[n_programs++] = program;
}

unsigned int broker_policy_read(const char *text, size_t bytes)
{
	uint32_t number = 1;
	char *line = manifest;

	n_programs = 0;
	if (bytes > BROKER_MANIFEST_BYTES) {
		broker_log(
			"manifest.txt has %lu bytes, only the first %u are read",
			(unsigned long)bytes, BROKER_MANIFEST_BYTES);
		bytes = BROKER_MANIFEST_BYTES;
	}
	memcpy(manifest, text, bytes);
	manifest[bytes] = '\0';
	while (line) {
		char *end = line;

		while (*end != '\0' && *end != '\n')
			end++;
		if (*end == '\n')
			*end++ = '\0';
		else
			end = NULL;
		line_read(line, number++);
		line = end;
	}
	return n_programs;
}

unsigned int broker_policy_count(void)
{
	return n_programs;
}

const struct broker_program *broker_policy_program(unsigned int index)
{
	return index < n_programs ? &programs[index] : NULL;
}

const struct broker_program *broker_policy_find(const char *name)
{
	for (unsigned int i = 0; i < n_programs; i++) {
		if (strcmp(programs[i].name, name) == 0)
			return &programs[i];
	}
	return NULL;
}
