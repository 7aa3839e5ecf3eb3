/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_calls.c - requests of running processes: lists, refusals, traces,
 * noise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glue/trace.h>

#include "broker_world.h"

#include "../../broker/blocks.h"
#include "../../broker/fault.h"
#include "../../broker/slots.h"
#include "../../broker/supervisor.h"

static void lists_show_everything(void **state)
{
	struct broker_process *shell = world_process("shell");
	const struct glue_process_info *process = (void *)world_reply.word;
	const struct glue_device_info *device = (void *)world_reply.word;
	const struct glue_service_info *service = (void *)world_reply.word;
	const struct glue_memory_info *memory = (void *)world_reply.word;

	(void)state;
	assert_int_equal(world_call(shell, GLUE_BROKER_PROCESS, 1, 0ul), K_OK);
	assert_string_equal(process->name, "broker");
	assert_int_equal(world_call(shell, GLUE_BROKER_PROCESS, 1, 1ul), K_OK);
	assert_string_equal(process->service, "blk0");
	assert_int_equal(process->ram_kib,
			 world_process("blk0/vblk")->memory.bytes / 1024);
	assert_int_equal(process->dma_kib, 96);
	assert_int_equal(process->cpu_ticks, 77);
	assert_int_equal(world_call(shell, GLUE_BROKER_PROCESS, 1, 4ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_PROCESS, 1, ~0ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_DEVICE, 1, 0ul), K_OK);
	assert_string_equal(device->alias, "of:NtimerT(null)Carm,armv8-timer");
	assert_int_equal(device->intid, 30);
	assert_int_equal(world_call(shell, GLUE_BROKER_DEVICE, 1, 5ul), K_OK);
	assert_string_equal(device->alias, "virtio: empty slot");
	assert_int_equal(world_call(shell, GLUE_BROKER_DEVICE, 1, 3ul), K_OK);
	assert_int_equal(device->driver_pid, 1);
	assert_int_equal(device->intid, 48);
	assert_int_equal(world_call(shell, GLUE_BROKER_DEVICE, 1, 6ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_SERVICE, 1, 1ul), K_OK);
	assert_string_equal(service->name, "blk1");
	assert_int_equal(service->state, GLUE_PROC_STARTING);
	assert_int_equal(world_call(shell, GLUE_BROKER_SERVICE, 1, 2ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_MEMORY, 0), K_OK);
	assert_int_equal(memory->total_bytes, 8ul << 20);
	assert_int_equal(memory->free_bytes, broker_blocks_free());
}

static int held(const struct broker_process *p, uint64_t place, uint64_t n)
{
	return world_call(world_process("shell"), GLUE_BROKER_HELD, 3,
			  (uint64_t)p->pid, place, n);
}

/* Bytes of all pieces that lie at a place. */
static uint64_t held_bytes(const struct broker_process *p, uint64_t place)
{
	const struct glue_held *got = (void *)world_reply.word;
	uint64_t bytes = 0;

	for (uint64_t n = 0; held(p, place, n) == K_OK; n++)
		bytes += got->bytes;
	return bytes;
}

