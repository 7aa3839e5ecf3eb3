# SPDX-License-Identifier: BSD-2-Clause
"""kaal_gdb.py - gdb commands that show the kernel's objects.

In gdb-multiarch, with build/kernel.elf loaded and connected to QEMU's stub:

    source kernel/gdb/kaal_gdb.py
    kaal enter          go on until the next timer interrupt, in the kernel
    kaal threads        every thread: state, priority, pc, what it waits for
    kaal queues         run queues, and who waits at which object
    kaal objects        every object, counted by type, with its memory
    kaal caps [ADDR]    slots of a CNode or of a TCB's CSpace (default: current)
    kaal trace          the last events (debug builds)

Everything is found through the list of all capabilities that begins at
cdt_first (kernel/object/cdt.c); field layouts come from the debug information,
the meaning of a capability's words from kernel/object/cap.h.
"""
import gdb

DIRECT = 0xffff000000000000      # KERNEL_DIRECT of arch/layout.h
ADDRESS = (1 << 48) - 1          # a capability's object address
FLAGS = 3                        # low bits of cte.next and of queue heads
ZOMBIE_TCB = 63
STATES = ("inactive", "running", "restart", "receive", "send", "reply",
          "wait", "idle")
EVENTS = {1: "syscall", 2: "irq", 3: "fault", 4: "switch", 5: "delete"}
TAGS = {0: "null", 1: "frame", 2: "untyped", 3: "page table", 4: "endpoint",
        6: "notification", 8: "reply", 9: "vspace", 10: "cnode",
        11: "ASID control", 12: "thread", 13: "ASID pool", 14: "IRQ control",
        16: "IRQ handler", 18: "zombie", 20: "domain", 27: "SGI"}
FIXED_BITS = {3: 12, 4: 4, 6: 5, 9: 12, 12: 11, 13: 12}


def symbol(name):
    """A global of the kernel."""
    return gdb.parse_and_eval(name)


def struct_at(kind, address):
    """The struct at a kernel address."""
    pointer = gdb.lookup_type("struct " + kind).pointer()
    return gdb.Value(int(address)).cast(pointer).dereference()


def text_of(chars):
    """A C string in an array."""
    return chars.string(errors="replace").split("\0")[0]


class Cap:
    """A capability, its words taken apart."""

    def __init__(self, value):
        self.w0, self.w1 = int(value["w0"]), int(value["w1"])
        self.tag = self.w0 >> 59
        self.aux = self.w0 >> 48 & 0x7ff
        self.object = self.w0 & ADDRESS

    def bits(self):
        """log2 of the object's bytes; 0 if it stands for no memory."""
        if self.tag == 2:
            return self.aux & 63
        if self.tag == 1:
            return 12 + 9 * (self.aux & 3)
        if self.tag == 10:
            return 5 + (self.aux & 63)
        return FIXED_BITS.get(self.tag, 0)

    def detail(self):
        """What aux and w1 say, in words."""
        rights = "".join(letter if self.aux >> bit & 1 else "-"
                         for bit, letter in enumerate("WRGr"))
        if self.tag in (4, 6):
            return f"{rights} badge {self.w1:#x}"
        if self.tag == 2:
            device = "device " if self.aux >> 6 & 1 else ""
            used = (self.w1 & ((1 << 44) - 1)) << 4
            return f"{device}2^{self.aux & 63} bytes, used {used:#x}"
        if self.tag in (1, 3):
            where = f"{self.w1 & ADDRESS:#x} in ASID {self.w1 >> 48}" \
                if self.w1 >> 48 else "not mapped"
            size = f"2^{self.bits()} bytes, " if self.tag == 1 else ""
            return size + where
        if self.tag == 9:
            return f"ASID {self.w1 >> 48}"
        if self.tag == 10:
            return (f"2^{self.aux & 63} slots, guard {self.w1 >> 6:#x} of "
                    f"{self.w1 & 63} bits")
        if self.tag == 18:
            kind = "thread" if self.aux == ZOMBIE_TCB else "cnode"
            return f"of a {kind}, {self.w1} slots left"
        if self.tag == 16:
            return f"line {self.w1}"
        return ""

    def __str__(self):
        name = TAGS.get(self.tag, f"tag {self.tag}")
        return f"{name:12} {self.object:#014x} {self.detail()}"


def slots_all():
    """(slot address, Cap) of every capability that the list holds."""
    address = int(symbol("cdt_first")["next"]) & ~FLAGS
    while address:
        slot = struct_at("cte", address)
        yield address, Cap(slot["cap"])
        address = int(slot["next"]) & ~FLAGS


def objects_all():
    """(tag, object) -> Cap, each object once."""
    found = {}
    for _, cap in slots_all():
        if cap.bits():
            found.setdefault((cap.tag, cap.object), cap)
    return found


def threads_all():
    """Kernel addresses of all TCBs, in the order of their addresses."""
    found = {DIRECT | o for tag, o in objects_all() if tag == 12}
    found.add(int(symbol("sched_current")))
    return sorted(found)


def thread_name(address):
    """A thread's name, or its address."""
    if address == int(symbol("&sched_idle")):
        return "idle"
    return text_of(struct_at("tcb", address)["name"]) or f"{address:#x}"


