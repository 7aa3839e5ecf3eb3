// SPDX-License-Identifier: GPL-2.0-only
/*
 * kconfig_need.c - enable driver symbols with all they depend on.
 *
 * Linked with Linux's own Kconfig objects (scripts/kconfig), so that what a
 * symbol needs is decided by Linux and by nobody else. Kconfig itself only
 * follows `select`; a person in menuconfig opens the menus that hide a driver
 * (its `depends on`). This tool does that person's part and says what it did.
 *
 *   kconfig_need KCONFIG --list          every symbol: NAME type
 *   kconfig_need KCONFIG SYMBOL...       read .config, enable, write .config
 *   kconfig_need KCONFIG --any SYMBOL... the same; refusals stop nothing, and
 *                                        a word -SYMBOL bars a symbol: what
 *                                        switches it on is refused
 *
 * Output lines: "on NAME" for each symbol enabled besides the asked ones,
 * "unknown NAME", "type NAME TYPE", "unmet NAME: condition" for refusals.
 * Exit status 1 if there was a refusal. Read next: drivers_config.py
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "lkc.h"

#define DEPTH_MAX 24 /* no driver in Linux nests deeper than half of it */

static bool symbol_enable(struct symbol *sym, int depth);

static char **barred; /* names after "-", up to barred_count */
static int barred_count;

#define UNDO_MAX 256 /* symbols that one driver's dependencies switch on */

static struct symbol *undo[UNDO_MAX]; /* those of the driver in hand */
static int undo_count;

/* COMPILE_TEST only compiles and never runs; others the caller has barred. */
static bool is_barred(const struct symbol *sym)
{
	if (!sym->name || !strcmp(sym->name, "COMPILE_TEST"))
		return true;
	for (int i = 0; i < barred_count; i++)
		if (barred[i][0] == '-' && !strcmp(barred[i] + 1, sym->name))
			return true;
	return false;
}

/* Try to make an expression true by enabling symbols in it. */
static bool expr_satisfy(struct expr *e, int depth)
{
	if (!e || expr_calc_value(e) != no)
		return true;
	switch (e->type) {
	case E_SYMBOL:
		return symbol_enable(e->left.sym, depth + 1);
	case E_AND:
		return expr_satisfy(e->left.expr, depth) &&
		       expr_satisfy(e->right.expr, depth);
	case E_OR:
		return expr_satisfy(e->left.expr, depth) ||
		       expr_satisfy(e->right.expr, depth);
	default:
		return false; /* a NOT or a comparison: not ours to change */
	}
}

/* Is it a constant, a number or a string, which cannot be switched on? */
static bool is_fixed(const struct symbol *sym)
{
	return (sym->flags & SYMBOL_CONST) ||
	       (sym->type != S_BOOLEAN && sym->type != S_TRISTATE);
}

/* Give a visible symbol its value: m if it may be a module, else y. */
static bool symbol_set(struct symbol *sym)
{
	tristate want = sym->type == S_TRISTATE ? mod : yes;

	if (undo_count < UNDO_MAX)
		undo[undo_count++] = sym;
	if (!sym_set_tristate_value(sym, want) &&
	    !sym_set_tristate_value(sym, yes))
		return false;
	sym_clear_all_valid();
	sym_calc_value(sym);
	return sym_get_tristate_value(sym) != no;
}

/* Enable the first selector that can be, for a symbol without a prompt. */
static bool selector_enable(struct symbol *sym, int depth)
{
	return sym->rev_dep.expr && expr_satisfy(sym->rev_dep.expr, depth);
}

static bool symbol_enable(struct symbol *sym, int depth)
{
	sym_calc_value(sym);
	if (sym_get_tristate_value(sym) != no)
		return true;
	if (depth > DEPTH_MAX || is_fixed(sym) || is_barred(sym))
		return false;
	if (!expr_satisfy(sym->dir_dep.expr, depth))
		return false;
	sym_clear_all_valid();
	sym_calc_value(sym);
	if (sym_get_tristate_value(sym) != no)
		return true;
	if (sym->visible == no)
		return selector_enable(sym, depth);
	if (!symbol_set(sym))
		return false;
	if (depth)
		printf("on %s\n", sym->name);
	return true;
}

static void refusal_print(struct symbol *sym)
{
	struct gstr text = str_new();

	if (sym->dir_dep.expr && expr_calc_value(sym->dir_dep.expr) == no)
		expr_gstr_print(sym->dir_dep.expr, &text);
	else
		str_append(&text, "only other symbols can select it");
	printf("unmet %s: %s\n", sym->name, str_get(&text));
	str_free(&text);
}

/* A barred symbol that is on, because something selects it; NULL if none. */
static const char *barred_on(void)
{
	for (int i = 0; i < barred_count; i++) {
		struct symbol *sym = barred[i][0] == '-' ?
					     sym_find(barred[i] + 1) :
					     NULL;

		if (!sym)
			continue;
		sym_calc_value(sym);
		if (sym_get_tristate_value(sym) != no)
			return sym->name;
	}
	return NULL;
}

/* A refused driver leaves nothing behind that its dependencies switched on. */
static void driver_undo(void)
{
	while (undo_count) {
		sym_set_tristate_value(undo[--undo_count], no);
		sym_clear_all_valid();
	}
}

static bool driver_enable(const char *name)
{
	struct symbol *sym = sym_find(name);

	if (!sym || sym->type == S_UNKNOWN) {
		printf("unknown %s\n", name);
		return false;
	}
	if (is_fixed(sym)) {
		printf("type %s %s\n", name, sym_type_name(sym->type));
		return false;
	}
	undo_count = 0;
	if (!symbol_enable(sym, 0))
		refusal_print(sym);
	else if (barred_on())
		printf("unmet %s: it selects %s, which is barred\n", name,
		       barred_on());
	else
		return true;
	driver_undo();
	return false;
}

static void symbols_list(void)
{
	struct symbol *sym;

	for_all_symbols(sym) if (sym->name && sym->type != S_UNKNOWN)
		printf("%s %s\n", sym->name, sym_type_name(sym->type));
}

static int drivers_enable(int count, char **names)
{
	bool any = !strcmp(names[0], "--any");
	bool fine = true;

	conf_read(NULL);
	barred = names;
	barred_count = any ? count : 0;
	for (int i = any; i < count; i++)
		fine &= names[i][0] == '-' || driver_enable(names[i]);
	if ((fine || any) && conf_write(NULL)) {
		fprintf(stderr, "kconfig_need: .config cannot be written\n");
		return 2;
	}
	return fine ? 0 : 1;
}

/* Linux's parser reports through this; its chatter would mix with ours. */
static void message_drop(const char *text)
{
	(void)text;
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr,
			"usage: kconfig_need KCONFIG --list|SYMBOL...\n");
		return 2;
	}
	conf_set_message_callback(message_drop);
	conf_parse(argv[1]);
	if (!strcmp(argv[2], "--list")) {
		symbols_list();
		return 0;
	}
	return drivers_enable(argc - 2, argv + 2);
}