static void what_a_process_holds(void **state)
{
	struct broker_process *shell = world_process("shell");
	struct broker_process *blk0 = world_process("blk0/vblk");
	const struct glue_held *got = (void *)world_reply.word;

	(void)state;
	world_drivers_ready();
	assert_int_equal(held(blk0, GLUE_CAP_IRQ0, 0), K_OK);
	assert_int_equal(got->start, 48);
	assert_int_equal(held(blk0, GLUE_CAP_IRQ0, 1), K_ERR_NOTFOUND);
	assert_int_equal(held(blk0, GLUE_CAP_IRQ0 + 1, 0), K_ERR_NOTFOUND);
	assert_int_equal(held(blk0, GLUE_HELD_REGISTERS, 0), K_OK);
	assert_int_equal(got->start, 0xa000000);
	assert_int_equal(got->bytes, 0x200);
	assert_int_equal(held(blk0, GLUE_HELD_REGISTERS, 1), K_ERR_NOTFOUND);
	assert_int_equal(held_bytes(blk0, GLUE_HELD_MEMORY),
			 blk0->memory.bytes);
	assert_int_equal(held_bytes(blk0, GLUE_HELD_ARENA), 96 * 1024);
	assert_int_equal(held(shell, GLUE_CAP_PEER0, 0), K_ERR_NOTFOUND);
	world_connect(shell, "blk0", 65536);
	assert_int_equal(held(shell, GLUE_CAP_PEER0, 0), K_OK);
	assert_int_equal(got->pid, blk0->pid);
	assert_int_equal(got->server, 0);
	assert_int_equal(held_bytes(shell, GLUE_CAP_PEER0), 65536 + 8192);
	assert_int_equal(held(blk0, GLUE_CAP_PEER0, 0), K_OK);
	assert_int_equal(got->pid, shell->pid);
	assert_int_equal(got->server, 1);
	/* Its next life has nothing of it until it joins again. */
	broker_supervise_fault(blk0, &world_fault);
	assert_int_equal(held(blk0, GLUE_CAP_PEER0, 0), K_ERR_NOTFOUND);
	assert_int_equal(held(blk0, GLUE_HELD_END, 0), K_ERR_NOTFOUND);
	assert_int_equal(held(blk0, ~0ul, ~0ul), K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_HELD, 3, 1ul << 32 | 1,
				    (uint64_t)GLUE_HELD_MEMORY, 0ul),
			 K_ERR_NOTFOUND);
}

static void who_has_ended_holds_nothing(void **state)
{
	struct broker_process *p = world_run("client", "");

	(void)state;
	assert_int_equal(held(p, GLUE_HELD_MEMORY, 0), K_OK);
	world_call(p, GLUE_BROKER_EXIT, 1, 0ul);
	assert_int_equal(held(p, GLUE_HELD_MEMORY, 0), K_ERR_NOTFOUND);
}

/* The line that says what the manifest lacks, and no other one. */
static void refused(int err, const char *what)
{
	char line[256];

	assert_int_equal(err, K_ERR_DENIED);
	snprintf(line, sizeof(line), "kaal: %s\n", what);
	assert_string_equal(fake_text(), line);
	fake_text_clear();
}

static void what_is_not_granted_is_refused(void **state)
{
	struct broker_process *p = world_run("client", "");
	struct broker_process *other = world_run("other", "");

	(void)state;
	world_drivers_ready();
	fake_text_clear();
	refused(world_call(p, GLUE_BROKER_PROCESS, 1, 0ul),
		"client (pid 4) was refused the request process: its manifest "
		"line lacks allow=list");
	refused(world_call(p, GLUE_BROKER_VICTIM, 3, 1ul, 1ul, 0ul),
		"client (pid 4) was refused the request victim: its manifest "
		"line lacks allow=fault");
	refused(world_connect(p, "blk0", (4ul << 20) + 1),
		"client (pid 4) was refused lending so much to blk0: its "
		"manifest line lacks lend_kib=4097");
	refused(world_connect(other, "blk0", 4096),
		"other (pid 5) was refused a channel to blk0: its manifest "
		"line lacks connect=block");
	assert_int_equal(world_call(other, GLUE_BROKER_SERVICE, 1, 0ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_connect(p, "blk7", 4096), K_ERR_NOTFOUND);
	assert_int_equal(world_connect(p, "", 4096), K_ERR_NOTFOUND);
	/* Too few words, unknown operations. */
	assert_int_equal(world_call_name(p, GLUE_BROKER_CONNECT, "blk0", 0),
			 K_ERR_INVALID);
	assert_int_equal(world_call(p, 0x999, 0), K_ERR_INVALID);
	assert_int_equal(world_call(p, GLUE_BROKER_DISCONNECT, 1, 99ul),
			 K_ERR_INVALID);
}

/* Every request that the manifest has to allow names the word for it. */
static void each_grant_is_asked_for(void **state)
{
	static const struct {
		uint64_t op;
		const char *allow;
	} requests[] = {
		{ GLUE_BROKER_PROCESS, "list" },
		{ GLUE_BROKER_DEVICE, "list" },
		{ GLUE_BROKER_MEMORY, "list" },
		{ GLUE_BROKER_HELD, "list" },
		{ GLUE_BROKER_COUNTER, "list" },
		{ GLUE_BROKER_POWEROFF, "poweroff" },
		{ GLUE_BROKER_TRACE_SET, "trace" },
		{ GLUE_BROKER_TRACE_GET, "trace" },
		{ GLUE_BROKER_RUN, "run" },
		{ GLUE_BROKER_WAIT, "run" },
		{ GLUE_BROKER_KILL, "kill" },
		{ GLUE_BROKER_STOP, "kill" },
		{ GLUE_BROKER_START, "run" },
		{ GLUE_BROKER_VICTIM, "fault" },
	};

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct broker_process *p;
		char lacks[64];

		world_set_up(state);
		p = world_run("client", "");
		fake_text_clear();
		assert_int_equal(world_call(p, requests[i].op, 4, 1ul, 0ul, 0ul,
					    0ul),
				 K_ERR_DENIED);
		snprintf(lacks, sizeof(lacks), " line lacks allow=%s\n",
			 requests[i].allow);
		assert_non_null(strstr(fake_text(), lacks));
	}
}

