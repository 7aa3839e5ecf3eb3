# SPDX-License-Identifier: BSD-2-Clause
"""run.py - boots the fuzzer in QEMU, judges it, and prints the coverage.

usage: run.py --build DIR --calls N --seed S [--each]
       run.py --build DIR --short

The run is good if the fuzzer says "done", the machine switches itself off with
status 0, and QEMU saw no bad access. Under -icount everything, also when each
interrupt comes, follows from the seed: a failing run repeats exactly. --each
checks the kernel after every call (slow): it finds the call that broke it.
--short is what `make test` runs; it writes DIR/results/fuzz.
"""
import argparse
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]

import coverage  # noqa: E402  (needs the paths above)
import qemu  # noqa: E402

SHORT_CALLS, SHORT_SEED = 200000, 1
SHORT_LIMIT_S = 120
CALLS_A_SECOND = 4000            # on a slow, busy host
KERNEL_IMAGE = "0xffffff8000000000+0x200000"  # arch/layout.h
COVERAGE_MIN = 85                # per cent of the kernel's lines


def log_judge(log):
    """QEMU's log holds translated code and, if any, bad accesses.

    Workers may read and write where no device is, and any register of the
    real-time clock: they own such pages. The kernel could not, it does not map
    them.
    """
    known = ("0x", "IN:", "---", "Invalid read at", "Invalid write at",
             "pl031")
    with open(log, encoding="latin-1") as file:
        for line in file:
            if line.strip() and not line.startswith(known):
                raise qemu.Failure(f"QEMU saw: {line.strip()}")


def boot(build, program, options, limit_s, log, show):
    """Run a root task to its end; return its console."""
    machine = qemu.Machine(
        build, initrd=build / program,
        extra=("-icount", "shift=0,sleep=off", "-append", options,
               "-d", "in_asm,guest_errors,unimp", "-dfilter", KERNEL_IMAGE,
               "-D", str(log)))
    with qemu.Guest(machine, limit_s, show) as guest:
        status = guest.ended(limit_s)
        if status != 0:
            guest.fail(f"it ended with status {status}; to repeat: {options}")
        if ": done" not in guest.text:
            guest.fail("it ended, but did not say that it was done")
        log_judge(log)
        return guest.text


def fuzz(build, calls, seed, each, show):
    """The fuzzer, then the lines it reached."""
    log = build / "fuzz.log"
    limit_s = SHORT_LIMIT_S + calls / CALLS_A_SECOND * (20 if each else 1)
    text = boot(build, "fuzz.elf",
                f"calls={calls} seed={seed} each={int(each)}",
                limit_s, log, show)
    if not show:
        print("\n".join("  " + line for line in text.splitlines()[-6:-1]))
    percent = coverage.report(build / "kernel.elf", log,
                              build / "fuzz-unreached.txt", show)
    if percent < COVERAGE_MIN:
        raise qemu.Failure(f"only {percent:.1f} % of the kernel's lines were "
                           f"reached, {COVERAGE_MIN} % are expected")


def memory(build, show):
    """Every allocation fails once."""
    text = boot(build, "fuzz_memory.elf", "", SHORT_LIMIT_S,
                build / "fuzz_memory.log", show)
    if not show:
        print("  " + text.splitlines()[-2])


def part_run(name, function, *args):
    """Run one part; print and return whether it was good."""
    start = time.monotonic()
    try:
        function(*args)
        error = None
    except qemu.Failure as failure:
        error = str(failure)
    print(f"{'FAIL' if error else 'ok  '} {name} "
          f"({time.monotonic() - start:.1f} s)")
    if error:
        print("    " + error.replace("\n", "\n    "))
    return error is None


def main():
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--calls", type=int, default=SHORT_CALLS)
    parser.add_argument("--seed", type=int, default=SHORT_SEED)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--short", action="store_true")
    args = parser.parse_args()
    build = args.build.resolve()
    parts = [part_run("fuzz", fuzz, build, args.calls, args.seed, args.each,
                      not args.short)]
    if args.short:
        parts.append(part_run("fuzz_memory", memory, build, False))
        good = sum(parts)
        (build / "results").mkdir(parents=True, exist_ok=True)
        (build / "results/fuzz").write_text(f"{good} {len(parts) - good}\n")
        print(f"fuzz: {good} passed, {len(parts) - good} failed")
    return 0 if all(parts) else 1


if __name__ == "__main__":
    sys.exit(main())
