/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_absent.c - drivers without a device, devices with two drivers, and
 * calls that wait until their deadline.
 */
#include <string.h>

#include "broker_dtb.h"
#include "broker_world.h"

#include "../../broker/supervisor.h"
#include "../../broker/timer.h"

#define SHELL                                                                  \
	WORLD_TIMER                                                            \
	"shell elf=a.elf kind=app start=boot allow=run\n"                      \
	"client elf=a.elf kind=test start=demand connect=block,rng\n"          \
	"other elf=a.elf kind=test start=demand\n"
#define DRIVER(name, class, id, more)                                          \
	name " elf=a.elf kind=dde start=device class=" class                   \
		" dma_kib=16 match=virtio:d0000000" id "v* " more "\n"

static unsigned int count(const char *text)
{
	unsigned int found = 0;
	const char *at = fake_text();

	while ((at = strstr(at, text)) != NULL) {
		found++;
		at++;
	}
	return found;
}

static int connect(struct broker_process *from, const char *service,
		   uint64_t deadline)
{
	return world_call_name(from, GLUE_BROKER_CONNECT, service, 2, 4096ul,
			       deadline);
}

static void absent_ends(const char *manifest)
{
	struct broker_process *client;

	world_start(manifest);
	assert_int_equal(count("vrng has nothing to drive: no device matches "
			       "virtio:d00000004v*"),
			 1);
	client = world_run("client", "");
	assert_int_equal(connect(client, "rng0", 5000), K_ERR_NOTFOUND);
}

static void absent_device_is_one_message(void **state)
{
	(void)state;
	absent_ends(SHELL DRIVER("vrng", "rng", "4", ""));
	absent_ends(SHELL DRIVER("vrng", "rng", "4", "absent=end"));
}

/* A driver with hundreds of ids does not fill the console with them. */
static void long_lists_are_cut(void **state)
{
#define IDS   "pci:v00008086d0000105E*,pci:v00008086d0000105F*,"
#define SHOWN "pci:v00008086d0000105E* pci:v00008086d0000105F* "
	(void)state;
	world_start(
		SHELL
		"nic elf=a.elf kind=dde start=device class=net match=" IDS IDS
			IDS IDS "pci:last*\n");
	assert_int_equal(
		count("nic has nothing to drive: no device matches " SHOWN), 1);
	assert_int_equal(count("pci:v00008086d0000105F*  ..."), 1);
	assert_int_equal(count("pci:last"), 0);
}

static void clients_wait_for_an_absent_device(void **state)
{
	struct broker_process *client, *other;
	unsigned int replies;

	(void)state;
	world_start(SHELL DRIVER("vrng", "rng", "4", "absent=wait"));
	assert_int_equal(count("vrng waits: no device matches"), 1);
	client = world_run("client", "");
	other = world_run("other", "");
	fake_now = 1000;
	fake_set_caller(1);
	replies = fake_replies();
	assert_int_equal(connect(client, "rng0", 5000), -1);
	assert_int_equal(world_timer()->broker_deadline, 5000);
	fake_now = 4999;
	broker_timer_interrupt();
	assert_int_equal(fake_replies(), replies);
	fake_now = 5000;
	broker_timer_interrupt();
	assert_int_equal(fake_replies(), replies + 1);
	assert_int_equal(fake_reply_label(), K_ERR_TIMEOUT);
	assert_int_equal(world_timer()->broker_deadline, 0);
	/* Others learn nothing, and no other name is waited for. */
	assert_int_equal(connect(other, "rng0", 9000), K_ERR_DENIED);
	assert_int_equal(connect(client, "rng", 9000), K_ERR_NOTFOUND);
	assert_int_equal(connect(client, "rngx", 9000), K_ERR_NOTFOUND);
	assert_int_equal(connect(client, "blk0", 9000), K_ERR_NOTFOUND);
}

/* A deadline that has passed already is answered at once, none never. */
static void deadlines_of_calls(void **state)
{
	struct broker_process *client;
	unsigned int replies;

	(void)state;
	world_start(SHELL DRIVER("vblk", "block", "2", ""));
	client = world_run("client", "");
	fake_set_caller(1);
	fake_now = 1000;
	replies = fake_replies();
	assert_int_equal(connect(client, "blk0", 999), -1);
	assert_int_equal(fake_replies(), replies + 1);
	assert_int_equal(fake_reply_label(), K_ERR_TIMEOUT);
	assert_int_equal(connect(client, "blk0", 0), -1);
	assert_true(world_is_idle());
	world_drivers_ready();
	assert_int_equal(fake_replies(), replies + 2);
	assert_int_equal(fake_reply_label(), K_OK);
}

