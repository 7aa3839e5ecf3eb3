/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_dtb.c - runs dtc or QEMU and reads what they leave.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "broker_dtb.h"

size_t dtb_make(const char *command, void *tree, size_t room)
{
	char path[] = "/tmp/broker_dtb_XXXXXX", line[4096];
	int file = mkstemp(path);
	size_t bytes;
	FILE *in;

	assert_true(file >= 0);
	close(file);
	snprintf(line, sizeof(line), command, path);
	assert_int_equal(system(line), 0);
	in = fopen(path, "rb");
	assert_non_null(in);
	bytes = fread(tree, 1, room, in);
	fclose(in);
	unlink(path);
	return bytes;
}
