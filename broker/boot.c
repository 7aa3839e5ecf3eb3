/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.c - match devices with programs, name the services, start all of it.
 *
 * Devices are taken in the order of their addresses, so that blk0 is the first
 * disk whatever driver serves it. For one device the first line of the
 * manifest that matches wins, but lines that share take turns with it.
 */
#include "boot.h"

#include <glue/print.h>
#include <glue/string.h>

#include "clock.h"
#include "life.h"
#include "log.h"
#include "timer.h"

#define CLASS_IDS 32u
#define WAIT_S	  5u /* for a driver to start; a slow probe takes seconds */

static uint8_t class_count[CLASS_IDS];		/* instances named so far */
static uint8_t devices_of[BROKER_PROGRAMS_MAX]; /* started for, a program */
static uint64_t absent;				/* programs without a device */
static uint64_t rivals;	       /* programs whose loss has been reported */
static uint64_t waiting;       /* programs whose device's driver is starting */
static uint64_t waiting_until; /* CNTVCT ticks; then they start without it */

/* "blk0", "blk1", ...; "" for a program without a class. */
static void service_name(const struct broker_class *class, char *name)
{
	name[0] = '\0';
	if (class)
		glue_snprintf(name, BROKER_SERVICE_BYTES, "%s%u", class->prefix,
			      class_count[class->id % CLASS_IDS]++);
}

static unsigned int start_one(const struct broker_program *program,
			      struct broker_device *device, const char *args,
			      struct broker_process **out)
{
	char service[BROKER_SERVICE_BYTES];

	service_name(program->class, service);
	if (broker_process_start(program, device, service, args, out))
		return 0;
	if (program->start == BROKER_START_DEMAND)
		return 1; /* who asked for it knows */
	broker_log("started %s (pid %u)%s%s", (*out)->label, (*out)->pid,
		   device ? " for " : "", device ? device->node : "");
	return 1;
}

/* What the program wants to drive, as the manifest says it; "" nothing. Nodes
 * that it names count alone. */
static const char *wanted_of(const struct broker_program *program)
{
	return program->device[0] ? program->device : program->match;
}

/* May the program drive the device? */
static int drives(const struct broker_program *program,
		  const struct broker_device *device)
{
	char alias[BROKER_ALIAS_BYTES];

	if (program->device[0] != '\0')
		return broker_device_is_named(device, program->device);
	return broker_device_match(device, program->match, alias,
				   sizeof(alias));
}

/* Once for each program that comes too late, whatever it has lost. */
static void rival_note(const struct broker_program *loser, unsigned int index,
		       const struct broker_device *device, const char *winner)
{
	if (rivals >> index & 1)
		return;
	rivals |= (uint64_t)1 << index;
	broker_log(
		"%s and %s both match %s: %s drives it, as it comes first; to change that, put the other line first in drivers.config or remove one",
		winner, loser->name, device->node, winner);
}

#define NOBODY BROKER_PROGRAMS_MAX

/* Who gets a device that program @i matches too? The first one, or one that
 * shares and has fewer devices yet. */
static unsigned int better_of(unsigned int winner, unsigned int i)
{
	if (winner == NOBODY || (broker_policy_program(i)->share &&
				 devices_of[i] < devices_of[winner]))
		return i;
	return winner;
}

/* Start a program for one device. Return: bit set of programs that match. */
static uint64_t start_for_device(struct broker_device *device,
				 unsigned int *started)
{
	const struct broker_program *p;
	struct broker_process *process;
	unsigned int winner = NOBODY;
	uint64_t matched = 0;

	for (unsigned int i = 0; i < broker_policy_count(); i++) {
		p = broker_policy_program(i);
		if (p->start != BROKER_START_DEVICE || !drives(p, device))
			continue;
		matched |= (uint64_t)1 << i;
		winner = better_of(winner, i);
	}
	if (winner == NOBODY)
		return 0;
	for (unsigned int i = winner + 1; i < broker_policy_count(); i++) {
		p = broker_policy_program(i);
		if ((matched >> i & 1) && !p->share)
			rival_note(p, i, device,
				   broker_policy_program(winner)->name);
	}
	devices_of[winner]++;
	*started += start_one(broker_policy_program(winner), device, "",
			      &process);
	return matched;
}
_Static_assert(BROKER_PROGRAMS_MAX <= 64, "one bit a program");

/* A prefix and a number and no more. */
static int names_instance(const char *service, const char *prefix)
{
	size_t bytes = strlen(prefix);
	uint64_t number;

	return strncmp(service, prefix, bytes) == 0 &&
	       glue_parse_u64(service + bytes, &number);
}

const struct broker_class *broker_boot_expects(const char *service)
{
	for (unsigned int i = 0; i < broker_policy_count(); i++) {
		const struct broker_program *p = broker_policy_program(i);

		if ((absent >> i & 1) && p->absent_waits && p->class &&
		    names_instance(service, p->class->prefix))
			return p->class;
	}
	return NULL;
}

/* For messages, the beginning of a list will do: some have hundreds of ids. */
#define SHOWN 96
static const char *wanted_more(const char *wanted)
{
	return strlen(wanted) > SHOWN ? " ..." : "";
}

