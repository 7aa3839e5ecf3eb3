/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.c - name the services, start the programs for their devices.
 *
 * Which program drives which device the finder has worked out
 * (finder/assign.c); who may have a device later, and who waits, is decided here.
 */
#include "boot.h"

#include <glue/print.h>
#include <glue/string.h>

#include "life.h"
#include "log.h"
#include "machine.h"
#include "process.h"
#include "timer.h"

#define WAIT_S 5u /* for a driver to start; a slow probe takes seconds */

static uint64_t waiting;       /* programs whose device's driver is starting */
static uint64_t waiting_until; /* CNTVCT ticks; then they start without it */

/* A device has its number for ever, whoever drives it and whatever fails; who
 * has none comes behind those of its class. */
static uint32_t number_of(const struct broker_program *program,
			  const struct broker_device *device)
{
	const struct broker_match *m = broker_match_of(device, program);
	uint32_t number = 0;

	if (m)
		return m->number;
	for (unsigned int i = 0; (m = broker_match(i)); i++) {
		if (m->program->class == program->class && m->number >= number)
			number = m->number + 1;
	}
	return number;
}

/* "blk0", "blk1", ...; "" for a program without a class. */
static void service_name(const struct broker_program *program,
			 const struct broker_device *device, char *name)
{
	uint32_t number = number_of(program, device);
	const struct broker_process *holder;

	name[0] = '\0';
	if (!program->class)
		return;
	do {
		glue_snprintf(name, BROKER_SERVICE_BYTES, "%s%u",
			      program->class->prefix, number++);
		holder = broker_process_serving(name);
	} while (holder && (broker_process_alive(holder) ||
			    broker_process_may_serve(holder)));
}

static unsigned int start_one(const struct broker_program *program,
			      struct broker_device *device, const char *args,
			      struct broker_process **out)
{
	char service[BROKER_SERVICE_BYTES];

	service_name(program, device, service);
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

		if ((broker_devices_absent() >> i & 1) && p->absent_waits &&
		    p->class && names_instance(service, p->class->prefix))
			return p->class;
	}
	return NULL;
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
	const struct broker_match *m;

	for (unsigned int i = 0; (m = broker_match(i)); i++) {
		if (m->program == program && m->device->driver == 0 &&
		    usable(m->device, program))
			return m->device;
	}
	return NULL;
}

/* Has a device that it matches a driver that is starting? Asked at each start,
 * and there are few such devices. */
static int is_starting(const struct broker_program *program)
{
	const struct broker_match *m;

	for (unsigned int i = 0; (m = broker_match(i)); i++) {
		if (m->program == program && m->device->driver != 0 &&
		    broker_process_may_serve(
			    broker_process_at(m->device->driver - 1u)))
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
			"%s is not started: it needs a free device that matches %.96s",
			program->name, wanted);
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
	const struct broker_match *m;
	struct broker_process *process;
	unsigned int started = 0;

	waiting = 0;
	waiting_until = broker_clock_now() + WAIT_S * broker_clock_hz();
	for (unsigned int i = 0; (m = broker_match(i)); i++) {
		if (m->first)
			started += start_one(m->program, m->device, "",
					     &process);
	}
	for (unsigned int i = 0; i < broker_policy_count(); i++) {
		if (broker_policy_program(i)->start == BROKER_START_BOOT)
			started += start_at_boot(i);
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
