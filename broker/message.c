/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * message.c - between message registers, IPC buffer and structures.
 */
#include "calls.h"

#include <glue/string.h>

#include "log.h"
#include "slots.h"

void broker_request_read(const struct glue_msg *msg,
			 struct broker_request *request)
{
	const struct abi_ipc_buffer *buffer = glue_sys_ipc_buffer();
	uint64_t length = abi_info_length(msg->info);

	if (length > BROKER_REQUEST_WORDS)
		length = BROKER_REQUEST_WORDS;
	memset(request, 0, sizeof(*request));
	request->label = abi_info_label(msg->info);
	request->length = (uint32_t)length;
	for (uint64_t i = 0; i < length; i++)
		request->word[i] = i < ABI_MSG_REGS ? msg->mr[i] :
						      buffer->msg[i];
}

void broker_reply_write(const struct broker_reply *reply, struct glue_msg *msg)
{
	struct abi_ipc_buffer *buffer = glue_sys_ipc_buffer();

	msg->info = abi_info(reply->err, 0, reply->length);
	for (uint32_t i = 0; i < ABI_MSG_REGS; i++)
		msg->mr[i] = i < reply->length ? reply->word[i] : 0;
	for (uint32_t i = ABI_MSG_REGS; i < reply->length; i++)
		buffer->msg[i] = reply->word[i];
}

void broker_reply_word(struct broker_reply *reply, uint64_t word)
{
	broker_check(reply->length < ABI_MSG_MAX);
	reply->word[reply->length++] = word;
}

enum k_err broker_reply_struct(struct broker_reply *reply, const void *data,
			       uint32_t bytes)
{
	uint32_t words = (bytes + 7) / 8;

	broker_check(reply->length + words <= ABI_MSG_MAX);
	reply->word[reply->length + words - 1] = 0;
	memcpy(&reply->word[reply->length], data, bytes);
	reply->length += words;
	return K_OK;
}

/* The reply capability moves from the thread's own place, which the next Recv
 * would clear, to a slot that belongs to the process's entry. */
void broker_reply_defer(struct broker_process *process, uint32_t op)
{
	/* A process that used Send instead of Call may still be waited for;
	 * it never had anything to be answered with. */
	glue_cnode_delete(broker_slot(process->reply));
	glue_cnode_save_caller(broker_slot(process->reply));
	process->pending = (struct broker_pending){ .op = op };
}

void broker_reply_late(struct broker_process *process,
		       const struct broker_reply *reply)
{
	struct glue_msg msg = { 0 };

	process->pending.op = 0;
	broker_reply_write(reply, &msg);
	glue_sys_nbsend(process->reply, &msg);
	/* The reply capability is gone after its use. */
}
