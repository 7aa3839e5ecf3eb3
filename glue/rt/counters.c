/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counters.c - names for counters, in the page that the broker reads.
 *
 * A counter is shown as soon as its kind is there, so that is written last.
 * Counters are never taken away: whoever holds a pointer may keep counting.
 */
#include <glue/counters.h>
#include <glue/env.h>
#include <glue/rt.h>
#include <glue/string.h>

static uint64_t nowhere;

static struct glue_counter_page *page(void)
{
	return (struct glue_counter_page *)GLUE_COUNTERS_VADDR;
}

/* As far as it fits; zero-padded, so that names compare as bytes. */
static void copy_name(char *dst, const char *name, size_t bytes)
{
	size_t length = glue_strnlen(name, bytes - 1);

	memset(dst, 0, bytes);
	memcpy(dst, name, length);
}

void glue_beat(uint64_t served)
{
	uint32_t beat = __atomic_load_n(&glue_env()->beat, __ATOMIC_RELAXED);

	page()->served = served;
	__atomic_store_n(&page()->beat, beat, __ATOMIC_RELAXED);
}

uint64_t *glue_keepsake(void)
{
	return &page()->keepsake;
}

uint64_t *glue_counter_add(enum glue_counter_kind kind, const char *name)
{
	char wanted[sizeof(page()->counter[0].name)];
	unsigned int i;

	copy_name(wanted, name, sizeof(wanted));
	for (i = 0; i < GLUE_COUNTERS_MAX; i++) {
		struct glue_counter *counter = &page()->counter[i];

		if (counter->kind == GLUE_COUNTER_NONE) {
			memcpy(counter->name, wanted, sizeof(wanted));
			/* Pairs with the broker's acquire. */
			__atomic_store_n(&counter->kind, kind,
					 __ATOMIC_RELEASE);
			return &counter->value;
		}
		if (counter->kind == kind &&
		    !memcmp(counter->name, wanted, sizeof(wanted)))
			return &counter->value;
	}
	page()->lost++;
	return &nowhere;
}
