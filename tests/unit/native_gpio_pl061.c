/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_gpio_pl061.c - the PL061's native driver under a fake device.
 *
 * What the gpio class promises (glue/gpio.h) is asked here as a client does;
 * most of it is the kit's (dddk/gpio), and what lines are for, the tree's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/driver.h>
#include <glue/class.h>
#include <glue/gpio.h>
#include <glue/request_client.h>
#include <glue/rt.h>
#include "broker_dtb.h"
#include "fake/gpio.h"
#include "fake/forget.h"
#include "fake/native.h"
#include "fake/process.h"

#define REGION 4096u
#define SECOND 1000000000ul

static struct glue_req_port port;
static char *data;

/* Somebody outside moves a line, and the driver runs. */
static void move(uint32_t line, uint32_t level)
{
	fake_gpio_drive(line, level);
	native_run(0);
}

static int nothing_to_do(void)
{
	return 0;
}

/* --- around the driver ---------------------------------------------------- */

static const char tree[] =
	"echo '/dts-v1/; / { gpio@9030000 { phandle = <7>;"
	" gpio-line-names = \"\", \"one\", \"\", \"own\"; };"
	" keys { compatible = \"gpio-keys\";"
	"  off { gpios = <7 0 0>; linux,code = <116>; label = \"Power\"; };"
	"  three { gpios = <7 3 0>; linux,code = <30>; label = \"three\"; };"
	"  other { gpios = <8 4 0>; linux,code = <31>; };"
	"  odd { gpios = [07]; }; odd2 { gpios = <7>; }; };"
	" more { compatible = \"gpio-keys\";"
	"  five { gpios = <7 5 0>; }; }; };'" DTB_DTC;

static int set_up(void **state)
{
	(void)state;
	native_start(GLUE_CLASS_GPIO, GLUE_REQ_DEPTH, REGION, nothing_to_do);
	native.forget = forget_requests;
	fake_gpio_start();
	fake_env()->tree_vaddr = GLUE_TREE_LARGE_VADDR;
	fake_env()->tree_bytes = (uint32_t)
		dtb_make(tree, (void *)GLUE_TREE_LARGE_VADDR, GLUE_TREE_BYTES);
	assert_int_equal(native_probe(), K_OK);
	assert_int_equal(glue_req_open(&port, "gpio0", GLUE_CLASS_GPIO, REGION),
			 K_OK);
	data = glue_req_data(&port);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pl061.lie = 0;
	glue_req_close(&port);
	native_end();
	assert_int_equal(native.driver_end, K_OK);
	assert_int_equal(pl061.enabled, 0); /* nobody listens any more */
	return 0;
}

static enum k_err ask(uint16_t op, uint16_t flags, uint64_t line,
		      uint64_t *value)
{
	return glue_req_call(&port, op, flags, line, NULL, 0, value,
			     glue_deadline_ns(SECOND));
}

static uint64_t level(uint64_t line)
{
	uint64_t value = 9;

	assert_int_equal(ask(GLUE_GPIO_GET, 0, line, &value), K_OK);
	return value;
}

static struct glue_req waiting[8];

static void wait_for(uint32_t line, uint16_t edges)
{
	waiting[line] = (struct glue_req){ .op = GLUE_GPIO_WAIT,
					   .flags = edges,
					   .arg = line };
	assert_int_equal(glue_req_submit(&port, &waiting[line]), K_OK);
	glue_req_kick(&port);
	glue_req_poll(&port);
}

/* Has the wait ended, and with which level? -1: it waits. */
static int ended(uint32_t line)
{
	glue_req_poll(&port);
	if (waiting[line].in_flight)
		return -1;
	assert_int_equal(waiting[line].status, K_OK);
	return (int)waiting[line].value;
}

/* --- the tests ------------------------------------------------------------ */

static void test_info(void **state)
{
	struct glue_gpio_info info;

	(void)state;
	assert_int_equal(glue_req_info(&port, &info, sizeof(info),
				       glue_deadline_ns(SECOND)),
			 K_OK);
	assert_int_equal(info.lines, 8);
	assert_string_equal(info.driver, "native gpio_pl061");
	assert_string_equal(info.label, "gpio@9030000");
}

