/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h - what the groups of checks share: the verdict and the fake kit.
 *
 * The checks run as a "module" in the layer's own first fiber, over its own
 * event loop; only kit/ below is replaced (fake_kit.c).
 */
#ifndef CHECK_H
#define CHECK_H

#include <kit.h>
#include <kit_block.h>

/* Say where a check failed and go on; the group is then reported as failed. */
#define CHECK(cond) check_that(!!(cond), __FILE__, __LINE__, #cond)
void check_that(int good, const char *file, int line, const char *text);

/* The machine's memory map: bus addresses inside QEMU's RAM. */
#define ARENA_BUS   0x48000000ul
#define ARENA_BYTES (256ul << 10)
#define LENT_BUS    0x4a000000ul
#define LENT_BYTES  (1ul << 20)

/* fake_kit.c */
extern unsigned long fake_events; /* what the next kit_wait returns */
extern unsigned int fake_acks[KIT_IRQ_MAX];
extern char fake_log[4096]; /* everything logged */
extern unsigned int fake_commits;
extern int fake_status[KIT_BLOCK_TOKENS]; /* -1: not completed */
extern struct kit_block_info fake_info;
void fake_log_clear(void);
/* Submit to the class glue as dddk would, without commit. */
enum kit_err fake_submit(const struct kit_block_req *req);
void fake_commit(void);
void fake_set_edge(unsigned int index, int edge);

/*
 * Does the statement end the process? The check goes on either way. What the
 * layer held when it ended stays as it was, so nothing that sleeps.
 */
extern void *fake_exit_to[5];
extern int fake_exit_wanted;
#define CHECK_ENDS(statement)                                                  \
	({                                                                     \
		bool ended = __builtin_setjmp(fake_exit_to);                   \
		if (!ended) {                                                  \
			fake_exit_wanted = 1;                                  \
			statement;                                             \
		}                                                              \
		fake_exit_wanted = 0;                                          \
		ended;                                                         \
	})

/* memory.c: use up all memory, of every size; give it back. */
void *check_memory_take(void);
void check_memory_give(void *last);
/* How many pages could be had now. */
unsigned int check_pages_left(void);

/*
 * A group of checks, one file each: CHECK_GROUP(memory) runs check_memory().
 * Nothing else lists the groups; dde_emul.py finds them by this word.
 */
struct check_group {
	const char *name;
	void (*run)(void);
};
#define CHECK_GROUP(group)                                                     \
	static const struct check_group group_##group                          \
		__attribute__((used, section("check_groups"))) = {             \
			#group, check_##group                                  \
		}

#endif
