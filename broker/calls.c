/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls.c - one function for each request of glue/broker.h, in its order.
 *
 * A table says which words a request must have and which allow= word it needs,
 * so that no function has to check that itself.
 */
#include "calls.h"

#include <glue/print.h>
#include <glue/string.h>

#include "blocks.h"
#include "boot.h"
#include "channels.h"
#include "log.h"
#include "machine.h"
#include "supervisor.h"
#include "timer.h"

#define NAME_WORDS (GLUE_NAME_BYTES / 8)

typedef int call_fn(struct broker_process *from,
		    const struct broker_request *request,
		    struct broker_reply *reply);

static uint32_t broker_ram_kib;

void broker_calls_init(uint32_t own_ram_kib)
{
	broker_ram_kib = own_ram_kib;
}

/* Names come packed bytewise; whatever they hold, they end within the field. */
static void name_read(const uint64_t *words, char *name)
{
	memcpy(name, words, GLUE_NAME_BYTES);
	name[GLUE_NAME_BYTES - 1] = '\0';
}

/* The process has no memory any more when this returns: nobody to answer. */
static int call_exit(struct broker_process *from,
		     const struct broker_request *request,
		     struct broker_reply *reply)
{
	(void)reply;
	broker_supervise_exit(from, (int32_t)request->word[0]);
	return 0;
}

/* A driver whose start failed is ended here, so that it gets no answer. */
static int call_ready(struct broker_process *from,
		      const struct broker_request *request,
		      struct broker_reply *reply)
{
	uint64_t status = request->word[0];

	(void)reply;
	if (status >= K_ERR_COUNT)
		status = K_ERR_PROTOCOL;
	broker_supervise_ready(from, (enum k_err)status);
	return broker_process_alive(from);
}

/* A claim outside of the manifest: refuse, and say so a few times. */
static enum k_err refuse(struct broker_process *from, const char *what,
			 const char *name)
{
	if (broker_process_may_complain(from))
		broker_log(
			"%s (pid %u) was refused %s %s: its manifest line does not grant it",
			from->label, from->pid, what, name);
	return K_ERR_DENIED;
}

/* Checks in the order of what they give away: a name that the manifest does
 * not grant is refused before anything of the service's state shows. */
static int call_connect(struct broker_process *from,
			const struct broker_request *request,
			struct broker_reply *reply)
{
	uint64_t bytes = request->word[NAME_WORDS];
	char name[GLUE_NAME_BYTES];
	struct broker_process *server;

	name_read(request->word, name);
	server = broker_process_serving(name);
	if (!server)
		reply->err = K_ERR_NOTFOUND;
	else if (!(from->program->connect >> server->program->class->id & 1))
		reply->err = refuse(from, "a channel to", name);
	else if (bytes > from->program->lend_bytes)
		reply->err = refuse(from, "lending so much to", name);
	else if (server == from)
		reply->err = K_ERR_INVALID;
	else if (server->state == GLUE_PROC_READY)
		broker_connect(from, server, bytes, reply);
	else if (server->state != GLUE_PROC_STARTING)
		reply->err = K_ERR_GONE;
	else {
		broker_reply_defer(from, GLUE_BROKER_CONNECT);
		from->pending.pid = server->pid;
		from->pending.bytes = bytes;
		return 0;
	}
	return 1;
}

static int call_disconnect(struct broker_process *from,
			   const struct broker_request *request,
			   struct broker_reply *reply)
{
	uint64_t index = request->word[0];

	reply->err = K_ERR_INVALID;
	if (index < GLUE_CHANS_MAX)
		reply->err = broker_channel_close(from, (unsigned int)index);
	return 1;
}

/* A deadline that has passed already is signalled before the answer. */
static int call_timer(struct broker_process *from,
		      const struct broker_request *request,
		      struct broker_reply *reply)
{
	(void)reply;
	broker_timer_set(from, request->word[0]);
	return 1;
}

