/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * embed.S - the archive of programs, embedded as it lies on the disk.
 *
 * BROKER_ARCHIVE is the path of the file that mk/image.mk packs.
 */
	.section .rodata.archive, "a"
	.balign	4096
	.global	broker_archive_start
broker_archive_start:
	.incbin	BROKER_ARCHIVE
	.global	broker_archive_end
broker_archive_end:
