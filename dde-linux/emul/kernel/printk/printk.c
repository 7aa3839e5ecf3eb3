// SPDX-License-Identifier: GPL-2.0-only
/*
 * printk.c - kernel messages, one line each to the process's log.
 *
 * Stands for kernel/printk/printk.c. Formatting is Linux's own lib/vsprintf.c.
 * Kept: levels, KERN_CONT, messages without newline that a later one completes.
 * Not kept: the ring buffer, consoles, timestamps, rate of the console.
 * Debug messages are dropped, as on a Linux with its default log level.
 */
#include <linux/dev_printk.h>
#include <linux/console.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/string.h>
#include <kit.h>
#include <dde.h>

#define LINE_BYTES 200

/* The line being built: completed by a newline or by the next message. */
static char line[LINE_BYTES];
static unsigned int used;

/* kit_log adds the process's name and the newline. */
static void line_flush(void)
{
	if (!used)
		return;
	line[used] = '\0';
	used = 0;
	kit_log(line);
}

/* Lines that are too long are cut into several, never lost. */
static void line_add(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n' || used == LINE_BYTES - 1)
			line_flush();
		if (*text != '\n')
			line[used++] = *text;
	}
}

/* "KERN_SOH digit" may stand before a message; 'c' continues a line. */
static const char *level_strip(const char *text, int *level)
{
	char c;

	while ((c = printk_get_level(text))) {
		if (c == 'c')
			*level = LOGLEVEL_DEFAULT;
		else
			*level = c - '0';
		text += 2;
	}
	return text;
}

/**
 * vprintk_emit - every kernel message ends here.
 * @level: of the message, or LOGLEVEL_DEFAULT if it stands in the text
 * @dev_info: for structured logs; the text names the device already
 *
 * Return: bytes of the text.
 */
asmlinkage int vprintk_emit(int facility, int level,
			    const struct dev_printk_info *dev_info,
			    const char *fmt, va_list args)
{
	char text[LINE_BYTES];
	const char *body;
	int said = LOGLEVEL_NOTICE;
	int bytes;

	bytes = vscnprintf(text, sizeof(text), fmt, args);
	body = level_strip(text, &said);
	if (level != LOGLEVEL_DEFAULT)
		said = level;
	if (said >= LOGLEVEL_DEBUG)
		return bytes;
	if (said != LOGLEVEL_DEFAULT)
		line_flush();
	line_add(body);
	return bytes;
}
DDE_EMULATED(vprintk_emit);

asmlinkage int vprintk(const char *fmt, va_list args)
{
	return vprintk_emit(0, LOGLEVEL_DEFAULT, NULL, fmt, args);
}
DDE_EMULATED(vprintk);

asmlinkage __visible int _printk(const char *fmt, ...)
{
	va_list args;
	int bytes;

	va_start(args, fmt);
	bytes = vprintk(fmt, args);
	va_end(args);
	return bytes;
}
DDE_EMULATED(_printk);

/* Deferred in Linux because the console may need a lock; here none does. */
asmlinkage __visible int _printk_deferred(const char *fmt, ...)
{
	va_list args;
	int bytes;

	va_start(args, fmt);
	bytes = vprintk(fmt, args);
	va_end(args);
	return bytes;
}
DDE_EMULATED(_printk_deferred);

/* --- consoles: drivers offer them, nothing is printed on them ------------- */

int console_set_on_cmdline;
DDE_NOOP(console_set_on_cmdline, "no kernel command line");

void register_console(struct console *console)
{
}
DDE_NOOP(register_console, "messages go to the broker, not through a driver");

int unregister_console(struct console *console)
{
	return 0;
}
DDE_NOOP(unregister_console, "none is registered");

int add_preferred_console(const char *name, const short index, char *options)
{
	return 0;
}
DDE_NOOP(add_preferred_console, "none is registered");

void console_list_lock(void)
{
}
DDE_NOOP(console_list_lock, "the list of consoles is empty");

void console_list_unlock(void)
{
}
DDE_NOOP(console_list_unlock, "the list of consoles is empty");

void console_lock(void)
{
}
DDE_NOOP(console_lock, "no console prints");

void console_unlock(void)
{
}
DDE_NOOP(console_unlock, "no console prints");

/* Ten lines in five seconds, as Linux. */
static DEFINE_RATELIMIT_STATE(all_limit, 5 * HZ, 10);

int __printk_ratelimit(const char *func)
{
	return ___ratelimit(&all_limit, func);
}
DDE_EMULATED(__printk_ratelimit);
