# SPDX-License-Identifier: GPL-2.0-only
# kit.mk - sources of the waist; compiled and pre-linked by dde-linux/dde.mk.

DDE_KIT_SRC := dde-linux/kit/kit_main.c dde-linux/kit/kit_event.c \
	       dde-linux/kit/kit_block.c dde-linux/kit/kit_net.c \
	       dde-linux/kit/kit_request.c \
	       dde-linux/kit/kit_fiber.S
