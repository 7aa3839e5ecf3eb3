/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_blk.c - commands on single sectors of a disk: list, info, read, write,
 * flush, discard, zeroes.
 *
 * Commands on many sectors: cmd_blk_bulk.c.
 */
#include <glue/broker_client.h>
#include <glue/string.h>

#include "command.h"
#include "console.h"
#include "request.h"
#include "text.h"

/* More than a screen or two of bytes helps nobody. */
#define READ_SECTORS_MAX 64u

/* Room for the largest logical block that a disk may have. */
#define LEND_BYTES 65536u

/* A disk that cannot be opened gets its message and no line. */
static void list_line(struct disk *disk, const char *name)
{
	const struct glue_block_info *info;

	if (!disk_open(disk, name, GLUE_BLOCK_PAGE_BYTES))
		return;
	info = glue_block_info(&disk->blk);
	console_printf("%-6s %12lu sectors %8lu KiB  %s  %-20s %s\n", name,
		       info->sectors, info->sectors / 2,
		       info->features & GLUE_BLOCK_F_READONLY ? "ro" : "rw",
		       info->serial, info->driver);
	disk_close(disk);
}

/*
 * blk list: the services tell which disks there are, each disk tells its own
 * properties. The serial is what identifies a disk: the number follows the
 * address of its transport, which QEMU hands out as it likes.
 */
void cmd_blk_list(int argc, char **argv)
{
	struct glue_service_info service;
	unsigned i, disks = 0;

	(void)argc;
	(void)argv;
	for (i = 0; !glue_broker_service(i, &service); i++) {
		if (service.class_id != GLUE_CLASS_BLOCK)
			continue;
		list_line(&disk_first, service.name);
		disks++;
	}
	if (!disks)
		console_printf("no disk: QEMU needs one (-drive if=none,id=d0,"
			       "file=... -device virtio-blk-device,drive=d0) "
			       "and drivers.config its driver "
			       "(DDE_VIRTIO_BLK=y)\n");
}

/* Names in the order of the GLUE_BLOCK_F_* bits. */
static void features_print(uint32_t features)
{
	static const char *const name[] = {
		"read-only",
		"flush",
		"discard",
		"write-zeroes",
	};
	unsigned i;

	console_printf("features         ");
	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++)
		if (features >> i & 1)
			console_printf(" %s", name[i]);
	console_printf("\n");
}

/* blk info: all that the driver says about its disk. */
void cmd_blk_info(int argc, char **argv)
{
	const struct glue_block_info *info;

	(void)argc;
	if (!disk_open(&disk_first, argv[0], GLUE_BLOCK_PAGE_BYTES))
		return;
	info = glue_block_info(&disk_first.blk);
	console_printf("disk              %s\n", disk_first.name);
	console_printf("served by         %s\n", info->driver);
	console_printf("serial            %s\n", info->serial);
	console_printf("size              %lu sectors of 512 bytes, %lu KiB\n",
		       info->sectors, info->sectors / 2);
	console_printf("logical block     %u bytes\n", info->logical_bytes);
	console_printf("physical block    %u bytes\n", info->physical_bytes);
	console_printf("longest request   %u sectors\n", info->max_sectors);
	console_printf("longest discard   %u sectors\n",
		       info->max_discard_sectors);
	console_printf("longest zeroes    %u sectors\n",
		       info->max_zeroes_sectors);
	features_print(info->features);
	disk_close(&disk_first);
}

/* ^C ends a dump between two rows. */
static void sectors_dump(uint64_t sector, const uint8_t *data, uint32_t bytes)
{
	uint64_t offset = sector * GLUE_BLOCK_SECTOR_BYTES;
	char line[TEXT_HEX_LINE];
	uint32_t i;

	for (i = 0; i < bytes && !console_cancelled(); i += TEXT_HEX_COLUMNS) {
		text_hexdump(line, offset + i, data + i, TEXT_HEX_COLUMNS);
		console_printf("%s\n", line);
	}
}

