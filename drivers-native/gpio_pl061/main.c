/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - Arm PL061 general-purpose input/output, native (ARM DDI 0190B).
 *
 * Eight lines. A register has a bit for each, so a change is read, change,
 * write; only the data register lets one line be named in the address (bits 9:2
 * are the mask), which here is its place in an array. Edges only: the class
 * knows no levels.
 */
#include <dddk/driver.h>
#include <dddk/gpio_service.h>
#include <dddk/reg.h>

#define LINES 8u

/* clang-format off */
struct pl061_regs { /* DDI 0190B, table 3-1 */
	dddk_rw32 data[256];   /* 0x000 levels, of the lines in the index */
	dddk_rw32 output;      /* 0x400 direction: 1 output               */
	dddk_rw32 sense;       /* 0x404 1 level, 0 edge                   */
	dddk_rw32 both_edges;  /* 0x408 1 both, 0 as `rising` says        */
	dddk_rw32 rising;      /* 0x40c 1 rising, 0 falling               */
	dddk_rw32 enabled;     /* 0x410 1 interrupt passes                */
	dddk_ro32 raw, masked; /* 0x414, 0x418 interrupt has come         */
	dddk_wo32 clear;       /* 0x41c                                   */
};
/* clang-format on */
DDDK_REG_AT(struct pl061_regs, output, 0x400);
DDDK_REG_AT(struct pl061_regs, clear, 0x41c);

static struct pl061_regs *regs;

/* One line's bit in a register. */
#define change(reg, line, on)                                                  \
	dddk_reg_change(&regs->reg, 1u << (line), (uint32_t)(on) << (line))

static int level(uint32_t line)
{
	return dddk_reg_read(&regs->data[1u << line]) != 0;
}

static int is_output(uint32_t line)
{
	return dddk_reg_read(&regs->output) >> line & 1;
}

static void make_input(uint32_t line)
{
	change(output, line, 0);
}

/* An input's data cannot be written, so a line that becomes an output shows
 * its old level for a moment. */
static void make_output(uint32_t line, int on)
{
	change(output, line, 1);
	dddk_reg_write(&regs->data[1u << line], (uint32_t)on << line);
}

/* An edge of another kind that was seen before is forgotten. */
static void listen(uint32_t line, uint32_t edges)
{
	change(enabled, line, 0);
	change(sense, line, 0);
	change(both_edges, line,
	       edges == (GLUE_GPIO_EDGE_RISING | GLUE_GPIO_EDGE_FALLING));
	change(rising, line, edges == GLUE_GPIO_EDGE_RISING);
	dddk_reg_write(&regs->clear, 1u << line);
	change(enabled, line, edges != 0);
}

static const struct dddk_gpio_ops ops = { level, is_output, make_input,
					  make_output, listen };
static const struct glue_gpio_info info = { .lines = LINES,
					    .driver = "native gpio_pl061" };

static enum k_err probe(void *registers)
{
	regs = registers;
	return dddk_gpio_serve(&ops, &info);
}

static void irq(void)
{
	uint32_t come = dddk_reg_read(&regs->masked), line;

	dddk_reg_write(&regs->clear, come);
	for (line = 0; line < LINES; line++) {
		if (come >> line & 1)
			dddk_gpio_edge(line);
	}
}

static void quiesce(void)
{
	dddk_reg_write(&regs->enabled, 0);
}

DDDK_DRIVER("class=gpio match=amba:d???41061") = {
	.regs_bytes = sizeof(struct pl061_regs),
	.probe = probe,
	.irq = irq,
	.quiesce = quiesce,
};