static void test_levels(void **state)
{
	uint32_t line;

	(void)state;
	pl061.wire = 0x5a;
	for (line = 0; line < 8; line++)
		assert_int_equal(level(line), 0x5a >> line & 1);
	assert_int_equal(ask(GLUE_GPIO_GET, 0, 8, NULL), K_ERR_RANGE);
	assert_int_equal(ask(GLUE_GPIO_OUTPUT, 1, 32, NULL), K_ERR_RANGE);
	assert_int_equal(ask(GLUE_GPIO_WAIT, 0, 0xffffffff, NULL), K_ERR_RANGE);
}

static void test_output(void **state)
{
	(void)state;
	pl061.wire = 0xff;
	assert_int_equal(ask(GLUE_GPIO_SET, 1, 6, NULL), K_ERR_INVALID);
	assert_int_equal(ask(GLUE_GPIO_OUTPUT, 0, 6, NULL), K_OK);
	assert_int_equal(pl061.output, 0x40);
	assert_int_equal(level(6), 0);
	assert_int_equal(ask(GLUE_GPIO_SET, 1, 6, NULL), K_OK);
	assert_int_equal(level(6), 1);
	assert_int_equal(ask(GLUE_GPIO_OUTPUT, 0, 6, NULL), K_OK);
	assert_int_equal(level(6), 0);
	assert_int_equal(ask(GLUE_GPIO_WAIT, 0, 6, NULL), K_ERR_INVALID);
	assert_int_equal(ask(GLUE_GPIO_INPUT, 0, 6, NULL), K_OK);
	assert_int_equal(pl061.output, 0);
	assert_int_equal(level(6), 1);
}

static void expect_line(uint32_t line, uint64_t value, const char *name)
{
	uint64_t got = 0;

	memset(data, 'x', 64);
	assert_int_equal(glue_req_call(&port, GLUE_GPIO_LINE, 0, line, data, 64,
				       &got, glue_deadline_ns(SECOND)),
			 K_OK);
	assert_int_equal(got, value);
	assert_string_equal(data, name);
}

static void test_lines(void **state)
{
	uint64_t got;

	(void)state;
	expect_line(0, 116ul << GLUE_GPIO_KEY_SHIFT, "Power");
	expect_line(1, 0, "one");
	expect_line(2, 0, ""); /* what odd2 lacks is no line */
	expect_line(3, 30ul << GLUE_GPIO_KEY_SHIFT, "own");
	expect_line(4, 0, "");
	expect_line(5, 0, "five");
	expect_line(7, 0, "");
	assert_int_equal(ask(GLUE_GPIO_LINE, 0, 0, &got), K_OK);
	assert_int_equal(got, 116ul << GLUE_GPIO_KEY_SHIFT);
	assert_int_equal(glue_req_call(&port, GLUE_GPIO_LINE, 0, 0, data, 3,
				       NULL, glue_deadline_ns(SECOND)),
			 K_OK);
	assert_string_equal(data, "Po");
	assert_int_equal(ask(GLUE_GPIO_OUTPUT, 1, 4, NULL), K_OK);
	expect_line(4, GLUE_GPIO_IS_OUTPUT | GLUE_GPIO_IS_TAKEN, "");
	fake_env()->tree_bytes = 0;
	expect_line(0, 0, "");
}

static void test_edges(void **state)
{
	(void)state;
	wait_for(0, 0);
	wait_for(1, GLUE_GPIO_EDGE_RISING);
	wait_for(2, GLUE_GPIO_EDGE_FALLING);
	pl061.wire |= 4;
	move(2, 0);
	assert_int_equal(ended(2), 0);
	move(1, 1);
	assert_int_equal(ended(1), 1);
	assert_int_equal(ended(0), -1);
	move(0, 1);
	assert_int_equal(ended(0), 1);
	wait_for(0, 0);
	move(0, 0);
	assert_int_equal(ended(0), 0);
	wait_for(1, GLUE_GPIO_EDGE_RISING);
	move(1, 0);
	assert_int_equal(ended(1), -1);
	move(1, 1);
	assert_int_equal(ended(1), 1);
}