/* The *_open functions run with the disk open, and may return anywhere. */
static void read_open(struct disk *disk, char **argv)
{
	uint64_t sector, count;
	enum k_err err;
	void *data;

	if (!disk_range(disk, argv + 1, &sector, &count))
		return;
	if (count > READ_SECTORS_MAX) {
		console_printf("COUNT %lu: at most %u sectors are shown at "
			       "once\n",
			       count, READ_SECTORS_MAX);
		return;
	}
	data = glue_block_alloc(&disk->blk, LEND_BYTES, 0);
	err = request_run(disk, GLUE_BLOCK_READ, sector, count, data);
	if (err)
		disk_complain(disk, "read", sector, count, err);
	else
		sectors_dump(sector, data,
			     (uint32_t)count * GLUE_BLOCK_SECTOR_BYTES);
}

/* blk read: offsets in the dump count from the start of the disk. */
void cmd_blk_read(int argc, char **argv)
{
	(void)argc;
	if (!disk_open(&disk_first, argv[0], LEND_BYTES))
		return;
	read_open(&disk_first, argv);
	disk_close(&disk_first);
}

/* Read the block that holds the sector, lay the text over it, write it. */
static enum k_err text_write(struct disk *disk, uint64_t sector,
			     const char *text)
{
	uint32_t count = disk->blk.info.logical_bytes / GLUE_BLOCK_SECTOR_BYTES;
	uint64_t inside = count ? sector % count : 0;
	uint8_t *data = glue_block_alloc(&disk->blk, LEND_BYTES, 0);
	enum k_err err;

	if (count * GLUE_BLOCK_SECTOR_BYTES > LEND_BYTES || !data)
		return K_ERR_NOMEM;
	err = request_run(disk, GLUE_BLOCK_READ, sector - inside, count, data);
	if (err)
		return err;
	memcpy(data + inside * GLUE_BLOCK_SECTOR_BYTES, text, strlen(text));
	return request_run(disk, GLUE_BLOCK_WRITE, sector - inside, count,
			   data);
}

static void write_open(struct disk *disk, char **argv)
{
	uint64_t sector;
	enum k_err err;

	if (!disk_number(argv[1], "SECTOR", &sector))
		return;
	err = text_write(disk, sector, argv[2]);
	if (err)
		disk_complain(disk, "write", sector, 1, err);
	else
		console_printf("%s: %lu bytes written at sector %lu\n",
			       disk->name, strlen(argv[2]), sector);
}

/*
 * blk write: the rest of the sector stays as it is. Not atomic: another client
 * that writes the same block in between loses its write.
 */
void cmd_blk_write(int argc, char **argv)
{
	(void)argc;
	if (!disk_open(&disk_first, argv[0], LEND_BYTES))
		return;
	write_open(&disk_first, argv);
	disk_close(&disk_first);
}

/* blk flush: with a disk that has no cache this is done at once. */
void cmd_blk_flush(int argc, char **argv)
{
	enum k_err err;

	(void)argc;
	if (!disk_open(&disk_first, argv[0], GLUE_BLOCK_PAGE_BYTES))
		return;
	err = request_run(&disk_first, GLUE_BLOCK_FLUSH, 0, 0, NULL);
	console_printf("%s: flush: %s\n", disk_first.name,
		       err ? k_err_text(err) : "done");
	disk_close(&disk_first);
}

/* Discard and write-zeroes take the same arguments. */
static void range_command(char **argv, const char *verb, enum glue_block_op op)
{
	struct disk *disk = &disk_first;
	uint64_t sector, count;
	enum k_err err;

	if (!disk_open(disk, argv[0], GLUE_BLOCK_PAGE_BYTES))
		return;
	if (disk_range(disk, argv + 1, &sector, &count)) {
		err = request_run(disk, op, sector, count, NULL);
		if (err)
			disk_complain(disk, verb, sector, count, err);
		else
			console_printf("%s: %s of %lu sectors done\n",
				       disk->name, verb, count);
	}
	disk_close(disk);
}

/* blk discard: what the sectors hold afterwards is the disk's choice. */
void cmd_blk_discard(int argc, char **argv)
{
	(void)argc;
	range_command(argv, "discard", GLUE_BLOCK_DISCARD);
}

/* blk zeroes: the disk makes them; no data travels. */
void cmd_blk_zeroes(int argc, char **argv)
{
	(void)argc;
	range_command(argv, "zeroes", GLUE_BLOCK_WRITE_ZEROES);
}
