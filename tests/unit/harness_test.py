# SPDX-License-Identifier: BSD-2-Clause
"""harness_test.py - the QEMU harness against a shell script in QEMU's place.

A test that waits for what can no longer come must fail at once, not when its
time is up.
"""
import pathlib
import sys
import time
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/tools"))
import qemu  # noqa: E402


class Script:
    """A machine that is a line of shell."""

    def __init__(self, line):
        self.line = line

    def arguments(self, _log):
        """What is run in QEMU's place."""
        return ["sh", "-c", self.line]


class Waiting(unittest.TestCase):
    """Guest.expect on consoles that hold good and bad news."""

    def test_a_panic_ends_the_wait(self):
        began = time.monotonic()
        with qemu.Guest(Script("echo 'KaaL: kernel panic: x'; sleep 30")) as g:
            with self.assertRaisesRegex(qemu.Failure, "kernel panic: x"):
                g.boot(20)
        self.assertLess(time.monotonic() - began, 15)

    def test_a_fault_of_a_process_does_not(self):
        with qemu.Guest(Script("echo 'kaal: fault: probe'; sleep 0.2; "
                               "echo after; sleep 30")) as guest:
            guest.expect("^after", 20)

    def test_a_panic_can_be_waited_for(self):
        with qemu.Guest(Script("echo 'KaaL: kernel panic: x'; sleep 30")) as g:
            g.expect("^KaaL: kernel panic: x", 20)

    def test_the_end_is_told(self):
        with qemu.Guest(Script("echo bye")) as guest:
            with self.assertRaisesRegex(qemu.Failure, "QEMU ended"):
                guest.boot(20)

    def test_an_echo_may_be_cut_by_a_message(self):
        with qemu.Guest(Script("printf 'kaal> '; head -c 1 >&2; printf "
                               "'bdisk: new size\nlk info 0\nserial x\nkaal> '; "
                               "sleep 30")) as guest:
            guest.boot(20)
            self.assertEqual(guest.run("blk info 0", 20), "serial x\n")

    def test_an_echo_of_one_key_is_that_key(self):
        self.assertNotRegex("message\n", qemu.echoed("x"))
        self.assertRegex("message\nx\n", qemu.echoed("x"))


if __name__ == "__main__":
    unittest.main()
