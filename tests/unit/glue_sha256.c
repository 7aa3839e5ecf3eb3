/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_sha256.c - SHA-256 against the standard's examples.
 *
 * Vectors: NIST "SHA-256 examples" for FIPS 180-4 (one and two blocks), the
 * empty message, and a million times "a".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/sha256.h>

static void check(const char *text, size_t piece, const char *digest)
{
	char hex[GLUE_SHA256_HEX_BYTES];
	size_t bytes = strlen(text), at, part;
	struct glue_sha256 sum;

	glue_sha256_start(&sum);
	for (at = 0; at < bytes; at += part) {
		part = bytes - at < piece ? bytes - at : piece;
		glue_sha256_feed(&sum, text + at, part);
	}
	glue_sha256_finish(&sum, hex);
	assert_string_equal(hex, digest);
}

static void empty_message(void **state)
{
	(void)state;
	check("", 1,
	      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
	      "7852b855");
}

static void one_block(void **state)
{
	(void)state;
	check("abc", 3,
	      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff"
	      "61f20015ad");
}

static void two_blocks(void **state)
{
	(void)state;
	check("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
	      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void pieces_of_any_size(void **state)
{
	size_t piece;

	(void)state;
	for (piece = 1; piece < 60; piece++)
		check("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		      piece,
		      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167"
		      "f6ecedd419db06c1");
}

static void million(void **state)
{
	char hex[GLUE_SHA256_HEX_BYTES], block[1000];
	struct glue_sha256 sum;
	int i;

	(void)state;
	memset(block, 'a', sizeof(block));
	glue_sha256_start(&sum);
	for (i = 0; i < 1000; i++)
		glue_sha256_feed(&sum, block, sizeof(block));
	glue_sha256_finish(&sum, hex);
	assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497"
				 "200e046d39ccc7112cd0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_message),
		cmocka_unit_test(one_block),
		cmocka_unit_test(two_blocks),
		cmocka_unit_test(pieces_of_any_size),
		cmocka_unit_test(million),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
