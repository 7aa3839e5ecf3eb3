/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_quiet.c - stopping a device by its bus, also one that does not stop.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glue/print.h>

#include "../../broker/log.h"
#include "../../broker/machine.h"
#include "../../broker/pci.h"
#include "../../broker/probe.h"
#include "../../broker/quiet.h"

#define HZ 1000u

static struct {
	uint64_t now;
	uint64_t reset_at; /* 0: nobody has asked */
	uint64_t takes;	   /* ticks from there until it is quiet */
	unsigned int mapped;
	char text[256];
} fake;

uint64_t broker_clock_now(void)
{
	return fake.now++;
}

uint32_t broker_clock_hz(void)
{
	return HZ;
}

void broker_probe_virtio_reset(uint64_t paddr)
{
	assert_int_equal(paddr, 0xa000200);
	fake.reset_at = fake.now;
	fake.mapped = 1;
}

static int is_quiet(void)
{
	return fake.reset_at && fake.now - fake.reset_at >= fake.takes;
}

int broker_probe_virtio_is_reset(void)
{
	return is_quiet();
}

void broker_probe_end(void)
{
	fake.mapped = 0;
}

void broker_pci_stop(const struct broker_device *device)
{
	assert_true(device->is_pci);
	fake.reset_at = fake.now;
}

int broker_pci_is_quiet(const struct broker_device *device)
{
	(void)device;
	return is_quiet();
}

void broker_log(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	glue_vsnprintf(fake.text, sizeof(fake.text), format, args);
	va_end(args);
}

static struct broker_device virtio = {
	.node = "virtio_mmio@a000200",
	.is_virtio = 1,
	.n_mmio = 1,
	.mmio = { { 0xa000200, 0x200 } },
};
static struct broker_device pci = { .node = "pci@1", .is_pci = 1 };
static struct broker_device uart = { .node = "pl011@9000000" };

static int set_up(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.now = 77;
	return 0;
}

static void buses_stop_their_devices(void **state)
{
	(void)state;
	assert_true(broker_device_quiet(&virtio, 1));
	assert_int_not_equal(fake.reset_at, 0);
	assert_int_equal(fake.mapped, 0);
	fake.reset_at = 0;
	/* The console's class says nothing about a virtio device. */
	assert_true(broker_device_quiet(&virtio, 0));
	assert_int_not_equal(fake.reset_at, 0);
	fake.reset_at = 0;
	assert_true(broker_device_quiet(&pci, 1));
	assert_int_not_equal(fake.reset_at, 0);
	assert_string_equal(fake.text, "");
}

static void slow_devices_are_waited_for(void **state)
{
	(void)state;
	fake.takes = HZ / 10 - 2;
	assert_true(broker_device_quiet(&virtio, 1));
	assert_true(broker_device_quiet(&pci, 1));
}

static void others_are_given_up(void **state)
{
	const struct broker_device *both[] = { &virtio, &pci };

	(void)state;
	fake.takes = HZ;
	for (int i = 0; i < 2; i++) {
		uint64_t began = fake.now;

		assert_false(broker_device_quiet(both[i], 1));
		assert_in_range(fake.now - began, HZ / 10, HZ / 10 + 5);
		assert_non_null(strstr(fake.text, both[i]->node));
		assert_non_null(strstr(fake.text, "does not answer within "
						  "100 ms"));
		assert_int_equal(fake.mapped, 0);
	}
}

/* Without a bus that can stop it: only what never touches memory is quiet. */
static void the_class_tells_for_the_rest(void **state)
{
	(void)state;
	assert_true(broker_device_quiet(&uart, 0));
	assert_string_equal(fake.text, "");
	assert_false(broker_device_quiet(&uart, 1));
	assert_non_null(strstr(fake.text, "pl011@9000000 cannot be stopped: no "
					  "reset is known for it"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(buses_stop_their_devices, set_up),
		cmocka_unit_test_setup(slow_devices_are_waited_for, set_up),
		cmocka_unit_test_setup(others_are_given_up, set_up),
		cmocka_unit_test_setup(the_class_tells_for_the_rest, set_up),
	};

	return cmocka_run_group_tests_name("broker_quiet", tests, NULL, NULL);
}
