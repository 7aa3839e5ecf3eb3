// SPDX-License-Identifier: GPL-2.0-only
/*
 * sg_pool.c - scatter-gather tables of any length, chained in chunks.
 *
 * Stands for lib/sg_pool.c. Linux keeps memory pools with a reserve for each
 * chunk size; here chunks come from kmalloc, which costs no memory in advance
 * and fails with -ENOMEM where Linux would fall back on its reserve.
 */
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <dde.h>

static struct scatterlist *chunk_alloc(unsigned int entries, gfp_t gfp)
{
	return kmalloc_array(entries, sizeof(struct scatterlist), gfp);
}

static void chunk_free(struct scatterlist *chunk, unsigned int entries)
{
	kfree(chunk);
}

int sg_alloc_table_chained(struct sg_table *table, int entries,
			   struct scatterlist *first_chunk,
			   unsigned nents_first_chunk)
{
	int err;

	BUG_ON(!entries);
	if (first_chunk && entries <= nents_first_chunk) {
		table->nents = entries;
		table->orig_nents = entries;
		sg_init_table(table->sgl, entries);
		return 0;
	}
	/* One entry cannot hold both data and the link to the next chunk. */
	if (nents_first_chunk <= 1) {
		first_chunk = NULL;
		nents_first_chunk = 0;
	}
	err = __sg_alloc_table(table, entries, SG_CHUNK_SIZE, first_chunk,
			       nents_first_chunk, GFP_ATOMIC, chunk_alloc);
	if (err)
		sg_free_table_chained(table, nents_first_chunk);
	return err;
}
DDE_EMULATED(sg_alloc_table_chained);

void sg_free_table_chained(struct sg_table *table, unsigned nents_first_chunk)
{
	if (table->orig_nents <= nents_first_chunk)
		return;
	if (nents_first_chunk == 1)
		nents_first_chunk = 0;
	__sg_free_table(table, SG_CHUNK_SIZE, nents_first_chunk, chunk_free,
			table->orig_nents);
}
DDE_EMULATED(sg_free_table_chained);
