/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_world.h - a whole broker on the fake kernel: device tree, archive,
 * manifest, and short ways to make requests, for all tests of the broker that
 * need processes.
 */
#ifndef BROKER_WORLD_H
#define BROKER_WORLD_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glue/timer.h>

#include "../../broker/calls.h"
#include "../../broker/fault.h"
#include "../../broker/process.h"
#include "broker_fake.h"

/* Two disks (pages of their own), a UART, 8 MiB of RAM. */
#define WORLD_MANIFEST                                                         \
	"shell elf=a.elf kind=app start=boot match=of:N*T*Carm,pl011* "        \
	"connect=block allow=list,trace,run,poweroff,kill,fault\n"             \
	"vblk elf=a.elf kind=dde start=device class=block "                    \
	"match=virtio:d00000002v* dma_kib=96 meta_bytes=64\n"                  \
	"client elf=a.elf kind=test start=demand connect=block args=x,y\n"     \
	"other elf=a.elf kind=test start=demand\n"

/* The timer service, for manifests that want one. */
#define WORLD_TIMER                                                            \
	"timer elf=a.elf kind=native start=device class=timer "                \
	"match=of:N*T*Carm,armv8-timer\n"

/* A command for dtb_make; a test may have a board of its own. */
extern const char *world_board;

/* What stands for the frames of the broker's image; 0: none. */
extern uint32_t world_image_frame;
int world_image_forget(void **state); /* after a test that had some */
extern uint64_t world_archive[];

/* Everything of broker_main but the loop, with a manifest. */
void world_start(const char *manifest);
/* The same up to the first program. */
void world_prepare(const char *manifest);
int world_set_up(void **state); /* WORLD_MANIFEST */
/* The same, with both drivers ready and nothing printed. */
int world_set_up_ready(void **state);

/* A request by a process. Return: its k_err, or -1 if there is no answer. */
int world_call(struct broker_process *from, uint64_t op, unsigned int words,
	       ...);
/* The same for requests that begin with a name. */
int world_call_name(struct broker_process *from, uint64_t op, const char *name,
		    unsigned int words, ...);
extern struct broker_reply world_reply;

/* A running process by its label, such as "blk0/vblk". */
struct broker_process *world_process(const char *label);
/* What the broker tells the timer service, which runs. */
struct glue_timer_page *world_timer(void);
/* All services answer the broker's heartbeat. */
void world_beat(void);
/* Does the broker wait for nothing but the next heartbeat? */
int world_is_idle(void);
/* Both drivers say that they are ready. */
void world_drivers_ready(void);
/* A driver has died: until it lives, or is given up. */
void world_comes_back(struct broker_process *driver);
/* It serves for so long that its deaths are forgotten. */
void world_good_life(void);
/* Connect to a service, lending so much. */
int world_connect(struct broker_process *p, const char *service,
		  uint64_t bytes);
/* It lets go of all its channels, also of those that it has not. */
void world_disconnect_all(struct broker_process *p);
/* What a process sees of a channel. */
const struct glue_chan *world_chan(const struct broker_process *p,
				   unsigned int index);
/* Memory that is free or held by a driver, whose tables and metadata grow as
 * lent regions lie elsewhere. */
uint64_t world_free_or_held(const struct broker_process *driver);
/* A write through a null pointer. */
extern const struct broker_fault world_fault;
/* Start a demand program from the shell. */
struct broker_process *world_run(const char *name, const char *args);

#endif
