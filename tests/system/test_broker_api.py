# SPDX-License-Identifier: BSD-2-Clause
"""test_broker_api.py - every request of glue/broker.h: done rightly, and wrongly.

Programs of a manifest of this test's own make the requests word by word
(apps/selftest/ask.c). ROWS is the table: who asks, the parts of its line, what
each part is answered. A request that the header names and ROWS does not call,
rightly and wrongly, is a failure; so is one that needs a grant and is not refused
without it.
"""
import re

from harness import TOP, demand

HEADER = TOP / "glue/include/glue/broker.h"
ERRORS = {name.removeprefix("K_ERR_").removeprefix("K_"): int(number)
          for name, number in re.findall(
              r"^\t(K_\w+) = (\d+),",
              (TOP / "glue/include/glue/err.h").read_text(), re.M)}
OPS = {name: (int(number, 16), comment) for comment, name, number in
       re.findall(r"/\*((?:[^*]|\*(?!/))*)\*/\s*GLUE_BROKER_(\w+) = (0x\w+),",
                  HEADER.read_text())}

# Who may what. `asks` may everything that a manifest can grant to a client;
# `nobody` nothing; `serves` is a driver of its own class, of a device that
# nobody wants; `absent` has none and may get it; `edu` is a PCI function's.
MANIFEST = """
asks elf=probe.elf kind=test start=demand connect=block,gpio,rng channels=2 \
lend_kib=64 allow=list,trace,run,kill,fault,poweroff
nobody elf=probe.elf kind=test start=demand
serves elf=probe.elf kind=native start=demand class=rng connect=rng \
match=of:N*T*Cqemu?fw-cfg-mmio*
absent elf=probe.elf kind=native start=device class=gpio absent=wait \
match=of:Nnothing*
edu elf=probe.elf kind=native start=demand match=pci:v00001234d000011E8*
"""
EDU = ("-device", "edu,addr=3")
MAX = 0xffffffffffffffff
PID_WRONG = 1 << 32 | 1          # another one's if cut to 32 bits
SLEEPER = "RUN =nobody =ask_sleep_60000"

