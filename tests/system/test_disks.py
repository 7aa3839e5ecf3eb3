# SPDX-License-Identifier: BSD-2-Clause
"""test_disks.py - disks served to the shell: the demo, and odd disks."""
import subprocess

import disks
import pattern
from harness import SECTOR, demand, disk_number, disk_numbers, sha256, twins
from qemu import Disk

FILE = "big.bin"                 # what disks.py puts into both file systems


def place_find(image, data):
    """Where a file's bytes lie in an image, as (sector, sectors)."""
    at = image.find(data)
    demand(at >= 0 and at % SECTOR == 0, "the file is not in one piece")
    return at // SECTOR, -(-len(data) // SECTOR)


def fat_with_other_file(t, size):
    """A FAT disk whose big.bin holds other bytes of the same length."""
    image = t.image("fat")
    other = t.folder / FILE
    data = bytes((n * 7) & 0xff for n in range(251)) * (size // 251 + 1)
    other.write_bytes(data[:size])
    disks.tool("mcopy", "-o", "-i", image, other, "::" + FILE)
    return image, data[:size]


def file_read(image):
    """The bytes of big.bin in a FAT image, by mtools."""
    return subprocess.run(["mcopy", "-i", image, "::" + FILE, "-"],
                          check=True, stdout=subprocess.PIPE).stdout


def sums_compare(t, guest, numbers, images):
    """SHA-256 of each disk inside KaaL must be the host's."""
    for serial, image in images.items():
        t.say(f"SHA-256 of disk {serial}; the host says {sha256(image)}")
        guest.demand(f"blk sum {numbers[serial]}",
                     f"^{sha256(image)}  blk{numbers[serial]}$", 150)


@twins
def test_demo(t):
    """Three disks: sums agree, a file is copied, read-only refuses."""
    ext4, ro = t.image("ext4"), t.image("random")
    size = 3_000_001
    fat, old = fat_with_other_file(t, size)
    ext4_data, fat_data = ext4.read_bytes(), fat.read_bytes()
    big = disks.random.Random(2).randbytes(size)
    source, count = place_find(ext4_data, big)
    target, _ = place_find(fat_data, old)
    images = {"ext4": ext4, "fat": fat, "random": ro}
    ro_sum = sha256(ro)
    attached = [Disk(p, s, s == "random") for s, p in images.items()]
    # Not strict: it is what `make demo` shows, the system as users have it.
    with t.guest(*attached, limit_s=400, strictly=False) as guest:
        guest.boot()
        numbers = disk_numbers(guest)
        guest.run("ps")
        sums_compare(t, guest, numbers, images)
        t.say("the sectors of a file go from the ext4 disk to the FAT disk")
        fat_number = numbers["fat"]
        guest.demand(f"blk copy {numbers['ext4']} {source} {fat_number} "
                     f"{target} {count}", "copied to")
        guest.demand(f"blk flush {fat_number}", "flush: done")
        t.say("the read-only disk refuses a write")
        guest.demand(f"blk write {numbers['random']} 0 hello",
                     r"write .* failed: the device is read-only")
        guest.finish()
    moved = ext4_data[source * SECTOR:(source + count) * SECTOR]
    wanted = fat_data[:target * SECTOR] + moved + \
        fat_data[(target + count) * SECTOR:]
    demand(fat.read_bytes() == wanted, "the FAT disk differs elsewhere")
    demand(file_read(fat) == big, "the file on the FAT disk is not right")
    demand(ext4.read_bytes() == ext4_data, "the ext4 disk has changed")
    demand(sha256(ro) == ro_sum, "the read-only disk has changed")
    t.say("the host finds exactly the file's sectors changed: all is well")


@twins
def test_fill_check_write(t):
    """A pattern of 3,001 sectors and a text: exactly these bytes change."""
    disk = t.disk("random")
    before = disk.path.read_bytes()
    with t.guest(disk) as guest:
        guest.boot()
        guest.demand("blk fill 0 777 3001 0xfeed", "filled")
        guest.demand("blk check 0 777 3001 0xfeed", "hold the pattern")
        guest.demand("blk check 0 776 2 0xfeed", "differs at sector 776, "
                     "byte 0")
        guest.demand("blk write 0 5 'two words'", "9 bytes written")
        guest.demand("blk flush 0", "flush: done")
        guest.finish()
    wanted = bytearray(before)
    wanted[5 * SECTOR:5 * SECTOR + 9] = b"two words"
    wanted[777 * SECTOR:3778 * SECTOR] = pattern.sectors(0xfeed, 777, 3001)
    demand(disk.path.read_bytes() == wanted, "other bytes changed")


@twins
def long_block_gigabyte(t):
    """1 GiB written and read back with 32 requests in flight.

    The guest checks the pattern word by word; then its digest of the whole
    disk must be the one that the host computes of the image.
    """
    path = t.folder / "gigabyte.img"
    with open(path, "wb") as file:
        file.truncate(1 << 30)
    sectors = (1 << 30) // SECTOR
    with t.guest(Disk(path, "gigabyte"), limit_s=900) as guest:
        guest.boot()
        guest.demand(f"blk fill 0 0 {sectors} 0x4b61614c", "filled", 300)
        guest.demand("blk flush 0", "flush: done")
        guest.demand(f"blk check 0 0 {sectors} 0x4b61614c",
                     "hold the pattern", 300)
        guest.demand("blk sum 0", sha256(path), 400)
        guest.finish()
    first = sectors - 9
    with open(path, "rb") as file:
        file.seek(first * SECTOR)
        demand(file.read() == pattern.sectors(0x4b61614c, first, 9),
               "the image does not end with the pattern")


def hexdump(data, offset):
    """Lines as `hexdump -v -C` prints them."""
    for at in range(0, len(data), 16):
        row = data[at:at + 16]
        text = "".join(chr(b) if 32 <= b < 127 else "." for b in row)
        yield (f"{offset + at:08x}  {row[:8].hex(' ')}  {row[8:].hex(' ')}"
               f"  |{text}|")


def test_read_hexdump(t):
    """`blk read` prints what hexdump -C prints."""
    disk = t.disk("random")
    wanted = list(hexdump(disk.path.read_bytes()[1024:2560], 1024))
    with t.guest(disk) as guest:
        guest.boot()
        got = guest.run("blk read 0 2 3")
        demand(got.splitlines() == wanted, f"the dump differs:\n{got}")
        guest.finish()


@twins
def test_info(t):
    """`blk info` and `blk list` tell size, serial, driver, read-only."""
    disk = t.disk("random", "S-12345", readonly=True)
    sectors = disk.path.stat().st_size // SECTOR
    with t.guest(disk) as guest:
        guest.boot()
        guest.demand("blk info 0", f"size +{sectors} sectors")
        guest.demand("blk info 0", "served by +" + t.pick("linux", "native")
                     + " virtio_blk")
        guest.demand("blk info 0", "serial +S-12345")
        guest.demand("blk info blk0", "read-only")
        demand(disk_number(guest, "S-12345") == 0, "blk list disagrees")
        guest.finish()


@twins
def test_bad_requests(t):
    """Each bad block command gets one clear message; the rest goes on."""
    disk = t.disk("random")
    end = disk.path.stat().st_size // SECTOR
    with t.guest(disk) as guest:
        guest.boot()
        guest.demand(f"blk read 0 {end} 1", "beyond the end of the device")
        guest.demand(f"blk read 0 {end - 1} 2", f"the disk has {end} sec")
        guest.demand("blk read 0 0xffffffffffffffff 1", "beyond the end")
        guest.demand("blk read 0 0 0", "COUNT is 0")
        guest.demand("blk read 0 0 65", "at most 64 sectors")
        guest.demand("blk read 0 zero 1", 'SECTOR "zero" is not a number')
        guest.demand("blk read 7 0 1", "blk7: no such disk")
        guest.demand("blk read 0 0", "usage: blk read N SECTOR COUNT")
        guest.demand(f"blk write 0 {end} x", "write .* failed: beyond")
        guest.demand(f"blk sum 0 1 {end}", "beyond the end")
        guest.demand("run probe requests blk0", "ended with status 0", 90)
        guest.demand("blk sum 0", sha256(disk.path))
        guest.finish()


@twins
def test_raw_requests(t):
    """Requests that bypass the client library: the driver refuses each."""
    disk = t.disk("random")
    wanted = {
        "read at the end": "beyond the end",
        "read across 2^64": "beyond the end",
        "write at the end": "beyond the end",
        "unaligned buffer": "buffer, start or length not aligned",
        "buffer past the region": "beyond the end",
        "buffer across the end": "beyond the end",
        "buffer across 2^64": "beyond the end",
    }
    with t.guest(disk) as guest:
        guest.boot()
        output = guest.run("run probe requests blk0", 90)
        for what, answer in wanted.items():
            demand(f"probe: {what}: {answer}" in output,
                   f"{what}: wrong answer in:\n{output}")
        demand("ended with status 0" in output, output)
        guest.finish()
    # Nothing was written: the disk is as it was made.
    demand(sha256(disk.path) == sha256(t.image("random", "again")),
           "a refused request changed the disk")


@twins
def test_no_disk(t):
    """No disk at all: the system boots and says so."""
    with t.guest() as guest:
        guest.boot()
        guest.demand("blk list", "^no disk: ")
        guest.demand("blk read 0 0 1", "blk0: no such disk")
        guest.demand("devices", "amba:d00[0-9a-f]41011")
        guest.finish()


@twins
def test_zero_sectors(t):
    """A disk of 0 sectors is served; any read of it is out of range."""
    empty = Disk(t.image_bytes("empty", b""), "empty")
    with t.guest(empty, t.disk("random")) as guest:
        guest.boot()
        numbers = disk_numbers(guest)
        guest.demand(f"blk info {numbers['empty']}", "size +0 sectors")
        guest.demand(f"blk read {numbers['empty']} 0 1", "beyond the end")
        guest.demand(f"blk sum {numbers['empty']}", "^e3b0c44298fc1c149afb")
        guest.demand(f"blk bench {numbers['empty']}", "smaller than one request")
        guest.demand(f"blk read {numbers['random']} 0 1", "^00000000 ")
        guest.finish()


@twins
def test_small_queue(t):
    """A disk whose queue has 8 entries: 32 requests in flight all the same."""
    disk = t.disk("ext4", options=",queue-size=8")
    with t.guest(disk) as guest:
        guest.boot()
        guest.demand("blk sum 0", sha256(disk.path))
        guest.demand("blk fill 0 777 3001 0xfeed", "filled")
        guest.demand("blk check 0 777 3001 0xfeed", "hold the pattern")
        guest.finish()


@twins
def test_two_readers(t):
    """Reads of a disk while another one is summed: nobody is disturbed."""
    first, second = t.disk("random", "one"), t.disk("random", "two")
    with t.guest(first, second) as guest:
        guest.boot()
        for serial, number in sorted(disk_numbers(guest).items()):
            demand(serial in ("one", "two"), f"a strange disk {serial}")
            guest.demand(f"blk sum {number}", sha256(first.path))
        guest.demand("blk copy 0 0 1 1 5000", "copied to")
        guest.finish()


@twins
def test_large_blocks(t):
    """A disk with 4096-byte blocks: whole blocks only, one-sector writes."""
    disk = t.disk("random", options=",logical_block_size=4096,"
                  "physical_block_size=4096")
    disk.path.write_bytes(disk.path.read_bytes()[:4 << 20])
    before = bytearray(disk.path.read_bytes())
    with t.guest(disk) as guest:
        guest.boot()
        guest.demand("blk info 0", "logical block +4096")
        guest.demand("blk read 0 1 8", "must be multiples of 8")
        guest.demand("blk write 0 9 hello", "5 bytes written")
        guest.demand("blk flush 0", "flush: done")
        guest.demand("blk sum 0", "^[0-9a-f]{64}  blk0$")
        guest.finish()
    before[9 * SECTOR:9 * SECTOR + 5] = b"hello"
    demand(disk.path.read_bytes() == before, "other bytes changed")


@twins
def test_errors_from_below(t):
    """The host's read and flush errors reach the client, and only these."""
    bad_read = t.disk("random", "bad-read", fault="inject-error.0.event=none,"
                      "inject-error.0.iotype=read,inject-error.0.sector=100")
    bad_flush = t.disk("random", "bad-flush", fault="inject-error.0.event="
                       "none,inject-error.0.iotype=flush")
    with t.guest(bad_read, bad_flush) as guest:
        guest.boot()
        numbers = disk_numbers(guest)
        reads, flushes = numbers["bad-read"], numbers["bad-flush"]
        guest.demand(f"blk read {reads} 100 1", "reports a failure")
        guest.demand(f"blk read {reads} 99 1", "^0000c600 ")
        guest.demand(f"blk read {reads} 101 1", "^0000ca00 ")
        guest.demand(f"blk flush {reads}", "flush: done")
        guest.demand(f"blk write {flushes} 7 text", "4 bytes written")
        guest.demand(f"blk flush {flushes}", "flush failed|reports a failure")
        guest.demand(f"blk read {flushes} 7 1", "^00000e00  74 65 78 74")
        guest.finish()


def test_hung_disk(t):
    """A disk that answers no more ends its native driver in time, and says so.

    Another disk goes on, and so does one that is slow but lives.
    """
    t.native = True              # of a Linux driver the supervisor will know
    slow = t.image("random", "slow")
    hung = t.image("random", "hung")
    drives = []
    for name, path, limit in (("slow", slow, "iops-total=20"),
                              ("hung", hung, "bps-total=50")):
        drives += ["-drive", f"if=none,id={name},format=raw,file={path},"
                   f"throttling.{limit}", "-device",
                   f"virtio-blk-device,drive={name},serial={name}"]
    with t.guest(extra=drives) as guest:
        guest.boot()
        numbers = disk_numbers(guest)
        bad, good = numbers["hung"], numbers["slow"]
        said = guest.run(f"blk read {bad} 0 1")
        for words in ("queue 0: it has owed an answer for 1000 ms: the device has "
                      "hung", "it has owed an answer for 500 ms",
                      "and is given up",
                      "failed: the other side has ended"):
            demand(words in said, f"not said: {words}\n{said}")
        guest.demand(f"blk sum {good}", f"^{sha256(slow)} ", 60)
        guest.demand("ps", f"blk{bad} .*ended")
        guest.finish()


@twins
def test_discard_zeroes(t):
    """Write-zeroes makes zeroes; discard is accepted; nothing else moves."""
    disk = t.disk("random", options=",discard=on,write-zeroes=on")
    before = bytearray(disk.path.read_bytes())
    with t.guest(disk) as guest:
        guest.boot()
        guest.demand("blk zeroes 0 100 33", "zeroes of 33 sectors done")
        guest.demand("blk discard 0 4096 64", "discard of 64 sectors done")
        guest.demand("blk flush 0", "flush: done")
        guest.finish()
    after = bytearray(disk.path.read_bytes())
    before[100 * SECTOR:133 * SECTOR] = bytes(33 * SECTOR)
    for data in (before, after):     # what discard leaves is the host's choice
        data[4096 * SECTOR:4160 * SECTOR] = bytes(64 * SECTOR)
    demand(after == before, "other bytes changed")
