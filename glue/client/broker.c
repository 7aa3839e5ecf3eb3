/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker.c - one Call to the broker for each thing a process may ask.
 *
 * A call is put together in a struct glue_msg (four words) and, beyond that,
 * in the IPC buffer. Structures come back packed into the words; a reply that
 * is shorter than the structure is K_ERR_PROTOCOL.
 */
#include <glue/broker_client.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <glue/sys.h>

#define WORD	   sizeof(uint64_t)
#define NAME_WORDS (GLUE_NAME_BYTES / WORD)
#define ARGS_WORDS 30

/* Read reply word @index from wherever it lies. */
static uint64_t reply_word(const struct glue_msg *msg, unsigned int index)
{
	return index < ABI_MSG_REGS ? msg->mr[index] :
				      glue_sys_ipc_buffer()->msg[index];
}

static enum k_err call(enum glue_broker_op op, unsigned int length,
		       struct glue_msg *msg)
{
	uint64_t err;

	msg->info = abi_info(op, 0, length);
	glue_sys_call(GLUE_CAP_BROKER, msg);
	err = abi_info_label(msg->info);
	return err < K_ERR_COUNT ? (enum k_err)err : K_ERR_PROTOCOL;
}

/* Calls with at most two words in and nothing out. */
static enum k_err call_words(enum glue_broker_op op, unsigned int length,
			     uint64_t word0, uint64_t word1)
{
	struct glue_msg msg = { .mr = { word0, word1 } };

	return call(op, length, &msg);
}

/* Copy a structure out of the reply. */
static enum k_err unpack(const struct glue_msg *msg, void *dst, size_t bytes)
{
	size_t words = (bytes + WORD - 1) / WORD;
	size_t i;

	if (abi_info_length(msg->info) < words)
		return K_ERR_PROTOCOL;
	for (i = 0; i < words; i++) {
		uint64_t word = reply_word(msg, (unsigned int)i);
		size_t rest = bytes - i * WORD;

		memcpy((uint8_t *)dst + i * WORD, &word,
		       rest < WORD ? rest : WORD);
	}
	return K_OK;
}

/* Calls with up to two words in and a structure out. */
static enum k_err call_struct(enum glue_broker_op op, uint64_t word0,
			      uint64_t word1, void *dst, size_t bytes)
{
	struct glue_msg msg = { .mr = { word0, word1 } };
	enum k_err err = call(op, 2, &msg);

	return err ? err : unpack(&msg, dst, bytes);
}

/* A name fills the four register words. */
static enum k_err pack_name(struct glue_msg *msg, const char *name)
{
	size_t length = glue_strnlen(name, GLUE_NAME_BYTES);

	if (length == 0 || length == GLUE_NAME_BYTES)
		return K_ERR_INVALID;
	*msg = (struct glue_msg){ 0 };
	memcpy(msg->mr, name, length);
	return K_OK;
}
_Static_assert(NAME_WORDS == ABI_MSG_REGS, "a name fills the registers");

enum k_err glue_broker_ready(enum k_err status)
{
	return call_words(GLUE_BROKER_READY, 1, status, 0);
}

enum k_err glue_broker_connect(const char *service, uint64_t data_bytes,
			       unsigned int *chan)
{
	struct glue_msg msg;
	enum k_err err = pack_name(&msg, service);

	if (err)
		return err;
	glue_sys_ipc_buffer()->msg[NAME_WORDS] = data_bytes;
	glue_sys_ipc_buffer()->msg[NAME_WORDS + 1] = glue_deadline_ns(
		GLUE_CONNECT_NS);
	err = call(GLUE_BROKER_CONNECT, NAME_WORDS + 2, &msg);
	if (err)
		return err;
	if (msg.mr[0] >= GLUE_CHANS_MAX)
		return K_ERR_PROTOCOL;
	*chan = (unsigned int)msg.mr[0];
	return K_OK;
}

enum k_err glue_broker_disconnect(unsigned int chan)
{
	return call_words(GLUE_BROKER_DISCONNECT, 1, chan, 0);
}

enum k_err glue_broker_complain(unsigned int chan, enum glue_complaint what)
{
	return call_words(GLUE_BROKER_COMPLAIN, 2, chan, what);
}

enum k_err glue_broker_reconnect(unsigned int chan)
{
	return call_words(GLUE_BROKER_RECONNECT, 1, chan, 0);
}

/* The length is word 0, the text words 1.., three of them in registers. */
void glue_broker_log(const char *text, size_t bytes)
{
	uint64_t words[1 + GLUE_LOG_BYTES / WORD] = { 0 };
	struct glue_msg msg;
	size_t length;

	if (bytes > GLUE_LOG_BYTES)
		bytes = GLUE_LOG_BYTES;
	length = 1 + (bytes + WORD - 1) / WORD;
	words[0] = bytes;
	memcpy(&words[1], text, bytes);
	memcpy(msg.mr, words, sizeof(msg.mr));
	if (length > ABI_MSG_REGS)
		memcpy(&glue_sys_ipc_buffer()->msg[ABI_MSG_REGS],
		       &words[ABI_MSG_REGS], (length - ABI_MSG_REGS) * WORD);
	call(GLUE_BROKER_LOG, (unsigned int)length, &msg);
}