/* Whoever asks for ever for what it may not have cannot fill the console. */
static void refusals_are_told_a_few_times(void **state)
{
	struct broker_process *p = world_run("client", "");
	struct broker_process *blk0 = world_process("blk0/vblk");
	unsigned int lines = 0;

	(void)state;
	fake_text_clear();
	for (unsigned int i = 0; i < 1000; i++)
		assert_int_equal(world_call(p, GLUE_BROKER_MEMORY, 0),
				 K_ERR_DENIED);
	for (const char *at = fake_text(); *at; at++)
		lines += *at == '\n';
	assert_int_equal(lines, 5);
	assert_non_null(strstr(fake_text(), "kaal: client (pid 4): what it is "
					    "refused from now on is not told"));
	fake_text_clear();
	/* Nor by dying in between. */
	for (unsigned int i = 0; i < 6; i++) {
		world_call(blk0, GLUE_BROKER_MEMORY, 0);
		broker_supervise_kill(blk0, p);
	}
	assert_null(strstr(strstr(fake_text(), "is not told"), "refused the"));
}

/* Each line carries the name of who printed it, whatever it says. */
static void nobody_speaks_in_anothers_name(void **state)
{
	static const char text[] = "kaal: fault: me?\nshell: a\x1b\nx";
	uint64_t word[5] = { 0 };

	(void)state;
	memcpy(word, text, sizeof(text) - 1);
	fake_text_clear();
	assert_int_equal(world_call(world_process("shell"), GLUE_BROKER_LOG, 6,
				    sizeof(text) - 1, word[0], word[1], word[2],
				    word[3], word[4]),
			 K_OK);
	assert_string_equal(fake_text(),
			    "shell: kaal: fault: me?\nshell: a.\nshell: x");
	assert_int_equal(world_call(world_process("shell"), GLUE_BROKER_LOG, 2,
				    9ul, word[0]),
			 K_ERR_INVALID);
}

