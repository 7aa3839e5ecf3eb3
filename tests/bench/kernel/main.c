/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the kernel's benchmark: a root task that counts instructions.
 *
 * Boots alone on a benchmark kernel under `-icount shift=0,sleep=off` and
 * prints one `bench kernel.NAME VALUE` line a row of baseline.md's kernel
 * table; tests/bench/kernel_rows.py reads them. Read next: world.h, ipc.c
 */
#include "world.h"

_Noreturn void bench_main(const struct abi_boot_info *info);

_Noreturn void bench_main(const struct abi_boot_info *info)
{
	world_init(info);
	bench_ipc();
	bench_signal();
	bench_irq();
	bench_object();
	world_end(0);
}
