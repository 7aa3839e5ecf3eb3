# SPDX-License-Identifier: BSD-2-Clause
"""emul_mutants.py - would a check notice if an emulated function did nothing?

usage: emul_mutants.py FOLDER EMUL_A [NAME...]

FOLDER is what `dde_emul.py trace` left. Each emulated function that the checks
executed is made to return 0 at once, in a copy of the program, which is run
again: some check should fail. Printed are those for which none does; some of
them do nothing but return 0 (blk_rq_poll), or only save memory or time.
"""
import pathlib
import struct
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "dde-linux/build"), str(TOP / "tests/unit")]
import dde_emul  # noqa: E402
import elf_object  # noqa: E402
import report_tests  # noqa: E402

RETURN_0 = struct.pack("<II", 0xd2800000, 0xd65f03c0)  # mov x0, #0; ret
SECONDS = 30  # a run takes 2; a mutant that hangs is noticed as well


def file_offset(data, address):
    """Where in the ELF file the byte of an address lies."""
    start, = struct.unpack_from("<Q", data, 0x20)
    size, count = struct.unpack_from("<HH", data, 0x36)
    for number in range(count):
        head = elf_object.PROGRAM.unpack_from(data, start + number * size)
        if head[0] == elf_object.PT_LOAD and \
                head[3] <= address < head[3] + head[5]:
            return head[2] + address - head[3]
    return sys.exit(f"address {address:#x} is in no segment")


def survives(folder, data, address):
    """Do all checks pass without this function?"""
    mutant = bytearray(data)
    at = file_offset(data, address)
    mutant[at:at + len(RETURN_0)] = RETURN_0
    path = folder / "mutant.elf"
    path.write_bytes(mutant)
    try:
        return dde_emul.boot(path, seconds=SECONDS).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def main():
    """One boot for each function."""
    folder, archive, *only = sys.argv[1:]
    folder = pathlib.Path(folder)
    data = (folder / "check.elf").read_bytes()
    functions = report_tests.functions_of(folder / "check.elf", dde_emul.CROSS)
    runs = report_tests.executed((folder / "trace.log").read_text(), functions,
                                 set(dde_emul.GROUPS))
    marked = {name for kind, name, _, _ in dde_emul.marks_of(archive)
              if kind == "emulated" and name in runs}
    wanted = marked & set(only) if only else marked
    left = []
    for address, names in sorted(functions.items()):
        for name in sorted(names & wanted):
            if survives(folder, data, address):
                left.append(name)
                print(f"  survives: {name}", flush=True)
    print(f"mutants: {len(wanted)} functions made to return 0, "
          f"{len(left)} unnoticed by every check")


if __name__ == "__main__":
    main()
