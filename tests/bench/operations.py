# SPDX-License-Identifier: BSD-2-Clause
"""operations.py - what one operation of each class costs, and each driver's start.

Both kinds of driver do the same on the benchmark kernel, under icount: a random
4 KiB read, a frame sent, a line of 64 bytes written, 4 KiB of random numbers, the
time read, a level read; each is waited for before the next. guest_profile.py
counts all that the guest executes from a client's call to its answer: client,
driver, kernel, broker, and the changes from one process to another.
A driver's start is what all threads execute more until all is ready with it than
without it (its line of the manifest then waits for demand): loading, probing, and
what the broker does for it, the kernel's work for them included. Idle time is not
in it. What waits for a driver, the IP stack and the watcher of the power button, is
left out of all these machines.
"""
import pathlib
import re
import tempfile

import guest_profile
import memory_walk
import net_rows
import qemu
import turns

TIMES = 200
TICK = 16                        # instructions in one tick of CNTVCT_EL0
# class -> (shell command, its first and last function, how often it is typed)
CLIENTS = {
    "blk": (f"blk bench N {TIMES}", "glue_block_submit", "bench_done", 1),
    "serial": (f"serial bench N {TIMES}", "glue_req_call", "service_good", 1),
    "rng": ("rng read N 4096", "service_ask", "service_good", 3),
    "rtc": ("date", "service_ask", "service_good", 3),
    "gpio": ("gpio get N 3", "glue_req_call", "service_good", 3),
}
# The device answers inside the guest's own register write where it can.
ICOUNT = ("-icount", "shift=0,sleep=off",
          "-global", "virtio-mmio.ioeventfd=off")
FRAME_ROW = "tx64"


class Operation:
    """Figures of one operation."""

    def __init__(self, profile):
        rounds = profile.rounds
        self.instructions = round(sum(profile.instructions.values()) / rounds)
        self.switches = round(profile.events["switches"] / rounds, 2)


def frame(build, kind):
    """A frame of 64 bytes, of many that are sent."""
    profile = net_rows.trace(build, f"net.{kind}.{FRAME_ROW}")
    profile.rounds = net_rows.TRACED
    return Operation(profile)


def programs(where, driver):
    """The programs that an operation needs, with their symbols.

    No others: Linux's drivers have code in common, at one place.
    """
    return [where / f"{name}.elf" for name in
            ("shell", driver, "native_timer_arm", "broker")]


def edited(system, folder, names):
    """A system.elf whose named programs start on demand only."""
    data = system.read_bytes()
    for name in names:
        data, found = re.subn(
            rb"^(%s elf=[^\n]* )(start=device|start=boot needs=\w+)"
            % name.encode(),
            lambda line: line[1] + b"start=demand".ljust(len(line[2])),
            data, flags=re.M)
        if not found:
            raise qemu.Failure(f"{system}: no {name} to leave out")
    path = pathlib.Path(folder) / "system.elf"
    path.write_bytes(data)
    return path


def one(machine, where, driver, service, number):
    """An operation through one service of a machine."""
    command, first, last, times = CLIENTS[service]
    with tempfile.TemporaryDirectory(prefix="kaal-op-") as folder:
        profile = guest_profile.Profile(
            folder, machine.build / "bench/kernel.elf", programs(where, driver),
            ("shell", first, last), TIMES)
        machine.extra += profile.arguments
        profile.start()
        with qemu.Guest(machine, limit_s=200) as guest:
            turns.ready_wait(guest)
            for _ in range(times):
                guest.run(command.replace("N", number), 100)
            guest.finish()
        profile.join()
    if not profile.rounds:
        raise qemu.Failure(f"{command}: {first} was never called")
    return Operation(profile)


def start(machine, ram):
    """Instructions that all threads execute until all is ready."""
    kernel = machine.build / "bench/kernel.elf"
    with qemu.Guest(machine, limit_s=100) as guest:
        turns.ready_wait(guest)
        return memory_walk.cpu_ticks(ram, kernel) * TICK
