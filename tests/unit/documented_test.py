# SPDX-License-Identifier: BSD-2-Clause
"""documented_test.py - what tests/tools/documented.py takes for a comment."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

import documented  # noqa: E402

GOOD = """
/* Opening. */
#ifndef A_H
#define A_H
struct a {
	int (*call)(void);
};
extern const struct a a;

/* Two that belong together. */
void a_one(void);
void *a_two(struct a *a,
	    int n);

/**
 * a_three - can fail.
 *
 * Return: K_ERR_IO.
 */
__attribute__((cold)) enum k_err a_three(void);

/* Is it so? */
static inline int a_is(const struct a *a)
{
	return a != 0; /* a comment */
}

/* One load. */
static inline uint8_t a_load8(void)
{
	return 0;
}

static inline uint16_t a_load16(void)
{
	return 0;
}
#endif
"""


class Judge(unittest.TestCase):
    """One header at a time."""

    def complaints(self, text):
        """The complaints' texts."""
        return [wrong for _line, wrong in documented.judge_header(text)]

    def test_good(self):
        self.assertEqual(self.complaints(GOOD), [])

    def test_each_comment_counts(self):
        for comment, name in (("Two that belong", "a_one"),
                              ("Is it so?", "a_is"), ("One load", "a_load8")):
            text = GOOD.replace(f"/* {comment}", f"/* {comment} */\n\n/*", 1)
            start = text.index("/*", text.index(comment) + len(comment) + 3)
            end = text.index("*/", start) + 3
            self.assertIn(f"{name}: no comment in front of it",
                          self.complaints(text[:start] + text[end:]))

    def test_errors_are_named(self):
        self.assertEqual(
            self.complaints(GOOD.replace("Return: K_ERR_IO.", "Or not.")),
            ["a_three: its comment names no error: Return, K_ERR_..."])

    def test_numbers_mean_something(self):
        self.assertEqual(
            self.complaints(GOOD.replace("Is it so?", "It is so.")),
            ["a_is: its comment does not say what is returned"])

    def test_a_family_is_one_in_a_row(self):
        self.assertEqual(
            self.complaints(GOOD.replace("a_load16", "a_store16")),
            ["a_store16: no comment in front of it"])


if __name__ == "__main__":
    unittest.main()
