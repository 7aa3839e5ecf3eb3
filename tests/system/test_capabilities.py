# SPDX-License-Identifier: BSD-2-Clause
"""test_capabilities.py - who holds what: the broker's books against the kernel.

The books are what the shell's `caps` and `devices` show. The truth is read from
the machine's own RAM while it stands still: the kernel's list of all
capabilities, each thread's capability space, its page tables (memory_walk.py).
"""
import contextlib
import re
import sys

import qmp
import test_broker_api
import test_pci
from harness import TOP, demand, twins

sys.path.append(str(TOP / "tests/bench"))
import footprint  # noqa: E402  (needs the path above)
import memory_walk as walk  # noqa: E402

WRITE, READ, GRANT, GRANT_REPLY = 1, 2, 4, 8
# Only the root task may have these: memory to be, interrupts to come, ASIDs,
# domains, interrupts to send.
TAG_UNTYPED, TAG_IRQ_CONTROL = 2, 14
ROOT_ONLY = {TAG_UNTYPED, 11, 13, TAG_IRQ_CONTROL, 20, 27}
FAULT_BADGE = 1 << 32            # broker/process.h
SLOT_BROKER, SLOT_NOTIFY, SLOT_FAULT, SLOT_TIMER = 1, 2, 3, 8
KIB = 1024
HELD = {(walk.TAG_ENDPOINT, WRITE | GRANT_REPLY): ("endpoint", "call"),
        (walk.TAG_ENDPOINT, WRITE): ("endpoint", "send"),
        (walk.TAG_ENDPOINT, READ): ("endpoint", "wait"),
        (walk.TAG_NOTIFICATION, READ): ("notification", "wait"),
        (walk.TAG_NOTIFICATION, WRITE): ("notification", "signal"),
        (walk.TAG_IRQ_HANDLER, 0): ("irq handler", "ack"),
        (walk.TAG_THREAD, 0): ("thread", "any")}
LINE = r"^ *(\d+) (endpoint|notification|irq handler|thread) +(\w+) +(.*)$"
FRAMES = r"^ +- frames +(\w+) +0x(\w+)-0x(\w+) (.*)$"


class Books:
    """What the shell says of one process."""

    def __init__(self, text):
        self.text = text
        self.slots = {int(slot): (kind, rights, what) for slot, kind, rights,
                      what in re.findall(LINE, text, re.M)}
        self.frames = [(range(int(low, 16), int(high, 16) + 1), what)
                       for _, low, high, what in
                       re.findall(FRAMES, text, re.M)]

    def holding(self, paddr):
        """Of what a page is a part; None: of nothing."""
        return next((what for pages, what in self.frames if paddr in pages),
                    None)


def books(guest):
    """{pid: Books} of all that runs."""
    pids = re.findall(r"^ *(\d+) \S+ +(?:linux|native|app|test) .*"
                      r"(?:ready|starting) ", guest.run("ps"), re.M)
    return {int(pid): Books(guest.run(f"caps {pid}")) for pid in pids}


class Truth:
    """All processes and all capabilities, at one moment."""

    def __init__(self, path, kernel):
        self.memory = walk.Memory(path, kernel)
        threads, named = walk.threads(self.memory)
        made = [walk.Process(self.memory, at, named) for at in threads]
        self.process = {p.pid: p for p in made if p.name}
        self.root, = [p for p in made if not p.name]
        self.threads = [range(at, at + walk.THREAD) for at in threads]
        self.all = list(self.memory.slots())


def machine(t, **more):
    """A guest with a device for each driver that is built, and its RAM."""
    return watched(t, t.disk("random"), t.disk("fat"), *footprint.CARD,
                   *footprint.RNG, *footprint.HVC, **more)


def machine_pci(t):
    """A disk and a card on PCI, a disk on virtio-mmio, and the RAM."""
    return watched(t, t.disk("fat"), *test_pci.nvme(t.image("random"), "7"),
                   *footprint.CARD[:2], "-device", "e1000e,netdev=net0,romfile=",
                   initrd=t.build / "wide/strict/system.elf")


def watched(t, *parts, **more):
    """A guest with disks and QEMU's words for other devices, and its RAM."""
    path = t.folder / "ram"
    disks = [part for part in parts if not isinstance(part, str)]
    return t.guest(*disks, extra=(
        *parts[len(disks):], *qmp.socket_options(t.folder / "qmp"),
        *walk.options(path, footprint.MEM_MIB)), **more), path


