/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * message.c - raw messages, signals and waits, and where their words lie.
 *
 * The IPC buffer's address is this process's only state here: one process is
 * one thread. Read next: glue/sys/svc.h
 */
#include "svc.h"

struct abi_ipc_buffer *glue_ipc_buffer;

static uint64_t error_word[SVC_ERROR_WORDS];

void glue_sys_set_ipc_buffer(struct abi_ipc_buffer *buffer)
{
	glue_ipc_buffer = buffer;
}

struct abi_ipc_buffer *glue_sys_ipc_buffer(void)
{
	return glue_ipc_buffer;
}

enum abi_error glue_sys_keep_error(uint64_t info, uint64_t mr0, uint64_t mr1,
				   uint64_t mr2, uint64_t mr3)
{
	error_word[0] = mr0;
	error_word[1] = mr1;
	error_word[2] = mr2;
	error_word[3] = mr3;
	if (glue_ipc_buffer)
		error_word[4] = glue_ipc_buffer->msg[4];
	return (enum abi_error)abi_info_label(info);
}

uint64_t glue_sys_error_word(unsigned int index)
{
	return index < SVC_ERROR_WORDS ? error_word[index] : 0;
}

void glue_sys_call(glue_cptr cap, struct glue_msg *msg)
{
	svc_exchange(ABI_SYS_CALL, cap, msg);
}

void glue_sys_send(glue_cptr cap, const struct glue_msg *msg)
{
	svc_send(ABI_SYS_SEND, cap, msg);
}

void glue_sys_nbsend(glue_cptr cap, const struct glue_msg *msg)
{
	svc_send(ABI_SYS_NBSEND, cap, msg);
}

void glue_sys_recv(glue_cptr cap, struct glue_msg *msg)
{
	svc_exchange(ABI_SYS_RECV, cap, msg);
}

void glue_sys_nbrecv(glue_cptr cap, struct glue_msg *msg)
{
	svc_exchange(ABI_SYS_NBRECV, cap, msg);
}

void glue_sys_reply(const struct glue_msg *msg)
{
	svc_send(ABI_SYS_REPLY, 0, msg);
}

void glue_sys_reply_recv(glue_cptr cap, struct glue_msg *msg)
{
	svc_exchange(ABI_SYS_REPLY_RECV, cap, msg);
}

void glue_sys_yield(void)
{
	svc_word(ABI_SYS_YIELD, 0);
}

/* A signal is a Send of length 0; the words are not looked at. */
void glue_sys_signal(glue_cptr notification)
{
	svc_word(ABI_SYS_SEND, notification);
}

uint64_t glue_sys_wait(glue_cptr notification)
{
	return svc_word(ABI_SYS_RECV, notification);
}

uint64_t glue_sys_poll(glue_cptr notification)
{
	return svc_word(ABI_SYS_NBRECV, notification);
}
