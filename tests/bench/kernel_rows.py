# SPDX-License-Identifier: BSD-2-Clause
"""kernel_rows.py - the kernel's rows of the benchmark table.

usage: kernel_rows.py --build DIR

Boots the benchmark's root task (tests/bench/kernel) on the benchmark kernel
(BENCH=1 DEBUG=0) and reads its lines; sizes come from that kernel's ELF file
and from the sources. Under `-icount shift=0,sleep=off` every figure is in
instructions and repeats to the digit. One above its budget (budgets.txt) fails.
"""
import argparse
import pathlib
import re
import struct
import sys

sys.dont_write_bytecode = True
TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests/tools"), str(TOP / "tests/bench")]

import figures  # noqa: E402
import qemu  # noqa: E402
import style  # noqa: E402

NOTES = {
    "kernel.null_syscall": "trap, dispatch on the number, back",
    "kernel.call_replyrecv_0mr": "2 calls, 2 switches of address space",
    "kernel.call_replyrecv_4mr": "2 calls, 2 switches",
    "kernel.call_replyrecv_10mr": "2 calls, 2 switches, 6 words in buffers",
    "kernel.signal_no_waiter": "1 call",
    "kernel.signal_to_waiter": "1 call, 1 switch",
    "kernel.signal_wait_switch_back": "2 calls, 2 switches",
    "kernel.notif_pingpong": "4 calls, 2 switches",
    "kernel.irq_to_user": "1 interrupt, 1 switch",
    "kernel.irq_ack": "1 call",
    "kernel.yield_pair": "2 calls, 2 switches",
    "kernel.vmfault_resume": "1 fault, 1 call, 2 switches",
    "kernel.mint_delete": "2 calls",
    "kernel.map_unmap": "2 calls, 1 TLB entry dropped",
    "kernel.retype_ep_delete": "2 calls",
    "kernel.retype_tcb_delete": "2 calls, 2 KiB cleared",
}


def rows_measure(build):
    """Boot the benchmark; return {key: instructions}, and the loop's own."""
    machine = qemu.Machine(
        build, kernel=build / "bench/kernel.img",
        initrd=build / "bench_kernel.elf",
        extra=("-icount", "shift=0,sleep=off"))
    with qemu.Guest(machine, limit_s=300) as guest:
        status = guest.ended(280)
        if status:
            guest.fail(f"the benchmark ended with status {status}")
        lines = re.findall(r"^bench (kernel\.\w+) (\d+)", guest.text, re.M)
    found = {key: int(value) for key, value in lines}
    loop = found.pop("kernel.loop_overhead")
    missing = {key for key in NOTES if key not in found}
    if missing:
        raise qemu.Failure(f"no figure for {', '.join(sorted(missing))}")
    return found, loop


def text_bytes(path):
    """Size of the section .text of a 64-bit ELF file."""
    data = path.read_bytes()
    offset, = struct.unpack_from("<Q", data, 40)
    size, count, names_index = struct.unpack_from("<3H", data, 58)
    heads = [struct.unpack_from("<IIQQQQ", data, offset + i * size)
             for i in range(count)]
    names = heads[names_index][4]
    for name, _, _, _, _, length in heads:
        if data[names + name:].startswith(b".text\0"):
            return length
    raise qemu.Failure(f"{path} has no .text")


def source_lines():
    """Lines of kernel/ that hold code."""
    total = 0
    for path in style.files_of("kernel"):
        text = path.read_text()
        _, only = style.comment_lines(text)
        total += sum(1 for number, line in enumerate(text.split("\n"))
                     if line.strip() and number not in only)
    return total


def measure(build):
    """All kernel rows but the boot, which bench.py times."""
    found, loop = rows_measure(build)
    print(f"the loop itself: {loop} instructions a round, taken off")
    found["kernel.text_bytes"] = text_bytes(build / "bench/kernel.elf")
    found["kernel.sloc"] = source_lines()
    return found


def show(found, notes):
    """The figures as lines for programs and a table for people.

    Return: what is wrong with them.
    """
    for key, value in found.items():
        print(f"bench.{key} {value}")
    named = {f"bench.{key}": value for key, value in found.items()}
    figures.show(named, {f"bench.{key}": note for key, note in notes.items()})
    return figures.judge(named)


def main():
    """The kernel's rows alone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    try:
        return figures.report("bench", show(measure(build), NOTES))
    except qemu.Failure as failure:
        print(f"bench: {failure}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
