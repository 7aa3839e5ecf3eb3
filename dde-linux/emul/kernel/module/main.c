// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - start the driver's modules: their parameters, then their init.
 *
 * Stands for kernel/module/main.c. There is nothing to load: the link step made
 * the table of modules, dependencies first. The words in the process's args
 * (drivers.config: DDE_X_ARGS, manifest: args=) are parameters as modprobe takes
 * them, `name=value` or `module.name=value`; Linux's own kernel/params.c parses
 * and stores the values. Read next: dde_main.c, dde-linux/build/link_driver.py
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <kit.h>
#include <dde.h>
#include <dde_dma.h>
#include <dde_missing.h>
#include <dde_pages.h>

#define ARGS_BYTES 256 /* env page: args */

/* Linux calls this for a name that is not in the table it was given. */
static int param_unknown(char *name, char *value, const char *doing, void *arg)
{
	*(bool *)arg = false;
	return 0;
}

/*
 * @word is cut up by the parser, so the caller gives a copy.
 * Return: 0; -ENOENT if the module has no such parameter; what Linux says of
 * a value that cannot be (it has said it to the log too).
 */
static int module_param_try(const struct dde_initcall *module, char *word)
{
	bool known = true;
	char *err;

	err = parse_args(module->name, word, module->params,
			 module->params_end - module->params, S16_MIN, S16_MAX,
			 &known, param_unknown);
	if (IS_ERR(err))
		return PTR_ERR(err);
	return known ? 0 : -ENOENT;
}

/* The name behind "module." if @word is for @module, NULL if for another. */
static const char *word_for(const char *word, const struct dde_initcall *module)
{
	size_t name_len = strcspn(word, ".=");
	size_t len = strlen(module->name);

	if (word[name_len] != '.')
		return word;
	if (name_len != len || strncmp(word, module->name, len))
		return NULL;
	return word + len + 1;
}

/*
 * Words that begin with "dde." are for the layer itself.
 * Return: -ENOENT if it has none such.
 */
static int layer_word(const char *word)
{
	if (!strcmp(word, "dde.strict")) {
		dde_missing_strict();
		dde_dma_checked = true;
		return 0;
	}
	if (!strncmp(word, "dde.fail_alloc=", 15))
		return dde_fail_word(word + 15);
	if (!strncmp(word, "dde.id=", 7))
		return dde_board_id(word + 7);
	return -ENOENT;
}

/* The driver's own modules come last in the table: they are asked first. */
static int param_set(const char *word, unsigned int modules)
{
	char copy[ARGS_BYTES];
	const char *param;
	int err = layer_word(word);

	if (err != -ENOENT)
		return err;
	while (modules--) {
		param = word_for(word, &dde_initcalls[modules]);
		if (!param || !dde_initcalls[modules].params)
			continue;
		strscpy(copy, param);
		err = module_param_try(&dde_initcalls[modules], copy);
		if (err != -ENOENT)
			return err;
	}
	pr_err("argument '%s': no module of this driver has such a parameter\n",
	       word);
	return -EINVAL;
}

/**
 * dde_modules_args - set module parameters; before any module's init.
 * @args: words separated by blanks, as a person wrote them
 *
 * Return: -EINVAL for an unknown name, Linux's error for an impossible value.
 */
int dde_modules_args(const char *args)
{
	char copy[ARGS_BYTES], *rest = copy, *word;
	unsigned int modules = 0;
	int err = 0;

	strscpy(copy, args);
	while (dde_initcalls[modules].fn)
		modules++;
	while (!err && (word = strsep(&rest, " ")) != NULL) {
		if (*word)
			err = param_set(word, modules);
	}
	return err;
}

/* A module that may be there is not: what a driver needs is linked with it. */
void *__symbol_get(const char *symbol)
{
	return NULL;
}
DDE_EMULATED(__symbol_get);

/* The first failure ends the start: later modules build on earlier ones. */
int dde_modules_start(void)
{
	const struct dde_initcall *call;
	int err;

	dde_missing_announce();
	err = dde_modules_args(kit_device()->args);
	for (call = dde_initcalls; !err && call->fn; call++) {
		err = call->fn();
		if (err)
			pr_err("%s: module init failed: error %d\n", call->name,
			       err);
	}
	return err;
}
