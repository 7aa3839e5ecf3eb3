#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""report_test.py - make dde-report: what it finds in objects, and its sums.

Small objects are compiled for the purpose, so that each way in which a name can
be met, or lack, occurs once and is known. The last group asks for the report of
a real driver and holds it against what the linker made of the same driver.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "dde-linux/build"))
import closure  # noqa: E402
import elf_object  # noqa: E402
import linux_exports  # noqa: E402
import report_config  # noqa: E402
import report_rank  # noqa: E402
import report_tests  # noqa: E402

CROSS = os.environ.get("CROSS", "aarch64-linux-gnu-")
B = os.environ.get("B", "build")

MARK = ('#define MARK(text) asm(".pushsection dde_symbols,\\"\\",%progbits\\n'
        '.asciz \\"" text "\\"\\n.popsection");\n')
SOURCES = {
    "ours": "void dde_main(void); void _start(void) { dde_main(); }",
    "emul": MARK + "void late(void); int weak_one(void)"
            " __attribute__((weak)); void dde_main(void) {"
            " if (weak_one) weak_one(); late(); }\n"
            "void late(void) {} void kfree(void) {} void nothing(void) {}\n"
            'MARK("emulated kfree dde-linux/emul/mm/slub.c ")\n'
            'MARK("noop nothing dde-linux/emul/x.c it is so")\n',
    "weak": "int weak_one(void) { return 1; }",
    "real": "void deep(void); void absent_too(void);"
            "void real_one(void) { deep(); }"
            "void unused(void) { absent_too(); }",
    "core": "void deep(void) {} int from_core(void);"
            "int (*core_call)(void) = from_core;",
    "driver": "void kfree(void), nothing(void), real_one(void), absent(void);"
              "void never(void); static void probe(void) { absent(); }"
              "static void (*const table)(void) = probe;"
              "int init_module(void) { kfree(); nothing(); real_one();"
              " ((void (*volatile *)(void))&table)[0](); return 0; }"
              "void cleanup_module(void) { never(); }",
    "library": "void needed(void); void exported(void) { needed(); }",
}


class Objects(unittest.TestCase):
    """The closure of made-up objects."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.folder.name)
        for name, text in SOURCES.items():
            (cls.path / f"{name}.c").write_text(text)
            subprocess.run([CROSS + "gcc", "-O2", "-ffunction-sections",
                            "-fdata-sections", "-fno-inline", "-c",
                            f"{name}.c", "-o", f"{name}.o"],
                           cwd=cls.path, check=True)
        for archive, parts in (("emul.a", ["emul.o", "weak.o"]),
                               ("real.a", ["real.o", "core.o"])):
            subprocess.run([CROSS + "ar", "qcsDP", archive, *parts],
                           cwd=cls.path, check=True)
        (cls.path / "lds").write_text("\t__start_rodata = .;\n")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def reach(self, *names, inits=()):
        """The reach of modules in a world of the archives above."""
        world = closure.World(*(str(self.path / p) for p in
                                ("ours.o", "emul.a", "real.a", "lds")), inits)
        modules = [elf_object.read_file(str(self.path / f"{n}.o"))[0]
                   for n in names]
        return closure.Walk(world, modules).run(())

    def test_every_kind_of_need(self):
        reach = self.reach("driver")
        self.assertEqual(reach.names("emulated"), ["kfree"])
        self.assertEqual(reach.names("noop"), ["nothing"])
        self.assertEqual(reach.names("missing"), ["absent"])
        self.assertEqual(reach.names("real"), ["deep", "real_one"])

    def test_what_is_not_reached_is_not_needed(self):
        reach = self.reach("driver")
        self.assertNotIn("never", reach.needs)  # only its exit function
        self.assertNotIn("absent_too", reach.needs)  # beside a real function
        self.assertNotIn("weak_one", reach.needs)  # nobody fetches its member

    def test_users(self):
        need = self.reach("driver").needs["absent"]
        self.assertEqual([user[0] for user in need.users], ["module"])
        self.assertEqual(need.users[0][2], "probe")

    def test_a_library_is_all_it_defines(self):
        self.assertEqual(self.reach("library").names("missing"), ["needed"])
        self.assertEqual(self.reach("library", "driver").names("missing"),
                         ["absent"])

    def test_initcalls_only_of_files_in_use(self):
        entry = {"names": ["deep"], "calls": [["4", "core_call"]]}
        self.assertIn("from_core",
                      self.reach("driver", inits=[entry]).names("missing"))
        self.assertEqual(
            self.reach("library", inits=[entry]).names("missing"), ["needed"])


class Ranking(unittest.TestCase):
    """The order of work."""

    RECORDS = [{"missing": ["a"], "untested": []},
               {"missing": ["a"], "untested": ["b"]},
               {"missing": [], "untested": ["b"]},
               {"missing": ["a", "b", "c"], "untested": []},
               {"missing": [], "untested": []}]

    def test_alone(self):
        self.assertEqual(report_rank.ranking(self.RECORDS)["alone"],
                         [["a", 1, 3], ["b", 1, 3], ["c", 0, 1]])

    def test_greedy(self):
        self.assertEqual(report_rank.ranking(self.RECORDS)["greedy"],
                         [[["a"], 1, 1], [["b"], 2, 3], [["c"], 3, 4]])


class Tested(unittest.TestCase):
    """What a log of executed instructions says of the checks."""

    FUNCTIONS = {0x10: {"start"}, 0x20: {"check_a"}, 0x30: {"kfree", "alias"},
                 0x40: {"check_b"}, 0x50: {"kmalloc"}, 0x60: {"check_sum"}}
    LOG = "".join(f"IN: \n0x{at:08x}:  d65f03c0  ret\n" for at in
                  (0x10, 0x50, 0x20, 0x30, 0x60, 0x34, 0x40, 0x30, 0x50))

    def test_by_group_and_not_at_the_start(self):
        runs = report_tests.executed(self.LOG, self.FUNCTIONS, {"a", "b"})
        self.assertEqual(runs["kfree"], ["a", "b"])
        self.assertEqual(runs["alias"], ["a", "b"])
        self.assertEqual(runs["kmalloc"], ["b"])  # and not from before
        self.assertEqual(runs["check_sum"], ["a"])  # no group by this name
        self.assertNotIn("start", runs)

    def test_variables_by_who_refers_to_them(self):
        obj = elf_object.Object("x.o", {
            1: elf_object.Section(".text.kfree", {"jiffies", "kmalloc"}),
            2: elf_object.Section(".text.never", {"system_wq"})})
        found = report_tests.with_variables({"kfree": ["a"]}, self.FUNCTIONS,
                                            [obj])
        self.assertEqual(found["jiffies"], ["a"])
        self.assertNotIn("kmalloc", found)  # a function: it was not executed
        self.assertNotIn("system_wq", found)


class Exports(unittest.TestCase):
    """Which file of Linux a name comes from."""

    def test_exported_before_merely_defined(self):
        with tempfile.TemporaryDirectory() as folder:
            lib = pathlib.Path(folder, "lib")
            lib.mkdir()
            (lib / "a.c").write_text("int one(int x)\n{\n}\n"
                                     "static int two(void)\n{\n}\n"
                                     "bool flag = true;\n")
            (lib / "b.c").write_text("int one(int x)\n{\n}\n"
                                     "EXPORT_SYMBOL_GPL(one);\n")
            self.assertEqual(
                linux_exports.providers(folder, ["one", "two", "flag", "x"]),
                {"flag": "lib/a.c", "one": "lib/b.c"})


def make(*words):
    """Run make in the tree; return the finished process."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    return subprocess.run(["make", "-s", f"B={B}", *words], cwd=TOP, env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=300, check=False)


