# SPDX-License-Identifier: BSD-2-Clause
"""memory_walk.py - what each process holds, read from the machine's own RAM.

The guest's RAM is a file that this maps too. From the kernel's list of all
capabilities come the threads; from a thread its capability space and its page
tables, as the processor walks them; from the page that the broker gives each
process, its name. Nothing of it is what the broker says about itself: ps and mem
are held against it. Places: glue/places.h; capabilities: kernel/object/cap.h.
"""
import collections
import mmap
import pathlib
import re
import struct
import subprocess

import guest_profile

TOP = pathlib.Path(__file__).resolve().parents[2]
RAM = 0x40000000                 # where QEMU's virt machine has it
KERNEL_IMAGE = 0xffffff8000000000
PAGE, THREAD, SLOT = 4096, 2048, 32
ADDRESS = (1 << 48) - 1
TABLE_ADDRESS = ADDRESS & ~(PAGE - 1)
TAG_FRAME, TAG_TABLE, TAG_VSPACE, TAG_THREAD = 1, 3, 9, 12
TAG_ENDPOINT, TAG_NOTIFICATION, TAG_IRQ_HANDLER = 4, 6, 16
VALID, IS_TABLE, READ_ONLY, NO_EXECUTE = 1, 2, 1 << 7, 1 << 54
ENV_MAGIC = 0x4b61614c


class Cap:
    """A capability taken apart; word1: a badge, an interrupt, a place."""

    def __init__(self, word0, word1):
        self.tag, self.aux = word0 >> 59, word0 >> 48 & 0x7ff
        self.object, self.word1 = word0 & ADDRESS, word1


Page = collections.namedtuple("Page", "vaddr paddr writable executable")


def image_end(elf):
    """Where a program's image ends, data that is zero with it."""
    text = subprocess.run(["readelf", "-lW", str(elf)], text=True, check=True,
                          capture_output=True).stdout
    return max(int(at, 16) + int(size, 16) for at, size in re.findall(
        r"^ +LOAD +0x\w+ +0x(\w+) +0x\w+ +0x\w+ +0x(\w+)", text, re.M))


def image_ends(where):
    """{name: end} of the programs of a system's manifest."""
    lines = (where / "archive/manifest.txt").read_text()
    return {name: image_end(where / elf) for name, elf in
            re.findall(r"^(\w+) elf=(\S+)", lines, re.M)}


def places():
    """The numbers of glue/places.h, without GLUE_."""
    text = (TOP / "glue/include/glue/places.h").read_text()
    return {name: int(value, 0) for name, value in
            re.findall(r"#define GLUE_(\w+)\s+(0x[0-9a-f]+)ul", text)}


PLACES = places()


def options(path, mebibytes):
    """QEMU's options that put the guest's RAM into a file."""
    return ("-object", f"memory-backend-file,id=ram,size={mebibytes}M,"
            f"mem-path={path},share=on", "-machine", "memory-backend=ram")


class Memory:
    """The guest's RAM; addresses are physical."""

    def __init__(self, path, kernel):
        with open(path, "rb") as file:
            self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.kernel = kernel
        at = self.symbols()
        self.image = self.image_find(at["vectors"])
        self.first = self.physical(at["cdt_first"])

    def close(self):
        """Let go of the file."""
        self.bytes.close()

    def read(self, address, count):
        """Bytes; none outside of the RAM."""
        return self.bytes[address - RAM:address - RAM + count] \
            if address >= RAM else b""

    def physical(self, address):
        """Of a kernel address: in its image, or in its map of all RAM."""
        if address >= KERNEL_IMAGE:
            return self.image + address - KERNEL_IMAGE
        return address & ADDRESS

    def words(self, address, count):
        """64-bit words."""
        return struct.unpack(f"<{count}Q", self.read(address, 8 * count))

    def symbols(self):
        """{name: address} of the kernel."""
        lines = subprocess.run(["nm", str(self.kernel)], text=True, check=True,
                               capture_output=True).stdout
        return {words[2]: int(words[0], 16)
                for words in map(str.split, lines.splitlines())}

    def image_find(self, vectors):
        """Where the loader put the kernel: by code that stays there."""
        (start, data), *_ = guest_profile.Program(self.kernel).parts
        code = data[vectors - start:][:2048]
        for image in range(RAM, RAM + len(self.bytes), 1 << 21):
            if self.read(image + vectors - KERNEL_IMAGE, len(code)) == code:
                return image
        raise ValueError("the kernel's image is nowhere in the RAM")

    def slots(self):
        """(where it lies, Cap) of all capabilities."""
        slot = self.words(self.first + 24, 1)[0] & ~3
        while slot:
            at = self.physical(slot)
            word0, word1, _, slot = self.words(at, 4)
            slot &= ~3
            yield at, Cap(word0, word1)

    def tables(self, table, level=0, vaddr=0):
        """Yields tables as None, pages as Page, below and with one table."""
        yield None
        shift = 39 - 9 * level
        for index, entry in enumerate(self.words(table, 512)):
            at = vaddr | index << shift
            if not entry & VALID:
                continue
            if level < 3 and entry & IS_TABLE:
                yield from self.tables(entry & TABLE_ADDRESS, level + 1, at)
            elif level == 3:
                yield Page(at, entry & TABLE_ADDRESS,
                           not entry & READ_ONLY, not entry & NO_EXECUTE)


