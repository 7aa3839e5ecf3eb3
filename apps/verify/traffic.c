/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * traffic.c - random requests, several at a time, each read checked.
 *
 * No two requests in flight touch the same sector unless both read, so the
 * model always knows what a read must bring, in whatever order they are done.
 */
#include <glue/counters.h>
#include <glue/pattern.h>
#include <glue/print.h>
#include <glue/rt.h>

#include "verify.h"

#define DEPTH	    8u
#define COUNT_MAX   128u /* sectors of a request */
#define BYTES_MAX   (COUNT_MAX * GLUE_BLOCK_SECTOR_BYTES)
#define TRIES	    8u		  /* to find a place that is free */
#define PATIENCE_NS 10000000000ul /* only a hung disk takes that long */
#define MS_NS	    1000000ul
#define SALT	    0x7261666669637321ull /* other numbers than the data's */

static struct traffic {
	struct glue_block *blk;
	struct verify_model *model;
	struct verify_result *result;
	const struct verify_manner *manner;
	struct glue_block_request req[DEPTH];
	uint64_t drawn; /* random numbers */
	uint64_t moved; /* when the last request ended */
	uint64_t *at, *done, *wrong, *errors, *checked; /* counters */
	uint32_t generation;  /* of the channel, as of the last answer */
	uint32_t all_checked; /* the same, as of the last look at everything */
} t;

static uint64_t draw(uint64_t below)
{
	return glue_pattern_word(t.model->seed ^ SALT, t.drawn++) % below;
}

static int overlaps(const struct glue_block_request *req)
{
	for (unsigned int i = 0; i < DEPTH; i++) {
		const struct glue_block_request *other = &t.req[i];

		if (other != req && other->in_flight &&
		    req->sector < other->sector + other->count &&
		    other->sector < req->sector + req->count)
			return 1;
	}
	return 0;
}

/* Half of them reads; as many small as large ones. */
static enum glue_block_op draw_op(void)
{
	uint64_t n = draw(32);

	if (n == 0)
		return GLUE_BLOCK_FLUSH;
	if (n == 1 && t.blk->info.features & GLUE_BLOCK_F_ZEROES)
		return GLUE_BLOCK_WRITE_ZEROES;
	return n % 2 ? GLUE_BLOCK_READ : GLUE_BLOCK_WRITE;
}

/* Return: 0 if every place tried is in use. */
static int draw_place(struct glue_block_request *req)
{
	uint32_t unit = t.blk->info.logical_bytes / GLUE_BLOCK_SECTOR_BYTES;

	req->sector = req->count = 0;
	if (req->op == GLUE_BLOCK_FLUSH)
		return 1;
	for (unsigned int i = 0; i < TRIES; i++) {
		uint32_t most = (t.manner->count_max >> draw(8)) / unit;

		req->count = ((uint32_t)draw(most ? most : 1) + 1) * unit;
		req->sector = draw((VERIFY_SECTORS - req->count) / unit) * unit;
		if (!overlaps(req))
			return 1;
	}
	return 0;
}

static enum k_err request_begin(struct glue_block_request *req)
{
	req->op = (uint8_t)draw_op();
	if (!draw_place(req))
		return K_OK;
	if (req->op == GLUE_BLOCK_WRITE)
		verify_write(t.model, (uint32_t)req->sector, req->count,
			     req->data);
	if (req->op == GLUE_BLOCK_WRITE_ZEROES)
		verify_zero(t.model, (uint32_t)req->sector, req->count);
	return glue_block_submit(t.blk, req);
}

/* The first answer of a later life of the driver is noted, unless that life is
 * over too and has only left its answer behind. */
static void note_time(void)
{
	uint64_t now = glue_time_ticks();
	const struct glue_port *port = &t.blk->port;

	if (now - t.moved > t.result->pause_ticks)
		t.result->pause_ticks = now - t.moved;
	t.moved = now;
	if (port->generation != t.generation &&
	    __atomic_load_n(&glue_chan(port->chan)->state, __ATOMIC_ACQUIRE) ==
		    GLUE_CHAN_OPEN) {
		t.generation = port->generation;
		*t.at = now;
	}
}

