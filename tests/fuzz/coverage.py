# SPDX-License-Identifier: BSD-2-Clause
"""coverage.py - which lines of the kernel did a run of the fuzzer reach?

usage: coverage.py KERNEL_ELF QEMU_LOG [--unreached FILE]

QEMU_LOG is what `-d in_asm` wrote: QEMU translates a straight piece of code the
first time it is about to run it, and logs each instruction's address. The
kernel takes no exception inside such a piece, so an instruction that was
translated was also executed. Addresses become lines by the DWARF line table. A
line counts as reached if one of its instructions was; lines without code of
their own do not count. Boot code is left out: it is gone before the fuzzer
starts. Nothing is added to the kernel, so the very image is measured that is
tested.
"""
import argparse
import collections
import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
TOOL = "aarch64-linux-gnu-"


def output_of(*command):
    """What a program prints."""
    return subprocess.run(command, stdout=subprocess.PIPE, text=True,
                          check=True).stdout


def symbols_read(elf):
    """Address of each symbol."""
    lines = output_of(TOOL + "nm", elf).splitlines()
    return {line.split()[2]: int(line.split()[0], 16) for line in lines
            if len(line.split()) == 3}


def instructions_read(elf, start, end):
    """Addresses of all instructions of the resident text, in order."""
    text = output_of(TOOL + "objdump", "-d", "-z", f"--start-address={start}",
                     f"--stop-address={end}", elf)
    return [int(m, 16) for m in
            re.findall(r"^\s*([0-9a-f]{12,16}):\t[0-9a-f]{8} \t(?!udf|\.)",
                       text, re.M)]


def lines_read(elf, addresses):
    """(file, line) of each address, by its innermost inlined function."""
    done = subprocess.run(
        [TOOL + "addr2line", "-e", elf], text=True, check=True,
        input="".join(f"{a:x}\n" for a in addresses), stdout=subprocess.PIPE)
    for text in done.stdout.splitlines():
        name, line = text.split(" ")[0].rsplit(":", 1)
        name = name[len(str(TOP)) + 1:] if name.startswith(str(TOP)) else name
        yield name, int(line) if line.isdigit() else 0


def executed_read(log, start, end):
    """Addresses that QEMU translated."""
    found = set()
    with open(log, encoding="latin-1") as file:
        for text in file:
            if text.startswith("0x"):
                address = int(text[2:text.index(":")], 16)
                if start <= address < end:
                    found.add(address)
    return found


def lines_count(elf, log):
    """{file: {line: reached}}."""
    symbols = symbols_read(elf)
    start, end = symbols["text_start"], symbols["text_end"]
    done = executed_read(log, start, end)
    addresses = instructions_read(elf, start, end)
    files = collections.defaultdict(dict)
    for address, (name, line) in zip(addresses, lines_read(elf, addresses)):
        files[name][line] = files[name].get(line, False) or address in done
    return files


def spans(numbers):
    """Text of sorted numbers, neighbours joined: 3-5 9."""
    parts = []
    for n in numbers:
        if parts and n == parts[-1][1] + 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return " ".join(f"{a}-{b}" if a != b else str(a) for a, b in parts)


def table_lines(files):
    """One line a file."""
    for name, lines in sorted(files.items()):
        reached = sum(lines.values())
        yield (f"  {name:44} {reached:4} of {len(lines):4} lines "
               f"{100 * reached / len(lines):5.1f} %")


def report(elf, log, unreached=None, details=True):
    """Print the table and the sum, note unreached lines; return per cent."""
    files = lines_count(str(elf), log)
    lines = sum(len(f) for f in files.values())
    reached = sum(sum(f.values()) for f in files.values())
    if details:
        print("\n".join(table_lines(files)))
    print(f"  coverage: {reached} of {lines} lines of the kernel, "
          f"{100 * reached / lines:.1f} %")
    if unreached:
        unreached.write_text("".join(
            f"{name}: {spans(sorted(n for n, r in f.items() if not r))}\n"
            for name, f in sorted(files.items()) if not all(f.values())))
    return 100 * reached / lines


def main():
    """Print the table; write the lines that were not reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("elf")
    parser.add_argument("log")
    parser.add_argument("--unreached", type=pathlib.Path)
    args = parser.parse_args()
    report(args.elf, args.log, args.unreached)


if __name__ == "__main__":
    main()