/* After the answer at the deadline the service's start is no second answer. */
static void a_call_is_answered_once(void **state)
{
	struct broker_process *client;
	unsigned int replies;

	(void)state;
	world_start(SHELL DRIVER("vblk", "block", "2", ""));
	client = world_run("client", "");
	fake_set_caller(1);
	fake_now = 1000;
	replies = fake_replies();
	assert_int_equal(connect(client, "blk0", 2000), -1);
	assert_int_equal(world_timer()->broker_deadline, 2000);
	fake_now = 2001;
	broker_timer_interrupt();
	assert_int_equal(fake_replies(), replies + 1);
	world_drivers_ready();
	assert_int_equal(fake_replies(), replies + 1);
	assert_int_equal(fake_reply_label(), K_ERR_TIMEOUT);
}

static void two_drivers_for_one_device(void **state)
{
	(void)state;
	world_start(SHELL DRIVER("first", "block", "2", "")
			    DRIVER("second", "block", "2", ""));
	/* Two disks, one message. */
	assert_int_equal(count("first and second both match "
			       "virtio_mmio@a000000: first drives it"),
			 1);
	assert_int_equal(count("both match"), 1);
	assert_int_equal(count("started blk0/first"), 1);
	assert_int_equal(count("started blk1/first"), 1);
	assert_int_equal(count("/second"), 0);
	assert_int_equal(count("nothing to drive"), 0);
}

static void twins_take_turns(void **state)
{
	(void)state;
	world_start(SHELL DRIVER("first", "block", "2", "")
			    DRIVER("second", "block", "2", "share=1")
				    DRIVER("third", "block", "2", ""));
	assert_int_equal(count("started blk0/first"), 1);
	assert_int_equal(count("started blk1/second"), 1);
	assert_int_equal(count("both match"), 1);
	assert_int_equal(count("first and third both match"), 1);
}

/* One id table, two devices: two processes. */
static void one_driver_for_two_devices(void **state)
{
	(void)state;
	world_start(SHELL DRIVER("vblk", "block", "2", ""));
	assert_ptr_not_equal(world_process("blk0/vblk"),
			     world_process("blk1/vblk"));
	assert_ptr_not_equal(world_process("blk0/vblk")->device,
			     world_process("blk1/vblk")->device);
}

/* Nodes by path or alias, whatever the driver matches; the rest is not its. */
static void nodes_that_a_driver_is_told(void **state)
{
	const struct glue_env *env;
	const struct broker_process *p;

	(void)state;
	world_start(SHELL "odd elf=a.elf kind=dde start=device class=rtc "
			  "device=/none:/pl011:/virtio_mmio@a002000\n"
			  "own elf=a.elf kind=dde start=boot class=rtc\n"
			  "late elf=a.elf kind=dde start=device class=serial "
			  "match=of:N*T*Carm,pl011*\n");
	assert_int_equal(count("started rtc"), 3);
	p = world_process("rtc0/odd");
	assert_string_equal(p->device->node, "pl011@9000000");
	env = fake_look(p->vspace.cap, GLUE_ENV_VADDR);
	assert_string_equal(env->device_node, "/pl011@9000000");
	assert_string_equal(env->device_alias, "");
	assert_int_equal(env->irq[0].intid, 33);
	assert_true(env->tree_bytes > 0);
	p = world_process("rtc1/odd");
	assert_string_equal(p->device->node, "virtio_mmio@a002000");
	assert_null(world_process("rtc2/own")->device);
	assert_int_equal(count("odd and late both match pl011@9000000: odd "
			       "drives it"),
			 1);
}

/* What it matches by itself it is not given either. */
static void no_such_node(void **state)
{
	(void)state;
	world_start(SHELL DRIVER("vblk", "block", "2", "device=/pl012:serial9")
			    DRIVER("w", "rng", "4", "absent=wait device=/"));
	assert_int_equal(count("vblk has nothing to drive: no device with "
			       "registers is at /pl012:serial9"),
			 1);
	assert_int_equal(count("w waits: no device with registers is at /; its "
			       "clients wait"),
			 1);
	assert_int_equal(count("started blk"), 0);
}

/* The UART's driver hangs in its start: the shell comes without the UART. */
static void a_hanging_driver_holds_nobody_up(void **state)
{
	(void)state;
	fake_now = 1;
	world_start(WORLD_TIMER
		    "shell elf=a.elf kind=app start=boot optional_device=1 "
		    "match=of:N*T*Carm,pl011*\n"
		    "uart elf=a.elf kind=dde start=device class=serial "
		    "dma_kib=16 match=of:N*T*Carm,pl011*\n");
	assert_int_equal(count("started shell"), 0);
	assert_true(world_timer()->broker_deadline > fake_now);
	while (count("started shell") == 0) {
		assert_true(fake_now <= 5 * 62500000ul);
		fake_now = world_timer()->broker_deadline;
		broker_timer_interrupt();
	}
	assert_true(fake_now > 5 * 62500000ul);
	assert_null(world_process("shell")->device);
	assert_true(world_is_idle());
}