# (who, parts, answers[, what the console must show]). {blk0}: its driver's pid.
ROWS = (
    ("asks", "EXIT 7", "", "asks: ended with status 7"),
    ("asks", "EXIT", "INVALID"),

    ("serves", "READY 0 / READY 5 / CONNECT =rng0 0", "OK OK INVALID",
     "serves: ended with status 0"),
    ("serves", "READY 5", "", "could not start its device .*: the device "
     "cannot do this\n(.*\n)*serves: failed"),
    ("serves", "READY 99", "", "the other side broke the protocol"),
    ("nobody", "READY 0", "OK"),     # is not starting: nothing happens

    ("asks", "CONNECT =blk0 4096 / DISCONNECT $", "OK OK"),
    ("asks", "CONNECT =blk0 0 +100 / CONNECT =blk0 65536 / CONNECT =blk1 0",
     "OK OK FULL", "asks .* cannot connect to blk1/.*: it has all the"),
    ("asks", "CONNECT =blk0", "INVALID"),            # how much to lend?
    ("asks", "CONNECT =blk9 0 / CONNECT 0 0 0 0 0", "NOTFOUND NOTFOUND"),
    ("asks", f"CONNECT {MAX} {MAX} {MAX} {MAX} 0", "NOTFOUND"),
    ("asks", "CONNECT =gpio7 0 +200 / CONNECT =gpio7 0 1", "TIMEOUT TIMEOUT"),
    ("asks", "CONNECT =serial0 0", "DENIED",
     "asks .* was refused a channel to serial0: .* lacks connect=serial"),
    ("asks", "CONNECT =timer0 0", "DENIED", "lacks connect=timer"),
    ("asks", "CONNECT =blk0 65537", "DENIED",
     "was refused lending so much to blk0: .* lacks lend_kib=65"),
    ("asks", f"CONNECT =blk0 {MAX}", "DENIED", "lacks lend_kib="),
    ("nobody", "CONNECT =blk0 0", "DENIED",
     "nobody .* was refused a channel to blk0: .* lacks connect=block"),
    ("nobody", "CONNECT =gpio7 0", "DENIED", "lacks connect=gpio"),

    ("asks", f"CONNECT =blk0 0 / DISCONNECT 0 / DISCONNECT 0 / DISCONNECT 32 /"
     f" DISCONNECT {MAX}", "OK OK INVALID INVALID INVALID"),

    ("asks", "CONNECT =blk0 0 / RECONNECT 0 / KILL {blk0} / RECONNECT 0 / "
     "CONNECT =blk0 0 / RECONNECT 0", "OK INVALID OK OK OK INVALID",
     "blk0/.* was killed by asks"),
    ("asks", f"RECONNECT 0 / RECONNECT 32 / RECONNECT {MAX}",
     "INVALID INVALID INVALID"),

    ("asks", "CONNECT =blk0 0 / CONNECT =blk1 0 / COMPLAIN 0 / COMPLAIN 0 / "
     "COMPLAIN 1", "OK OK OK INVALID BUSY", "has broken the ring protocol"),
    ("asks", f"COMPLAIN 0 / COMPLAIN 32 / COMPLAIN {MAX}",
     "INVALID INVALID INVALID"),

    ("nobody", "LOG 6 =hello;", "OK", "^nobody: hello$"),
    ("nobody", "LOG 12 =asks:_hello;", "OK", "^nobody: asks: hello$"),
    ("nobody", f"LOG 257 =hello; / LOG 33 =hello; / LOG {MAX} =hello;",
     "INVALID INVALID INVALID"),

    ("asks", f"PROCESS 0 / PROCESS 1 / PROCESS 99 / PROCESS {MAX}",
     "OK OK NOTFOUND NOTFOUND"),
    ("asks", f"DEVICE 0 / DEVICE 999 / DEVICE {MAX}", "OK NOTFOUND NOTFOUND"),
    ("asks", f"SERVICE 0 / SERVICE 99 / SERVICE {MAX}", "OK NOTFOUND NOTFOUND"),
    ("nobody", "SERVICE 0", "NOTFOUND"),     # may connect to none
    ("asks", "MEMORY", "OK"),
    ("asks", "HELD @ 0x1000 0 / HELD {blk0} 4 0 / HELD {blk0} 4 1",
     "OK OK NOTFOUND"),
    ("asks", f"HELD @ 0x1000 999 / HELD @ {MAX} 0 / HELD 0 0x1000 0 / "
     f"HELD {PID_WRONG} 0x1000 0", "NOTFOUND NOTFOUND NOTFOUND NOTFOUND"),

    ("edu", "PCI_READ 0 4 / PCI_READ 2 2 / PCI_READ 4095 1", "OK OK OK",
     "ask: 0x118: 0 11e81234\n.*ask: 0x118: 0 11e8$"),
    ("edu", f"PCI_READ 2 4 / PCI_READ 0 3 / PCI_READ 0 {MAX} / "
     f"PCI_READ 4096 4 / PCI_READ {MAX} 1", "ALIGN INVALID INVALID RANGE "
     "RANGE"),
    ("nobody", "PCI_READ 0 4 / PCI_WRITE 4 2 0", "UNSUPPORTED UNSUPPORTED"),
    ("edu", "PCI_WRITE 4 2 2 / PCI_WRITE 12 1 8", "OK OK"),
    ("edu", "PCI_WRITE 0x10 4 0x8000000 / PCI_WRITE 4 4 2", "DENIED DENIED",
     "edu .* was refused the request pci_write of 4 bytes at 0x10 of pci@00:"),
    ("edu", f"PCI_WRITE 5 2 0 / PCI_WRITE 4 8 0 / PCI_WRITE {MAX} 1 0",
     "ALIGN INVALID RANGE"),

    ("asks", "TRACE_SET 1 / TRACE_GET @ 0 / TRACE_SET 0",
     "OK NOTFOUND OK"),
    ("shell", "trace blk 0 0", "", "device"),
    ("asks", f"TRACE_GET {{blk0}} 0 / TRACE_GET {{blk0}} 999 / "
     f"TRACE_GET {PID_WRONG} 0 / TRACE_GET 0 0", "OK NOTFOUND NOTFOUND "
     "NOTFOUND"),
    ("asks", f"COUNTER {{blk0}} 0 / COUNTER {{blk0}} 47 / COUNTER {{blk0}} "
     f"{MAX} / COUNTER {PID_WRONG} 0", "OK NOTFOUND NOTFOUND NOTFOUND"),

    ("asks", "RUN =nobody =ask_0x100_3 / WAIT $", "OK OK", r"0x131: 0 3 3$"),
    ("asks", "RUN =shell / RUN =nonsense / RUN 0 0 0 0",
     "NOTFOUND NOTFOUND NOTFOUND"),  # shell: nobody's to start
    ("asks", f"WAIT @ / WAIT {PID_WRONG} / WAIT {MAX}",
     "INVALID NOTFOUND NOTFOUND"),
    ("asks", f"{SLEEPER} / KILL $ / KILL $ / WAIT $", "OK OK GONE OK",
     r"0x131: 0 6 f+$"),
    ("asks", f"KILL @ / KILL 0 / KILL {PID_WRONG}",
     "INVALID NOTFOUND NOTFOUND"),
    ("asks", f"{SLEEPER} / VICTIM $ 0x207000 0 / VICTIM $ 0x207000 1 / "
     "VICTIM $ 0x207000 2 / VICTIM $ 0x207000 1", "OK OK OK OK GONE"),
    ("asks", f"{SLEEPER} / VICTIM $ 0 0 / KILL $ / VICTIM $ 0 0",
     "OK OK OK GONE"),
    ("asks", f"{SLEEPER} / VICTIM $ 1 0 / VICTIM $ 0 3 / VICTIM $ 0x1000 0 / "
     f"VICTIM $ {MAX - 4095} 0", "OK INVALID INVALID NOTFOUND NOTFOUND"),
    ("asks", f"VICTIM @ 0 0 / VICTIM {PID_WRONG} 0 0", "INVALID NOTFOUND"),
    ("asks", f"{SLEEPER} / STOP $ / KILL $ / STOP $",
     "OK UNSUPPORTED OK UNSUPPORTED"),
    ("asks", f"STOP @ / STOP {PID_WRONG}", "INVALID NOTFOUND"),
    ("asks", "RUN =serves =ask_sleep_60000 / STOP $ / RUN =serves / KILL $",
     "OK BUSY NOTFOUND OK"),         # it starts for ever, and has the device
    ("asks", "STOP {blk1} / WAIT {blk1} / CONNECT =blk1 0 / STOP {blk1} / "
     "START {blk1}", "OK OK GONE GONE OK", r"0x131: 0 3 0$"),
    ("asks", "START {blk1} / STOP {blk1} / WAIT {blk1} / START {blk1} / "
     "CONNECT =blk1 0", "BUSY OK OK OK OK", "is started again by asks"),
    ("asks", f"{SLEEPER} / START $ / KILL $ / START $",
     "OK BUSY OK UNSUPPORTED"),
    ("asks", f"START @ / START {PID_WRONG}", "INVALID NOTFOUND"),

    ("asks", "POWEROFF", "INVALID"),
)


