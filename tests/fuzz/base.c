/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * base.c - system calls, chance and printing for the fuzzer's programs.
 */
#include <stdarg.h>
#include "base.h"

void *memcpy(void *to, const void *from, size_t n)
{
	char *t = to;
	const char *f = from;

	while (n--)
		*t++ = *f++;
	return to;
}

void *memset(void *to, int value, size_t n)
{
	char *t = to;

	while (n--)
		*t++ = (char)value;
	return to;
}

void send(const struct message *m, int64_t number,
	  struct abi_ipc_buffer *buffer, struct regs *regs)
{
	unsigned int i;

	for (i = ABI_MSG_REGS; i < m->n_words; i++)
		buffer->msg[i] = m->words[i];
	for (i = 0; i < m->n_caps; i++)
		buffer->caps_or_badges[i] = m->caps[i];
	*regs = (struct regs){ {
		m->cptr,
		abi_info(m->label, m->n_caps, m->n_words),
		m->words[0],
		m->words[1],
		m->words[2],
		m->words[3],
		0,
		(uint64_t)number,
	} };
	fuzz_svc(regs);
}

enum abi_cap_tag cap_tag_of(uint64_t cptr)
{
	struct regs regs = {
		.x = { [0] = cptr, [7] = (uint64_t)ABI_SYS_DEBUG_CAP_IDENTIFY }
	};

	fuzz_svc(&regs);
	return (enum abi_cap_tag)regs.x[0];
}

uint64_t random_word(uint64_t *state)
{
	uint64_t s = *state;

	s ^= s >> 12;
	s ^= s << 25;
	s ^= s >> 27;
	*state = s;
	return s * 0x2545f4914f6cdd1dull;
}

uint64_t below(uint64_t *state, uint64_t limit)
{
	return (random_word(state) >> 16) % limit;
}

static void put_char(char c)
{
	struct regs regs = { .x = { [0] = (uint64_t)c,
				    [7] = (uint64_t)ABI_SYS_DEBUG_PUTCHAR } };

	fuzz_svc(&regs);
}

static void put_number(uint64_t value)
{
	if (value >= 10)
		put_number(value / 10);
	put_char((char)('0' + value % 10));
}

void say(const char *text, ...)
{
	va_list list;

	va_start(list, text);
	for (; *text; text++) {
		if (*text == '%')
			put_number(va_arg(list, uint64_t));
		else
			put_char(*text);
	}
	va_end(list);
}

void power_off(uint64_t status)
{
	struct regs regs = { { ABI_SLOT_IRQ_CONTROL,
			       abi_info(ABI_KAAL_MACHINE_OFF, 0, 2), status, 0,
			       0, 0, 0, (uint64_t)ABI_SYS_CALL } };

	for (;;)
		fuzz_svc(&regs);
}

static bool starts_with(const char *text, const char *end, const char *word)
{
	while (*word && text < end && *text == *word)
		text++, word++;
	return !*word && text < end && *text == '=';
}

/* The command line lies somewhere in the device tree behind the boot info. */
uint64_t option(const struct abi_boot_info *info, const char *name,
		uint64_t otherwise)
{
	const char *text = (const char *)info + 4096;
	const char *end = text + info->extra_len;
	uint64_t value = 0;

	while (text < end && !starts_with(text, end, name))
		text++;
	if (text == end)
		return otherwise;
	while (*text++ != '=')
		;
	for (; text < end && *text >= '0' && *text <= '9'; text++)
		value = value * 10 + (uint64_t)(*text - '0');
	return value;
}
