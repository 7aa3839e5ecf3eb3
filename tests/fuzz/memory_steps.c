/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory_steps.c - a process, step by step: CSpace, VSpace, tables, pages, TCB.
 *
 * Its program is four instructions: signal a notification, then yield for ever.
 */
#include "memory.h"

#define CODE_VADDR   0x400000ull
#define BUFFER_VADDR 0x401000ull
#define WINDOW_VADDR 0x8000000000ull /* in our own VSpace, for writing code */
#define NTFN_IN_NODE 1u
#define NODE_RADIX   4u

enum {
	NODE,
	SPACE,
	TABLE1,
	TABLE2,
	TABLE3,
	CODE,
	BUFFER,
	LARGE,
	EP,
	NTFN,
	THREAD,
	SMALL_UNTYPED,
	OWN1,
	OWN2,
	OWN3
};

static uint64_t slot(unsigned int step)
{
	return memory_slots + step;
}

static void use_space(void)
{
	MUST(ABI_SLOT_ASID_POOL, ABI_ASID_POOL_ASSIGN, CAPS(slot(SPACE)));
}

static void map_table(unsigned int step, uint64_t space, uint64_t vaddr)
{
	MUST(slot(step), ABI_PAGE_TABLE_MAP, WORDS(vaddr, ABI_VM_DEFAULT),
	     CAPS(space));
}

static void use_table1(void)
{
	map_table(TABLE1, slot(SPACE), CODE_VADDR);
}

static void use_table2(void)
{
	map_table(TABLE2, slot(SPACE), CODE_VADDR);
}

static void use_table3(void)
{
	map_table(TABLE3, slot(SPACE), CODE_VADDR);
}

static void use_code(void)
{
	MUST(slot(CODE), ABI_PAGE_MAP,
	     WORDS(CODE_VADDR, ABI_RIGHT_READ, ABI_VM_CACHEABLE),
	     CAPS(slot(SPACE)));
}

static void use_buffer(void)
{
	MUST(slot(BUFFER), ABI_PAGE_MAP,
	     WORDS(BUFFER_VADDR, 3, ABI_VM_CACHEABLE | ABI_VM_EXECUTE_NEVER),
	     CAPS(slot(SPACE)));
}

static void use_ntfn(void)
{
	MUST(slot(NODE), ABI_CNODE_MINT,
	     WORDS(NTFN_IN_NODE, NODE_RADIX, slot(NTFN), 64, ABI_RIGHT_ALL,
		   0x55),
	     CAPS(ABI_SLOT_CNODE));
}

static void use_thread(void)
{
	MUST(slot(THREAD), ABI_TCB_CONFIGURE,
	     WORDS(0, 64 - NODE_RADIX, 0, BUFFER_VADDR),
	     CAPS(slot(NODE), slot(SPACE), slot(BUFFER)));
	MUST(slot(THREAD), ABI_TCB_SET_SCHED_PARAMS, WORDS(100, 100),
	     CAPS(ABI_SLOT_TCB));
}

static void use_own1(void)
{
	map_table(OWN1, ABI_SLOT_VSPACE, WINDOW_VADDR);
}

static void use_own2(void)
{
	map_table(OWN2, ABI_SLOT_VSPACE, WINDOW_VADDR);
}

static void use_own3(void)
{
	map_table(OWN3, ABI_SLOT_VSPACE, WINDOW_VADDR);
}

const struct step steps[] = {
	[NODE] = { "CNode", ABI_OBJ_CNODE, NODE_RADIX, 9, NULL },
	[SPACE] = { "VSpace", ABI_OBJ_VSPACE, 0, 12, use_space },
	[TABLE1] = { "level-1 table", ABI_OBJ_PAGE_TABLE, 0, 12, use_table1 },
	[TABLE2] = { "level-2 table", ABI_OBJ_PAGE_TABLE, 0, 12, use_table2 },
	[TABLE3] = { "level-3 table", ABI_OBJ_PAGE_TABLE, 0, 12, use_table3 },
	[CODE] = { "code page", ABI_OBJ_FRAME_SMALL, 0, 12, use_code },
	[BUFFER] = { "buffer page", ABI_OBJ_FRAME_SMALL, 0, 12, use_buffer },
	[LARGE] = { "large page", ABI_OBJ_FRAME_LARGE, 0, 21, NULL },
	[EP] = { "endpoint", ABI_OBJ_ENDPOINT, 0, 4, NULL },
	[NTFN] = { "notification", ABI_OBJ_NOTIFICATION, 0, 5, use_ntfn },
	[THREAD] = { "TCB", ABI_OBJ_TCB, 0, 11, use_thread },
	[SMALL_UNTYPED] = { "untyped", ABI_OBJ_UNTYPED, 16, 16, NULL },
	[OWN1] = { "own level-1 table", ABI_OBJ_PAGE_TABLE, 0, 12, use_own1 },
	[OWN2] = { "own level-2 table", ABI_OBJ_PAGE_TABLE, 0, 12, use_own2 },
	[OWN3] = { "own level-3 table", ABI_OBJ_PAGE_TABLE, 0, 12, use_own3 },
};
const unsigned int n_steps = sizeof(steps) / sizeof(steps[0]);

static void write_program(uint64_t copy)
{
	static const uint32_t program[] = {
		0xd2800000 | NTFN_IN_NODE << 5, /* mov x0, #NTFN_IN_NODE */
		0xd2800001,			/* mov x1, #0            */
		0x92800047,			/* mov x7, #-3 (Send)    */
		0xd4000001,			/* svc #0                */
		0x928000c7,			/* mov x7, #-7 (Yield)   */
		0xd4000001,			/* svc #0                */
		0x17ffffff,			/* b .-4                 */
	};

	MUST(ABI_SLOT_CNODE, ABI_CNODE_COPY,
	     WORDS(copy, 64, slot(CODE), 64, ABI_RIGHT_ALL),
	     CAPS(ABI_SLOT_CNODE));
	MUST(copy, ABI_PAGE_MAP,
	     WORDS(WINDOW_VADDR, 3, ABI_VM_CACHEABLE | ABI_VM_EXECUTE_NEVER),
	     CAPS(ABI_SLOT_VSPACE));
	memcpy((void *)WINDOW_VADDR, program, sizeof(program));
	MUST(copy, ABI_PAGE_UNIFY_INSTRUCTION, WORDS(0, sizeof(program)));
}

void steps_run(void)
{
	struct regs wait = { { slot(NTFN), 0, 0, 0, 0, 0, 0,
			       (uint64_t)ABI_SYS_RECV } };

	write_program(slot(n_steps));
	MUST(slot(THREAD), ABI_TCB_WRITE_REGISTERS, WORDS(1, 2, CODE_VADDR, 0));
	fuzz_svc(&wait);
	if (wait.x[0] != 0x55)
		fail("the process signalled % instead of %", wait.x[0], 0x55);
}
