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
in it, nor are the heartbeats of those who idle: the machine is stopped as soon as
all is ready. What waits for a driver, the IP stack and the watcher of the power button, is
left out of all these machines.
"""
import pathlib
import sys
import tempfile

import guest_profile
import memory_walk
import net_rows
import qemu
import qmp
import turns

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "mk"))
import archive  # noqa: E402  (needs the path above)
import manifest  # noqa: E402

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
# The device answers inside the guest's own register write where it can. Where it
# cannot, the time of a sleep passes as the host's does: with sleep=off it would leap
# from one heartbeat of all drivers to the next.
ICOUNT = ("-icount", "shift=0,sleep=on",
          "-global", "virtio-mmio.ioeventfd=off")
FRAME_ROW = "tx64"
BOOTS = 3                        # the least of them had no heartbeat in it
# Of a record: the words, the segments and their number come before.
START = len(manifest.WORDS) + 2 + manifest.NUMBERS.index("start")


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
    """A system.elf whose named programs start on demand only.

    Their records in the archive (mk/archive.py) are changed, which is beside it.
    """
    data = bytearray(system.read_bytes())
    whole = bytearray((system.parent / "archive.bin").read_bytes())
    begin = data.index(whole)
    count = archive.HEADER.unpack_from(whole)[1]
    left = set(names)
    for i in range(count):
        at = archive.HEADER.size + i * manifest.RECORD.size
        values = list(manifest.RECORD.unpack_from(whole, at))
        name = whole[values[0]:whole.index(b"\0", values[0])].decode()
        if name in left:
            left.remove(name)
            values[START] = manifest.STARTS["demand"]
            manifest.RECORD.pack_into(whole, at, *values)
    if left:
        raise qemu.Failure(f"{system}: no {left} to leave out")
    archive.seal(whole)
    data[begin:begin + len(whole)] = whole
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


def started(machine, ram, control):
    """Ticks that all threads have executed when all is ready."""
    with qemu.Guest(machine, limit_s=100) as guest:
        guest.boot(100)
        guest.seen = 0           # whichever of the two lines comes last
        guest.expect("kaal: ready, ", 100)
        with qmp.Qmp(control) as monitor:
            monitor.run("stop")
        return memory_walk.cpu_ticks(ram, machine.build / "bench/kernel.elf")


def start(machine, ram):
    """Instructions that all threads execute until all is ready."""
    control = ram.with_name("control")
    machine.extra += qmp.socket_options(control)
    return min(started(machine, ram, control) for _ in range(BOOTS)) * TICK
