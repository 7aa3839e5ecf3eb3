# SPDX-License-Identifier: BSD-2-Clause
"""run.py - runs the unit tests that make has built, and counts them.

usage: run.py --build DIR --programs UNITS [NAME...]

NAME.src stands for the CMocka program UNITS/NAME, NAME.py for a Python
unittest file. Only what make lists in UNITS/fresh.txt is up to date and is
run; a program that an earlier make left there would prove nothing. Each runs
under a time limit; the output of one that fails is shown whole. Counts go to
DIR/results/unit.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
LIMIT_S = 180


def command_of(name, programs):
    """The command that runs a test, or None if it is not up to date."""
    if name not in (programs / "fresh.txt").read_text().split():
        return None
    if (HERE / f"{name}.py").exists():
        return [sys.executable, "-B", str(HERE / f"{name}.py")]
    return [str(programs / name)]


def counts_of(text, status):
    """Read (passed, failed) out of CMocka's or unittest's output."""
    ran = re.search(r"^Ran (\d+) tests? in", text, re.M)
    if ran:
        bad = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)",
                                             text))
        passed, failed = int(ran[1]) - bad, bad
    else:
        passed = sum(map(int, re.findall(r"PASSED  \] (\d+) test", text)))
        failed = sum(map(int, re.findall(r"FAILED  \] (\d+) test", text)))
    if status and not failed:
        failed = 1
    return passed, failed


def test_run(name, build, programs):
    """Run one test program; return (passed, failed, output)."""
    command = command_of(name, programs)
    if not command:
        return 0, 1, "it is not built: see the messages above"
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=LIMIT_S,
                              check=False, text=True, errors="replace",
                              env={**os.environ, "B": str(build.resolve())})
    except subprocess.TimeoutExpired as late:
        return 0, 1, f"killed after {LIMIT_S} s\n{late.stdout or b''!r}"
    passed, failed = counts_of(done.stdout, done.returncode)
    if not passed + failed:
        return 0, 1, "it ran no test\n" + done.stdout
    return passed, failed, done.stdout


def main():
    """Run all tests, or those named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    found = {p.stem for p in HERE.glob("*.src")}
    found |= {p.stem for p in HERE.glob("*.py")} - {"run"}
    passed = failed = 0
    for name in args.names or sorted(found):
        good, bad, output = test_run(name, args.build, args.programs)
        print(f"{'FAIL' if bad else 'ok  '} {name}: {good} passed, "
              f"{bad} failed")
        if bad:
            print(output)
        passed += good
        failed += bad
    print(f"unit: {passed} passed, {failed} failed")
    if not args.names:
        (args.build / "results/unit").write_text(f"{passed} {failed}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
