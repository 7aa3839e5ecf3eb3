/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_net_check.c - the rules of net requests, each at both of its edges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/net_check.h>

#define REGION 131072u

static struct glue_net_info info;

static int set_up(void **state)
{
	(void)state;
	info = (struct glue_net_info){ .mtu = 1500,
				       .fill_bytes = 1514,
				       .features = GLUE_NET_F_CSUM |
						   GLUE_NET_F_TSO4 };
	return 0;
}

static enum k_err check(const struct glue_net_sqe *sqe)
{
	return glue_net_check(&info, REGION, sqe);
}

/* The fast path and the rules agree on frames without offloads. */
static void expect_send(uint32_t offset, uint32_t bytes, enum k_err err)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_SEND,
				    .offset = offset,
				    .bytes = bytes };

	assert_int_equal(check(&sqe), err);
	assert_int_equal(glue_net_send_fits(&info, REGION, offset, bytes),
			 err == K_OK);
}

static void test_send_lengths(void **state)
{
	(void)state;
	expect_send(0, 0, K_ERR_INVALID);
	expect_send(0, 13, K_ERR_INVALID);
	expect_send(0, 14, K_OK);
	expect_send(0, 1514, K_OK);
	expect_send(0, 1515, K_ERR_RANGE);
	expect_send(0, 65535, K_ERR_RANGE);
	expect_send(0, ~0u, K_ERR_RANGE);
	expect_send(REGION - 60, 60, K_OK);
	expect_send(REGION - 59, 60, K_ERR_RANGE);
	expect_send(~0u, 60, K_ERR_RANGE);
	info.mtu = 9000;
	expect_send(0, 9014, K_OK);
	expect_send(0, 9015, K_ERR_RANGE);
}

static void expect_fill(uint32_t offset, uint32_t bytes, enum k_err err)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_FILL,
				    .offset = offset,
				    .bytes = bytes };

	assert_int_equal(check(&sqe), err);
	assert_int_equal(glue_net_fill_fits(&info, REGION, offset, bytes),
			 err == K_OK);
}

static void test_fill_lengths(void **state)
{
	(void)state;
	expect_fill(0, 1513, K_ERR_INVALID);
	expect_fill(0, 1514, K_OK);
	expect_fill(0, 65536, K_OK);
	expect_fill(0, REGION, K_OK);
	expect_fill(1, REGION, K_ERR_RANGE);
	expect_fill(REGION, 1514, K_ERR_RANGE);
	expect_fill(~0u, 1514, K_ERR_RANGE);
}

static void test_checksum_place(void **state)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_SEND,
				    .flags = GLUE_NET_CSUM,
				    .bytes = 60,
				    .csum_start = 34,
				    .csum_offset = 24 };

	(void)state;
	assert_int_equal(check(&sqe), K_OK);
	sqe.csum_offset = 25;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe.csum_offset = 0xffff;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe.csum_offset = 16;
	sqe.csum_start = 13;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe.csum_start = 14;
	assert_int_equal(check(&sqe), K_OK);
	/* The places without the flag; the flag without the feature. */
	sqe.flags = 0;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe.flags = GLUE_NET_CSUM | 2;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe.flags = GLUE_NET_CSUM;
	info.features = 0;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
}

static const struct glue_net_sqe gso = { .op = GLUE_NET_SEND,
					 .flags = GLUE_NET_CSUM,
					 .gso_type = GLUE_NET_GSO_TCP4,
					 .bytes = 65535,
					 .csum_start = 34,
					 .csum_offset = 16,
					 .gso_size = 1460,
					 .header_bytes = 54 };

static void test_gso(void **state)
{
	struct glue_net_sqe sqe = gso;

	(void)state;
	assert_int_equal(check(&sqe), K_OK);
	sqe.bytes = 65536;
	assert_int_equal(check(&sqe), K_ERR_RANGE);
	sqe = gso;
	sqe.gso_size = 1461;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe.gso_size = GLUE_NET_SEGMENT_MIN - 1;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe = gso;
	sqe.header_bytes = 34;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe.header_bytes = GLUE_NET_HEADER_MAX + 1;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe = gso;
	sqe.bytes = 54;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe = gso;
	sqe.flags = 0;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe = gso;
	sqe.gso_type = GLUE_NET_GSO_TCP6;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	sqe.gso_type = 99;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
	info.features |= GLUE_NET_F_TSO6;
	sqe.gso_type = GLUE_NET_GSO_TCP6;
	assert_int_equal(check(&sqe), K_OK);
	/* The fields of GSO without it. */
	sqe = gso;
	sqe.gso_type = GLUE_NET_GSO_NONE;
	sqe.bytes = 1000;
	assert_int_equal(check(&sqe), K_ERR_INVALID);
}

static void test_other_requests(void **state)
{
	static const struct {
		struct glue_net_sqe sqe;
		enum k_err err;
	} row[] = {
		{ { .op = GLUE_NET_INFO, .bytes = sizeof(info) }, K_OK },
		{ { .op = GLUE_NET_INFO, .bytes = sizeof(info) - 1 },
		  K_ERR_INVALID },
		{ { .op = GLUE_NET_INFO, .bytes = 64, .offset = REGION },
		  K_ERR_RANGE },
		{ { .op = GLUE_NET_STATS,
		    .bytes = sizeof(struct glue_net_stats) },
		  K_OK },
		{ { .op = GLUE_NET_STATS, .bytes = 8 }, K_ERR_INVALID },
		{ { .op = GLUE_NET_JOIN, .bytes = 6 }, K_OK },
		{ { .op = GLUE_NET_JOIN, .bytes = 5 }, K_ERR_INVALID },
		{ { .op = GLUE_NET_LEAVE, .bytes = 6, .offset = REGION - 5 },
		  K_ERR_RANGE },
		{ { .op = GLUE_NET_LINK, .gso_type = 1 }, K_OK },
		{ { .op = GLUE_NET_LINK, .gso_type = 2 }, K_ERR_INVALID },
		{ { .op = GLUE_NET_RECALL }, K_OK },
		{ { .op = GLUE_NET_RECALL, .gso_type = 1 }, K_ERR_INVALID },
		{ { .op = GLUE_NET_RECALL, .csum_start = 1 }, K_ERR_INVALID },
		{ { .op = GLUE_NET_RECALL, .rsvd = 1 }, K_ERR_INVALID },
		{ { .op = 77 }, K_ERR_UNSUPPORTED },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		assert_int_equal(check(&row[i].sqe), row[i].err);
}

static void test_info(void **state)
{
	(void)state;
	assert_int_equal(glue_net_check_info(&info), K_OK);
	info.mtu = GLUE_NET_MTU_MIN - 1;
	assert_int_equal(glue_net_check_info(&info), K_ERR_INVALID);
	info.mtu = GLUE_NET_MTU_MAX + 1;
	assert_int_equal(glue_net_check_info(&info), K_ERR_INVALID);
	info.mtu = 1500;
	info.fill_bytes = 1515;
	assert_int_equal(glue_net_check_info(&info), K_ERR_INVALID);
	info.fill_bytes = 0;
	assert_int_equal(glue_net_check_info(&info), K_ERR_INVALID);
	info.fill_bytes = 60;
	assert_int_equal(glue_net_check_info(&info), K_OK);
	info.mac[0] = 1;
	assert_int_equal(glue_net_check_info(&info), K_ERR_INVALID);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_send_lengths),   TEST(test_fill_lengths),
		TEST(test_checksum_place), TEST(test_gso),
		TEST(test_other_requests), TEST(test_info),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
