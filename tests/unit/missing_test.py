#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""missing_test.py - functions that a driver lacks: types, results, callers.

Run: python3 tests/unit/missing_test.py (from the top, no Linux tree needed).
"""
import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "dde-linux", "build"))
sys.dont_write_bytecode = True

import dwarf  # noqa: E402
import missing  # noqa: E402

# readelf's text: int f(void); struct rtc *g(void); const u32 h(void);
# enum e i(void); void j(void); extern struct list k; static int l(void) {}
DWARF = """\
 <1><10>: Abbrev Number: 1 (DW_TAG_base_type)
    <11>   DW_AT_byte_size   : 4
    <12>   DW_AT_encoding    : 5\t(signed)
    <13>   DW_AT_name        : int
 <1><20>: Abbrev Number: 2 (DW_TAG_pointer_type)
    <21>   DW_AT_byte_size   : 8
    <22>   DW_AT_type        : <0x70>
 <1><30>: Abbrev Number: 3 (DW_TAG_const_type)
    <31>   DW_AT_type        : <0x40>
 <1><40>: Abbrev Number: 4 (DW_TAG_typedef)
    <41>   DW_AT_name        : (indirect string, offset: 0x1): u32
    <42>   DW_AT_type        : <0x50>
 <1><50>: Abbrev Number: 1 (DW_TAG_base_type)
    <51>   DW_AT_byte_size   : 4
    <52>   DW_AT_encoding    : 7\t(unsigned)
 <1><60>: Abbrev Number: 5 (DW_TAG_enumeration_type)
    <61>   DW_AT_byte_size   : 4
 <1><70>: Abbrev Number: 6 (DW_TAG_structure_type)
    <71>   DW_AT_name        : (indirect string, offset: 0x9): f
    <72>   DW_AT_byte_size   : 0x28
"""
for letter, offset in zip("fghij", ("10", "20", "30", "60", None)):
    DWARF += (f" <1><1{ord(letter):x}>: Abbrev Number: 9 (DW_TAG_subprogram)\n"
              f"    <2>   DW_AT_name        : (indirect string, offset: 0x2): "
              f"{letter}\n    <3>   DW_AT_declaration : 1\n")
    if offset:
        DWARF += f"    <4>   DW_AT_type        : <0x{offset}>\n"
DWARF += """\
 <1><200>: Abbrev Number: 8 (DW_TAG_variable)
    <201>   DW_AT_name        : k
    <202>   DW_AT_type        : <0x70>
    <203>   DW_AT_declaration : 1
 <1><210>: Abbrev Number: 9 (DW_TAG_subprogram)
    <211>   DW_AT_name        : l
    <212>   DW_AT_type        : <0x10>
"""


class Missing(unittest.TestCase):
    """Functions that are not there: their types and what they return."""

    def kinds(self, names):
        entries = dwarf.entries_of(DWARF.splitlines())
        return {name: (found.kind, found.size) for name, found
                in dwarf.declared(entries, set(names)).items()}

    def test_types(self):
        self.assertEqual(self.kinds("fghij"), {
            "f": ("signed", 4), "g": ("pointer", 8), "h": ("unsigned", 4),
            "i": ("unsigned", 4), "j": ("void", 0)})

    def test_variable_is_no_function(self):
        self.assertEqual(self.kinds("k"), {"k": ("variable", 0)})

    def test_what_the_object_defines_does_not_count(self):
        self.assertEqual(self.kinds("lz"), {})

    def test_linker_names_each_once(self):
        text = ("a.o: in function `f':\nx.c:3: warning: undefined reference to "
                "`foo'\na.o: warning: undefined reference to `bar'\n"
                "more undefined references to `foo' follow\n")
        self.assertEqual(missing.undefined(text), ["bar", "foo"])

    def judged(self, *code):
        """How this code, one instruction a word, takes the result."""
        return missing.judged_as([(c.split()[0], missing.operands_of(
            c.split(None, 1)[1] if " " in c else "")) for c in code])

    def test_error_pointer(self):
        self.assertEqual(self.judged("str x0, [x21, #8]", "mov x19, x0",
                                     "cmn x0, #0x1, lsl #12"), "err")
        self.assertEqual(self.judged("mov x19, x0", "bl 40 <printk>",
                                     f"mov x1, {missing.ERR_LIMIT}",
                                     "cmp x19, x1"), "err")

    def test_null_pointer(self):
        self.assertEqual(self.judged("mov x21, x0", "cbz x0, 914"), "null")
        self.assertEqual(self.judged("cmp x0, #0x0"), "null")

    def test_not_judged(self):
        self.assertIsNone(self.judged("ret"))
        self.assertIsNone(self.judged("bl 40 <f>", "cbz x0, 914"))
        self.assertIsNone(self.judged("mov x0, #0x0", "cbz x0, 914"))

    def test_code_of_functions(self):
        text = missing.function_text(0, "g", dwarf.Prototype("pointer", 8),
                                     "-EOPNOTSUPP")
        self.assertIn('void * made_up_0(void) asm("g");', text)
        self.assertIn("\treturn (void *)-EOPNOTSUPP;\n", text)
        text = missing.function_text(1, "j", dwarf.Prototype("void", 0), "0")
        self.assertNotIn("return", text.replace("return_address", ""))
        text = missing.function_text(2, "s", dwarf.Prototype("struct", 40), "0")
        self.assertIn("char bytes[40];", text)

    def test_callers(self):
        listing = ("0000000000400100 <probe>:\n  400100:\tstp\tx29, x30, [sp]\n"
                   "  400104:\tbl\t400200 <foo>\n  400108:\tret\n\n"
                   "0000000000400110 <remove>:\n  400110:\tret\n\n"
                   "0000000000400120 <tail>:\n  400120:\tb\t400200 <foo>\n")
        self.assertEqual(missing.callers(listing, ["foo"]),
                         [(0x400100, 0x40010c, "probe"),
                          (0x400120, 0x400124, "tail")])


if __name__ == "__main__":
    unittest.main()
