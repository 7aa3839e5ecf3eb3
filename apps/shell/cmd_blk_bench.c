/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_blk_bench.c - how long requests of a disk take, by size and depth.
 *
 * Times are the guest's counter (CNTVCT_EL0), shown in nanoseconds. Under
 * QEMU's `-icount shift=0` a nanosecond of guest time is one instruction, and
 * only then do the figures say something about the software; else they time
 * QEMU. Elapsed time holds what the processor idled while the device worked;
 * CPU time, summed over all processes by the kernel's account, does not.
 * Lines are made for `make bench` to read:
 *     bench NAME: N requests, T ticks, X ns each, Y ns of CPU each
 */
#include <glue/broker_client.h>
#include <glue/pattern.h>
#include <glue/string.h>

#include "command.h"
#include "console.h"
#include "disk.h"

#define BENCH_DEPTH	   32u
#define BENCH_LEND_BYTES   (BENCH_DEPTH * 65536u) /* the most of any case */
#define BENCH_REQUESTS	   2000u
#define BENCH_REQUESTS_MAX 1000000u
#define BENCH_LOOK_EVERY   256u /* requests between looks for ^C */

/* One figure: what is asked for, and how many at a time. */
struct bench_case {
	const char *name;
	enum glue_block_op op;
	uint32_t bytes; /* of a request */
	uint32_t depth;
	int random; /* 0: one place after the other */
};

/* Writes come last and only if asked for. */
static const struct bench_case cases[] = {
	{ "randread_4k_qd1", GLUE_BLOCK_READ, 4096, 1, 1 },
	{ "randread_4k_qd32", GLUE_BLOCK_READ, 4096, BENCH_DEPTH, 1 },
	{ "seqread_64k_qd32", GLUE_BLOCK_READ, 65536, BENCH_DEPTH, 0 },
	{ "read_1m_qd1", GLUE_BLOCK_READ, 1048576, 1, 0 },
	{ "randwrite_4k_qd32", GLUE_BLOCK_WRITE, 4096, BENCH_DEPTH, 1 },
};
#define CASES_COUNT (sizeof(cases) / sizeof(cases[0]))

struct bench {
	struct disk *disk;
	const struct bench_case *now;
	uint32_t sectors;  /* of a request */
	uint64_t blocks;   /* requests' places on the disk */
	uint64_t requests; /* to make */
	uint64_t begun;
	uint64_t ended;
	enum k_err err; /* the first one */
	uint8_t *data;
	uint64_t look;	/* deadline of a wait: then look at the console */
	uint64_t moved; /* what had ended at the last look */
	int cancelled;
	int warm_up; /* nothing is printed unless it fails */
	struct glue_block_request *idle[BENCH_DEPTH]; /* stack */
	uint32_t n_idle;
	struct glue_block_request req[BENCH_DEPTH];
};

/* Ticks that all processes have run, the kernel's work for them included. */
static uint64_t cpu_ticks(void)
{
	struct glue_process_info p;
	uint64_t sum = 0;
	unsigned i;

	for (i = 0; !glue_broker_process(i, &p); i++)
		sum += p.cpu_ticks == ~0ull ? 0 : p.cpu_ticks;
	return sum;
}

/* Called by glue from inside a wait; it may not submit, only take note. */
static void bench_done(struct glue_block_request *req)
{
	struct bench *b = req->owner;

	b->ended++;
	if (req->status && !b->err)
		b->err = req->status;
	b->idle[b->n_idle++] = req;
}

/* All requests of a run are made once; only the sector changes later. */
static void bench_prepare(struct bench *b)
{
	const struct bench_case *now = b->now;
	uint32_t i;

	b->begun = b->ended = b->moved = b->n_idle = 0;
	b->sectors = now->bytes / GLUE_BLOCK_SECTOR_BYTES;
	b->blocks = b->disk->blk.info.sectors / b->sectors;
	for (i = 0; i < now->depth; i++) {
		b->req[i] = (struct glue_block_request){
			.op = (uint8_t)now->op,
			.count = b->sectors,
			.data = b->data + (size_t)i * now->bytes,
			.done = bench_done,
			.owner = b,
		};
		b->idle[b->n_idle++] = &b->req[i];
	}
}

/* Random places come from glue_pattern_word: the same ones in each run. */
static uint64_t bench_sector(const struct bench *b)
{
	uint64_t block = b->now->random ? glue_pattern_word(1, b->begun) :
					  b->begun;

	return block % b->blocks * b->sectors;
}

/* Submit with every idle request until the wanted number has begun. */
static void bench_submit(struct bench *b)
{
	struct glue_block_request *req;
	enum k_err err;

	while (b->n_idle && b->begun < b->requests && !b->err) {
		req = b->idle[--b->n_idle];
		req->sector = bench_sector(b);
		b->begun++;
		err = glue_block_submit(&b->disk->blk, req);
		if (!err)
			continue;
		b->err = err;
		b->ended++;
	}
}