/* What is not text shows as a dot: no process may steer the terminal. */
static char printable(char c)
{
	return c == '\n' || c == '\t' || (c >= ' ' && c <= '~') ? c : '.';
}

/* Does the text begin with this name and a colon? */
static int named(const char *text, uint64_t bytes, const char *name)
{
	size_t length = glue_strnlen(name, bytes);

	return length < bytes && name[length] == '\0' &&
	       memcmp(text, name, length) == 0 && text[length] == ':';
}

/* So that nobody can speak in another's name. */
static void log_prefix(const struct broker_process *from, const char *text,
		       uint64_t bytes)
{
	if (!named(text, bytes, from->label) &&
	    !named(text, bytes, from->program->name))
		glue_printf("%s: ", from->label);
}

/* Nobody prints in between: the broker has the highest priority. */
static int call_log(struct broker_process *from,
		    const struct broker_request *request,
		    struct broker_reply *reply)
{
	const char *text = (const char *)&request->word[1];
	uint64_t bytes = request->word[0];

	if (bytes > GLUE_LOG_BYTES || bytes > (request->length - 1) * 8ul) {
		reply->err = K_ERR_INVALID;
		return 1;
	}
	for (uint64_t i = 0; i < bytes; i++) {
		if (i == 0 || text[i - 1] == '\n')
			log_prefix(from, text + i, bytes - i);
		glue_printf("%c", printable(text[i]));
	}
	glue_print_flush();
	return 1;
}

static void process_describe(const struct broker_process *p,
			     struct glue_process_info *info)
{
	glue_strlcpy(info->name, p->program->name, sizeof(info->name));
	glue_strlcpy(info->service, p->service, sizeof(info->service));
	info->pid = p->pid;
	info->kind = (uint16_t)p->program->kind;
	info->state = (uint16_t)p->state;
	info->ram_kib = (uint32_t)(p->memory.bytes / 1024);
	info->dma_kib = (uint32_t)((p->arena.bytes + broker_channels_bytes(p)) /
				   1024);
	info->cpu_ticks = broker_process_cpu(p);
	info->restarts = p->restarts;
	info->status = p->status;
}

static void broker_describe(struct glue_process_info *info)
{
	glue_strlcpy(info->name, "broker", sizeof(info->name));
	info->kind = GLUE_KIND_BROKER;
	info->state = GLUE_PROC_READY;
	info->ram_kib = broker_ram_kib;
	if (glue_tcb_cpu_time(ABI_SLOT_TCB, &info->cpu_ticks))
		info->cpu_ticks = ~(uint64_t)0;
}

/* Index 0 is the broker, then all entries in use, by their place. */
static int call_process(struct broker_process *from,
			const struct broker_request *request,
			struct broker_reply *reply)
{
	struct glue_process_info info = { 0 };
	uint64_t left = request->word[0];

	(void)from;
	if (left-- == 0) {
		broker_describe(&info);
		broker_reply_struct(reply, &info, sizeof(info));
		return 1;
	}
	for (unsigned int i = 0; i < BROKER_PROCESSES_MAX; i++) {
		const struct broker_process *p = broker_process_at(i);

		if (p->state == 0 || left-- != 0)
			continue;
		process_describe(p, &info);
		broker_reply_struct(reply, &info, sizeof(info));
		return 1;
	}
	reply->err = K_ERR_NOTFOUND;
	return 1;
}

static void device_describe(const struct broker_device *device,
			    struct glue_device_info *info)
{
	char alias[BROKER_ALIAS_BYTES];

	glue_strlcpy(info->node, device->node, sizeof(info->node));
	if (device->is_virtio && device->virtio_device == 0)
		glue_strlcpy(alias, "virtio: empty slot", sizeof(alias));
	else
		broker_device_alias(device, 0, alias, sizeof(alias));
	glue_strlcpy(info->alias, alias, sizeof(info->alias));
	info->paddr = device->mmio[0].paddr;
	info->intid = device->n_irq ? device->irq[0].intid : 0;
	if (device->driver)
		info->driver_pid = broker_process_at(device->driver - 1u)->pid;
}

