/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls.c - one function for each request of glue/broker.h, in its order.
 *
 * A table says which words a request must have and which allow= word it needs,
 * so that no function has to check that itself. Requests that only look at
 * things are in calls_look.c.
 */
#include "calls.h"

#include <glue/found.h>
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

/* Names come packed bytewise; whatever they hold, they end within the field. */
static void name_read(const uint64_t *words, char *name)
{
	memcpy(name, words, GLUE_NAME_BYTES);
	name[GLUE_NAME_BYTES - 1] = '\0';
}

/* The process has no memory any more when this returns: nobody to answer. */
static int broker_call_exit(const struct broker_call *c)
{
	broker_supervise_exit(c->from, (int32_t)c->word[0]);
	return BROKER_NO_ANSWER;
}

/* A driver whose start failed is ended here, so that it gets no answer. */
static int broker_call_ready(const struct broker_call *c)
{
	uint64_t status = c->word[0];

	if (status >= K_ERR_COUNT)
		status = K_ERR_PROTOCOL;
	broker_supervise_ready(c->from, (enum k_err)status);
	return broker_process_alive(c->from) ? K_OK : BROKER_NO_ANSWER;
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
static int connect_later(const struct broker_call *c, const char *name)
{
	struct broker_pending *pending = &c->from->pending;

	broker_reply_defer(c->from, GLUE_BROKER_CONNECT);
	pending->bytes = c->word[NAME_WORDS];
	pending->deadline = c->word[NAME_WORDS + 1];
	glue_strlcpy(pending->service, name, sizeof(pending->service));
	broker_timer_update();
	return BROKER_NO_ANSWER;
}

/* A service whose driver has no device yet, but may get one. */
static int connect_absent(const struct broker_call *c, const char *name)
{
	const struct broker_class *class = broker_boot_expects(name);

	if (!class)
		return K_ERR_NOTFOUND;
	if (c->from->program->connect >> class->id & 1)
		return connect_later(c, name);
	return refuse_connect(c->from, name, class);
}

/* Checks in the order of what they give away: a name that the manifest does
 * not grant is refused before anything of the service's state shows. */
static int broker_call_connect(const struct broker_call *c)
{
	uint64_t bytes = c->word[NAME_WORDS];
	char name[GLUE_NAME_BYTES];
	struct broker_process *server;

	name_read(c->word, name);
	server = broker_process_serving(name);
	if (!server)
		return connect_absent(c, name);
	if (!(c->from->program->connect >> server->program->class->id & 1))
		return refuse_connect(c->from, name, server->program->class);
	if (bytes > c->from->program->lend_bytes)
		return refuse_lending(c->from, name, bytes);
	if (server == c->from)
		return K_ERR_INVALID;
	if (server->state == GLUE_PROC_READY)
		return broker_connect(c->from, server, bytes, c->reply);
	if (!broker_process_may_serve(server))
		return K_ERR_GONE;
	return connect_later(c, name);
}

static int broker_call_disconnect(const struct broker_call *c)
{
	return broker_channel_close(c->from, c->word[0]);
}

static int broker_call_reconnect(const struct broker_call *c)
{
	return broker_channel_reconnect(c->from, c->word[0]);
}

static int broker_call_complain(const struct broker_call *c)
{
	struct broker_process *server = broker_channel_server(c->from,
							      c->word[0]);

	return server ?
		       broker_supervise_complaint(server, c->from, c->word[1]) :
		       K_ERR_INVALID;
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
static int broker_call_log(const struct broker_call *c)
{
	const char *text = (const char *)&c->word[1];
	uint64_t bytes = c->word[0];

	if (bytes > GLUE_LOG_BYTES || bytes > (c->length - 1) * 8ul)
		return K_ERR_INVALID;
	for (uint64_t i = 0; i < bytes; i++) {
		if (i == 0 || text[i - 1] == '\n')
			log_prefix(c->from, text + i, bytes - i);
		glue_printf("%c", printable(text[i]));
	}
	glue_print_flush();
	return K_OK;
}

static int broker_call_poweroff(const struct broker_call *c)
{
	broker_machine_off(c->word[0]);
	return K_ERR_UNSUPPORTED;
}

/* The words of the caller come behind those of the manifest. */
static int broker_call_run(const struct broker_call *c)
{
	char name[GLUE_NAME_BYTES], args[30 * 8];
	struct broker_process *process;
	enum k_err err;

	name_read(c->word, name);
	memcpy(args, &c->word[NAME_WORDS], sizeof(args));
	args[sizeof(args) - 1] = '\0';
	err = broker_run_program(name, args, &process);
	if (!err)
		broker_reply_word(c->reply, process->pid);
	return err;
}

/* The process that the first word names. K_ERR_NOTFOUND: there is none;
 * K_ERR_INVALID: it is the caller, who may neither wait for nor kill itself. */
static enum k_err other_process(const struct broker_call *c,
				struct broker_process **p)
{
	*p = broker_process_find(c->word[0]);
	if (*p == c->from)
		return K_ERR_INVALID;
	return *p ? K_OK : K_ERR_NOTFOUND;
}

enum k_err broker_call_other(const struct broker_call *c,
			     struct broker_process **p)
{
	enum k_err err = other_process(c, p);

	return err || broker_process_alive(*p) ? err : K_ERR_GONE;
}

static int broker_call_wait(const struct broker_call *c)
{
	struct broker_process *p;
	enum k_err err = other_process(c, &p);

	if (err)
		return err;
	if (broker_process_alive(p)) {
		broker_reply_defer(c->from, GLUE_BROKER_WAIT);
		c->from->pending.pid = p->pid;
		return BROKER_NO_ANSWER;
	}
	broker_reply_word(c->reply, p->state);
	broker_reply_word(c->reply, (uint64_t)(int64_t)p->status);
	return K_OK;
}

static int broker_call_kill(const struct broker_call *c)
{
	struct broker_process *p;
	enum k_err err = broker_call_other(c, &p);

	if (!err)
		broker_supervise_kill(p, c->from);
	return err;
}

static int broker_call_stop(const struct broker_call *c)
{
	struct broker_process *p;
	enum k_err err = other_process(c, &p);

	return err ? err : broker_supervise_stop(p, c->from);
}

static int broker_call_start(const struct broker_call *c)
{
	struct broker_process *p;
	enum k_err err = other_process(c, &p);

	return err ? err : broker_supervise_start(p, c->from);
}

#define CALL(name, op, words, allow)                                           \
	{                                                                      \
		broker_call_##name, #name, op, words, allow                    \
	}

static const struct call {
	call_fn *serve;
	const char *name;
	uint32_t op;	/* enum glue_broker_op */
	uint32_t words; /* the request has at least so many */
	uint32_t allow; /* enum broker_allow; 0: everybody may */
} calls[] = {
	CALL(exit, GLUE_BROKER_EXIT, 1, 0),
	CALL(ready, GLUE_BROKER_READY, 1, 0),
	CALL(connect, GLUE_BROKER_CONNECT, NAME_WORDS + 1, 0),
	CALL(disconnect, GLUE_BROKER_DISCONNECT, 1, 0),
	CALL(reconnect, GLUE_BROKER_RECONNECT, 1, 0),
	CALL(complain, GLUE_BROKER_COMPLAIN, 1, 0),
	CALL(log, GLUE_BROKER_LOG, 1, 0),
	CALL(process, GLUE_BROKER_PROCESS, 1, BROKER_ALLOW_LIST),
	CALL(device, GLUE_BROKER_DEVICE, 1, BROKER_ALLOW_LIST),
	CALL(service, GLUE_BROKER_SERVICE, 1, 0),
	CALL(memory, GLUE_BROKER_MEMORY, 0, BROKER_ALLOW_LIST),
	CALL(held, GLUE_BROKER_HELD, 3, BROKER_ALLOW_LIST),
	CALL(pci_read, GLUE_BROKER_PCI_READ, 2, 0),
	CALL(pci_write, GLUE_BROKER_PCI_WRITE, 3, 0),
	CALL(poweroff, GLUE_BROKER_POWEROFF, 1, BROKER_ALLOW_POWEROFF),
	CALL(trace_set, GLUE_BROKER_TRACE_SET, 1, BROKER_ALLOW_TRACE),
	CALL(trace_get, GLUE_BROKER_TRACE_GET, 2, BROKER_ALLOW_TRACE),
	CALL(counter, GLUE_BROKER_COUNTER, 2, BROKER_ALLOW_LIST),
	CALL(run, GLUE_BROKER_RUN, NAME_WORDS, BROKER_ALLOW_RUN),
	CALL(wait, GLUE_BROKER_WAIT, 1, BROKER_ALLOW_RUN),
	CALL(kill, GLUE_BROKER_KILL, 1, BROKER_ALLOW_KILL),
	CALL(stop, GLUE_BROKER_STOP, 1, BROKER_ALLOW_KILL),
	CALL(start, GLUE_BROKER_START, 1, BROKER_ALLOW_RUN),
	CALL(victim, GLUE_BROKER_VICTIM, 3, BROKER_ALLOW_FAULT),
	CALL(find_look, BROKER_FIND_LOOK, 2, BROKER_ALLOW_FIND),
	CALL(find_pci, BROKER_FIND_PCI, 1, BROKER_ALLOW_FIND),
	CALL(find_bar, BROKER_FIND_BAR, 2, BROKER_ALLOW_FIND),
};

/* As the manifest writes it. */
static const char *allow_word(uint32_t allow)
{
	static const char word[][9] = { "list", "poweroff", "trace", "run",
					"kill", "fault",    "find" };

	return word[__builtin_ctz(allow)];
}

static int serve(const struct broker_call *c, uint64_t label)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct call *call = &calls[i];

		if (call->op != label)
			continue;
		if (c->length < call->words)
			break;
		if (call->allow && !(c->from->program->allow & call->allow))
			return refuse(c->from, "the request", call->name,
				      "allow", allow_word(call->allow));
		return call->serve(c);
	}
	return K_ERR_INVALID;
}

int broker_call(struct broker_process *from,
		const struct broker_request *request,
		struct broker_reply *reply)
{
	struct broker_call c = { from, request->word, request->length, reply };
	int answer;

	reply->length = 0;
	answer = serve(&c, request->label);
	reply->err = (enum k_err)answer;
	return answer != BROKER_NO_ANSWER;
}
