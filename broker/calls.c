/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls.c - one function for each request of glue/broker.h, in its order.
 *
 * A table says which words a request must have and which allow= word it needs,
 * so that no function has to check that itself. Requests that only look at
 * things are in calls_look.c.
 */
#include "calls.h"

#include <glue/print.h>
#include <glue/string.h>

#include "blocks.h"
#include "boot.h"
#include "calls_look.h"
#include "channels.h"
#include "inject.h"
#include "log.h"
#include "machine.h"
#include "supervisor.h"
#include "timer.h"

#define NAME_WORDS (GLUE_NAME_BYTES / 8)

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

/* A claim outside of the manifest: refuse, and say so a few times.
 * @key, @value: what the process's line would have to say */
static enum k_err refuse(struct broker_process *from, const char *what,
			 const char *name, const char *key, const char *value)
{
	if (broker_process_may_complain(from))
		broker_log(
			"%s (pid %u) was refused %s %s: its manifest line lacks %s=%s",
			from->label, from->pid, what, name, key, value);
	return K_ERR_DENIED;
}

static enum k_err refuse_connect(struct broker_process *from, const char *name,
				 const struct broker_class *class)
{
	return refuse(from, "a channel to", name, "connect", class->name);
}

static enum k_err refuse_lending(struct broker_process *from, const char *name,
				 uint64_t bytes)
{
	char kib[24];

	glue_snprintf(kib, sizeof(kib), "%lu", (bytes + 1023) / 1024);
	return refuse(from, "lending so much to", name, "lend_kib", kib);
}

/* Nobody to connect to yet; the answer comes with the service's next state, or
 * at the deadline. */
static int connect_later(struct broker_process *from,
			 const struct broker_request *request, const char *name)
{
	broker_reply_defer(from, GLUE_BROKER_CONNECT);
	from->pending.bytes = request->word[NAME_WORDS];
	from->pending.deadline = request->word[NAME_WORDS + 1];
	glue_strlcpy(from->pending.service, name,
		     sizeof(from->pending.service));
	broker_timer_update();
	return 0;
}

/* A service whose driver has no device yet, but may get one. */
static int connect_absent(struct broker_process *from,
			  const struct broker_request *request,
			  const char *name, struct broker_reply *reply)
{
	const struct broker_class *class = broker_boot_expects(name);

	reply->err = K_ERR_NOTFOUND;
	if (!class)
		return 1;
	if (from->program->connect >> class->id & 1)
		return connect_later(from, request, name);
	reply->err = refuse_connect(from, name, class);
	return 1;
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
		return connect_absent(from, request, name, reply);
	if (!(from->program->connect >> server->program->class->id & 1))
		reply->err = refuse_connect(from, name, server->program->class);
	else if (bytes > from->program->lend_bytes)
		reply->err = refuse_lending(from, name, bytes);
	else if (server == from)
		reply->err = K_ERR_INVALID;
	else if (server->state == GLUE_PROC_READY)
		broker_connect(from, server, bytes, reply);
	else if (!broker_process_may_serve(server))
		reply->err = K_ERR_GONE;
	else
		return connect_later(from, request, name);
	return 1;
}

static int call_disconnect(struct broker_process *from,
			   const struct broker_request *request,
			   struct broker_reply *reply)
{
	reply->err = broker_channel_close(from, request->word[0]);
	return 1;
}

static int call_reconnect(struct broker_process *from,
			  const struct broker_request *request,
			  struct broker_reply *reply)
{
	reply->err = broker_channel_reconnect(from, request->word[0]);
	return 1;
}

static int call_complain(struct broker_process *from,
			 const struct broker_request *request,
			 struct broker_reply *reply)
{
	struct broker_process *server = broker_channel_server(from,
							      request->word[0]);

	reply->err = server ? broker_supervise_complaint(server, from,
							 request->word[1]) :
			      K_ERR_INVALID;
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

static int call_poweroff(struct broker_process *from,
			 const struct broker_request *request,
			 struct broker_reply *reply)
{
	(void)from;
	broker_machine_off(request->word[0]);
	reply->err = K_ERR_UNSUPPORTED;
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

/* The process that the first word names; NULL, and @reply says why, if there
 * is none or it is the caller, who may neither wait for nor kill itself. */
static struct broker_process *other_process(
	const struct broker_process *from, const struct broker_request *request,
	struct broker_reply *reply)
{
	struct broker_process *p = broker_process_find(request->word[0]);