def grant(op):
    """The allow= word that the header says a request needs; "" none."""
    found = re.search(r"needs allow=(\w+)", OPS[op][1])
    return found[1] if found else ""


def parts(row):
    """[(request, or "" for a pause)] of a row, in order."""
    return [words[0] if words[0] in OPS else ""
            for words in map(str.split, row[1].split("/"))]


def line_of(text, pids):
    """What the shell types: numbers for names."""
    words = text.format(**pids).split()
    return " ".join(hex(OPS[word][0]) if word in OPS else word
                    for word in words)


def pids_of(guest, text):
    """{service: pid} of the drivers that a row names, once they are ready."""
    wanted, found = set(re.findall(r"\{(\w+)\}", text)), {}
    for _ in range(100):
        if wanted <= set(found):
            return found
        found = {service: pid for pid, service in re.findall(
            r"^ *(\d+) \S+ +(?:linux|native) +(\w+) +ready",
            guest.run("ps"), re.M)}
    guest.fail(f"{wanted} are not all ready")
    return None


def ask(guest, who, text, wanted, shown=""):
    """Let somebody ask; each part must be answered as wanted."""
    if who == "shell":
        guest.demand(text, shown)
        return
    said = guest.run(f"run {who} ask {line_of(text, pids_of(guest, text))}")
    got = [int(err) for err in re.findall(r"ask: 0x\w+: (\d+)", said)]
    names = {number: name for name, number in ERRORS.items()}
    demand([names[err] for err in got] == wanted.split(),
           f"{who}: {text}\nwanted: {wanted}\n{said}")
    demand(re.search(shown, said, re.M), f"no {shown!r} in:\n{said}")
    demand(shown or "refused" not in said, f"somebody is refused:\n{said}")


