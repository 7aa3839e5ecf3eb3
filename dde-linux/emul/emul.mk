# SPDX-License-Identifier: GPL-2.0-only
# emul.mk - sources of the emulated kernel; compiled with Linux's own flags into
# one archive by dde-linux/dde.mk, from which a driver links what it needs.
# Path below emul/ = path of the Linux file it stands for. One a line, sorted.

DDE_EMUL_SRC := $(addprefix dde-linux/emul/, \
	block/blk-core.c \
	block/blk-map.c \
	block/blk-merge.c \
	block/blk-mq-sched.c \
	block/blk-mq.c \
	block/blk-timeout.c \
	block/genhd.c \
	dde_main.c \
	drivers/char/random.c \
	drivers/clk/clk.c \
	drivers/irqchip/irq-gic-v3.c \
	drivers/of/irq.c \
	drivers/of/platform.c \
	drivers/pci/controller/pci-host-common.c \
	drivers/pci/msi/api.c \
	drivers/pci/msi/irqdomain.c \
	fs/exec.c \
	kernel/cpu.c \
	kernel/dma/mapping.c \
	kernel/exit.c \
	kernel/fork.c \
	kernel/irq/irqdesc.c \
	kernel/irq/msi.c \
	kernel/module/main.c \
	kernel/panic.c \
	kernel/printk/printk.c \
	kernel/rcu/tiny.c \
	kernel/sched/core.c \
	kernel/sched/syscalls.c \
	kernel/signal.c \
	kernel/smpboot.c \
	kernel/time/sleep_timeout.c \
	kernel/time/tick-oneshot.c \
	kernel/time/timekeeping.c \
	kernel/time/timer.c \
	kernel/workqueue.c \
	lib/kobject_uevent.c \
	lib/sg_pool.c \
	mm/ioremap.c \
	mm/page_alloc.c \
	mm/percpu.c \
	mm/slub.c)
