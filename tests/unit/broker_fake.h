/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_fake.h - a kernel for unit tests: enough of glue/sys.h to drive the
 * broker on the host, with memory that is really mapped where it asks for it.
 *
 * Physical memory is one shared file. What the broker maps into its own address
 * space appears at that address of the test program; what it maps elsewhere is
 * only recorded, and tests look it up. Capabilities, derivation by memory
 * range, page tables and errors follow shared/abi.md; anything the broker must
 * never do (an unknown slot, a mapping over another) ends the test.
 */
#ifndef BROKER_FAKE_H
#define BROKER_FAKE_H

#include <stddef.h>
#include <stdint.h>
#include <abi/bootinfo.h>
#include <glue/sys.h>

#define FAKE_RAM_BASE	  0x40000000ul
#define FAKE_DEVICE_BASE  0x0a000000ul /* four pages of registers */
#define FAKE_DEVICE_PAGES 4u

/* Begin anew with so much RAM (a power of two, 1 MiB or more). */
void fake_reset(uint64_t ram_bytes);
const struct abi_boot_info *fake_boot_info(void);

/* From now on the count-th retype (1 = next) fails; 0: none does. */
void fake_fail_retype(unsigned int count);
/* The same for all that the kernel may refuse: not what only takes away (delete,
 * revoke, unmap, suspend, clear), where the slot is right. */
void fake_fail_call(unsigned int count);
/* How many from now; 0: it has failed, or none was asked for. */
unsigned int fake_fail_left(void);

/* Capabilities that exist anywhere. */
unsigned int fake_caps(void);

/* A word of registers that a mapped device page shows. */
void fake_device_word(uint64_t paddr, uint32_t value);
/* The page that has them; NULL: no device is there. */
const void *fake_device_page(uint64_t page);

/*
 * What was done to processes since the last reset or clear, in order, runs of
 * the same once: "stop" a thread, "mask" an interrupt, "reset" (a register was
 * written), "unmap" a page, "revoke" memory, "start" a thread.
 */
const char *fake_journal(void);
void fake_journal_clear(void);

/* What a VSpace (its root slot) shows at an address; NULL if nothing. */
void *fake_look(uint64_t vspace, uint64_t vaddr);
/* From now on a mapping may take the place of another, as the kernel lets it. */
void fake_map_replaces(void);
/* Rights there: ABI_RIGHT_*, and 0x100 executable, 0x200 device memory. */
unsigned int fake_rights(uint64_t vspace, uint64_t vaddr);

/* Tag (enum abi_cap_tag), badge and rights of a slot. */
unsigned int fake_cap_tag(struct glue_slot slot);
uint64_t fake_cap_badge(struct glue_slot slot);
unsigned int fake_cap_rights(struct glue_slot slot);

/* Signals that a notification has got, and are not collected yet. */
uint64_t fake_signals(uint64_t notification_slot);

/* The thread in a slot: registers written, 1 if it was set going. */
const uint64_t *fake_thread_regs(uint64_t tcb);
int fake_thread_runs(uint64_t tcb);
/* Is the notification in a slot bound to it? */
int fake_thread_bound(uint64_t tcb, uint64_t notification);
uint64_t fake_thread_limit(uint64_t tcb);

/* The last late reply: label and first word; how many so far. */
unsigned int fake_replies(void);
uint64_t fake_reply_label(void);
uint64_t fake_reply_word(unsigned int index);
/* The next SaveCaller finds a caller. */
void fake_set_caller(int present);

/* Text printed since the last reset. */
const char *fake_text(void);
void fake_text_clear(void);

extern uint64_t fake_now;

/* What every thread has run. */
extern uint64_t fake_cpu_ticks;

#endif