enum k_err glue_broker_process(unsigned int index,
			       struct glue_process_info *info)
{
	return call_struct(GLUE_BROKER_PROCESS, index, 0, info, sizeof(*info));
}

enum k_err glue_broker_device(unsigned int index, struct glue_device_info *info)
{
	return call_struct(GLUE_BROKER_DEVICE, index, 0, info, sizeof(*info));
}

enum k_err glue_broker_service(unsigned int index,
			       struct glue_service_info *info)
{
	return call_struct(GLUE_BROKER_SERVICE, index, 0, info, sizeof(*info));
}

enum k_err glue_broker_memory(struct glue_memory_info *info)
{
	return call_struct(GLUE_BROKER_MEMORY, 0, 0, info, sizeof(*info));
}

enum k_err glue_broker_poweroff(uint64_t status)
{
	return call_words(GLUE_BROKER_POWEROFF, 1, status, 0);
}

enum k_err glue_broker_trace_set(int on)
{
	return call_words(GLUE_BROKER_TRACE_SET, 1, on ? 1 : 0, 0);
}

enum k_err glue_broker_trace_get(uint32_t pid, unsigned int index,
				 struct glue_trace_entry *entry)
{
	return call_struct(GLUE_BROKER_TRACE_GET, pid, index, entry,
			   sizeof(*entry));
}

enum k_err glue_broker_counter(uint32_t pid, unsigned int index,
			       struct glue_counter *counter)
{
	return call_struct(GLUE_BROKER_COUNTER, pid, index, counter,
			   sizeof(*counter));
}

enum k_err glue_broker_run(const char *name, const char *args, uint32_t *pid)
{
	uint64_t *words = &glue_sys_ipc_buffer()->msg[NAME_WORDS];
	size_t length = glue_strnlen(args, ARGS_WORDS * WORD);
	struct glue_msg msg;
	enum k_err err = pack_name(&msg, name);

	if (err)
		return err;
	if (length == ARGS_WORDS * WORD)
		return K_ERR_INVALID;
	memset(words, 0, ARGS_WORDS * WORD);
	memcpy(words, args, length);
	err = call(GLUE_BROKER_RUN, NAME_WORDS + ARGS_WORDS, &msg);
	if (!err)
		*pid = (uint32_t)msg.mr[0];
	return err;
}

enum k_err glue_broker_wait(uint32_t pid, enum glue_process_state *state,
			    int64_t *status)
{
	struct glue_msg msg = { .mr = { pid } };
	enum k_err err = call(GLUE_BROKER_WAIT, 1, &msg);

	if (err)
		return err;
	*state = (enum glue_process_state)msg.mr[0];
	*status = (int64_t)msg.mr[1];
	return K_OK;
}

enum k_err glue_broker_kill(uint32_t pid)
{
	return call_words(GLUE_BROKER_KILL, 1, pid, 0);
}

enum k_err glue_broker_stop(uint32_t pid)
{
	return call_words(GLUE_BROKER_STOP, 1, pid, 0);
}

enum k_err glue_broker_start(uint32_t pid)
{
	return call_words(GLUE_BROKER_START, 1, pid, 0);
}

enum k_err glue_broker_victim(uint32_t pid, uint64_t page,
			      enum glue_victim_how how,
			      struct glue_victim *victim)
{
	struct glue_msg msg = { .mr = { pid, page, how } };
	enum k_err err = call(GLUE_BROKER_VICTIM, 3, &msg);

	return err ? err : unpack(&msg, victim, sizeof(*victim));
}

enum k_err glue_broker_held(uint32_t pid, unsigned int place, unsigned int n,
			    struct glue_held *held)
{
	struct glue_msg msg = { .mr = { pid, place, n } };
	enum k_err err = call(GLUE_BROKER_HELD, 3, &msg);

	return err ? err : unpack(&msg, held, sizeof(*held));
}

enum k_err glue_broker_pci_read(uint32_t offset, unsigned int bytes,
				uint32_t *value)
{
	struct glue_msg msg = { .mr = { offset, bytes } };
	enum k_err err = call(GLUE_BROKER_PCI_READ, 2, &msg);

	if (!err)
		*value = (uint32_t)msg.mr[0];
	return err;
}

enum k_err glue_broker_pci_write(uint32_t offset, unsigned int bytes,
				 uint32_t value)
{
	struct glue_msg msg = { .mr = { offset, bytes, value } };

	return call(GLUE_BROKER_PCI_WRITE, 3, &msg);
}