/* Now and then: has ^C been typed, and is the disk still alive? */
static enum k_err bench_look(struct bench *b)
{
	if (console_cancelled()) {
		b->cancelled = 1;
		b->requests = b->begun;
	}
	if (glue_time_ticks() < b->look)
		return K_OK;
	if (b->ended == b->moved)
		return K_ERR_TIMEOUT;
	b->moved = b->ended;
	b->look = disk_deadline();
	return K_OK;
}

/* Wait for a completion, in slices short enough to notice ^C. */
static enum k_err bench_wait(struct bench *b, uint64_t *slice)
{
	enum k_err err = glue_block_wait(&b->disk->blk, *slice);

	if (err != K_ERR_TIMEOUT && b->ended % BENCH_LOOK_EVERY)
		return err;
	*slice = glue_deadline_ns(CONSOLE_LOOK_NS);
	return err && err != K_ERR_TIMEOUT ? err : bench_look(b);
}

static void bench_print(const struct bench *b, uint64_t ticks, uint64_t cpu)
{
	const char *name = b->now->name;

	if (b->cancelled)
		console_printf("bench %s: stopped by ^C after %lu requests\n",
			       name, b->ended);
	else if (b->err)
		console_printf("bench %s: stopped after %lu requests: %s\n",
			       name, b->ended, k_err_text(b->err));
	else
		console_printf(
			"bench %s: %lu requests, %lu ticks, %lu ns each, "
			"%lu ns of CPU each\n",
			name, b->ended, ticks,
			glue_ticks_to_ns(ticks) / b->ended,
			glue_ticks_to_ns(cpu) / b->ended);
}

/*
 * One figure. The clock runs from the first submit to the last completion;
 * after an error what is still in flight is awaited, as the device may write
 * into the buffers until then.
 */
static void bench_run(struct bench *b)
{
	uint64_t slice = glue_deadline_ns(CONSOLE_LOOK_NS);
	uint64_t cpu = cpu_ticks(), start, ticks;
	enum k_err err = K_OK;

	bench_prepare(b);
	b->look = disk_deadline();
	start = glue_time_ticks();
	do {
		bench_submit(b);
		if (b->ended < b->begun)
			err = bench_wait(b, &slice);
	} while (!err && !b->err && b->ended < b->requests);
	ticks = glue_time_ticks() - start;
	while (!err && b->ended < b->begun)
		err = bench_wait(b, &slice);
	b->err = b->err ? b->err : err;
	if (!b->warm_up || b->err || b->cancelled)
		bench_print(b, ticks, cpu_ticks() - cpu);
}

/* A disk must hold one request of the largest case. */
static int bench_fits(const struct disk *disk)
{
	uint32_t i;

	for (i = 0; i < CASES_COUNT; i++) {
		if (disk->blk.info.sectors >=
		    cases[i].bytes / GLUE_BLOCK_SECTOR_BYTES)
			continue;
		console_printf("%s: the disk is smaller than one request of "
			       "%s, %u bytes\n",
			       disk->name, cases[i].name, cases[i].bytes);
		return 0;
	}
	return 1;
}

static void bench_open(struct disk *disk, uint64_t requests, int write)
{
	static struct bench b;
	uint32_t i;

	b = (struct bench){ .disk = disk, .requests = requests };
	b.data = glue_block_alloc(&disk->blk, BENCH_LEND_BYTES, 0);
	if (!b.data || !bench_fits(disk))
		return;
	console_printf("time in guest ns; instructions only under QEMU's "
		       "-icount shift=0\n");
	/* What was printed above is still on its way through the console. */
	b.warm_up = 1;
	b.now = &cases[0];
	bench_run(&b);
	b.warm_up = 0;
	for (i = 0; i < CASES_COUNT && !b.err && !b.cancelled; i++) {
		b.now = &cases[i];
		if (write || b.now->op == GLUE_BLOCK_READ)
			bench_run(&b);
	}
}

/* blk bench: reads only, so it may be run on any disk; or, asked to, writes. */
void cmd_blk_bench(int argc, char **argv)
{
	uint64_t requests = BENCH_REQUESTS;
	int write = argc > 2 && !strcmp(argv[2], "write");

	if (argc > 1 && !disk_number(argv[1], "REQUESTS", &requests))
		return;
	if (!requests || requests > BENCH_REQUESTS_MAX) {
		console_printf("REQUESTS must be 1 to %u\n",
			       BENCH_REQUESTS_MAX);
		return;
	}
	if (argc > 2 && !write) {
		console_printf("blk bench: '%s' is not 'write', which would "
			       "overwrite the disk\n",
			       argv[2]);
		return;
	}
	if (!disk_open(&disk_first, argv[0], BENCH_LEND_BYTES))
		return;
	bench_open(&disk_first, requests, write);
	disk_close(&disk_first);
}
