# SPDX-License-Identifier: BSD-2-Clause
"""vhost_rng.py - a source of random numbers for tests, which may stop answering.

Behind vhost_user.py; `mute`, or `lies` about ids, until its driver resets it, or
longer if it is `stubborn`.
Source: VIRTIO 1.2, section 5.4. Read next: vhost_user.py, test_hung.py
"""
import random

import vhost_user
from vring import F_EVENT_IDX, F_INDIRECT


class VhostRng:
    """The source. Give QEMU `arguments()`, and use it as a context."""

    name = "source"
    queues = 1
    config = None
    features = F_INDIRECT | F_EVENT_IDX

    def __init__(self, folder):
        self.backend = vhost_user.Backend(self, str(folder))
        self.mute = self.lies = self.stubborn = False

    def __enter__(self):
        self.backend.__enter__()
        return self

    def __exit__(self, *exception):
        self.backend.__exit__(*exception)

    def arguments(self, mem="256M", transport=17):
        """QEMU's options for a machine with this source."""
        return (*self.backend.memory_arguments(mem), *self.backend.chardev(),
                "-device", f"vhost-user-rng,chardev={self.name},"
                f"bus=virtio-mmio-bus.{transport}")

    def reset(self):
        """The driver has stopped the queue."""
        if not self.stubborn:
            self.mute = self.lies = False

    def kicked(self, ring):
        """Fill all there is, unless mute (in the back end's thread)."""
        while not self.mute:
            for chain in iter(ring.take, None):
                chain.write(random.randbytes(chain.room()))
                chain.head += self.lies * ring.size
                ring.give((chain, chain.room()))
            if not ring.listen():
                return
