// SPDX-License-Identifier: GPL-2.0-only
/*
 * kconfig_menu.c - Linux's drivers as Linux's own menus show them.
 *
 * Linked with Linux's Kconfig objects like kconfig_need.c. Prints each tristate
 * symbol that a person can switch on and that could be met on this machine, in
 * the order of the menus, with the titles above it, its prompt and its help:
 *
 *   config NAME / menu TITLE (outermost first) / prompt TEXT / help LINE / end
 *
 * Nothing of it is kept: menu.py makes the tree of `make menuconfig` from it at
 * each build. Read next: menu.py
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "lkc.h"

#define DEPTH_MAX 48 /* of dependencies; Linux's longest chain is half of it */
#define TITLE_MAX 16 /* nested menus */

static bool symbol_possible(struct symbol *sym, int depth);

/* Could an expression be true after switching symbols on? */
static bool expr_possible(struct expr *e, int depth)
{
	if (!e || expr_calc_value(e) != no)
		return true;
	switch (e->type) {
	case E_SYMBOL:
		return symbol_possible(e->left.sym, depth + 1);
	case E_AND:
		return expr_possible(e->left.expr, depth) &&
		       expr_possible(e->right.expr, depth);
	case E_OR:
		return expr_possible(e->left.expr, depth) ||
		       expr_possible(e->right.expr, depth);
	default:
		return false; /* a NOT or a comparison that does not hold */
	}
}

/* Has it a prompt that could show? Dependencies are part of a prompt's own. */
static bool prompt_possible(struct symbol *sym, int depth)
{
	struct property *prop;

	for_all_prompts(sym, prop) if (expr_possible(prop->visible.expr,
						     depth)) return true;
	return false;
}

/*
 * What was found is kept in a place for values that nothing else uses here:
 * mod possible, yes impossible. While a symbol is looked at it counts as
 * impossible, so that a circle ends.
 */
static bool symbol_possible(struct symbol *sym, int depth)
{
	tristate *known = &sym->def[S_DEF_DEF4].tri;
	bool possible;

	sym_calc_value(sym);
	if (sym_get_tristate_value(sym) != no || *known == mod)
		return true;
	if (*known == yes || depth > DEPTH_MAX || sym->flags & SYMBOL_CONST ||
	    !sym->name || !strcmp(sym->name, "COMPILE_TEST") ||
	    (sym->type != S_BOOLEAN && sym->type != S_TRISTATE))
		return false;
	*known = yes;
	possible = expr_possible(sym->dir_dep.expr, depth) &&
		   (prompt_possible(sym, depth) ||
		    (sym->rev_dep.expr &&
		     expr_possible(sym->rev_dep.expr, depth)));
	*known = possible ? mod : yes;
	return possible;
}

/* Titles from the outside in. */
static void titles_print(struct menu *menu)
{
	const char *title[TITLE_MAX];
	int count = 0;

	for (menu = menu->parent; menu && menu != &rootmenu;
	     menu = menu->parent) {
		if (menu->prompt && menu->prompt->type == P_MENU &&
		    count < TITLE_MAX)
			title[count++] = menu->prompt->text;
	}
	while (count--)
		printf("menu %s\n", title[count]);
}

static void help_print(const char *help)
{
	size_t length;

	while (help && *help) {
		length = strcspn(help, "\n");
		printf("help %.*s\n", (int)length, help);
		help += length + (help[length] == '\n');
	}
}

static void driver_print(struct menu *menu)
{
	printf("config %s\n", menu->sym->name);
	titles_print(menu);
	printf("prompt %s\n", menu->prompt->text);
	help_print(menu->help);
	printf("end\n");
}

static bool is_driver(const struct menu *menu)
{
	return menu->sym && menu->sym->name && menu->prompt &&
	       menu->sym->type == S_TRISTATE;
}

/* Linux's parser reports through this; its chatter would mix with ours. */
static void message_drop(const char *text)
{
	(void)text;
}

int main(int argc, char **argv)
{
	struct menu *menu;

	if (argc != 2) {
		fprintf(stderr, "usage: kconfig_menu KCONFIG\n");
		return 2;
	}
	conf_set_message_callback(message_drop);
	conf_parse(argv[1]);
	conf_read(NULL);
	menu_for_each_entry(menu)
	{
		if (is_driver(menu) && symbol_possible(menu->sym, 0))
			driver_print(menu);
	}
	return 0;
}
