# SPDX-License-Identifier: BSD-2-Clause
"""run.py - runs system tests, two at a time, and counts them.

usage: run.py --build DIR [--show] [--long] [NAME...]

A test is a function test_NAME(t) with a docstring in tests/system/test_*.py;
`t` (harness.py) gives it guests and disks. It fails by raising. One marked
@harness.twins runs a second time, as NAME@native, with native drivers. --show prints
the guest's console while it runs, one test after the other. --long runs the
functions long_NAME(t) instead: real traffic, minutes each (make traffic).
"""
import argparse
import concurrent.futures
import importlib
import pathlib
import shutil
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]

import harness  # noqa: E402  (needs the paths above)
import qemu  # noqa: E402

AT_ONCE = 2                      # QEMU keeps one host core busy each


def tests_find(prefix):
    """All tests whose function begins with the prefix.

    Return: {name: (function, with native drivers?)}.
    """
    found = {}
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(path.stem)
        for name, value in vars(module).items():
            if name.startswith(prefix) and callable(value):
                found[name[5:]] = value, False
                if getattr(value, "twins", False):
                    found[name[5:] + "@native"] = value, True
    return found


def test_run(name, test, build, show):
    """Run one test; return (name, seconds, error text or None)."""
    function, native = test
    start = time.monotonic()
    error = None
    try:
        with harness.Test(build, show, native) as t:
            function(t)
    except qemu.Failure as failure:
        error = str(failure)
    except Exception:  # noqa: B902  a broken test is a failed test
        error = traceback.format_exc()
    return name, time.monotonic() - start, error


def report(result):
    """Print one result; return True if it is good."""
    name, seconds, error = result
    print(f"{'FAIL' if error else 'ok  '} {name} ({seconds:.1f} s)",
          flush=True)
    if error:
        print("    " + error.replace("\n", "\n    "), flush=True)
    return not error


def temporary_below(build):
    """All temporary files lie in one folder; what a killed run left goes."""
    folder = build.resolve() / "tmp"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tempfile.tempdir = str(folder)


def main():
    """Run all tests, or those named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--long", action="store_true")
    args = parser.parse_args()
    found = tests_find("long_" if args.long else "test_")
    unknown = [n for n in args.names if n not in found]
    if unknown:
        near = [n for n in found if unknown[0] in n] or found
        print(f"no system test {unknown[0]}; there are: {' '.join(near)}")
        return 1
    names = args.names or list(found)
    temporary_below(args.build)
    at_once = 1 if args.show else AT_ONCE
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        jobs = [pool.submit(test_run, n, found[n], args.build.resolve(),
                            args.show) for n in names]
        good = sum(report(job.result())
                   for job in concurrent.futures.as_completed(jobs))
    bad = len(names) - good
    print(f"system: {good} passed, {bad} failed")
    if not args.names and not args.long:
        (args.build / "results/system").write_text(f"{good} {bad}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
