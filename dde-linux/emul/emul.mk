# SPDX-License-Identifier: GPL-2.0-only
# emul.mk - sources of the emulated kernel; compiled with Linux's own flags into
# one archive by dde-linux/dde.mk, from which a driver links what it needs.
# Path below emul/ = path of the Linux file it stands for.

DDE_EMUL_SRC := $(addprefix dde-linux/emul/, \
	dde_main.c \
	block/blk-core.c block/blk-map.c block/blk-merge.c block/blk-mq.c \
	block/blk-mq-sched.c block/blk-timeout.c block/genhd.c \
	drivers/clk/clk.c drivers/of/irq.c drivers/of/platform.c \
	drivers/pci/pci.c \
	drivers/tty/tty_io.c drivers/tty/tty_ldisc.c \
	fs/exec.c \
	kernel/cpu.c kernel/fork.c kernel/panic.c kernel/signal.c \
	kernel/softirq.c kernel/workqueue.c \
	kernel/dma/mapping.c kernel/irq/manage.c kernel/printk/printk.c \
	kernel/rcu/tiny.c kernel/sched/core.c kernel/sched/syscalls.c \
	kernel/time/timekeeping.c kernel/time/timer.c \
	lib/kobject_uevent.c lib/sg_pool.c \
	mm/ioremap.c mm/page_alloc.c mm/slub.c)
