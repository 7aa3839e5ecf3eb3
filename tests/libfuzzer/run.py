#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""run.py - runs the fuzzers of native drivers, one after the other.

usage: run.py --build DIR [--count] NAME... -- FUZZER_OPTION...

What a fuzzer has found to be new stays in BUILD/libfuzzer/NAME.corpus and is
where the next long run begins; a short run (--count, for make test) begins with
nothing, so that it is the same each time. An input that fails is kept, and the
line to run it again is printed.
"""
import argparse
import ctypes
import os
import pathlib
import re
import subprocess
import sys
import tempfile

LIMIT_S = 3600
ADDR_NO_RANDOMIZE = 0x40000      # personality(2)
PERSONALITY = ctypes.CDLL(None).personality


def same_addresses():
    """libFuzzer takes addresses that it sees compared for words to try: the same
    ones each time, where the host permits it.
    """
    PERSONALITY(ADDR_NO_RANDOMIZE)


def run(build, name, options, corpus):
    """Fuzz one driver. Return: None, or what was found."""
    folder = build / "libfuzzer"
    done = subprocess.run(
        [folder / name, "-max_len=512", "-len_control=0", "-timeout=30",
         "-print_final_stats=1", f"-artifact_prefix={folder}/{name}.", *options, corpus],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", timeout=LIMIT_S, check=False,
        preexec_fn=same_addresses, env={"PATH": os.environ["PATH"]})
    if done.returncode == 0:
        runs = re.search(r"number_of_executed_units: (\d+)", done.stdout)
        reached = re.findall(r" cov: (\d+)", done.stdout)
        print(f"ok   fuzz {name}: {runs[1]} inputs, {reached[-1]} places "
              "reached", flush=True)
        return None
    kept = re.search(r"Test unit written to (\S+)", done.stdout)
    again = f"; again: {folder}/{name} {kept[1]}" if kept else ""
    return "\n".join(done.stdout.splitlines()[-60:]) + again


def main():
    """Run all that are named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--count", action="store_true")
    parser.add_argument("names", nargs="+")
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    args = parser.parse_args(words[:cut])
    bad = 0
    for name in args.names:
        with tempfile.TemporaryDirectory() as fresh:
            corpus = pathlib.Path(fresh)
            if not args.count:
                corpus = args.build / f"libfuzzer/{name}.corpus"
                corpus.mkdir(exist_ok=True)
            found = run(args.build, name, words[cut + 1:], corpus)
        if found:
            bad += 1
            print(f"FAIL fuzz {name}\n{found}", flush=True)
    good = len(args.names) - bad
    print(f"fuzz-drivers: {good} passed, {bad} failed")
    if args.count:
        (args.build / "results/libfuzzer").write_text(f"{good} {bad}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
