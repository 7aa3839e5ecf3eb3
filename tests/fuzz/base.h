/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * base.h - what every file of the fuzzer uses: system calls, chance, printing.
 *
 * The fuzzer is a root task without any library of the project, so that it
 * judges the kernel by itself. Numbers are those of kernel/include/abi.
 */
#ifndef FUZZ_BASE_H
#define FUZZ_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <abi/bootinfo.h>
#include <abi/kaal.h>
#include <abi/object.h>
#include <abi/syscall.h>

/* The compiler may call these two. */
void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);

/* x0..x7 of a system call; x0..x5 come back. */
struct regs {
	uint64_t x[8];
};

void fuzz_svc(struct regs *regs);

/* One message to one capability. */
struct message {
	uint64_t cptr, label;
	uint64_t words[44], caps[3];
	unsigned int n_words, n_caps;
};

/* send - put it into registers and @buffer, make the system call @number. */
void send(const struct message *m, int64_t number,
	  struct abi_ipc_buffer *buffer, struct regs *regs);

/* cap_tag_of - what kind of capability is it? (a debug call) */
enum abi_cap_tag cap_tag_of(uint64_t cptr);

/* --- chance: xorshift64*, the same sequence everywhere --- */

uint64_t random_word(uint64_t *state);
uint64_t below(uint64_t *state, uint64_t limit);

static inline bool one_in(uint64_t *state, uint64_t n)
{
	return below(state, n) == 0;
}

/* --- printing by the kernel's debug character --- */

/* say - print the text; each % stands for the next number (uint64_t). */
void say(const char *text, ...);

/* power_off - the end of the machine; 0 is success. */
_Noreturn void power_off(uint64_t status);

/* option - the number after "@name=" in the kernel's command line. */
uint64_t option(const struct abi_boot_info *info, const char *name,
		uint64_t otherwise);

#endif
