/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_system.c - what the broker knows and does: ps, devices, services, mem,
 * run, start, kill, hang, fault, poweroff.
 *
 * Everything shown comes from the broker's answers; the manifest line of the
 * shell decides which of them it gets.
 */
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "command.h"
#include "console.h"
#include "disk.h"
#include "process.h"

#define ARGS_BYTES 240u /* GLUE_BROKER_RUN: 30 words of 8 bytes */

/* The broker's alias for a virtio transport that holds no device. */
#define EMPTY_SLOT "virtio: empty slot"

/* A list ends with NOTFOUND; anything else is worth a line. */
static void list_end(const char *what, enum k_err err)
{
	if (err != K_ERR_NOTFOUND)
		console_printf("%s: the broker answers: %s\n", what,
			       k_err_text(err));
}

/* Numbers of enum glue_process_kind in words. */
static const char *kind_name(unsigned kind)
{
	static const char *const name[] = {
		"?", "app", "linux", "native", "test", "broker",
	};

	return kind < sizeof(name) / sizeof(name[0]) ? name[kind] : "?";
}

/* A kernel without the CPU time extension answers ~0: shown as "?". */
static void ps_line(const struct glue_process_info *p)
{
	char cpu[24] = "?";

	if (p->cpu_ticks != ~0ull)
		glue_snprintf(cpu, sizeof(cpu), "%lu",
			      glue_ticks_to_ns(p->cpu_ticks) / 1000000);
	console_printf("%3u %-16s %-7s %-7s %-9s %6u %6u %8s %8u %6d\n", p->pid,
		       p->name, kind_name(p->kind), p->service,
		       process_state_name(p->state), p->ram_kib, p->dma_kib,
		       cpu, p->restarts, p->status);
}

/* ps: also programs that have ended, with their exit status. */
void cmd_ps(int argc, char **argv)
{
	struct glue_process_info p;
	enum k_err err;
	unsigned i;

	(void)argc;
	(void)argv;
	console_printf("pid name             kind    service state     "
		       "ram/K  dma/K  time/ms restarts status\n");
	for (i = 0; !(err = glue_broker_process(i, &p)); i++)
		ps_line(&p);
	list_end("ps", err);
}

/* Who drives a device: "blk0/virtio_blk", and how it is, unless it is well. */
static void driver_text(const struct glue_device_info *d, char *text,
			size_t bytes)
{
	struct glue_process_info p;
	char label[GLUE_LABEL_BYTES];

	glue_strlcpy(text, d->stopped ? "(out of use)" : "-", bytes);
	if (!d->driver_pid || glue_process_find(d->driver_pid, &p))
		return;
	glue_process_label(&p, label, sizeof(label));
	glue_snprintf(text, bytes, "%s%s%s", label,
		      p.state == GLUE_PROC_READY ? "" : " ",
		      p.state == GLUE_PROC_READY ? "" :
						   process_state_name(p.state));
}

static void device_line(const struct glue_device_info *d)
{
	char driver[64], address[24] = "-";

	driver_text(d, driver, sizeof(driver));
	if (d->paddr != ~0ul)
		glue_snprintf(address, sizeof(address), "0x%08lx", d->paddr);
	console_printf("%-10s %5u %-24s %-24s %s\n", address, d->intid, driver,
		       d->node, d->alias);
}

/* devices: what the device tree names, driven or not. */
void cmd_devices(int argc, char **argv)
{
	struct glue_device_info d;
	unsigned i, empty = 0;
	enum k_err err;

	(void)argc;
	(void)argv;
	console_printf(
		"address    intid driver                   node                     "
		"alias, as a driver matches it\n");
	for (i = 0; !(err = glue_broker_device(i, &d)); i++) {
		if (!strcmp(d.alias, EMPTY_SLOT))
			empty++;
		else
			device_line(&d);
	}
	if (empty)
		console_printf("and %u virtio transports without a device\n",
			       empty);
	list_end("devices", err);
}

/* services: those that this shell may connect to. */
void cmd_services(int argc, char **argv)
{
	struct glue_service_info s;
	enum k_err err;
	unsigned i;

	(void)argc;
	(void)argv;
	for (i = 0; !(err = glue_broker_service(i, &s)); i++)
		console_printf("%-8s pid %-4u %s\n", s.name, s.pid,
			       process_state_name(s.state));
	list_end("services", err);
}

/* mem: the broker's account of the RAM that the kernel handed on. */
void cmd_mem(int argc, char **argv)
{
	struct glue_memory_info m;
	enum k_err err = glue_broker_memory(&m);

	(void)argc;
	(void)argv;
	if (err)
		list_end("mem", err);
	else
		console_printf("%lu KiB of memory, %lu KiB free, %lu KiB "
			       "used, %lu KiB promised\n",
			       m.total_bytes / 1024, m.free_bytes / 1024,
			       (m.total_bytes - m.free_bytes) / 1024,
			       m.promised_bytes / 1024);
}

/* Words with blanks between them. Return 0 if they do not fit. */
static int words_join(char args[ARGS_BYTES], int count, char **word)
{
	size_t used = 0, bytes;
	int i;

	args[0] = '\0';
	for (i = 0; i < count; i++) {
		bytes = strlen(word[i]);
		if (used + bytes + 2 > ARGS_BYTES)
			return 0;
		if (i)
			args[used++] = ' ';
		memcpy(args + used, word[i], bytes + 1);
		used += bytes;
	}
	return 1;
}