static void request_ended(struct glue_block_request *req)
{
	uint32_t sector = (uint32_t)req->sector;

	note_time();
	t.result->requests++;
	++*t.done;
	if (req->status) {
		t.result->errors++;
		if (req->op != GLUE_BLOCK_READ)
			verify_forget(t.model, sector, req->count);
	} else if (req->op == GLUE_BLOCK_READ) {
		verify_check(t.model, sector, req->count, req->data,
			     t.result->found);
	}
}

static enum k_err traffic_prepare(struct glue_block *blk,
				  struct verify_model *model,
				  struct verify_result *result)
{
	uint8_t *data = glue_block_alloc(blk, DEPTH * BYTES_MAX, 0);

	if (!data)
		return K_ERR_NOMEM;
	t.blk = blk;
	t.model = model;
	t.result = result;
	t.moved = glue_time_ticks();
	t.generation = blk->port.generation;
	t.all_checked = t.generation;
	t.at = glue_counter_add(GLUE_COUNTER_GAUGE, VERIFY_AT);
	t.done = glue_counter_add(GLUE_COUNTER_EVENT, VERIFY_DONE);
	t.wrong = glue_counter_add(GLUE_COUNTER_EVENT, VERIFY_WRONG);
	t.errors = glue_counter_add(GLUE_COUNTER_EVENT, VERIFY_ERRORS);
	t.checked = glue_counter_add(GLUE_COUNTER_EVENT, VERIFY_CHECKED);
	*t.at = t.moved;
	for (unsigned int i = 0; i < DEPTH; i++) {
		t.req[i].data = data + i * BYTES_MAX;
		t.req[i].done = request_ended;
	}
	return K_OK;
}

static enum k_err all_begin(void)
{
	enum k_err err = K_OK;

	for (unsigned int i = 0; i < DEPTH && !err; i++)
		if (!t.req[i].in_flight)
			err = request_begin(&t.req[i]);
	return err;
}

static enum k_err drain(void)
{
	enum k_err err = K_OK;

	while (!err && glue_block_in_flight(t.blk))
		err = glue_block_wait(t.blk, glue_deadline_ns(PATIENCE_NS));
	return err;
}

static void wrong_show(void)
{
	const uint64_t *found = t.result->found;
	const struct verify_model *m = t.model;
	uint64_t wrong = found[VERIFY_STALE] + found[VERIFY_FOREIGN] +
			 found[VERIFY_TORN];

	*t.errors = t.result->errors;
	if (wrong == *t.wrong)
		return;
	*t.wrong = wrong;
	glue_printf("%lu stale, %lu foreign, %lu torn; the last is sector %u, "
		    "write 0x%x: seed %lu, sector %lu, write %lu\n",
		    found[VERIFY_STALE], found[VERIFY_FOREIGN],
		    found[VERIFY_TORN], m->bad_sector, m->bad_state,
		    m->bad_seed, m->bad_name & 0xffffffff, m->bad_name >> 32);
}

/* What the last life of the driver has left behind. */
static enum k_err check_life(void)
{
	uint32_t life = t.generation;
	enum k_err err = drain();

	if (!err)
		err = t.manner->read_all();
	t.moved = glue_time_ticks();
	wrong_show();
	if (!err && life == t.generation) {
		t.all_checked = life;
		++*t.checked;
	}
	return err;
}

/* Until one has ended. */
static enum k_err some_requests(void)
{
	enum k_err err = all_begin();

	if (!err)
		err = glue_block_wait(t.blk, glue_deadline_ns(PATIENCE_NS));
	wrong_show();
	if (t.manner->rest_ns)
		glue_wait(glue_deadline_ns(t.manner->rest_ns));
	return err;
}

enum k_err verify_traffic(struct glue_block *blk, struct verify_model *model,
			  uint64_t ms, struct verify_result *result,
			  const struct verify_manner *manner)
{
	uint64_t begin = glue_time_ticks();
	uint64_t end = glue_deadline_ns(ms * MS_NS);
	enum k_err err = traffic_prepare(blk, model, result);

	t.manner = manner;
	while (!err && glue_time_ticks() < end)
		err = manner->read_all && t.generation != t.all_checked ?
			      check_life() :
			      some_requests();
	result->ticks = glue_time_ticks() - begin;
	return err ? err : drain();
}