static int call_device(struct broker_process *from,
		       const struct broker_request *request,
		       struct broker_reply *reply)
{
	struct glue_device_info info = { 0 };

	(void)from;
	if (request->word[0] >= broker_devices_count()) {
		reply->err = K_ERR_NOTFOUND;
		return 1;
	}
	device_describe(broker_device((unsigned int)request->word[0]), &info);
	broker_reply_struct(reply, &info, sizeof(info));
	return 1;
}

/* Only services of classes that the caller may connect to. */
static int call_service(struct broker_process *from,
			const struct broker_request *request,
			struct broker_reply *reply)
{
	uint64_t left = request->word[0];

	for (unsigned int i = 0; i < BROKER_PROCESSES_MAX; i++) {
		const struct broker_process *p = broker_process_at(i);
		struct glue_service_info info = { 0 };

		if (p->state == 0 || p->service[0] == '\0' ||
		    !(from->program->connect >> p->program->class->id & 1) ||
		    broker_process_serving(p->service) != p || left-- != 0)
			continue;
		glue_strlcpy(info.name, p->service, sizeof(info.name));
		info.class_id = p->program->class->id;
		info.pid = p->pid;
		info.state = p->state;
		broker_reply_struct(reply, &info, sizeof(info));
		return 1;
	}
	reply->err = K_ERR_NOTFOUND;
	return 1;
}

static int call_memory(struct broker_process *from,
		       const struct broker_request *request,
		       struct broker_reply *reply)
{
	struct glue_memory_info info = { broker_blocks_total(),
					 broker_blocks_free() };

	(void)from;
	(void)request;
	broker_reply_struct(reply, &info, sizeof(info));
	return 1;
}

static int call_poweroff(struct broker_process *from,
			 const struct broker_request *request,
			 struct broker_reply *reply)
{
	(void)from;
	broker_machine_off(request->word[0]);
	reply->err = K_ERR_UNSUPPORTED;
	return 1;
}

/* For all processes at once, so that the times of one request line up. */
static int call_trace_set(struct broker_process *from,
			  const struct broker_request *request,
			  struct broker_reply *reply)
{
	uint64_t on = request->word[0] != 0;

	(void)from;
	(void)reply;
	for (unsigned int i = 0; i < BROKER_PROCESSES_MAX; i++) {
		struct glue_trace_page *trace = broker_process_at(i)->trace;

		if (!trace)
			continue;
		if (on)
			trace->next = 0;
		trace->enabled = on;
	}
	return 1;
}

/* Index 0 is the oldest entry that is still there. */
static int call_trace_get(struct broker_process *from,
			  const struct broker_request *request,
			  struct broker_reply *reply)
{
	struct broker_process *p = NULL;
	uint64_t index = request->word[1], next, first;
	struct glue_trace_entry entry;

	(void)from;
	if (request->word[0] <= UINT32_MAX)
		p = broker_process_find((uint32_t)request->word[0]);
	reply->err = K_ERR_NOTFOUND;
	if (!p || !p->trace)
		return 1;
	/* The process may write what it likes there: read it only once. */
	next = __atomic_load_n(&p->trace->next, __ATOMIC_ACQUIRE);
	first = next > GLUE_TRACE_ENTRIES ? next - GLUE_TRACE_ENTRIES : 0;
	if (index >= next - first)
		return 1;
	entry = p->trace->entry[(first + index) % GLUE_TRACE_ENTRIES];
	reply->err = K_OK;
	broker_reply_struct(reply, &entry, sizeof(entry));
	return 1;
}

