# SPDX-License-Identifier: BSD-2-Clause
"""guest_profile.py - which instructions a guest executes, function by function.

QEMU writes each block of instructions that it executes into a pipe (`-d exec`)
and, when it first meets a block, what is in it (`-d in_asm`). Processes share
addresses: a block belongs to the program whose file has these bytes there; if
several have, to the one that ran last.
Counted is from one function of a program to another, each time or only the first
so many: instructions and calls by function, ways into the kernel, changes of
process. A traced guest is slow, so what comes from the host comes earlier in its
eyes. Used by net_rows.py and operations.py; a new user gives Profile its programs
and two functions.
"""
import bisect
import collections
import os
import re
import struct
import subprocess
import threading

KERNEL_HALF = 1 << 63
VECTOR_SYNC, VECTOR_IRQ = 0x400, 0x480   # from EL0: Arm ARM, D1.10.2
CF_LAST_IO = 0x8000                      # QEMU: the block ends in an access
EXECUTED = re.compile(r"Trace 0: \S+ \[\w+/(\w+)/\w+/(\w+)\]")
Block = collections.namedtuple("Block", "program function address length entry")


class Program:
    """An ELF file: its bytes and its functions by address."""

    def __init__(self, path):
        self.name = path.stem.replace("dde_", "")
        data = path.read_bytes()
        start, = struct.unpack_from("<Q", data, 32)
        size, count = struct.unpack_from("<HH", data, 54)
        heads = [struct.unpack_from("<IIQQQQ", data, start + i * size)
                 for i in range(count)]
        self.parts = [(at, data[offset:offset + length])
                      for kind, _, offset, at, _, length in heads if kind == 1]
        self.code = [(at, at + length) for kind, flags, _, at, _, length
                     in heads if kind == 1 and flags & 1]
        lines = subprocess.run(["nm", "-n", str(path)], text=True, check=True,
                               capture_output=True).stdout
        found = re.findall(r"^(\w+) [tTwW] ([^$\s]\S*)$", lines, re.M)
        self.starts = [int(at, 16) for at, _ in found]
        self.names = [name for _, name in found]

    def has(self, address, code):
        """Are these bytes here?"""
        return any(part[address - at:address - at + len(code)] == code
                   for at, part in self.parts if address >= at)

    def block(self, address, length):
        """The block of so many instructions."""
        place = max(bisect.bisect_right(self.starts, address) - 1, 0)
        return Block(self.name, self.names[place], address, length,
                     self.starts[place] == address)


class Profile(threading.Thread):
    """Counts what a guest does. Start it, run a machine with `arguments`, then
    wait for its end (join)."""

    def __init__(self, folder, kernel, programs, between, most=1 << 62):
        """between: names of a program and of its first and last function."""
        super().__init__(daemon=True)
        self.pipe = os.path.join(folder, "profile")
        os.mkfifo(self.pipe)
        self.arguments = ("-d", "in_asm,exec,nochain", "-D", self.pipe)
        self.kernel = Program(kernel)
        self.vectors = self.kernel.starts[self.kernel.names.index("vectors")]
        self.programs = [Program(path) for path in programs]
        self.program, *self.between = between
        self.rounds, self.most = 0, most     # times the first was entered
        self.blocks = {}         # by QEMU's pointer
        self.starts = set()      # pointers of blocks that begin to count
        self.running = False
        self.process = None      # who ran last outside of the kernel
        self.instructions = collections.Counter()
        self.calls = collections.Counter()
        self.events = collections.Counter()

    def run(self):
        """Read until QEMU ends.

        Most of what is read is the boot: until something is counted a block that
        is known, and does not begin to count, is passed over quickly.
        """
        code, address, last = b"", None, None
        with open(self.pipe, encoding="latin-1") as log:
            for line in log:
                if line.startswith("Trace"):
                    pointer = line[9:line.index(" ", 9)]
                    if not (code or self.running or pointer in self.starts):
                        last = None
                        continue
                    at, flags = EXECUTED.match(line).groups()
                    if address == int(at, 16):
                        self.block_note(pointer, self.block(address, code))
                    code, address = b"", None
                    block = self.block_of(pointer)
                    if block:
                        self.executed(block, last, int(flags, 16))
                    last = block
                elif line.startswith("0x"):
                    at, word = line.split(None, 2)[:2]
                    address = address or int(at[:-1], 16)
                    code += int(word, 16).to_bytes(4, "little")
                elif line.startswith("IN:"):
                    code, address = b"", None

    def block_note(self, pointer, found):
        """QEMU gives a pointer to another block when it translates anew."""
        self.blocks[pointer] = found
        block = found.get(self.program)
        if block and block.entry and block.function == self.between[0]:
            self.starts.add(pointer)
        else:
            self.starts.discard(pointer)

    def block(self, address, code):
        """A block that QEMU has met for the first time: whose may it be?

        {program: Block}; the same library may lie at one place in several.
        """
        length = len(code) // 4
        if address >= KERNEL_HALF:
            return {"kernel": self.kernel.block(address, length)}
        found = {program.name: program.block(address, length)
                 for program in self.programs if program.has(address, code)}
        return found or {"others": Block("others", "", address, length, False)}

    def block_of(self, pointer):
        """A block; of the process that ran last, if it may be that one's."""
        found = self.blocks.get(pointer)
        return found and (found.get(self.process)
                          or next(iter(found.values())))

    def executed(self, block, last, flags):
        """Count one block."""
        if block.entry and block.function in self.between and \
                block.program == self.program:
            self.running = block.function == self.between[0] and \
                self.rounds < self.most
            self.rounds += self.running
        if not self.running:
            return
        self.instructions[block.program, block.function] += block.length
        self.calls[block.program, block.function] += block.entry
        # An access to a device ends a block early; a new one begins with it.
        if last and flags & CF_LAST_IO and \
                0 < block.address - last.address < 4 * last.length:
            left = last.length - (block.address - last.address) // 4
            self.instructions[last.program, last.function] -= left
        if block.address == self.vectors + VECTOR_SYNC:
            self.events["calls"] += 1
        elif block.address == self.vectors + VECTOR_IRQ:
            self.events["interrupts"] += 1
        elif block.entry and block.function.startswith("enter_send"):
            self.events["signals"] += 1
        elif block.address < KERNEL_HALF and block.program != self.process:
            self.events["switches"] += self.process is not None
            self.process = block.program

    def rates(self, rounds):
        """The events of a round, as text."""
        return ", ".join(f"{self.events[kind] / rounds:.2f} {kind}" for kind in
                         ("switches", "calls", "signals", "interrupts"))

    def show(self, what, rounds, top):
        """A table, a round each."""
        total = sum(self.instructions.values())
        print(f"\n{what}: {total / rounds:.0f} instructions; "
              + self.rates(rounds))
        whole = collections.Counter()
        for (program, _), number in self.instructions.items():
            whole[program] += number
        print(", ".join(f"{program} {number / rounds:.0f}"
                        for program, number in whole.most_common()))
        for key, number in self.instructions.most_common(top):
            print(f"{number / rounds:8.1f} in {self.calls[key] / rounds:6.2f} "
                  f"calls  {key[0]:12} {key[1]}")
