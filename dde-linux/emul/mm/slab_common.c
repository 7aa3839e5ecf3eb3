// SPDX-License-Identifier: GPL-2.0-only
/*
 * slab_common.c - what is made of kmalloc and kfree alone.
 *
 * Stands for mm/slab_common.c. Read next: slub.c
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <dde.h>

void kfree_sensitive(const void *object)
{
	if (!ZERO_OR_NULL_PTR(object))
		memzero_explicit((void *)object, ksize(object));
	kfree(object);
}
DDE_EMULATED(kfree_sensitive);

/*
 * Shrinks in place. On failure the old object is untouched. With __GFP_ZERO
 * what is behind @bytes is zero, so that it is when the object grows again.
 */
void *krealloc_noprof(const void *object, size_t bytes, gfp_t gfp)
{
	size_t old = ksize(object);
	void *bigger;

	if (!bytes) {
		kfree(object);
		return ZERO_SIZE_PTR;
	}
	if (bytes <= old) {
		if (gfp & __GFP_ZERO)
			memset((char *)object + bytes, 0, old - bytes);
		return (void *)object;
	}
	bigger = kmalloc_noprof(bytes, gfp);
	if (bigger && old) {
		memcpy(bigger, object, old);
		kfree(object);
	}
	return bigger;
}
DDE_EMULATED(krealloc_noprof);

bool kmem_dump_obj(void *object)
{
	return false;
}
DDE_NOOP(kmem_dump_obj, "objects carry no debugging data");

bool slab_is_available(void)
{
	return true;
}
DDE_NOOP(slab_is_available, "the heap is there before any driver");
