/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_quiet.c - stopping a device by its bus, also one that does not stop.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../broker/devices.h"
#include "../../broker/machine.h"
#include "../../broker/pci.h"
#include "../../broker/probe.h"

#define HZ 1000u

static struct {
	uint64_t now;
	uint64_t reset_at; /* 0: nobody has asked */
	uint64_t takes;	   /* ticks from there until it is quiet */
	unsigned int mapped;
	int refused; /* its registers */
} fake;

uint64_t broker_clock_now(void)
{
	return fake.now++;
}

uint32_t broker_clock_hz(void)
{
	return HZ;
}

int broker_probe_virtio_reset(uint64_t paddr)
{
	assert_int_equal(paddr, 0xa000200); /* no other device is touched */
	fake.reset_at = fake.now;
	fake.mapped = !fake.refused;
	return fake.mapped;
}

static int is_quiet(void)
{
	return fake.reset_at && fake.now - fake.reset_at >= fake.takes;
}

int broker_probe_virtio_is_reset(void)
{
	assert_true(fake.mapped);
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

static struct broker_device virtio = {
	.node = "virtio_mmio@a000200",
	.is_virtio = 1,
	.n_mmio = 1,
	.mmio = { { 0xa000200, 0x200 } },
};
static struct broker_device pci = { .node = "pci@1", .is_pci = 1 };
static struct broker_device uart = {
	.node = "pl011@9000000",
	.n_mmio = 1,
	.mmio = { { 0x9000000, 0x1000 } },
};
static struct broker_device none = { .node = "nothing" };

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
	assert_null(broker_device_stop(&virtio, 1));
	assert_int_not_equal(fake.reset_at, 0);
	assert_int_equal(fake.mapped, 0);
	fake.reset_at = 0;
	/* The console's class says nothing about a virtio device. */
	assert_null(broker_device_stop(&virtio, 0));
	assert_int_not_equal(fake.reset_at, 0);
	fake.reset_at = 0;
	assert_null(broker_device_stop(&pci, 1));
	assert_int_not_equal(fake.reset_at, 0);
}

static void slow_devices_are_waited_for(void **state)
{
	(void)state;
	fake.takes = HZ / 10 - 2;
	assert_null(broker_device_stop(&virtio, 1));
	assert_null(broker_device_stop(&pci, 1));
}

static void others_are_given_up(void **state)
{
	const struct broker_device *both[] = { &virtio, &pci };

	(void)state;
	fake.takes = HZ;
	for (int i = 0; i < 2; i++) {
		uint64_t began = fake.now;

		assert_string_equal(broker_device_stop(both[i], 1),
				    "it does not answer within 100 ms");
		assert_in_range(fake.now - began, HZ / 10, HZ / 10 + 5);
		assert_int_equal(fake.mapped, 0);
	}
}

/* Without a bus that can stop it: only what never touches memory is quiet. */
static void the_class_tells_for_the_rest(void **state)
{
	(void)state;
	assert_null(broker_device_stop(&none, 0));
	assert_non_null(broker_device_stop(&none, 1));
	assert_null(broker_device_stop(&uart, 0));
	assert_string_equal(broker_device_stop(&uart, 1),
			    "no reset is known for it");
}

/* What cannot be seen is not waited for. */
static void without_registers_it_is_given_up_at_once(void **state)
{
	uint64_t began = fake.now;

	(void)state;
	fake.refused = 1;
	assert_string_equal(broker_device_stop(&virtio, 1),
			    "the kernel does not show its registers");
	assert_int_equal(fake.now, began);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(buses_stop_their_devices, set_up),
		cmocka_unit_test_setup(slow_devices_are_waited_for, set_up),
		cmocka_unit_test_setup(others_are_given_up, set_up),
		cmocka_unit_test_setup(the_class_tells_for_the_rest, set_up),
		cmocka_unit_test_setup(without_registers_it_is_given_up_at_once,
				       set_up),
	};

	return cmocka_run_group_tests_name("broker_quiet", tests, NULL, NULL);
}