	if (p && p != from)
		return p;
	reply->err = p ? K_ERR_INVALID : K_ERR_NOTFOUND;
	return NULL;
}

static int call_wait(struct broker_process *from,
		     const struct broker_request *request,
		     struct broker_reply *reply)
{
	const struct broker_process *p = other_process(from, request, reply);

	if (!p)
		return 1;
	if (broker_process_alive(p)) {
		broker_reply_defer(from, GLUE_BROKER_WAIT);
		from->pending.pid = p->pid;
		return 0;
	}
	broker_reply_word(reply, p->state);
	broker_reply_word(reply, (uint64_t)(int64_t)p->status);
	return 1;
}

static int call_kill(struct broker_process *from,
		     const struct broker_request *request,
		     struct broker_reply *reply)
{
	struct broker_process *p = other_process(from, request, reply);

	if (p && broker_process_alive(p))
		broker_supervise_kill(p, from);
	else if (p)
		reply->err = K_ERR_GONE;
	return 1;
}

static int call_stop(struct broker_process *from,
		     const struct broker_request *request,
		     struct broker_reply *reply)
{
	struct broker_process *p = other_process(from, request, reply);

	if (p)
		reply->err = broker_supervise_stop(p, from);
	return 1;
}

static int call_victim(struct broker_process *from,
		       const struct broker_request *request,
		       struct broker_reply *reply)
{
	struct broker_process *p = other_process(from, request, reply);

	if (!p)
		return 1;
	reply->err = broker_process_alive(p) ?
			     broker_inject_lend(from, p, request->word[1],
						request->word[2], reply) :
			     K_ERR_GONE;
	if (reply->err == K_OK)
		p->harmed = 1;
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
	{ call_reconnect, "reconnect", GLUE_BROKER_RECONNECT, 1, 0 },
	{ call_complain, "complain", GLUE_BROKER_COMPLAIN, 1, 0 },
	{ call_log, "log", GLUE_BROKER_LOG, 1, 0 },
	{ broker_call_process, "process", GLUE_BROKER_PROCESS, 1,
	  BROKER_ALLOW_LIST },
	{ broker_call_device, "device", GLUE_BROKER_DEVICE, 1,
	  BROKER_ALLOW_LIST },
	{ broker_call_service, "service", GLUE_BROKER_SERVICE, 1, 0 },
	{ broker_call_memory, "memory", GLUE_BROKER_MEMORY, 0,
	  BROKER_ALLOW_LIST },
	{ broker_call_held, "held", GLUE_BROKER_HELD, 3, BROKER_ALLOW_LIST },
	{ broker_call_pci_read, "pci_read", GLUE_BROKER_PCI_READ, 2, 0 },
	{ broker_call_pci_write, "pci_write", GLUE_BROKER_PCI_WRITE, 3, 0 },
	{ call_poweroff, "poweroff", GLUE_BROKER_POWEROFF, 1,
	  BROKER_ALLOW_POWEROFF },
	{ broker_call_trace_set, "trace_set", GLUE_BROKER_TRACE_SET, 1,
	  BROKER_ALLOW_TRACE },
	{ broker_call_trace_get, "trace_get", GLUE_BROKER_TRACE_GET, 2,
	  BROKER_ALLOW_TRACE },
	{ broker_call_counter, "counter", GLUE_BROKER_COUNTER, 2,
	  BROKER_ALLOW_LIST },
	{ call_run, "run", GLUE_BROKER_RUN, NAME_WORDS, BROKER_ALLOW_RUN },
	{ call_wait, "wait", GLUE_BROKER_WAIT, 1, BROKER_ALLOW_RUN },
	{ call_kill, "kill", GLUE_BROKER_KILL, 1, BROKER_ALLOW_KILL },
	{ call_stop, "stop", GLUE_BROKER_STOP, 1, BROKER_ALLOW_KILL },
	{ call_victim, "victim", GLUE_BROKER_VICTIM, 3, BROKER_ALLOW_FAULT },
};

/* As the manifest writes it. */
static const char *allow_word(uint32_t allow)
{
	static const char *const word[] = { "list", "poweroff", "trace",
					    "run",  "kill",	"fault" };

	return word[__builtin_ctz(allow)];
}

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
			reply->err = refuse(from, "the request", call->name,
					    "allow", allow_word(call->allow));
			return 1;
		}
		return call->serve(from, request, reply);
	}
	reply->err = K_ERR_INVALID;
	return 1;
}
