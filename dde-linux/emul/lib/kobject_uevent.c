// SPDX-License-Identifier: GPL-2.0-only
/*
 * kobject_uevent.c - events for user space, which a driver process has none of.
 *
 * Stands for lib/kobject_uevent.c. add_uevent_var is kept true because bus and
 * class code calls it and checks the result.
 */
#include <linux/kobject.h>
#include <linux/string.h>
#include <dde.h>

int kobject_uevent(struct kobject *kobj, enum kobject_action action)
{
	return 0;
}
DDE_NOOP(kobject_uevent, "there is no udev to tell");

int kobject_uevent_env(struct kobject *kobj, enum kobject_action action,
		       char *envp[])
{
	return 0;
}
DDE_NOOP(kobject_uevent_env, "there is no udev to tell");

int kobject_synth_uevent(struct kobject *kobj, const char *buf, size_t count)
{
	return 0;
}
DDE_NOOP(kobject_synth_uevent, "there is no udev to tell");

int add_uevent_var(struct kobj_uevent_env *env, const char *format, ...)
{
	size_t room = sizeof(env->buf) - env->buflen;
	va_list args;
	int bytes;

	if (env->envp_idx >= ARRAY_SIZE(env->envp))
		return -ENOMEM;
	va_start(args, format);
	bytes = vsnprintf(&env->buf[env->buflen], room, format, args);
	va_end(args);
	if (bytes >= room)
		return -ENOMEM;
	env->envp[env->envp_idx++] = &env->buf[env->buflen];
	env->buflen += bytes + 1;
	return 0;
}
DDE_EMULATED(add_uevent_var);
