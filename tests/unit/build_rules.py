# SPDX-License-Identifier: BSD-2-Clause
"""build_rules.py - the makefiles' promises, tried out on tiny trees.

A unit test that no longer compiles must fail, even though the program of an
earlier build is there; other flags must rebuild and the same flags must not;
a build folder that was moved must be refused in words.
"""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
TEST = """
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
static void passes(void **state)
{
	(void)state;
	assert_int_equal(LIMIT, 1);
}
int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(passes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
"""
UNIT_MAKEFILE = """
B := build
V := 0
include mk/common.mk
include tests/tests.mk
"""
ROOM_MAKEFILE = """
B := build
V := 0
DEBUG ?= 1
include mk/common.mk
$(eval $(call compile_rules,room/,-DDEBUG=$(DEBUG) -DNAME='"x"'))
all: $(B)/room/a.o
"""
MOVED_MAKEFILE = """
B := build
V := 0
LINUX_TARBALL := $(CURDIR)/linux.tar.xz
include mk/common.mk
include linux-src/linux.mk
all: $(LINUX)/.extracted
clean:
$(LINUX_TARBALL):
	tar -C kept -cJf $@ a
"""


class Tree(unittest.TestCase):
    """A small tree with the real makefiles of the parts under test."""

    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.top = pathlib.Path(self.temporary.name)
        self.copy("mk/common.mk")

    def tearDown(self):
        self.temporary.cleanup()

    def copy(self, name):
        """Take a file of the real tree."""
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / name, path)

    def write(self, name, text):
        """Make a file of the small tree."""
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def make(self, *words):
        """Run make there, with no variable of ours; (status, output)."""
        done = subprocess.run(["make", "-r", *words], cwd=self.top,
                              env={"PATH": os.environ["PATH"]},
                              stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout

    def demand(self, status, pattern, *words):
        """Make must succeed or fail (0 or 1), and say this."""
        got, output = self.make(*words)
        self.assertEqual(int(got != 0), status, output)
        if pattern:
            self.assertRegex(" ".join(output.split()), pattern)


class UnitTests(Tree):
    """make unit judges the sources as they are now."""

    def setUp(self):
        super().setUp()
        self.copy("tests/tests.mk")
        self.copy("tests/unit/run.py")
        self.write("Makefile", UNIT_MAKEFILE)
        self.write("tests/unit/sample.c", TEST)
        self.write("tests/unit/sample.src", "part.c\n")
        self.write("tests/unit/sample.flags", "-DLIMIT=1\n")
        self.write("part.c", "int part;\n")

    def test_stale_program_is_not_run(self):
        self.demand(0, "ok sample: 1 passed", "unit")
        self.write("part.c", "int broken = ;\n")
        self.demand(1, "FAIL sample: 0 passed, 1 failed", "unit")
        self.demand(1, "FAIL sample: 0 passed, 1 failed", "unit")
        self.write("part.c", "int part;\n")
        self.demand(0, "ok sample: 1 passed", "unit")
        (self.top / "part.c").unlink()
        self.demand(1, "FAIL sample: 0 passed, 1 failed", "unit", "T=sample")

    def test_list_counts(self):
        self.write("tests/unit/sample.src", "@parts\n")
        self.write("tests/unit/parts.list", "# all\npart.c\n")
        self.demand(0, "ok sample: 1 passed", "unit")
        self.write("tests/unit/parts.list", "part.c\nabsent.c\n")
        self.demand(1, "FAIL sample: 0 passed, 1 failed", "unit")
        (self.top / "tests/unit/parts.list").unlink()
        self.demand(1, "names tests/unit/parts.list, which is missing", "unit")

    def test_flags_count(self):
        self.demand(0, "ok sample: 1 passed", "unit")
        self.write("tests/unit/sample.flags", "-DLIMIT=2\n")
        self.demand(1, "FAIL sample: 0 passed, 1 failed", "unit")


class Flags(Tree):
    """Objects follow the flags they are made with."""

    def setUp(self):
        super().setUp()
        self.write("Makefile", ROOM_MAKEFILE)
        self.write("room/a.c", "int a = DEBUG;\n")

    def test_other_flags_rebuild(self):
        self.demand(0, "CC +room/a.c", "all")
        self.demand(0, "", "-q", "all")
        self.demand(1, "", "-q", "all", "DEBUG=0")
        self.demand(0, "", "-q", "all")
        self.demand(0, "CC +room/a.c", "all", "DEBUG=0")
        self.demand(0, "", "-q", "all", "DEBUG=0")
        stamp = (self.top / "build/room/.flags").read_text()
        self.assertIn("""-DDEBUG=0 -DNAME='"x"'""", stamp)


class Moved(Tree):
    """A build folder belongs to its place."""

    def test_moved_folder_is_refused(self):
        self.copy("linux-src/linux.mk")
        self.copy("linux-src/leave-out.txt")
        self.write("Makefile", MOVED_MAKEFILE)
        self.write("kept/a/b", "text\n")
        self.demand(0, "", "all")
        self.demand(0, "", "-q", "all")
        self.top.joinpath("build").rename(self.top / "other")
        self.demand(1, "was made as .*/build.* and is now .*/other.*: "
                    "make B=other clean", "B=other", "all")
        self.demand(0, "", "B=other", "clean")


if __name__ == "__main__":
    unittest.main()
