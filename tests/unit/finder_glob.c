/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * finder_glob.c - which aliases a match= list takes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../finder/glob.h"

static int one(const char *glob, const char *text)
{
	char list[128] = "x:nobody* ";
	int alone = finder_match_list(glob, text);

	strcat(list, glob);
	assert_int_equal(finder_match_list(list, text), alone);
	strcat(list, " y:nobody");
	assert_int_equal(finder_match_list(list, text), alone);
	return alone;
}

static void globs_match(void **state)
{
	(void)state;
	assert_true(one("virtio:d00000002v*", "virtio:d00000002v554D4551"));
	assert_false(one("virtio:d00000002v*", "virtio:d00000001v554D4551"));
	assert_true(one("of:N*T*Carm,pl011*", "of:Npl011T(null)Carm,pl011"));
	assert_true(one("a*b*c", "axxbyybzc"));
	assert_false(one("a*b*c", "axxbyybz"));
	assert_true(one("x?z", "xyz"));
	assert_false(one("x?z", "xz"));
	assert_true(one("*", "z"));
	assert_false(one("[", "z"));
	assert_true(one("a*", "a b"));
	/* A blank in an alias does not lead into the next glob. */
	assert_false(finder_match_list("a b*", "a bc"));
	assert_false(finder_match_list("", "xyz"));
	assert_true(finder_match_list("*", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(globs_match),
	};

	return cmocka_run_group_tests_name("finder_glob", tests, NULL, NULL);
}