def thread_line(address):
    """One line about a thread."""
    tcb = struct_at("tcb", address)
    state = STATES[int(tcb["state"])]
    waits = ""
    if state in ("receive", "send", "wait"):
        waits = f" at {int(tcb['blocked_on']) & ADDRESS:#x}"
    if int(tcb["fault"]["type"]):
        waits += f", fault {int(tcb['fault']['type'])}"
    mark = "*" if address == int(symbol("sched_current")) else " "
    return (f"{mark} {address:#x} {thread_name(address):16} "
            f"{int(tcb['priority']):3}/{int(tcb['mcp']):<3} {state:8} "
            f"pc {int(tcb['context']['pc']):#x}{waits}")


def queue_names(first, link):
    """Names of the threads from @first on, by a link field."""
    names = []
    while first and len(names) < 1000:
        names.append(thread_name(first))
        first = int(struct_at("tcb", first)[link])
    return " ".join(names)


def show_threads(_argument):
    """Every thread."""
    print("  TCB                thread           priority state")
    for address in threads_all():
        print(thread_line(address))


def show_queues(_argument):
    """Run queues, then endpoints and notifications with their waiters."""
    print(f"current: {thread_name(int(symbol('sched_current')))}")
    queues = symbol("sched.queues")
    for priority in range(255, -1, -1):
        head = int(queues[priority]["head"])
        if head:
            print(f"ready at {priority:3}: "
                  + queue_names(head, "sched_next"))
    for tag, address in sorted(objects_all()):
        if tag not in (4, 6):
            continue
        kind = "endpoint" if tag == 4 else "notification"
        head = int(struct_at(kind, DIRECT | address)["head_state"])
        if tag == 6 and head & FLAGS == 2:
            word = int(struct_at(kind, DIRECT | address)["word"])
            print(f"notification {address:#x}: active, word {word:#x}")
        elif head & ~FLAGS:
            side = "wait" if tag == 6 else \
                "send" if head & FLAGS == 1 else "receive"
            print(f"{kind} {address:#x} ({side}): "
                  + queue_names(head & ~FLAGS, "ep_next"))


def show_objects(_argument):
    """Objects counted by type. Untypeds hold the others and each other."""
    count, size, caps = {}, {}, {}
    for _, cap in slots_all():
        caps[cap.tag] = caps.get(cap.tag, 0) + 1
    for (tag, _), cap in objects_all().items():
        count[tag] = count.get(tag, 0) + 1
        size[tag] = size.get(tag, 0) + (1 << cap.bits())
    print("kind          objects     caps        bytes")
    for tag in sorted(caps):
        print(f"{TAGS.get(tag, tag):12} {count.get(tag, 0):8} "
              f"{caps[tag]:8} {size.get(tag, 0):12}")


def cnode_of(argument):
    """The CNode capability that an address (or nothing) means."""
    address = int(gdb.parse_and_eval(argument or "sched_current"))
    for _, cap in slots_all():
        if cap.tag == 10 and cap.object == address & ADDRESS:
            return cap
    if address | DIRECT not in threads_all():
        raise gdb.GdbError(f"{address:#x} is neither a CNode nor a TCB; "
                           "`kaal threads` shows TCBs")
    cap = Cap(struct_at("tcb", address | DIRECT)["slot"][0]["cap"])
    if cap.tag != 10:
        raise gdb.GdbError(f"{thread_name(address | DIRECT)} has no CSpace; "
                           "name a TCB of `kaal threads`")
    return cap


def show_caps(argument):
    """The occupied slots of one CNode."""
    cnode = cnode_of(argument)
    print(f"cnode {cnode.object:#x}: {cnode.detail()}")
    for i in range(1 << (cnode.aux & 63)):
        cap = Cap(struct_at("cte", (DIRECT | cnode.object) + 32 * i)["cap"])
        if cap.w0:
            print(f"{i:6} {cap}")


def show_trace(_argument):
    """The trace ring, oldest event first."""
    ring, end = symbol("trace_ring"), int(symbol("trace_next"))
    size = ring.type.range()[1] + 1
    if end == 0:
        print("no events: a release build records none")
    for n in range(max(0, end - size), end):
        entry = ring[n % size]
        event = int(entry["event"])
        a, b = int(entry["a"]), int(entry["b"])
        if event in (1,) and a >> 63:
            a -= 1 << 64         # system call numbers are negative
        what = thread_name(a) if event == 4 and a else f"{a:#x} {b:#x}"
        print(f"{int(entry['when']):12} {EVENTS.get(event, event):8} {what}")


def enter(_argument):
    """Continue to the next timer interrupt: it comes every 2 ms."""
    gdb.execute("thbreak kernel_interrupt", to_string=True)
    gdb.execute("continue", to_string=True)
    print(f"in the kernel; {thread_name(int(symbol('sched_current')))} "
          "was interrupted")


WORDS = {"threads": show_threads, "queues": show_queues, "trace": show_trace,
         "objects": show_objects, "caps": show_caps, "enter": enter}


class Kaal(gdb.Command):
    """kaal threads|queues|objects|caps [ADDR]|trace|enter"""

    def __init__(self):
        super().__init__("kaal", gdb.COMMAND_USER)

    def invoke(self, argument, from_tty):
        """Run one of the words; explain unreadable memory."""
        word, _, rest = argument.strip().partition(" ")
        if word not in WORDS:
            raise gdb.GdbError("usage: " + self.__doc__)
        try:
            WORDS[word](rest.strip())
        except gdb.MemoryError as error:
            raise gdb.GdbError(
                f"{error}: stopped in a user program, whose view has no "
                "kernel memory, or before the kernel has started. "
                "Try `kaal enter`.") from error

    def complete(self, text, word):
        """Tab after `kaal`."""
        return [w for w in WORDS if w.startswith(word)]


Kaal()
