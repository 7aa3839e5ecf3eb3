// SPDX-License-Identifier: BSD-2-Clause
/*
 * module.c - arguments become module parameters, bad ones are named.
 *
 * The group is the module "checks" of the table in main.c; __param is where
 * the linker puts the tables that module_param makes.
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <dde.h>
#include "check.h"

#undef MODULE_PARAM_PREFIX /* as in a module: no name in front */
#define MODULE_PARAM_PREFIX ""

static int depth = 3;
static bool loud;
static int list[4];
static int listed;
module_param(depth, int, 0444);
module_param(loud, bool, 0444);
module_param_array(list, int, &listed, 0444);

static void check_module(void)
{
	CHECK(!dde_modules_args(""));
	CHECK(depth == 3 && !loud);
	CHECK(!dde_modules_args("depth=0x10  loud "));
	CHECK(depth == 16 && loud);
	CHECK(!dde_modules_args("checks.depth=5 list=1,-2,3"));
	CHECK(depth == 5 && listed == 3 && list[1] == -2);

	fake_log_clear();
	CHECK(dde_modules_args("deep=1") == -EINVAL);
	CHECK(strstr(fake_log, "argument 'deep=1': no module of this driver") !=
	      NULL);
	CHECK(dde_modules_args("other.depth=1") == -EINVAL && depth == 5);
	fake_log_clear();
	CHECK(dde_modules_args("depth=many loud=n") == -EINVAL);
	CHECK(strstr(fake_log, "`many' invalid for parameter `depth'") != NULL);
	CHECK(depth == 5 && loud);
	CHECK(dde_modules_args("list=1,2,3,4,5") == -EINVAL);
	CHECK(dde_modules_args("depth") == -EINVAL);
	CHECK(!__symbol_get("of_another_module"));
}
CHECK_GROUP(module);