@contextlib.contextmanager
def still(t, guest, path):
    """The truth and the books of one state; the machine stands still in between.

    Programs touch new pages at any time, so a state is one that the books show
    before and after.
    """
    with qmp.Qmp(t.folder / "qmp") as control:
        for _ in range(10):
            before = books(guest)
            control.run("stop")
            truth = Truth(path, t.build / "kernel.elf")
            control.run("cont")
            after = books(guest)
            if {pid: b.text for pid, b in before.items()} == \
                    {pid: b.text for pid, b in after.items()}:
                break
            truth.memory.close()
        else:
            guest.fail("what processes hold does not come to rest")
        try:
            yield truth, after
        finally:
            truth.memory.close()


def boot(guest):
    """Boot, and let a program hold channels to both disks."""
    footprint.boot(guest)
    guest.start("start probe clients blk0 3 600000", "probe: 3 channels open")
    guest.start("start probe clients blk1 1 600000", "probe: 1 channels open")


def pid_named(what):
    """The other side, as `caps` names it."""
    return int(re.search(r"\(pid (\d+)\)", what)[1])


def whose(truth, process, slot, cap, said):
    """Does a capability lead where the books say? Return: a complaint."""
    if slot in (SLOT_BROKER, SLOT_FAULT):
        badge = process.pid | (FAULT_BADGE if slot == SLOT_FAULT else 0)
        common = {p.slots[slot].object for p in truth.process.values()}
        return "" if cap.word1 == badge and len(common) == 1 else "badge"
    if cap.tag == walk.TAG_IRQ_HANDLER:
        return "" if said == f"interrupt {cap.word1}" else "another line"
    if cap.tag == walk.TAG_THREAD:
        victim = truth.process[pid_named(said)]
        return "" if cap.object == victim.thread else "another thread"
    if slot > SLOT_TIMER + 1:
        peer = truth.process[pid_named(said)].slots[SLOT_NOTIFY]
        return "" if cap.object == peer.object else "another's"
    return ""


def slots_agree(truth, pid, book):
    """Every slot that is filled is in the books, as what it is."""
    process = truth.process[pid]
    held = {slot: HELD.get((cap.tag, cap.aux), (f"tag {cap.tag}", cap.aux))
            for slot, cap in process.slots.items()}
    said = {slot: line[:2] for slot, line in book.slots.items()}
    demand(held == said, f"{process.name} holds {held}\nsaid: {book.text}")
    for slot, cap in process.slots.items():
        wrong = whose(truth, process, slot, cap, book.slots[slot][2])
        demand(not wrong, f"{process.name} slot {slot}: {wrong}\n{book.text}")


def pages_agree(truth, pid, book):
    """Every mapped page is in the books; what a device sees is mapped."""
    process = truth.process[pid]
    image = {page.paddr for page in truth.root.pages}
    mapped = {page.paddr for page in process.pages}
    for page in process.pages:
        shared = not page.writable and page.paddr in image
        demand(book.holding(page.paddr) or shared,
               f"{process.name}: {page} is not in the books:\n{book.text}")
        demand(not (page.writable and page.executable), f"{process.name}: "
               f"{page} may be written and executed")
    for pages, what in book.frames:
        if what.startswith(("DMA", "registers")):
            demand(set(pages[::walk.PAGE]) <= mapped,
                   f"{process.name}: {what} is not mapped:\n{book.text}")
        elif what.startswith("channel"):
            demand(mapped & set(pages), f"{process.name}: no page of {what}")


def agree(t, guest, path):
    """`caps` shows of each process exactly what the kernel has for it."""
    with guest:
        boot(guest)
        with still(t, guest, path) as (truth, held):
            demand(set(truth.process) == set(held), f"{set(held)}")
            demand(len(held) > 7, f"only {len(held)} processes run")
            for pid, book in held.items():
                slots_agree(truth, pid, book)
                pages_agree(truth, pid, book)
        guest.demand("caps broker", "has what no other process has")
        guest.demand("caps nobody", "no process .nobody.")
        guest.finish()


@twins
def test_caps_agree(t):
    """`caps` is right of all processes on a machine with virtio devices."""
    agree(t, *machine(t))


def test_caps_agree_pci(t):
    """And on one with PCI functions, whose drivers have many registers."""
    agree(t, *machine_pci(t))


