/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glob.h - the lists of globs of the manifest.
 */
#ifndef FINDER_GLOB_H
#define FINDER_GLOB_H

/**
 * finder_match_list - does a device alias match a glob of a match= list?
 *
 * `*` is any text, `?` one character, as in the MODULE_ALIAS lines of Linux.
 */
int finder_match_list(const char *list, const char *text);

#endif
