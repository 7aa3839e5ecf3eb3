# SPDX-License-Identifier: GPL-2.0-only
# class.mk - glue between Linux's objects and the class protocols, one file a
# class. The linker takes the one whose registration function a driver calls.

DDE_CLASS_SRC := $(addprefix dde-linux/class/, \
	ask.c \
	block.c \
	block_watch.c \
	gpio.c \
	gpio_names.c \
	input.c \
	net.c \
	net_device.c \
	rng.c \
	rtc.c \
	serial.c \
	serial_input.c \
	watch.c)