def test_caps_lent(t):
    """A thread that is lent to put faults into it is in the books, until it ends."""
    guest, path = machine(t, initrd=t.system(
        lambda text: text + test_broker_api.MANIFEST))
    with guest:
        boot(guest)
        guest.start("start asks ask 0x130 =nobody =ask_sleep_600000 / "
                    "0x134 $ 0 0 / sleep 600000", "ask: 0x134: 0")
        with still(t, guest, path) as (truth, held):
            for pid, book in held.items():
                slots_agree(truth, pid, book)
            lent = [book for book in held.values()
                    if re.search(r"^ +9 thread +any +of nobody ", book.text,
                                 re.M)]
            demand(len(lent) == 1, "no thread is shown as lent")
        guest.demand("kill nobody", "was killed by shell")
        demand("thread " not in guest.run("caps asks"), "it is shown for ever")
        guest.finish()


def keepers(truth):
    """Who has each capability: {place: tags}."""
    found = {"root": set(), "process": set(), "thread": set(), "else": set()}
    spaces = [p.cspace for p in truth.process.values()]
    for at, cap in truth.all:
        place = ("root" if at in truth.root.cspace else
                 "process" if any(at in space for space in spaces) else
                 "thread" if any(at in tcb for tcb in truth.threads) else
                 "else")
        found[place].add(cap.tag)
    return found


def private(truth, tag, key):
    """Each object of a kind that a process has: no other process has it."""
    owner = {}
    for process in truth.process.values():
        for cap in process.slots.values():
            if cap.tag == tag:
                demand(owner.setdefault(key(cap), process.name)
                       == process.name, f"{process.name} and "
                       f"{owner[key(cap)]} share {key(cap)}")
    return owner


def registers(truth):
    """{page: names} of all pages that are no RAM."""
    ram = range(walk.RAM, walk.RAM + footprint.MEM_MIB * KIB * KIB)
    found = {}
    for process in truth.process.values():
        for page in process.pages:
            if page.paddr not in ram:
                found.setdefault(page.paddr, []).append(process.name)
    return found


def rows(guest):
    """{page: (interrupts, drivers)} of what `devices` shows."""
    found = {}
    for paddr, intid, driver in re.findall(
            r"^(0x\w+) +(\d+) (?:\w+/)?(\w+|-) ", guest.run("devices"), re.M):
        page = int(paddr, 16) & -walk.PAGE
        irqs, drivers = found.setdefault(page, (set(), set()))
        if driver != "-":
            irqs.add(int(intid))
            drivers.add(driver)
    return found


def first_page(held, page):
    """The first of a process's registers, of which the page is one."""
    return next(pages.start for book in held.values()
                for pages, what in book.frames
                if page in pages and what.startswith("registers"))


def only_broker(t, guest, path, least):
    """By the kernel's own list of all capabilities there are, wherever they lie.

    least: so many interrupts are held.
    """
    with guest:
        boot(guest)
        devices = rows(guest)
        with still(t, guest, path) as (truth, held):
            kept = keepers(truth)
            demand({TAG_UNTYPED, TAG_IRQ_CONTROL} <= kept["root"], f"{kept}")
            demand(kept["process"] == {walk.TAG_ENDPOINT, walk.TAG_IRQ_HANDLER,
                                       walk.TAG_NOTIFICATION}, f"{kept}")
            demand(not ROOT_ONLY & kept["thread"], f"{kept}")
            # The kernel's table of interrupts: whom each line signals.
            demand(kept["else"] == {walk.TAG_NOTIFICATION}, f"{kept}")
            lines = private(truth, walk.TAG_IRQ_HANDLER, lambda c: c.word1)
            for page, names in registers(truth).items():
                irqs, drivers = devices[first_page(held, page)]
                demand(set(names) <= drivers, f"{names} on {page:#x}, which "
                       f"`devices` gives {drivers}")
                demand({lines.get(irq) for irq in irqs} <= set(names),
                       f"{irqs} of {page:#x}: {lines}")
            demand(len(lines) >= least, f"only {lines}")
        guest.finish()


@twins
def test_caps_only_broker(t):
    """Nobody but the broker has untyped memory, interrupt control, others' devices."""
    only_broker(t, *machine(t), 7)


def test_caps_only_broker_pci(t):
    """The same with PCI: nobody has another's function, or configuration space."""
    only_broker(t, *machine_pci(t), 4)