/* The words of the caller come behind those of the manifest. */
static int call_run(struct broker_process *from,
		    const struct broker_request *request,
		    struct broker_reply *reply)
{
	char name[GLUE_NAME_BYTES], args[30 * 8];
	struct broker_process *process;

	(void)from;
	name_read(request->word, name);
	memcpy(args, &request->word[NAME_WORDS], sizeof(args));
	args[sizeof(args) - 1] = '\0';
	reply->err = broker_run_program(name, args, &process);
	if (reply->err == K_OK)
		broker_reply_word(reply, process->pid);
	return 1;
}

/* Waiting for oneself would never end. */
static int call_wait(struct broker_process *from,
		     const struct broker_request *request,
		     struct broker_reply *reply)
{
	struct broker_process *p = NULL;

	if (request->word[0] <= UINT32_MAX)
		p = broker_process_find((uint32_t)request->word[0]);
	if (!p || p == from) {
		reply->err = p ? K_ERR_INVALID : K_ERR_NOTFOUND;
		return 1;
	}
	if (broker_process_alive(p)) {
		broker_reply_defer(from, GLUE_BROKER_WAIT);
		from->pending.pid = p->pid;
		return 0;
	}
	broker_reply_word(reply, p->state);
	broker_reply_word(reply, (uint64_t)(int64_t)p->status);
	return 1;
}

static const struct call {
	call_fn *serve;
	const char *name;
	uint32_t op;	/* enum glue_broker_op */
	uint32_t words; /* the request has at least so many */
	uint32_t allow; /* enum broker_allow; 0: everybody may */
} calls[] = {
	{ call_exit, "exit", GLUE_BROKER_EXIT, 1, 0 },
	{ call_ready, "ready", GLUE_BROKER_READY, 1, 0 },
	{ call_connect, "connect", GLUE_BROKER_CONNECT, NAME_WORDS + 1, 0 },
	{ call_disconnect, "disconnect", GLUE_BROKER_DISCONNECT, 1, 0 },
	{ call_timer, "timer", GLUE_BROKER_TIMER, 1, 0 },
	{ call_log, "log", GLUE_BROKER_LOG, 1, 0 },
	{ call_process, "list", GLUE_BROKER_PROCESS, 1, BROKER_ALLOW_LIST },
	{ call_device, "list", GLUE_BROKER_DEVICE, 1, BROKER_ALLOW_LIST },
	{ call_service, "services", GLUE_BROKER_SERVICE, 1, 0 },
	{ call_memory, "list", GLUE_BROKER_MEMORY, 0, BROKER_ALLOW_LIST },
	{ broker_call_pci_read, "pci", GLUE_BROKER_PCI_READ, 2, 0 },
	{ broker_call_pci_write, "pci", GLUE_BROKER_PCI_WRITE, 3, 0 },
	{ call_poweroff, "poweroff", GLUE_BROKER_POWEROFF, 1,
	  BROKER_ALLOW_POWEROFF },
	{ call_trace_set, "trace", GLUE_BROKER_TRACE_SET, 1,
	  BROKER_ALLOW_TRACE },
	{ call_trace_get, "trace", GLUE_BROKER_TRACE_GET, 2,
	  BROKER_ALLOW_TRACE },
	{ call_run, "run", GLUE_BROKER_RUN, NAME_WORDS, BROKER_ALLOW_RUN },
	{ call_wait, "run", GLUE_BROKER_WAIT, 1, BROKER_ALLOW_RUN },
};

int broker_call(struct broker_process *from,
		const struct broker_request *request,
		struct broker_reply *reply)
{
	reply->err = K_OK;
	reply->length = 0;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct call *call = &calls[i];

		if (call->op != request->label)
			continue;
		if (request->length < call->words)
			break;
		if (call->allow && !(from->program->allow & call->allow)) {
			reply->err = refuse(from, "the request", call->name);
			return 1;
		}
		return call->serve(from, request, reply);
	}
	reply->err = K_ERR_INVALID;
	return 1;
}
