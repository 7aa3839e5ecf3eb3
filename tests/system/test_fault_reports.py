# SPDX-License-Identifier: BSD-2-Clause
"""test_fault_reports.py - what is said of a driver that faults, in each way.

A report names process, cause, address, registers and the last trace points; make
symbolize adds function and line. Whatever the fault, the driver lives again.
"""
import re
import subprocess
import sys

from harness import TOP, demand, sha256, twins

REGISTERS = [f"x{n}" for n in range(31)]
SYMBOLIZE = TOP / "tests/tools/symbolize.py"
# What a driver runs (apps/selftest/wreck.c): cause in the report, where in the
# source it was. A jump into nothing has lost its place: x30 names the caller.
KINDS = {
    "read,null": ("read of unmapped address 0x0", "probe_read", ""),
    "read,0x12345678": ("read of unmapped address 0x12345678", "probe_read",
                        ""),
    "read,guard": ("read of unmapped address 0x25bff8", "probe_read",
                   "stack overflow: enlarge stack_kib"),
    "read,kernel": ("read of kernel address 0xffff000040080000",
                    "probe_read", "the kernel's half"),
    "write,null": ("write to unmapped address 0x0", "probe_write",
                   "a null pointer"),
    "write,env": ("write to read-only address 0x200000", "probe_write", ""),
    "jump,null": ("instruction fetch from unmapped address 0x0",
                  "probe_jump", "a null pointer"),
    "jump,data": ("instruction fetch from non-executable address 0x",
                  "probe_jump", ""),
    "jump,unaligned": ("jump to an unaligned address", "probe_jump", ""),
    "cap,1000": ("used capability slot 1000, which it was not given",
                 "svc_", ""),
    "halt": ("unknown system call -11", "glue_sys_debug_halt", ""),
    "instruction,undefined": ("undefined instruction", "run_undefined", ""),
    "instruction,breakpoint": ("breakpoint instruction (brk)",
                               "run_breakpoint", ""),
    "instruction,privileged": ("privileged system register or instruction",
                               "run_privileged", ""),
    "instruction,unaligned": ("read of unaligned address 0x",
                              "run_unaligned", ""),
}
# Each drives a virtio transport without a device; the last ones are empty.
LINE = ("wreck{n} elf=probe.elf kind=native start=device class=rng "
        "stack_kib=16 device=/virtio_mmio@a00{at:x} args=wreck,{words}\n")
TRACER = "tracer elf=probe.elf kind=test start=demand allow=trace\n"
ON = "run tracer ask 0x121 1"


def manifest(text):
    """With a driver for each kind, and who can begin a trace."""
    return text + TRACER + "".join(
        LINE.format(n=n, at=0x1000 + 0x200 * n, words=words)
        for n, words in enumerate(KINDS))


def report_of(text, program):
    """(pid, cause, the lines below it) of the first report of a program."""
    found = re.search(rf"kaal: fault: \w+/{program} \(pid (\d+)\): (.*)\n"
                      r"((?: {8}.*\n)+)", text, re.M)
    demand(found, f"no report of {program}:\n{text[-3000:]}")
    return found


def registers_of(body):
    """{name: value} of a report's dump."""
    return {name: int(value, 16) for name, value in
            re.findall(r"\b(pc|sp|psr|x\d+) +([0-9a-f]{16})\b", body)}


def judge(found, mark):
    """A report has all that it must have. Return: its registers."""
    said = registers_of(found[3])
    demand(set(said) == {"pc", "sp", "psr", *REGISTERS}, found[0])
    at = re.search(r", pc 0x(\w+)$", found[2])
    demand(at and int(at[1], 16) == said["pc"], f"another pc:\n{found[0]}")
    demand(re.search(rf"^ +last .*\b{mark}( |$)", found[3], re.M),
           f"no trace point {mark}:\n{found[0]}")
    return said


def symbolized(t, text, folder):
    """What `make symbolize` makes of a console, with a manifest's programs."""
    log = t.folder / "console"
    log.write_text(text)
    done = subprocess.run(
        [sys.executable, SYMBOLIZE, "--build", folder, log], check=True,
        stdout=subprocess.PIPE, text=True)
    return done.stdout


def programs(t, manifest_text):
    """A folder with what symbolize looks for: a manifest, and the ELFs."""
    folder = t.folder / "programs"
    (folder / "archive").mkdir(parents=True)
    (folder / "archive/manifest.txt").write_text(manifest_text)
    for elf in t.build.glob("*.elf"):
        (folder / elf.name).symlink_to(elf)
    return folder


def test_fault_kinds(t):
    """Every kind of fault: a whole report, and the driver lives again."""
    with t.guest(t.disk("random"), initrd=t.system(manifest)) as guest:
        guest.boot()
        guest.send(ON + "\r")
        for _ in KINDS:
            guest.expect(r"kaal: \w+/wreck\d+ \(pid \d+\) serves again after")
        guest.send("\r")            # the prompt may be here already
        states, text = guest.run("ps"), guest.text
        guest.demand("blk info 0", "served by")
        guest.finish()
    lines = (t.folder / "image/manifest.txt").read_text()
    sources = symbolized(t, text, programs(t, lines))
    for n, (words, (cause, function, hint)) in enumerate(KINDS.items()):
        found = report_of(text, f"wreck{n}")
        demand(found[2].startswith(cause), f"{words}:\n{found[0]}")
        demand(hint in found[3], f"{words}, no {hint}:\n{found[0]}")
        judge(found, "driver-wake 4711")
        demand(re.search(r"^ +trace \d+: driver-wake 4711$", found[3], re.M),
               f"not as it was traced:\n{found[0]}")
        place = rf"^ +\w+: (.*inlined in )?{function}\w* at \S+\.[chS]:\d+"
        demand(re.search(place, report_of(sources, f"wreck{n}")[3], re.M),
               f"{words}, not in {function}:\n"
               + report_of(sources, f"wreck{n}")[0])
        demand(re.search(rf"^ *\d+ wreck{n} +native +rng\d+ +ready .* 1 +0$",
                         states, re.M), f"{words}:\n{states}")


@twins
def test_fault_report(t):
    """A real driver calls address 0, and is killed; nobody has traced it."""
    disk = t.disk("random")
    with t.guest(disk, initrd=t.system(str)) as guest:
        guest.boot()
        guest.demand("blk read 0 0 1", "^00000000 ")
        guest.send("fault blk0 null\r")
        guest.expect(r"kaal: blk0/\w+ \(pid \d+\) serves again after")
        text = guest.text
        guest.demand("blk sum 0", sha256(disk.path))
        guest.send("kill blk0\r")
        guest.expect(r"was killed by .*\n +last driver-wake \d+ "
                     r"service-take \d+.* service-complete \d+")
        guest.expect(r"kaal: blk0/\w+ \(pid \d+\) serves again after")
        guest.finish()
    found = report_of(text, r"\w+")
    demand("instruction fetch from unmapped address 0x0" in found[2] and
           "a null pointer, most likely" in found[3], found[0])
    judge(found, r"service-complete \d+")
    lines = (t.folder / "image/manifest.txt").read_text()
    said = report_of(symbolized(t, text, programs(t, lines)), r"\w+")
    demand(re.search(r"^ +\w+: \w+ at \S+\.[chS]:\d+", said[3], re.M),
           f"no function and line:\n{said[0]}")
