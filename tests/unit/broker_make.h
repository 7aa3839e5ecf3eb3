/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_make.h - an archive of programs for tests, made by the tool that makes
 * the real one.
 */
#ifndef BROKER_MAKE_H
#define BROKER_MAKE_H

#include <stddef.h>

/**
 * make_archive - pack the text of a manifest, whose programs all say elf=a.elf.
 * @archive: aligned to 8
 *
 * That has code at 0x400000 and data with .bss at 0x402010. Return: bytes of the
 * archive. Whatever goes wrong fails the test.
 */
size_t make_archive(const char *manifest, void *archive, size_t room);

#endif
