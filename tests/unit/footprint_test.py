# SPDX-License-Identifier: BSD-2-Clause
"""footprint_test.py - a figure of a driver that nobody measured is told."""
import pathlib
import sys
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests/bench"), str(TOP / "tests/tools"),
                str(TOP / "tests/system")]
import footprint  # noqa: E402  (needs the paths above)
import footprint_show  # noqa: E402
import footprint_static  # noqa: E402

# What issue 5 names.
NAMED = ("text", "rodata", "data", "bss", "heap_kib", "stack_kib",
         "tables_kib", "dma_kib", "caps", "ram_kib", "loc", "loc_driver",
         "loc_ours", "loc_linux", "start", "op_instructions", "op_switches",
         "never_run")


def made_up():
    """Rows as rows_of and costs_add leave them."""
    words = {word: 1 for columns in footprint_show.TABLES.values()
             for word in columns if word != "dead"}
    origin = {name: dict.fromkeys(footprint_static.SECTIONS, 1)
              for name in footprint_static.ORIGINS}
    return {kind: {key: {**words, "origin": origin}
                   for key in footprint.DRIVERS} for kind in footprint.KINDS}


class Missing(unittest.TestCase):
    """missing(): each figure of each driver and its twin is demanded."""

    def test_all_there(self):
        self.assertEqual(footprint.missing(footprint_show.flat(made_up())), [])

    def test_each_that_is_named_is_told(self):
        for kind in footprint.KINDS:
            for key in footprint.DRIVERS:
                for word in NAMED:
                    rows = made_up()
                    del rows[kind][key][word]
                    self.assertEqual(
                        footprint.missing(footprint_show.flat(rows)),
                        [f"footprint.{kind}.{key}.{word} was not measured"])

    def test_a_driver_that_did_not_run_is_told(self):
        rows = made_up()
        del rows["dde"]["pl061"]
        said = footprint.missing(footprint_show.flat(rows))
        self.assertGreaterEqual(len(said), len(NAMED))
        self.assertTrue(all("dde.pl061" in line for line in said))

    def test_bytes_have_their_origins(self):
        found = footprint_show.flat(made_up())
        for origin in ("driver", "linux", "emulation", "class_glue", "kit",
                       "runtime"):
            for section in footprint_static.SECTIONS:
                self.assertEqual(found["footprint.dde.virtio_blk.from."
                                       f"{origin}.{section}"], 1)


if __name__ == "__main__":
    unittest.main()