static void trace_pages_are_not_trusted(void **state)
{
	struct broker_process *shell = world_process("shell");
	struct broker_process *p = world_run("client", "");
	const struct glue_env *env = fake_look(p->vspace.cap, GLUE_ENV_VADDR);
	struct glue_trace_page *page;
	const struct glue_trace_entry *entry = (void *)world_reply.word;

	(void)state;
	assert_int_equal(world_call(shell, GLUE_BROKER_TRACE_GET, 2,
				    (uint64_t)p->pid, 0ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_TRACE_SET, 1, 1ul),
			 K_OK);
	assert_int_equal(env->tracing, 1);
	assert_int_equal(fake_rights(p->vspace.cap, GLUE_TRACE_VADDR),
			 ABI_RIGHT_READ | ABI_RIGHT_WRITE);
	page = fake_look(p->vspace.cap, GLUE_TRACE_VADDR);
	page->entry[0].point = 5;
	page->next = 1;
	assert_int_equal(world_call(shell, GLUE_BROKER_TRACE_GET, 2,
				    (uint64_t)p->pid, 0ul),
			 K_OK);
	assert_int_equal(entry->point, 5);
	assert_int_equal(world_call(shell, GLUE_BROKER_TRACE_GET, 2,
				    (uint64_t)p->pid, 1ul),
			 K_ERR_NOTFOUND);
	page->next = ~0ul;
	for (uint64_t i = 0; i < 300; i++)
		assert_int_equal(world_call(shell, GLUE_BROKER_TRACE_GET, 2,
					    (uint64_t)p->pid, i),
				 i < GLUE_TRACE_ENTRIES ? K_OK :
							  K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_TRACE_GET, 2, 99ul, 0ul),
			 K_ERR_NOTFOUND);
}

/* What it did last, as far as its own page says; the page may say anything. */
static void a_report_has_the_last_points(void **state)
{
	struct broker_process *shell = world_process("shell");
	struct broker_process *p = world_process("blk0/vblk");
	struct glue_trace_page *page;

	(void)state;
	p->counters->last[GLUE_TRACE_DEVICE_KICK] = 3;
	p->counters->last[GLUE_TRACE_DRIVER_IRQ] = 77;
	world_call(shell, GLUE_BROKER_TRACE_SET, 1, 1ul);
	page = fake_look(p->vspace.cap, GLUE_TRACE_VADDR);
	for (unsigned int i = 0; i < 20; i++)
		page->entry[i] = (struct glue_trace_entry){
			.when = i, .point = GLUE_TRACE_DEVICE_DONE, .value = i
		};
	page->next = 20;
	broker_supervise_fault(p, &world_fault);
	assert_non_null(strstr(fake_text(), "        last device-kick 3 "
					    "driver-irq 77\n"));
	assert_null(strstr(fake_text(), "trace 11: "));
	for (unsigned int i = 12; i < 20; i++) {
		char line[64];

		snprintf(line, sizeof(line), "trace %u: device-done %u\n", i,
			 i);
		assert_non_null(strstr(fake_text(), line));
	}
	fake_text_clear();
	world_call(p, GLUE_BROKER_READY, 1, 0ul);
	world_call(shell, GLUE_BROKER_TRACE_SET, 1, 1ul);
	page = fake_look(p->vspace.cap, GLUE_TRACE_VADDR);
	memset(page, 0xff, sizeof(*page));
	broker_supervise_kill(p, shell);
	assert_non_null(strstr(fake_text(), "trace 18446744073709551615: ? "
					    "4294967295\n"));
	assert_int_equal(p->state, GLUE_PROC_STARTING);
}

static void the_power_switch(void **state)
{
	(void)state;
	assert_int_equal(world_call(world_process("shell"),
				    GLUE_BROKER_POWEROFF, 1, 3ul),
			 K_ERR_UNSUPPORTED); /* this machine stays on */
	assert_non_null(strstr(fake_text(), "off 3\n"));
}

static void the_broker_in_its_own_list(void **state)
{
	const struct glue_process_info *got = (void *)world_reply.word;
	struct broker_process *shell = world_process("shell");

	(void)state;
	broker_calls_init(1234);
	assert_int_equal(world_call(shell, GLUE_BROKER_PROCESS, 1, 0ul), K_OK);
	assert_int_equal(got->ram_kib, 1234);
	assert_int_equal(got->cpu_ticks, fake_cpu_ticks);
	fake_fail_call(1); /* a kernel that does not count */
	assert_int_equal(world_call(shell, GLUE_BROKER_PROCESS, 1, 0ul), K_OK);
	assert_int_equal(got->cpu_ticks, ~0ul);
}

