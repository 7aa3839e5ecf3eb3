/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_ask.h - asking an IP stack, and writing addresses, for the net commands.
 *
 * One stack is open at a time; functions that fail have said why.
 */
#ifndef SHELL_NET_ASK_H
#define SHELL_NET_ASK_H

#include <stdint.h>
#include <glue/ip.h>
#include <glue/request_client.h>

#define NET_STACK	  "ip0" /* where nothing else is said */
#define NET_ADDRESS_BYTES 16u
#define NET_MAC_BYTES	  18u

/* Return: 1; 0 if there is no such stack. */
int net_open(const char *stack);
void net_close(void);

/* Where answers lie, 4096 bytes. */
void *net_data(void);

/* One question with room for @bytes at net_data(). @value may be NULL. */
enum k_err net_ask(uint16_t op, uint64_t arg, uint32_t bytes, uint64_t *value);

/* One that takes its time and has no data: ^C ends it, with K_ERR_GONE. Says
 * nothing about errors. */
enum k_err net_ask_long(uint16_t op, uint64_t arg, uint64_t *value);

/* Card @index of the open stack. Return: 0 past the last one. */
int net_card(unsigned index, struct glue_ip_if *card);

/* Name or dotted address to address. ^C ends it. */
int net_resolve(const char *host, uint32_t *address);

/* A number from a person; @what names it in the message. */
int net_number(const char *word, const char *what, uint64_t *value);

/* "1" and "ip1" are stack ip1; NULL is the first. */
int net_stack_name(char name[16], const char *word);

/* Text of an address, zero-terminated. */
void net_address_text(char *text, uint32_t address);
void net_mac_text(char *text, const uint8_t mac[6]);

#endif