def booted(t):
    """A guest whose manifest has the programs above."""
    return t.guest(
        t.disk("random"), t.disk("fat"), extra=EDU,
        initrd=t.system(lambda text: text + MANIFEST))


def test_broker_calls(t):
    """Each request of the broker, right and with each wrong argument."""
    with booted(t) as guest:
        guest.boot()
        for row in ROWS:
            ask(guest, *row)
        guest.send(f"run asks ask {OPS['POWEROFF'][0]:#x} 3\r")
        demand(guest.ended() == 3, "POWEROFF lost its status")


def test_broker_refuses(t):
    """Each request that a grant is needed for, without; too short; unknown."""
    with booted(t) as guest:
        guest.boot()
        for op, (number, _) in OPS.items():
            if grant(op):
                ask(guest, "nobody", f"{op} 1 1 1 1", "DENIED",
                    f"nobody .* was refused the request {op.lower()}: its "
                    f"manifest line lacks allow={grant(op)}$")
        short = [op for op in OPS if "in:" in OPS[op][1]]
        for op in short:
            ask(guest, "asks", op, "INVALID")
        unknown = (0, 1, 0xff, 0x107, 0x1ff, 0xfffff)
        demand(not set(unknown) & {n for n, _ in OPS.values()}, "known")
        ask(guest, "asks", " / ".join(f"{n:#x} 0" for n in unknown),
            " ".join(["INVALID"] * len(unknown)))
        flood = " / ".join(["MEMORY"] * 12)
        said = guest.run(f"run nobody ask {line_of(flood, {})}")
        demand(said.count("was refused") == 4 and
               said.count("from now on is not told") == 1, said)
        guest.finish()


def answers():
    """{request: errors that ROWS gets for it}."""
    found = {op: set() for op in OPS}
    for row in ROWS:
        asked = [op for op in parts(row) if op]
        for op, err in zip(asked, row[2].split()):
            found[op].add(err)
    return found


def test_broker_table(_t):
    """A request without documentation, a right call or a wrong one fails."""
    ends = {"EXIT", "POWEROFF"}      # no answer when done rightly
    fails = {"READY"}                # or wrongly: the process is ended
    numbers = re.findall(r"= (0x\w+),", HEADER.read_text())
    demand(len(OPS) == len(numbers) > 20, "a request has no comment")
    for op, found in answers().items():
        demand("OK" in found or op in ends, f"{op} is never done rightly")
        demand(found - {"OK"} or grant(op) or op in fails,
               f"{op} is never done wrongly")
        demand(f"glue_broker_{op.lower()}(" in
               (TOP / "glue/client/broker.c").read_text() or op in ends,
               f"{op} has no function in glue/client/broker.c")
        demand(re.search(r"\b(in|out):", OPS[op][1]),
               f"{op}: the header does not say what goes in and comes out")