/* A driver in the manifest, but nothing for it in the machine. */
static void absent_note(const struct broker_program *p, unsigned int index)
{
	const char *wanted = wanted_of(p);

	absent |= (uint64_t)1 << index;
	broker_log("%s %s: no device %s %.*s%s%s", p->name,
		   p->absent_waits ? "waits" : "has nothing to drive",
		   p->device[0] ? "with registers is at" : "matches", SHOWN,
		   wanted, wanted_more(wanted),
		   p->absent_waits ? "; its clients wait until their deadline" :
				     "");
}

/*
 * A device whose driver died is left alone, as it may still move data to
 * memory. A program that only takes what others leave may have it: it brings
 * no memory that a device could use, and what the dead driver had is kept.
 */
static int usable(const struct broker_device *device,
		  const struct broker_program *program)
{
	return !device->broken ||
	       (program->optional_device && program->dma_bytes == 0);
}

/* The first device that a program matches and nobody drives; NULL if none. */
static struct broker_device *device_for(const struct broker_program *program)
{
	for (unsigned int i = 0; i < broker_devices_count(); i++) {
		struct broker_device *device = broker_device(i);

		if (device->driver == 0 && usable(device, program) &&
		    drives(program, device))
			return device;
	}
	return NULL;
}

/* Has a device that it matches a driver that is starting? Asked at each start,
 * and there are few such devices. */
static int is_starting(const struct broker_program *program)
{
	for (unsigned int i = 0; i < broker_devices_count(); i++) {
		const struct broker_device *device = broker_device(i);

		if (device->driver != 0 &&
		    broker_process_may_serve(
			    broker_process_at(device->driver - 1u)) &&
		    drives(program, device))
			return 1;
	}
	return 0;
}

/* Does a process that runs offer a service of one of these classes? */
static int served(uint32_t classes)
{
	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		if (broker_process_alive(p) && p->program->class &&
		    (classes >> p->program->class->id & 1))
			return 1;
	}
	return 0;
}

/* Start a program that is not started for each device, but may want one. */
static enum k_err start_single(const struct broker_program *program,
			       const char *args, struct broker_process **out)
{
	const char *wanted = wanted_of(program);
	struct broker_device *device = NULL;

	if (program->needs && !served(program->needs)) {
		broker_log("%s is not started: nobody offers what it needs",
			   program->name);
		return K_ERR_NOTFOUND;
	}
	if (wanted[0] != '\0')
		device = device_for(program);
	if (wanted[0] != '\0' && !device && !program->optional_device) {
		broker_log(
			"%s is not started: it needs a free device that matches %.*s%s",
			program->name, SHOWN, wanted, wanted_more(wanted));
		return K_ERR_NOTFOUND;
	}
	return start_one(program, device, args, out) ? K_OK : K_ERR_NOMEM;
}

/*
 * A program that takes a device only if nobody drives it has to know whether
 * the driver that is starting comes up.
 */
static int must_wait(const struct broker_program *program)
{
	return program->optional_device && is_starting(program) &&
	       !device_for(program);
}

/* Start one program of the boot, or take note that it has to wait. */
static unsigned int start_at_boot(unsigned int index)
{
	const struct broker_program *program = broker_policy_program(index);
	struct broker_process *process;

	waiting &= ~((uint64_t)1 << index);
	if (must_wait(program) && broker_clock_now() < waiting_until) {
		waiting |= (uint64_t)1 << index;
		return 0;
	}
	return start_single(program, "", &process) == K_OK;
}

void broker_boot_continue(void)
{
	for (unsigned int i = 0; i < broker_policy_count(); i++) {
		if (waiting >> i & 1)
			start_at_boot(i);
	}
}

uint64_t broker_boot_deadline(uint64_t now)
{
	if (waiting != 0 && now >= waiting_until)
		broker_boot_continue();
	return waiting != 0 ? waiting_until : 0;
}

unsigned int broker_boot_programs(void)
{
	unsigned int started = 0;
	uint64_t matched = 0;

	memset(class_count, 0, sizeof(class_count));
	memset(devices_of, 0, sizeof(devices_of));
	absent = rivals = waiting = 0;
	waiting_until = broker_clock_now() + WAIT_S * broker_clock_hz();
	for (unsigned int i = 0; i < broker_devices_count(); i++)
		matched |= start_for_device(broker_device(i), &started);
	for (unsigned int i = 0; i < broker_policy_count(); i++) {
		const struct broker_program *p = broker_policy_program(i);

		if (p->start == BROKER_START_BOOT)
			started += start_at_boot(i);
		else if (p->start == BROKER_START_DEVICE && !(matched >> i & 1))
			absent_note(p, i);
	}
	broker_timer_update();
	return started;
}

enum k_err broker_run_program(const char *name, const char *args,
			      struct broker_process **out)
{
	const struct broker_program *program = broker_policy_find(name);

	if (!program || program->start != BROKER_START_DEMAND)
		return K_ERR_NOTFOUND;
	return start_single(program, args, out);
}