/* However often its start fails or it has ended, a service keeps its name; two
 * at a time that have no device have two. */
static void names_are_stable(void **state)
{
	struct broker_process *p;

	(void)state;
	world_start(SHELL DRIVER(
		"late", "rng", "2",
		"") "soft elf=a.elf kind=test start=demand class=ip\n"
		    "soon elf=a.elf kind=dde start=demand class=rng "
		    "match=of:N*T*Carm,pl011*\n");
	for (unsigned int i = 0; i < 5; i++) {
		fake_fail_retype(1);
		assert_null(world_run("soon", ""));
		fake_fail_retype(0);
		p = world_run("soon", "");
		assert_string_equal(p->service, "rng2");
		broker_supervise_exit(p, 0);
	}
	assert_string_equal(world_run("soft", "")->service, "ip0");
	assert_string_equal(world_run("soft", "")->service, "ip1");
}

/* A device whose properties do not fit is driven all the same. */
static void device_tree_too_large(void **state)
{
	const char *usual = world_board;
	const struct glue_env *env;

	(void)state;
	world_board =
		"(echo '/dts-v1/; / { #address-cells=<2>; #size-cells=<2>;"
		" virtio_mmio@a000000 { compatible=\"virtio,mmio\";"
		" reg=<0 0xa000000 0 0x200>; much=[';"
		" head -c 40000 /dev/zero | tr '\\0' 4; echo ']; }; };')" DTB_DTC;
	world_start(SHELL DRIVER("vblk", "block", "2", ""));
	world_board = usual;
	assert_int_equal(count("the device tree of "
			       "virtio_mmio@a000000 is damaged or needs more "
			       "than 16 KiB"),
			 1);
	env = fake_look(world_process("blk0/vblk")->vspace.cap, GLUE_ENV_VADDR);
	assert_int_equal(env->tree_bytes, 0);
	assert_int_equal(env->n_mmio, 1);
}

static const char *said(const char *name)
{
	fake_text_clear();
	assert_null(world_run(name, ""));
	return fake_text();
}

/* A program that wants a device of its own, and what there is for it. */
static void a_program_needs_a_free_device(void **state)
{
	struct broker_process *driver, *p;

	(void)state;
	world_start(SHELL DRIVER(
		"b", "block", "2",
		"") "own elf=a.elf kind=test start=demand dma_kib=4 "
		    "match=virtio:d00000002v*\n"
		    "bare elf=a.elf kind=test start=demand optional_device=1 "
		    "match=virtio:d00000002v*\n"
		    "long elf=a.elf kind=test start=demand match=" IDS IDS IDS
		    "pci:last*\n"
		    "named elf=a.elf kind=test start=demand "
		    "device=/virtio_mmio@a000000\n");
	assert_string_equal(said("own"),
			    "kaal: own is not started: it needs a free device "
			    "that matches virtio:d00000002v*\n");
	assert_string_equal(said("long"),
			    "kaal: long is not started: it needs a free device "
			    "that matches " SHOWN SHOWN "\n");
	assert_non_null(strstr(said("named"), "/virtio_mmio@a000000"));
	/* One whose device was not stopped leaves it to none that has memory
	 * for it, and to nobody else's driver. */
	driver = world_process("blk0/b");
	world_call(driver, GLUE_BROKER_READY, 1, 0ul);
	driver->device->is_virtio = 0;
	broker_supervise_fault(driver, &world_fault);
	assert_true(driver->device->broken);
	assert_non_null(strstr(said("own"), "needs a free device"));
	p = world_run("bare", "");
	assert_ptr_equal(p->device, driver->device);
	world_call(p, GLUE_BROKER_EXIT, 1, 0ul);
}

/* The word itself, and more memory than there is. */
static void too_large_an_arena(void **state)
{
	(void)state;
	world_start(SHELL DRIVER("b", "block", "2", "dma_kib=65536"));
	assert_int_equal(count("b: not started: memory or quota"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absent_device_is_one_message),
		cmocka_unit_test(long_lists_are_cut),
		cmocka_unit_test(clients_wait_for_an_absent_device),
		cmocka_unit_test(deadlines_of_calls),
		cmocka_unit_test(a_call_is_answered_once),
		cmocka_unit_test(two_drivers_for_one_device),
		cmocka_unit_test(twins_take_turns),
		cmocka_unit_test(one_driver_for_two_devices),
		cmocka_unit_test(nodes_that_a_driver_is_told),
		cmocka_unit_test(no_such_node),
		cmocka_unit_test(a_hanging_driver_holds_nobody_up),
		cmocka_unit_test(names_are_stable),
		cmocka_unit_test(device_tree_too_large),
		cmocka_unit_test(too_large_an_arena),
		cmocka_unit_test(a_program_needs_a_free_device),
	};

	return cmocka_run_group_tests_name("broker_absent", tests, NULL, NULL);
}
