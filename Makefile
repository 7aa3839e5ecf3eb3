# SPDX-License-Identifier: BSD-2-Clause
# Makefile - KaaL's front door: each room adds its part through its own .mk.
#
# Read top to bottom: settings, rooms, products, what a user types.
# Conventions for room files: mk/README.md.

B	?= build
CROSS	?= aarch64-linux-gnu-
MEM	?= 256M
CPU	?= cortex-a72
SMP	?= 1
DEBUG	?= 1
V	?= 0

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

include mk/common.mk
include mk/libfdt.mk
include kernel/kernel.mk
include glue/glue.mk
include dddk/dddk.mk
include apps/apps.mk
include lwip-src/lwip.mk
include ip/ip.mk
include linux-src/linux.mk
include dde-linux/dde.mk
include drivers-native/native.mk
include broker/broker.mk
include finder/finder.mk
include mk/image.mk
include mk/run.mk
include tests/tests.mk
include tests/bench/bench.mk
include tests/abi/abi.mk
include tests/fault/fault.mk
include tests/fuzz/fuzz.mk
include tests/libfuzzer/libfuzzer.mk
include tests/model/model.mk
include tests/prove/prove.mk
