# SPDX-License-Identifier: GPL-2.0-only
# class.mk - glue between Linux's objects and the class protocols, one file a
# class. The linker takes the one whose registration function a driver calls.

DDE_CLASS_SRC := dde-linux/class/block.c dde-linux/class/net.c \
		 dde-linux/class/net_device.c
