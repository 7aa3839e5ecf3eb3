/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio.c - devices that no native virtio driver can drive.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_virtio.h"

#define VERSION_1 (1ull << 32)

static void bad_device(void)
{
	char why[64];

	snprintf(why, sizeof(why),
		 "device %u: this driver is for virtio "
		 "device %u",
		 device.id + 1, device.id);
	device.id++;
	native_refused(K_ERR_UNSUPPORTED, why);
	device.id--;
	device.version = 1;
	native_refused(K_ERR_UNSUPPORTED, "version 1");
	device.version = 2;
	device.never_resets = 1;
	native_refused(K_ERR_TIMEOUT, "does not end its reset");
	device.never_resets = 0;
}

static void bad_features(void)
{
	device.refuses_features = 1;
	native_refused(K_ERR_UNSUPPORTED, "refuses the features");
	device.refuses_features = 0;
	device.offered &= ~VERSION_1;
	native_refused(K_ERR_UNSUPPORTED, "legacy");
	device.offered |= VERSION_1;
}

static void bad_queues(void)
{
	uint32_t most = device.queue_max;

	device.queue_max = 0;
	native_refused(K_ERR_UNSUPPORTED, "room for 0 descriptors");
	device.queue_max = 65536;
	native_refused(K_ERR_UNSUPPORTED, "room for 65536 descriptors");
	device.queue_max = most;
}

void virtio_refused(uint32_t few_bytes, int reads_config)
{
	struct glue_env *env = fake_env();
	uint64_t arena = env->dma_bytes, regs = env->mmio[0].bytes;

	bad_device();
	bad_features();
	bad_queues();
	if (reads_config) {
		device.config_restless = 1;
		native_refused(K_ERR_IO, "never stands still");
		device.config_restless = 0;
	}
	env->dma_bytes = few_bytes;
	native_refused(K_ERR_NOMEM, "set dma_kib");
	env->dma_bytes = arena;
	env->mmio[0].bytes = 64;
	native_refused(K_ERR_NOTFOUND, "too small");
	env->mmio[0].bytes = regs;
	assert_int_equal(native_probe(), K_OK);
}