/* Edges between two waits are kept, at most one; not for other edges. */
static void test_edges_kept(void **state)
{
	(void)state;
	move(3, 1);
	move(3, 0); /* the device keeps it, masked */
	move(3, 1);
	assert_int_not_equal(pl061.raw, 0);
	wait_for(3, 0);
	assert_int_equal(ended(3), -1);
	move(3, 0);
	assert_int_equal(ended(3), 0);
	move(3, 1);
	move(3, 0);
	wait_for(3, 0);
	assert_int_equal(ended(3), 0);
	wait_for(3, 0);
	assert_int_equal(ended(3), -1);
	move(3, 1);
	assert_int_equal(ended(3), 1);
	move(3, 0);
	wait_for(3, GLUE_GPIO_EDGE_RISING);
	assert_int_equal(ended(3), -1);
	move(3, 1);
	assert_int_equal(ended(3), 1);
	/* A direction set ends the listening. */
	move(3, 0);
	move(3, 1);
	assert_int_equal(ask(GLUE_GPIO_INPUT, 0, 3, NULL), K_OK);
	assert_int_equal(pl061.enabled, 0);
	wait_for(3, GLUE_GPIO_EDGE_RISING);
	assert_int_equal(ended(3), -1);
}

static void test_one_wait_a_line(void **state)
{
	(void)state;
	wait_for(4, 0);
	assert_int_equal(ask(GLUE_GPIO_WAIT, 0, 4, NULL), K_ERR_BUSY);
	assert_int_equal(glue_req_cancel(&port, &waiting[4]), K_OK);
	assert_int_equal(glue_req_wait(&port, &waiting[4],
				       glue_deadline_ns(SECOND)),
			 K_OK);
	assert_int_equal(waiting[4].status, K_ERR_GONE);
	wait_for(4, 0);
	move(4, 1);
	assert_int_equal(ended(4), 1);
}

/* Nobody would listen any more. */
static void test_direction_ends_wait(void **state)
{
	static const uint16_t ops[] = { GLUE_GPIO_OUTPUT, GLUE_GPIO_INPUT };
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		wait_for(4, 0);
		assert_int_equal(ask(ops[i], 0, 4, NULL), K_OK);
		glue_req_poll(&port);
		assert_false(waiting[4].in_flight);
		assert_int_equal(waiting[4].status, K_ERR_GONE);
		assert_int_equal(ask(GLUE_GPIO_INPUT, 0, 4, NULL), K_OK);
	}
}

/* Who leaves lets its lines go; another may have them then. */
static void test_owner_leaves(void **state)
{
	(void)state;
	wait_for(5, 0);
	assert_int_equal(ask(GLUE_GPIO_OUTPUT, 1, 6, NULL), K_OK);
	assert_int_equal(pl061.enabled, 0x20);
	glue_req_close(&port);
	assert_int_equal(pl061.enabled, 0);
	assert_int_equal(pl061.data, 0x40); /* an output keeps its level */
	move(5, 1);
	assert_int_equal(glue_req_open(&port, "gpio0", GLUE_CLASS_GPIO, REGION),
			 K_OK);
	data = glue_req_data(&port);
	expect_line(5, 0, "five");
	expect_line(6, GLUE_GPIO_IS_OUTPUT, "");
	wait_for(5, 0);
	assert_int_equal(ended(5), -1);
}

/* Interrupts of all lines, without cause, and registers of all ones. */
static void test_lies(void **state)
{
	unsigned int i;

	(void)state;
	wait_for(0, 0);
	for (i = 0; i < 100; i++)
		native_run(GLUE_EVENT_IRQ(0));
	assert_int_equal(ended(0), -1);
	pl061.lie = 0xffffffff;
	native_run(GLUE_EVENT_IRQ(0));
	assert_int_equal(ended(0), 1);
	assert_int_equal(level(7), 1);
	assert_int_equal(ask(GLUE_GPIO_WAIT, 0, 1, NULL), K_ERR_INVALID);
	assert_int_equal(ask(GLUE_GPIO_OUTPUT, 0, 1, NULL), K_OK);
}

