// SPDX-License-Identifier: BSD-2-Clause
/*
 * check.c - memcpy, memmove and memset of arch/kaal against byte loops.
 *
 * Every length up to MAX_BYTES meets every alignment and, for memmove, every
 * distance that overlaps; bytes around the destination must stay as they were.
 * main's value is the exit status: 0, or the number of the failing check.
 */
typedef unsigned char byte;
typedef unsigned long size;

void *memcpy(void *dst, const void *src, size bytes);
void *memmove(void *dst, const void *src, size bytes);
void *memset(void *dst, int value, size bytes);

#define AREA	  1024
#define MIDDLE	  400
#define MAX_BYTES 200
#define MAX_SHIFT 17

static byte real[AREA], want[AREA], source[AREA];

static void areas_fill(void)
{
	static unsigned int seed = 1;

	for (int i = 0; i < AREA; i++) {
		seed = seed * 1103515245 + 12345;
		real[i] = want[i] = seed >> 16;
		source[i] = seed >> 8;
	}
}

static int areas_differ(void)
{
	for (int i = 0; i < AREA; i++)
		if (real[i] != want[i])
			return 1;
	return 0;
}

static int copy_check(void *(*copy)(void *, const void *, size), size bytes,
		      int dst, int src)
{
	areas_fill();
	for (size i = 0; i < bytes; i++)
		want[MIDDLE + dst + i] = source[MIDDLE + src + i];
	if (copy(real + MIDDLE + dst, source + MIDDLE + src, bytes) !=
	    real + MIDDLE + dst)
		return 1;
	return areas_differ();
}

static int overlap_check(size bytes, int distance)
{
	areas_fill();
	for (size i = 0; i < bytes; i++)
		source[i] = want[MIDDLE + i];
	for (size i = 0; i < bytes; i++)
		want[MIDDLE + distance + i] = source[i];
	memmove(real + MIDDLE + distance, real + MIDDLE, bytes);
	return areas_differ();
}

static int fill_check(size bytes, int dst)
{
	areas_fill();
	for (size i = 0; i < bytes; i++)
		want[MIDDLE + dst + i] = 0xa5;
	if (memset(real + MIDDLE + dst, 0x1a5, bytes) != real + MIDDLE + dst)
		return 1;
	return areas_differ();
}

static int length_check(size bytes)
{
	for (int shift = 0; shift < MAX_SHIFT; shift++) {
		if (copy_check(memcpy, bytes, shift, 3 * shift % MAX_SHIFT))
			return 1;
		if (copy_check(memmove, bytes, shift, 5 * shift % MAX_SHIFT))
			return 2;
		if (fill_check(bytes, shift))
			return 3;
	}
	for (int distance = -(int)bytes - 1; distance <= (int)bytes + 1;
	     distance += bytes < 70 ? 1 : 5)
		if (overlap_check(bytes, distance))
			return 4;
	return 0;
}

int main(void)
{
	for (size bytes = 0; bytes <= MAX_BYTES; bytes++) {
		int failed = length_check(bytes);

		if (failed)
			return failed;
	}
	return 0;
}
