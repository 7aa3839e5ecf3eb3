# SPDX-License-Identifier: BSD-2-Clause
"""test_shell.py - the shell as a person uses it, and what it shows."""
import re
import threading

from harness import TOP, demand
from qemu import Disk

ESC = "\x1b"


def test_shell_lists(t):
    """help, ps, devices, services, mem show the system as it is."""
    with t.guest(t.disk("random")) as guest:
        guest.boot()
        guest.demand("help", "blk sum N")
        guest.demand("help blk", "blk read N SECTOR COUNT")
        guest.demand("help nonsense", 'no command starts with "nonsense"')
        guest.demand("ps", r"^ *\d+ shell +app .*ready")
        guest.demand("ps", r"^ *\d+ virtio_blk +linux +blk0 +ready")
        guest.demand("devices", r"^0x09000000 +33 serial0/serial_amba_pl011 +"
                     r"pl011@9000000 +amba:d00[0-9A-F]41011")
        guest.demand("devices", r"^0x09010000 +34 rtc0/rtc_drv_pl031 +"
                     r"pl031@9010000 +amba:d")
        guest.demand("counters blk9", 'no process "blk9": "ps" lists')
        guest.demand("devices", r"^0x0a000000 +48 blk0/virtio_blk +virtio_mmio@")
        guest.demand("services", r"^blk0 +pid \d+ +ready")
        guest.demand("mem", r"\d+ KiB of memory, \d+ KiB free")
        guest.finish()


def test_shell_bad_lines(t):
    """Each bad line gets one message that says what to do."""
    with t.guest() as guest:
        guest.boot()
        guest.demand("frobnicate", 'no command "frobnicate": "help"')
        guest.demand("blk", '"blk" needs another word: "help blk"')
        guest.demand("blk frob 1", 'no command "blk frob": "help blk"')
        guest.demand("ps now", "usage: ps")
        guest.demand("poweroff soon", 'STATUS "soon" is not a number')
        guest.demand('run "no end', "a quote does not end")
        guest.demand(" ".join("x" * 40), "more than 32 words")
        guest.demand("run nothing", "nothing: cannot be started: no driver ")
        guest.demand("kill broker", "cannot be ended: all else hangs on it")
        guest.demand("stop timer0", "cannot be ended: it is no driver with")
        guest.demand("run shell", "shell: cannot be started")
        demand(guest.run("") == "", "an empty line printed something")
        guest.finish()


def test_shell_line_editing(t):
    """Backspace, ^U, ^C, arrows and Tab do what a person expects."""
    with t.guest() as guest:
        guest.boot()
        guest.send("psx\x7f\r")
        guest.expect("pid name")
        guest.expect("^kaal> ")
        guest.send("garbage\x15mem\r")
        guest.expect("KiB free")
        guest.expect("^kaal> ")
        guest.send("poweroff 9\x03")
        guest.expect(r"\^C\n")
        guest.expect("^kaal> ")
        guest.send(ESC + "[A\r")         # the newest line is "mem"
        guest.expect("KiB free")
        guest.send(ESC + "[A" + ESC + "[A" + ESC + "[B\r")
        guest.expect("KiB free")
        guest.send("dev\t\r")
        guest.expect("alias, as a driver matches it")
        guest.send("x" * 400 + "\r")
        guest.expect("line not run: it has 145 characters more than the 255")
        guest.expect("^kaal> ")
        guest.finish()


def test_shell_typed_ahead(t):
    """Commands typed while another one runs are not lost."""
    with t.guest(t.disk("random")) as guest:
        guest.boot()
        guest.send("blk sum 0\rmem\r" + "mem\r" * 40)
        guest.expect("^[0-9a-f]{64}  blk0")
        for _ in range(41):
            guest.expect("KiB free")
        guest.expect("^kaal> ")
        guest.finish()


def test_shell_paste(t):
    """A paste of 9 KB comes in whole and in order."""
    lines = range(1000)
    with t.guest() as guest:
        guest.boot()
        typist = threading.Thread(target=guest.send, args=(
            "".join(f"mem {n}\r" for n in lines),))
        typist.start()
        for _ in lines:
            guest.expect("usage: mem")
        guest.expect("^kaal> ")
        typist.join()
        guest.finish()
        seen = re.findall(r"^kaal> mem (\d+)$", guest.text, re.M)
    demand(seen == [str(n) for n in lines], "lines were lost or mixed")


def test_shell_cancel(t):
    """^C stops a long command."""
    with t.guest(t.disk("ext4"), limit_s=120) as guest:
        guest.boot()
        guest.send("blk sum 0\r")
        guest.expect("blk sum 0\n")
        guest.send("\x03")
        guest.expect(r"stopped by \^C", 30)
        guest.expect("^kaal> ")
        guest.demand("blk read 0 2 1", "^00000400 ")
        guest.finish()


def hops_documented():
    """(hop, file) rows of the table in docs/life-of-a-block-read.md."""
    text = (TOP / "docs/life-of-a-block-read.md").read_text()
    return re.findall(r"^\| *\d+ *\| *`([a-z-]+)` *\|[^|]*\| *(\S+) *\|",
                      text, re.M)


def hop_in_file(hop, path):
    """Does the file hold the trace point? kit.h drops a name's first word."""
    first, rest = hop.upper().replace("-", "_").split("_", 1)
    source = (TOP / path).read_text()
    return re.search(rf"\w*TRACE_({first}_)?{rest}\b", source)


def hops_traced(output):
    """The hops of `trace blk`; a driver's wake for its heartbeat is none."""
    hops = re.findall(r"^hop +\d+ +\d+ ns +(\S+)", output, re.M)
    idle = ("driver-wake", "driver-wake")
    return [hop for hop, after in zip(hops, hops[1:] + [""])
            if (hop, after) != idle]


def test_life_of_a_block_read(t):
    """The trace of one read has exactly the documented hops, in order."""
    documented = hops_documented()
    wanted = [hop for hop, _ in documented]
    demand(len(wanted) > 5, "no table of hops in the document")
    for hop, path in documented:
        demand(hop_in_file(hop, path), f"{hop} is not traced in {path}")
    # A device that takes 0.15 s of the host's time: however busy the host is,
    # the client sleeps meanwhile, and it looks for ^C only after 0.2 s.
    slow = Disk(None, "slow", size=1 << 20, backend=",latency-ns=150000000")
    with t.guest(slow) as guest:
        guest.boot()
        got = hops_traced(guest.run("trace blk 0 0"))
        demand(got == wanted, f"the trace shows {got},\n"
               f"the document says {wanted}")
        guest.finish()


def test_bench_command(t):
    """`blk bench` measures each case; it writes only when it is told to."""
    disk = t.disk("random")
    before = disk.path.read_bytes()
    cases = ["randread_4k_qd1", "randread_4k_qd32", "seqread_64k_qd32",
             "read_1m_qd1"]
    with t.guest(disk) as guest:
        guest.boot()
        output = guest.run("blk bench 0 200")
        demand(disk.path.read_bytes() == before, "blk bench wrote")
        demand("randwrite" not in output, output)
        output += guest.run("blk bench 0 200 write")
        for name in cases + ["randwrite_4k_qd32"]:
            demand(re.search(rf"^bench {name}: 200 requests, \d+ ticks, "
                             r"\d+ ns each, \d+ ns of CPU each$", output, re.M), output)
        guest.demand("blk bench 0 0", "REQUESTS must be")
        guest.demand("blk bench 0 9 rite", "'rite' is not 'write'")
        guest.finish()
