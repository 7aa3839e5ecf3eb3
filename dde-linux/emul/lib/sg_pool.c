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

/* A first chunk of one entry is of no use: the link takes its place. */
static unsigned int inline_entries(unsigned int given)
{
	return given > 1 ? given : 0;
}

/**
 * sg_alloc_table_chained - a table of any length that starts in given memory.
 * @first: @n_first entries inside the driver's request, or NULL
 *
 * Does not sleep. Return: 0 or -ENOMEM; then nothing is left allocated.
 */
int sg_alloc_table_chained(struct sg_table *table, int entries,
			   struct scatterlist *first, unsigned int n_first)
{
	unsigned int given = first ? inline_entries(n_first) : 0;
	int err;

	if (likely(first && entries <= n_first)) {
		sg_init_table(table->sgl, entries);
		table->nents = entries;
		table->orig_nents = entries;
		return 0;
	}
	err = __sg_alloc_table(table, entries, SG_CHUNK_SIZE,
			       given ? first : NULL, given, GFP_ATOMIC,
			       chunk_alloc);
	if (err)
		sg_free_table_chained(table, n_first);
	return err;
}
DDE_EMULATED(sg_alloc_table_chained);

/* @n_first as given to sg_alloc_table_chained: that part is not ours to free. */
void sg_free_table_chained(struct sg_table *table, unsigned int n_first)
{
	if (likely(table->orig_nents <= n_first))
		return;
	__sg_free_table(table, SG_CHUNK_SIZE, inline_entries(n_first),
			chunk_free, table->orig_nents);
}
DDE_EMULATED(sg_free_table_chained);