/* Start argv[0] with the other words as arguments. Return its pid or 0. */
static uint32_t program_start(int argc, char **argv)
{
	char args[ARGS_BYTES];
	uint32_t pid;
	enum k_err err;

	err = words_join(args, argc - 1, argv + 1) ?
		      glue_broker_run(argv[0], args, &pid) :
		      K_ERR_INVALID;
	if (!err)
		return pid;
	console_printf(
		"%s: cannot be started: %s\n", argv[0],
		err == K_ERR_NOTFOUND ?
			"no driver that has ended serves as that, and no "
			"line of the manifest has it with start=demand" :
			k_err_text(err));
	return 0;
}

/* Its error in the words of what was asked: a process, not a device. */
static const char *refusal_text(const struct glue_process_info *p,
				enum k_err err)
{
	switch (err) {
	case K_ERR_INVALID:
		return "it is this shell";
	case K_ERR_NOTFOUND:
		return "all else hangs on it: \"poweroff\" ends it";
	case K_ERR_UNSUPPORTED:
		return "it is no driver with clients: try \"kill\", \"start\"";
	case K_ERR_GONE:
		return "it has ended already";
	case K_ERR_BUSY:
		return p->state == GLUE_PROC_READY ?
			       "it runs" :
			       "it is just starting or stopping, or its device "
			       "is out of use or another's";
	default:
		return k_err_text(err);
	}
}

static void refused(const struct glue_process_info *p, const char *what,
		    enum k_err err)
{
	console_printf("%s (pid %u), %s: cannot be %s: %s\n", p->name, p->pid,
		       process_state_name(p->state), what,
		       refusal_text(p, err));
}

/* start: a driver that has ended, by its service; or a program, whose output
 * mixes with the prompt, as on any terminal. */
void cmd_start(int argc, char **argv)
{
	struct glue_process_info p;
	enum k_err err;
	uint32_t pid;

	if (argc == 1 && !glue_process_serving(argv[0], &p)) {
		err = glue_broker_start(p.pid);
		if (err)
			refused(&p, "started", err);
		return;
	}
	pid = program_start(argc, argv);
	if (pid)
		console_printf("%s: started as pid %u\n", argv[0], pid);
}

/* run: the shell is deaf, also to ^C, until the program has ended. */
void cmd_run(int argc, char **argv)
{
	enum glue_process_state state;
	uint32_t pid = program_start(argc, argv);
	int64_t status = 0;
	enum k_err err;

	if (!pid)
		return;
	err = glue_broker_wait(pid, &state, &status);
	if (err)
		console_printf("%s: waiting failed: %s\n", argv[0],
			       k_err_text(err));
	else if (state == GLUE_PROC_ENDED)
		console_printf("%s: ended with status %ld\n", argv[0], status);
	else
		console_printf("%s: %s\n", argv[0], process_state_name(state));
}

static void end_process(const char *who, enum k_err (*end)(uint32_t pid))
{
	struct glue_process_info p;
	enum k_err err;

	if (!process_find(who, &p))
		return;
	err = end(p.pid);
	if (err)
		refused(&p, "ended", err);
}

void cmd_kill(int argc, char **argv)
{
	(void)argc;
	end_process(argv[0], glue_broker_kill);
}

/* stop: after the console's own driver nobody hears what is typed. */
void cmd_stop(int argc, char **argv)
{
	(void)argc;
	end_process(argv[0], glue_broker_stop);
}

/* The broker says what it has changed. */
static void fault_put(const char *word, enum glue_fault_kind kind,
		      uint64_t seed)
{
	struct glue_process_info p;
	enum k_err err;

	if (!process_find(word, &p))
		return;
	err = glue_broker_fault(p.pid, kind, seed);
	if (err)
		refused(&p, "given this fault", err);
}

void cmd_hang(int argc, char **argv)
{
	(void)argc;
	fault_put(argv[0], GLUE_FAULT_HANG, 0);
}

/* fault: names in the order of enum glue_fault_kind. */
void cmd_fault(int argc, char **argv)
{
	static const char *const name[] = {
		"instruction", "branch", "pointer", "stack", "heap",
		"register",    "null",	 "hang",    "storm", "deaf",
	};
	uint64_t seed = 0;

	if (argc > 2 && !disk_number(argv[2], "SEED", &seed))
		return;
	for (unsigned i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		if (!strcmp(argv[1], name[i])) {
			fault_put(argv[0], (enum glue_fault_kind)(i + 1), seed);
			return;
		}
	}
	console_printf("fault: no kind \"%s\": \"help fault\" lists them\n",
		       argv[1]);
}

/* poweroff: the status reaches the host in the kernel's last line. */
void cmd_poweroff(int argc, char **argv)
{
	uint64_t status = 0;

	if (argc && !disk_number(argv[0], "STATUS", &status))
		return;
	console_drain();
	console_printf("power off: refused: %s\n",
		       k_err_text(glue_broker_poweroff(status)));
}
