# SPDX-License-Identifier: BSD-2-Clause
"""campaign.py - breaks drivers on purpose and counts what went wrong.

usage: campaign.py --build DIR [--n N] [--seed SEED] [--class NAME]
                   [--driver linux|native] [--sums yes|no]

Each class of faults is a module here with LONG, the number of cases of a whole
run, and run(c), which does c.n cases and writes into c.tally. Prints, and writes
into DIR/faults.json, for each class and driver: attempted, executed (the fault
was done), activated (the driver felt it), and the misses, which are: wrong data,
another component disturbed, a kernel fault, a hang, a limit not kept. Exit status
1 if there is a miss. With `--sums yes` the disk's client remembers what each sector
must hold (glue/block_sums.h), and does so in `inject` unless told not to. With the
seed and number that a miss is printed with, `make faults CLASS= DRIVER= SEED= N=`
does the same again.
"""
import argparse
import contextlib
import dataclasses
import json
import os
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(HERE.parent / "system"),
                str(HERE.parent / "tools")]

import cycles  # noqa: E402  (needs the paths above)
import exhaust  # noqa: E402
import guess  # noqa: E402
import harness  # noqa: E402
import hostile  # noqa: E402
import inject  # noqa: E402
import kills  # noqa: E402
import pace  # noqa: E402
import powercut  # noqa: E402
import qemu  # noqa: E402
import verified  # noqa: E402
import write_log  # noqa: E402

CLASSES = {**inject.CLASSES, **kills.CLASSES, "cycles": cycles, "pace": pace,
           "hostile": hostile, "powercut": powercut, "exhaust": exhaust,
           "guess": guess}
DRIVERS = ("linux", "native")
SUMS_KIB = 32                    # for all that apps/verify writes to
ICOUNT = ("-icount", "shift=0")  # times are in guest instructions
RAM = "/dev/shm"                 # for disks that no other work slows down
SAID_MAX = 700                   # of a failure's words, at its begin and its end


@dataclasses.dataclass
class Tally:
    """What became of the cases of one class, with one kind of driver."""
    attempted: int = 0
    executed: int = 0
    activated: int = 0
    misses: list = dataclasses.field(default_factory=list)
    figures: dict = dataclasses.field(default_factory=dict)

    def line(self):
        """For people."""
        words = [f"{self.attempted} attempted", f"{self.executed} executed",
                 f"{self.activated} activated", f"{len(self.misses)} misses"]
        words += [f"{key} {value}" for key, value in self.figures.items()]
        return ", ".join(words)

    def add(self, other):
        """For the sum of all."""
        self.attempted += other.attempted
        self.executed += other.executed
        self.activated += other.activated
        self.misses += other.misses


class Campaign:
    """What a class works with; one for each kind of driver.

    slack: limits of time are so many times as long. They are of guest time, which
    a busy host stretches wherever the guest waits for it.
    """

    def __init__(self, t, name, n, seed=1, slack=1, sums=None):
        self.t = t
        self.name = name
        self.n = n
        self.seed = seed
        self.slack = slack
        self.driver = "native" if t.native else "linux"
        self.tally = Tally()
        self.initrd = None
        self.edit = lambda text: text  # a class's own changes of the manifest
        self.sums = sums         # yes, no, or as the class likes

    def image(self):
        """The users' system, apps/verify, and no others who open channels."""
        if not self.initrd:
            lines = (self.t.build / "faults/lines.txt").read_text()
            if self.sums == "yes":
                lines = re.sub("^(verify .*)", rf"\1 sums_kib={SUMS_KIB}",
                               lines, flags=re.M)
            others = re.compile(r"^(?:ip2?|powerkey) .*\n", re.M)
            self.initrd = self.t.system(
                lambda text: others.sub("", self.edit(text)) + lines,
                *verified.programs(self.t.build),
                strictly=False)
        return self.initrd

    def guest(self, *disks, **machine):
        """A machine with that system, counting instructions."""
        machine["extra"] = (*ICOUNT, *machine.get("extra", ()))
        return self.t.guest(*disks, initrd=self.image(), **machine)

    @contextlib.contextmanager
    def round(self, number, *disks, **machine):
        """Such a machine, for one boot: what goes wrong in it is a miss.

        What it has said is kept for who looks into one.
        """
        with self.guest(*disks, **machine) as guest:
            with self.watched(f"round {number}"):
                yield guest
            log = f"{self.name}-{self.driver}-{self.seed}-{number}.txt"
            (self.t.build / "faults" / log).write_text(guest.text)

    @contextlib.contextmanager
    def watched(self, case):
        """What goes wrong in here is a miss, and the class goes on."""
        try:
            yield
        except (qemu.Failure, write_log.Lost) as failure:
            said = re.sub(r"\s+", " ", str(failure))
            self.miss(case, said if len(said) <= 2 * SAID_MAX else
                      f"{said[:SAID_MAX]} ... {said[-SAID_MAX:]}")

    def miss(self, case, what):
        """Note one; the class goes on with its next case."""
        self.tally.misses.append(
            f"{self.name} {self.driver} seed {self.seed} case {case}: {what}")


def run(build, name, driver, n=None, seed=1, sums=None):
    """All cases of a class with one kind of driver; return the Campaign."""
    with harness.Test(build, native=driver == "native") as t:
        c = Campaign(t, name, n or CLASSES[name].LONG, seed, sums=sums)
        CLASSES[name].run(c)
    return c


def at_least_one(text):
    """So many cases: without any nothing would be wrong."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def main():
    """All classes, or the one named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--n", type=at_least_one)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--class", dest="name", choices=CLASSES)
    parser.add_argument("--driver", choices=DRIVERS)
    parser.add_argument("--sums", choices=("yes", "no"))
    args = parser.parse_args()
    build = args.build.resolve()
    tempfile.tempdir = RAM if os.path.isdir(RAM) else str(build / "faults")
    total, found = Tally(), {}
    for name in [args.name] if args.name else CLASSES:
        for driver in [args.driver] if args.driver else DRIVERS:
            tally = run(build, name, driver, args.n, args.seed,
                        args.sums).tally
            print(f"faults {name} {driver}: {tally.line()}", flush=True)
            for miss in tally.misses:
                print(f"    miss: {miss}", flush=True)
            found[f"{name}.{driver}"] = dataclasses.asdict(tally)
            total.add(tally)
    print(f"faults: {total.line()}")
    (build / "faults.json").write_text(json.dumps(found, indent=1) + "\n")
    return 1 if total.misses else 0


if __name__ == "__main__":
    sys.exit(main())
