# SPDX-License-Identifier: BSD-2-Clause
"""test_rng.py - random number drivers, Linux's and our own: good bytes, and nobody's twice."""
import re
import struct
import subprocess

from harness import demand, twins

RNG = "virtio-rng-device,bus=virtio-mmio-bus.17"
STATISTICS_BYTES = 1 << 20
FILE_BYTES = 1 << 20
WORD = 8


def rng(backend="rng-builtin", limit=""):
    """QEMU options for a source of random numbers."""
    return ("-object", f"{backend},id=source", "-device",
            f"{RNG},rng=source{limit}")


def counted_file(t):
    """A file in which no aligned word comes twice, as a source for QEMU."""
    path = t.folder / "counted"
    path.write_bytes(b"".join(struct.pack("<Q", i | 1 << 63)
                              for i in range(FILE_BYTES // WORD)))
    return f"rng-random,filename={path}"


def words_of(lines):
    """The words in lines of hexadecimal digits."""
    data = bytes.fromhex("".join(lines))
    return [data[i:i + WORD] for i in range(0, len(data), WORD)]


@twins
def test_rng_list(t):
    """The source is there by one line of drivers.config, and says who it is."""
    with t.guest(extra=rng()) as guest:
        guest.boot()
        driver = t.pick("linux hw_random_virtio", "native virtio_rng")
        guest.demand("rng list", rf"^rng0 +{driver} +/virtio_mmio")
        guest.demand("ps", t.pick("hw_random_virtio +linux",
                                  "native_virtio_rng +native")
                     + " +rng0 +ready")
        guest.demand("rng read 0 40", r"^00000020  (\w\w ){8}")
        guest.demand("rng read 0 x", 'BYTES "x" is not a number')
        guest.demand("rng read 7 1", "rng7: no such service")
        guest.finish()


@twins
def test_rng_statistics(t):
    """1 MB passes FIPS 140-2 (rngtest) as a good source does."""
    with t.guest(extra=rng(), limit_s=300) as guest:
        guest.boot()
        output = guest.run(f"rng read 0 {STATISTICS_BYTES} hex", 240)
        guest.finish()
    data = bytes.fromhex("".join(output.split()))
    demand(len(data) == STATISTICS_BYTES, f"{len(data)} bytes came")
    said = subprocess.run(["rngtest"], input=data, check=False,
                          capture_output=True).stderr.decode()
    good = int(re.search(r"FIPS 140-2 successes: (\d+)", said)[1])
    bad = int(re.search(r"FIPS 140-2 failures: (\d+)", said)[1])
    # Of a good source 1 block in 1,200 fails by chance; four do in one run of
    # 3,000.
    demand(good + bad >= 419 and bad <= 3, said)


@twins
def test_rng_two_clients(t):
    """Two readers at once, with cancels: no byte is given twice or made up."""
    with t.guest(extra=rng(counted_file(t))) as guest:
        guest.boot()
        guest.send("start probe random rng0 12\rrng read 0 65536 hex\rmem\r")
        guest.expect("KiB free")
        if "random: done" not in guest.text:
            guest.expect("random: done")
        guest.finish()
        console = guest.text
    digits = re.findall("^[0-9a-f]{64}$", console, re.M)
    probe = re.findall(r"random: ([0-9a-f]{128})", console)
    demand(len(digits) > 1900, f"the shell got {len(digits)} whole lines")
    demand(len(probe) > 12 * 7 * 8 * 0.95,
           f"the probe got {len(probe)} whole lines")
    words = words_of(digits) + words_of(probe)
    demand(len(set(words)) == len(words), "a word was given twice")
    strange = [w for w in words if w[7] != 0x80 or w[3:7] != bytes(4)]
    demand(not strange, f"not from the source: {strange[:3]}")


@twins
def test_rng_dry_source(t):
    """A source that has run dry: the reader waits, ^C ends it, others go on."""
    with t.guest(extra=rng(limit=",max-bytes=256,period=600000")) as guest:
        guest.boot()
        guest.send("rng read 0 4096\r")
        guest.expect("rng read 0 4096.*\n")
        guest.send("\x03")
        guest.expect("rng0: stopped by \\^C", 20)
        guest.expect("^kaal> ")
        guest.demand("rng list", "^rng0 ")
        guest.demand("rng read 0 64", "rng0: read failed: the deadline", 30)
        guest.finish()
