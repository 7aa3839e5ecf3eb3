/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip_parts.c - parts of the IP stack by themselves: sums, args, offload.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ip/config.h"
#include "ip/nic.h"

void ip_assert_failed(const char *what, const char *file, int line)
{
	fail_msg("lwIP: %s (%s:%d)", what, file, line);
	abort();
}

/* --- the checksum's sum, against the definition of RFC 1071 --------------- */

static uint16_t sum_slowly(const uint8_t *data, size_t bytes)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < bytes; i++)
		sum += i % 2 ? (uint32_t)data[i] << 8 : data[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static void test_sum(void **state)
{
	static uint8_t data[1600];

	(void)state;
	srand(2);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)rand();
	for (size_t at = 0; at < 16; at++) {
		for (size_t bytes = 0; bytes < 80; bytes++)
			assert_int_equal(ip_checksum_add(data + at, bytes),
					 sum_slowly(data + at, bytes));
		assert_int_equal(ip_checksum_add(data + at, 1500),
				 sum_slowly(data + at, 1500));
	}
}

/* Carries out of every place, and nothing but ones. */
static void test_sum_ones(void **state)
{
	static uint8_t data[4096];

	(void)state;
	memset(data, 0xff, sizeof(data));
	for (size_t at = 0; at < 8; at++)
		assert_int_equal(ip_checksum_add(data + at, 4000), 0xffff);
	assert_int_equal(ip_checksum_add(data, 0), 0);
}

/* --- args ----------------------------------------------------------------- */

static void test_args(void **state)
{
	struct ip_config config;

	(void)state;
	assert_null(ip_config_read(&config, ""));
	assert_true(config.dhcp && !config.has_address && !config.n_nics);
	assert_null(ip_config_read(&config,
				   "nic=net1  address=10.0.2.15/24 "
				   "gateway=10.0.2.2 dns=10.0.2.3 dhcp=off"));
	assert_int_equal(config.dhcp, 0);
	assert_int_equal(config.n_nics, 1);
	assert_string_equal(config.nic[0], "net1");
	assert_int_equal(config.address.addr, lwip_htonl(0x0a00020f));
	assert_int_equal(config.netmask.addr, lwip_htonl(0xffffff00));
	assert_int_equal(config.gateway.addr, lwip_htonl(0x0a000202));
	assert_int_equal(config.dns.addr, lwip_htonl(0x0a000203));
	assert_null(ip_config_read(&config, "address=1.2.3.4/32"));
	assert_int_equal(config.netmask.addr, 0xffffffff);
}

static void test_args_bad(void **state)
{
	static const char *const bad[] = {
		"address=10.0.2.15",
		"address=10.0.2.15/33",
		"address=10.0.2.15/0",
		"address=10.0.2/24x",
		"address=/24",
		"gateway=10.0.2.256",
		"dns=",
		"dhcp=maybe",
		"dhcp",
		"nic=",
		"nic=a",
		"speed=10",
		"nic=a-name-of-more-than-31-characters",
		"address=1111111111111111111111111111111111111111111111111111"
		"1111111111111111111111111111111111111111111111111111111111/9",
	};
	struct ip_config config;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *word = ip_config_read(&config, bad[i]);

		if (strcmp(bad[i], "nic=a") == 0)
			assert_null(word);
		else
			assert_non_null(word);
	}
	assert_string_equal(ip_config_read(&config,
					   "dhcp=on nic=a nic=b nic=c"),
			    "nic=c");
}

/* --- what is left to the card --------------------------------------------- */

static struct glue_net_frame frame;
static uint8_t bytes[80];

static void offload(uint8_t protocol, uint8_t fragment, uint32_t length)
{
	static const uint8_t start[] = { 2, 0, 0, 0, 0,	   1, 2, 0,  0, 0,
					 0, 2, 8, 0, 0x45, 0, 0, 66, 0, 0 };

	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes, start, sizeof(start));
	bytes[20] = fragment;
	bytes[23] = protocol;
	bytes[26] = 10;
	bytes[30] = 11;
	frame = (struct glue_net_frame){ .data = bytes, .bytes = length };
	ip_nic_offload(&frame);
}

static void test_offload(void **state)
{
	(void)state;
	offload(6, 0, 80);
	assert_int_equal(frame.flags, GLUE_NET_CSUM);
	assert_int_equal(frame.csum_start, 34);
	assert_int_equal(frame.csum_offset, 16);
	/* 10.0.0.0 + 11.0.0.0 + protocol 6 + 46 bytes, in network order */
	assert_int_equal(bytes[50] << 8 | bytes[51], 0x0a00 + 0x0b00 + 6 + 46);
	offload(17, 0, 80);
	assert_int_equal(frame.csum_offset, 6);
	assert_int_equal(bytes[40] << 8 | bytes[41], 0x0a00 + 0x0b00 + 17 + 46);
	offload(1, 0, 80);
	assert_int_equal(frame.flags, 0);
	offload(17, 0x20, 80);
	assert_int_equal(frame.flags, 0);
	offload(17, 0, 33);
	assert_int_equal(frame.flags, 0);
	bytes[12] = 0x86;
	ip_nic_offload(&frame);
	assert_int_equal(frame.flags, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sum),	cmocka_unit_test(test_sum_ones),
		cmocka_unit_test(test_args),	cmocka_unit_test(test_args_bad),
		cmocka_unit_test(test_offload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
