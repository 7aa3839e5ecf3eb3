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
	dde_board.c \
	dde_device.c \
	dde_main.c \
	dde_missing.c \
	drivers/base/firmware_loader/main.c \
	drivers/char/misc.c \
	drivers/char/random.c \
	drivers/clk/clk-conf.c \
	drivers/irqchip/irq-gic-v3.c \
	drivers/net/loopback.c \
	drivers/of/platform.c \
	drivers/pci/controller/pci-host-common.c \
	drivers/pci/msi/api.c \
	drivers/pci/msi/irqdomain.c \
	drivers/tty/tty_io.c \
	drivers/tty/tty_ldisc.c \
	fs/char_dev.c \
	fs/exec.c \
	fs/namei.c \
	fs/open.c \
	fs/read_write.c \
	kernel/capability.c \
	kernel/cpu.c \
	kernel/dma/debug.c \
	kernel/dma/debug_coherent.c \
	kernel/dma/mapping.c \
	kernel/dma/swiotlb.c \
	kernel/exit.c \
	kernel/fork.c \
	kernel/irq/irqdesc.c \
	kernel/irq/msi.c \
	kernel/module/kmod.c \
	kernel/module/main.c \
	kernel/panic.c \
	kernel/printk/printk.c \
	kernel/rcu/tiny.c \
	kernel/reboot.c \
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
	mm/dmapool.c \
	mm/ioremap.c \
	mm/maccess.c \
	mm/mm_init.c \
	mm/nommu.c \
	mm/page_alloc.c \
	mm/page_frag.c \
	mm/percpu.c \
	mm/slab_common.c \
	mm/slub.c \
	net/core/filter.c \
	net/core/gro.c \
	net/core/net_namespace.c \
	net/core/page_pool_user.c \
	net/core/rtnetlink.c \
	net/core/sock.c \
	net/netlink/af_netlink.c)