static void counter_pages_are_not_trusted(void **state)
{
	struct broker_process *shell = world_process("shell");
	struct broker_process *p = world_run("client", "");
	struct glue_counter_page *page = fake_look(p->vspace.cap,
						   GLUE_COUNTERS_VADDR);
	const struct glue_counter *got = (void *)world_reply.word;
	uint64_t pid = p->pid;

	(void)state;
	assert_int_equal(fake_rights(p->vspace.cap, GLUE_COUNTERS_VADDR),
			 ABI_RIGHT_READ | ABI_RIGHT_WRITE);
	assert_int_equal(world_call(shell, GLUE_BROKER_COUNTER, 2, pid, 0ul),
			 K_ERR_NOTFOUND);
	page->counter[0].value = 7;
	page->counter[0].kind = GLUE_COUNTER_EVENT;
	memset(page->counter[0].name, 'x', sizeof(page->counter[0].name));
	assert_int_equal(world_call(shell, GLUE_BROKER_COUNTER, 2, pid, 0ul),
			 K_OK);
	assert_int_equal(got->value, 7);
	assert_int_equal(strlen(got->name), sizeof(got->name) - 1);
	assert_int_equal(world_call(shell, GLUE_BROKER_COUNTER, 2, pid,
				    (uint64_t)GLUE_COUNTERS_MAX),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_COUNTER, 2, pid, ~0ul),
			 K_ERR_NOTFOUND);
	assert_int_equal(world_call(shell, GLUE_BROKER_COUNTER, 2, 99ul, 0ul),
			 K_ERR_NOTFOUND);
	world_call(p, GLUE_BROKER_EXIT, 1, 0ul);
	assert_int_equal(world_call(shell, GLUE_BROKER_COUNTER, 2, pid, 0ul),
			 K_ERR_NOTFOUND);
}

/* Requests of noise end in errors; the books stay right. */
static void requests_of_noise(void **state)
{
	struct broker_process *p = world_run("client", "");
	struct broker_request request;
	struct broker_reply reply;

	(void)state;
	world_drivers_ready();
	srand(5);
	for (unsigned int round = 0; round < 3000; round++) {
		memset(&request, 0, sizeof(request));
		request.label = GLUE_BROKER_READY + (unsigned int)rand() % 0x34;
		request.length = (uint32_t)rand() % 40;
		for (unsigned int i = 0; i < request.length; i++)
			request.word[i] = rand() % 2 ? (uint64_t)rand() % 40 :
						       (uint64_t)rand() << 33;
		if (rand() % 4 == 0)
			memcpy(request.word, "blk0", 5);
		/* Half of them as Send: there is no caller to be kept. */
		fake_set_caller(rand() % 2);
		broker_call(p, &request, &reply);
	}
	world_call(p, GLUE_BROKER_EXIT, 1, 0ul);
	assert_int_equal(world_process("blk0/vblk")->state, GLUE_PROC_READY);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(lists_show_everything, world_set_up),
		cmocka_unit_test_setup(what_a_process_holds, world_set_up),
		cmocka_unit_test_setup(who_has_ended_holds_nothing,
				       world_set_up),
		cmocka_unit_test_setup(what_is_not_granted_is_refused,
				       world_set_up),
		cmocka_unit_test(each_grant_is_asked_for),
		cmocka_unit_test_setup(refusals_are_told_a_few_times,
				       world_set_up),
		cmocka_unit_test_setup(nobody_speaks_in_anothers_name,
				       world_set_up),
		cmocka_unit_test_setup(counter_pages_are_not_trusted,
				       world_set_up),
		cmocka_unit_test_setup(a_report_has_the_last_points,
				       world_set_up_ready),
		cmocka_unit_test_setup(the_power_switch, world_set_up_ready),
		cmocka_unit_test_setup(the_broker_in_its_own_list,
				       world_set_up_ready),
		cmocka_unit_test_setup(trace_pages_are_not_trusted,
				       world_set_up),
		cmocka_unit_test_setup(requests_of_noise, world_set_up),
	};

	return cmocka_run_group_tests_name("broker_calls", tests, NULL, NULL);
}