class Report(unittest.TestCase):
    """The command, on the driver that this build holds."""

    @classmethod
    def setUpClass(cls):
        cls.done = make("dde-report", "D=VIRTIO_BLK")
        path = TOP / B / "dde-report/VIRTIO_BLK.json"
        cls.record = json.loads(path.read_text())

    def test_sum(self):
        last = self.done.stdout.strip().splitlines()[-1]
        self.assertRegex(last, r"^VIRTIO_BLK: \d+ real, \d+ emulated, "
                               r"\d+ no-ops, 0 missing; links completely, "
                               r"image \d+ bytes$")
        self.assertEqual(self.done.returncode, 0)
        self.assertEqual(self.record["class"], "block")

    def test_it_agrees_with_the_linked_driver(self):
        names = subprocess.run(
            [CROSS + "nm", "-j", "--defined-only",
             TOP / B / "dde_virtio_blk.elf"],
            stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        self.assertEqual(sorted(set(self.record["symbols"]) - set(names)), [])

    def test_sources(self):
        symbols = self.record["symbols"]
        self.assertEqual(symbols["vsnprintf"]["file"], "lib/vsprintf.c")
        self.assertEqual(symbols["kfree"]["file"], "dde-linux/emul/mm/slub.c")
        self.assertTrue(symbols["kfree"]["test"].startswith("dde_emul/"))
        noops = [s for s in symbols.values() if s["state"] == "noop"]
        self.assertTrue(noops and all(s["reason"] for s in noops))

    def test_refusals(self):
        done = make("dde-report")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("write make dde-report D=SYMBOL", done.stdout)
        done = make("dde-report", "D=virtio_blk")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("capitals, write D=VIRTIO_BLK", done.stdout)
        with self.assertRaisesRegex(SystemExit, "mean D=VIRTIO_BLK"):
            report_config.check_symbol("VIRTIO_BLKK", {"VIRTIO_BLK": "tristate"})
        with self.assertRaisesRegex(SystemExit, "has no such folder"):
            report_config.check_folders(str(TOP), ["drivers/no_such"])


if __name__ == "__main__":
    unittest.main()
