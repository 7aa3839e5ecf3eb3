// SPDX-License-Identifier: BSD-2-Clause
/*
 * refs.c - reference counts, krefs and kobjects: released once, never early,
 * and a count that is wrong stays wrong instead of coming round.
 */
#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "check.h"

static unsigned int released;

static void counts(void)
{
	refcount_t count = REFCOUNT_INIT(1);

	refcount_inc(&count);
	CHECK(refcount_read(&count) == 2);
	CHECK(!refcount_dec_and_test(&count) && !refcount_dec_not_one(&count));
	CHECK(refcount_dec_and_test(&count) && refcount_read(&count) == 0);
	CHECK(!refcount_inc_not_zero(&count) && refcount_read(&count) == 0);
	refcount_set(&count, 1);
	CHECK(refcount_dec_if_one(&count) && !refcount_dec_if_one(&count));
}

/* Too far up, too far down, or back from 0: leaked with a line, not freed. */
static void saturated(void)
{
	refcount_t count = REFCOUNT_INIT(INT_MAX);

	fake_log_clear();
	refcount_inc(&count);
	CHECK(refcount_read(&count) == REFCOUNT_SATURATED);
	CHECK(strstr(fake_log, "saturated; leaking memory"));
	CHECK(!refcount_dec_and_test(&count));
	refcount_inc(&count);
	CHECK(refcount_read(&count) == REFCOUNT_SATURATED);
	refcount_set(&count, 0);
	CHECK(!refcount_dec_and_test(&count));
	CHECK(strstr(fake_log, "underflow; use-after-free"));
	CHECK(refcount_read(&count) == REFCOUNT_SATURATED);
	refcount_set(&count, 0);
	refcount_inc(&count);
	CHECK(strstr(fake_log, "addition on 0; use-after-free"));
}

static void kref_release(struct kref *kref)
{
	released++;
}

static void krefs(void)
{
	struct kref kref;

	released = 0;
	kref_init(&kref);
	kref_get(&kref);
	CHECK(!kref_put(&kref, kref_release) && released == 0);
	CHECK(kref_get_unless_zero(&kref));
	CHECK(!kref_put(&kref, kref_release));
	CHECK(kref_put(&kref, kref_release) && released == 1);
	CHECK(!kref_get_unless_zero(&kref) && released == 1);
}

static void kobject_release(struct kobject *kobj)
{
	released++;
}

static const struct kobj_type type = { .release = kobject_release };

/* A child holds its parent; the name is the object's own. */
static void kobjects(void)
{
	struct kobject parent = { 0 }, child = { 0 };

	released = 0;
	CHECK(!kobject_init_and_add(&parent, &type, NULL, "top%d", 1));
	CHECK(!kobject_init_and_add(&child, &type, &parent, "child"));
	CHECK(!strcmp(kobject_name(&parent), "top1"));
	CHECK(child.parent == &parent && child.state_in_sysfs);
	kobject_put(&parent);
	CHECK(released == 0);
	CHECK(!kobject_rename(&child, "renamed"));
	CHECK(!strcmp(kobject_name(&child), "renamed"));
	kobject_get(&child);
	kobject_del(&child);
	CHECK(!child.state_in_sysfs && released == 1); /* the parent */
	kobject_put(&child);
	CHECK(released == 1 && kobject_get_unless_zero(&child));
	kobject_put(&child);
	kobject_put(&child);
	CHECK(released == 2);
}

static void kobject_without_name(void)
{
	struct kobject kobj = { 0 };

	kobject_init(&kobj, &type);
	CHECK(kobject_add(&kobj, NULL, "%s", "") == -EINVAL);
	released = 0;
	kobject_put(&kobj);
	CHECK(released == 1);
}

/* Found by name while it is a member, with a reference. */
static void ksets(void)
{
	struct kset *set = kset_create_and_add("set", NULL, NULL);
	struct kobject member = { .kset = set }, *found;

	released = 0;
	CHECK(set && !kobject_init_and_add(&member, &type, NULL, "member"));
	CHECK(member.parent == &set->kobj);
	found = kset_find_obj(set, "member");
	CHECK(found == &member && kref_read(&member.kref) == 2);
	CHECK(!kset_find_obj(set, "stranger"));
	kobject_put(found);
	kobject_put(&member);
	CHECK(released == 1 && list_empty(&set->list));
	kset_unregister(set);
}

static void check_refs(void)
{
	counts();
	saturated();
	krefs();
	kobjects();
	kobject_without_name();
	ksets();
}
CHECK_GROUP(refs);