/* The level stays, whatever the driver does: clients are served nevertheless,
 * and the driver sleeps most of the time. */
static void test_storm(void **state)
{
	unsigned int i, acks;

	(void)state;
	wait_for(0, 0);
	pl061.lie = 0x100; /* no line of it */
	move(0, 1);
	assert_int_equal(ended(0), -1);
	acks = fake.acks;
	for (i = 0; i < 100; i++) {
		fake.ticks += fake_env()->counter_hz / 1000;
		native_run(0);
	}
	assert_in_range(fake.acks - acks, 1000, 100 * 1000);
	pl061.lie = 0;
	assert_int_equal(level(0), 1);
	fake.console[fake.console_bytes] = '\0';
	assert_non_null(strstr(fake.console, "were of no use"));
	fake.ticks += fake_env()->counter_hz / 1000;
	native_run(0);
	assert_int_equal(ended(0), 1);
}

/* The driver dies, and lines move while it is away. */
static void live_again(uint32_t levels)
{
	uint32_t line;

	native.driver_end = K_ERR_IO;
	for (line = 0; line < 8; line++)
		fake_gpio_drive(line, levels >> line & 1);
	pl061.enabled = pl061.raw = 0;
	native_live_again();
	glue_req_poll(&port);
	glue_req_poll(&port);
}

/* The next life knows of edges that the level still shows, once. */
static void test_next_life(void **state)
{
	static const uint16_t edges[] = { GLUE_GPIO_EDGE_RISING,
					  GLUE_GPIO_EDGE_FALLING, 0, 0,
					  GLUE_GPIO_EDGE_RISING };
	static const int told[] = { 1, -1, 1, 0, -1 };
	uint32_t line;

	(void)state;
	fake_gpio_drive(3, 1);
	for (line = 0; line < 5; line++)
		wait_for(line, edges[line]);
	wait_for(5, 0);
	assert_int_equal(ask(GLUE_GPIO_INPUT, 0, 5, NULL), K_OK);
	live_again(0x27);
	for (line = 0; line < 5; line++)
		assert_int_equal(ended(line), told[line]);
	wait_for(0, GLUE_GPIO_EDGE_RISING);
	assert_int_equal(ended(0), -1);
	wait_for(5, 0); /* nobody waited */
	assert_int_equal(ended(5), -1);
}

/* An edge is acknowledged before the device is asked, or one in between would
 * be lost; a level when the device is quiet, or it would come again. */
static void test_acknowledged_in_time(void **state)
{
	unsigned int edge, acks;

	(void)state;
	for (edge = 0; edge < 2; edge++) {
		fake_env()->irq[0].edge = (uint8_t)edge;
		wait_for(1, GLUE_GPIO_EDGE_RISING);
		acks = fake.acks;
		move(1, 1);
		assert_int_equal(ended(1), 1);
		assert_int_equal(pl061.acks_when_asked, acks + edge);
		assert_int_equal(fake.acks, acks + 1);
		move(1, 0);
	}
}

/* A driver that ends leaves a device that interrupts nobody. */
static void test_stop(void **state)
{
	(void)state;
	wait_for(2, GLUE_GPIO_EDGE_RISING);
	assert_int_equal(pl061.enabled, 4);
	assert_int_equal(native_stop(K_OK), 0);
	assert_int_equal(pl061.enabled, 0);
	native_end();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_info),
		TEST(test_levels),
		TEST(test_output),
		TEST(test_lines),
		TEST(test_edges),
		TEST(test_edges_kept),
		TEST(test_one_wait_a_line),
		TEST(test_direction_ends_wait),
		TEST(test_owner_leaves),
		TEST(test_lies),
		TEST(test_storm),
		TEST(test_next_life),
		TEST(test_acknowledged_in_time),
		TEST(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