class Process:
    """What one process holds."""

    def __init__(self, memory, thread, own):
        cspace, _, _, _, vspace, space = memory.words(thread, 6)
        self.memory, self.thread = memory, thread
        found = list(memory.tables(vspace & TABLE_ADDRESS))
        self.pages = [page for page in found if page]
        self.tables = found.count(None) - 1    # the first is the VSpace
        radix = cspace >> 48 & 63
        self.cspace = range(cspace & ADDRESS,
                            (cspace & ADDRESS) + (SLOT << radix))
        words = memory.words(self.cspace.start, 4 << radix)
        self.slots = {number: Cap(*words[4 * number:4 * number + 2])
                      for number in range(1 << radix) if words[4 * number]}
        self.caps = len(self.slots)
        self.kept = own[space >> 48]           # by the broker, for it
        # VSpace, thread, slots, in whole pages
        self.objects = -(-(PAGE + THREAD + (SLOT << radix)) // PAGE) * PAGE
        env = next((page.paddr for page in self.pages
                    if page.vaddr == PLACES["ENV_VADDR"]), 0)
        magic, self.pid, name = struct.unpack("<II32s", memory.read(env, 40)) \
            if env else (0, 0, b"")
        self.name = name.split(b"\0")[0].decode() if magic == ENV_MAGIC else ""

    def between(self, low, high):
        """Pages from one place on to another."""
        return [page for page in self.pages
                if PLACES[low] <= page.vaddr < PLACES[high]]

    def stack_used(self):
        """Bytes of the stack that were ever written to."""
        stack = sorted(self.between("STACK_LOW", "STACK_TOP"))
        data = b"".join(self.memory.read(page.paddr, PAGE) for page in stack)
        return len(data) - (len(data) - len(data.lstrip(b"\0"))) // 8 * 8

    def figures(self, end):
        """The parts of what ps shows, and what it does not show.

        end: of the image; behind it lies what devices see.
        """
        kib = PAGE // 1024
        image = [page.writable for page in self.between(
            "IMAGE_VADDR", "IMAGE_END") if page.vaddr < end]
        parts = {
            "image_kib": kib * image.count(True),
            "info_kib": kib * len(self.between("ENV_VADDR", "MMIO_VADDR")),
            "stack_kib": kib * len(self.between("STACK_LOW", "STACK_TOP")),
            "meta_kib": kib * len(self.between("META_BASE", "LENT_VADDR")),
            "tables_kib": kib * self.tables,
            "objects_kib": self.objects // 1024,
        }
        return {"private_kib": sum(parts.values()), **parts,
                "shared_kib": kib * image.count(False),
                "stack_used": self.stack_used(),
                "caps": self.caps, "caps_kept": self.kept}


# Registers lie between the device tree and the stack.
PLACES["STACK_LOW"] = PLACES["MMIO_VADDR"] + PLACES["MMIO_BYTES"]


def threads(memory):
    """Where the threads are, and how many capabilities each ASID is named by."""
    caps = [cap for _, cap in memory.slots()]
    named = collections.Counter(
        cap.word1 >> 48 for cap in caps
        if cap.tag in (TAG_FRAME, TAG_TABLE, TAG_VSPACE))
    return sorted({cap.object for cap in caps
                   if cap.tag == TAG_THREAD}), named


def processes(path, kernel):
    """{pid: Process} of all that the broker has started."""
    memory = Memory(path, kernel)
    found, named = threads(memory)
    made = [Process(memory, thread, named) for thread in found]
    return {process.pid: process for process in made if process.name}


def cpu_ticks(path, kernel):
    """What all threads have executed, in ticks of CNTVCT_EL0."""
    text = subprocess.run(["readelf", "--debug-dump=info", str(kernel)],
                          text=True, check=True, capture_output=True).stdout
    at = re.search(r"DW_AT_name\s*:[^\n]*\bcpu_ticks\n.*?"
                   r"DW_AT_data_member_location: (\d+)", text, re.S)
    memory = Memory(path, kernel)
    return sum(memory.words(thread + int(at[1]), 1)[0]
               for thread in threads(memory)[0])
