/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_ask.c - questions to an IP stack, with messages for a person.
 */
#include "net_ask.h"

#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "console.h"
#include "text.h"

#define DATA_BYTES 4096u
#define ANSWER_NS  3000000000ul
#define LONGEST_NS 30000000000ul /* a name server that says nothing */

static struct glue_req_port port;

int net_open(const char *stack)
{
	enum k_err err = glue_req_open(&port, stack, GLUE_CLASS_IP, DATA_BYTES);

	if (err == K_ERR_NOTFOUND)
		console_printf("%s: no such IP stack: is there a network card? "
			       "\"devices\" shows it\n",
			       stack);
	else if (err)
		console_printf("%s: cannot be asked: %s\n", stack,
			       k_err_text(err));
	return !err;
}

void net_close(void)
{
	glue_req_close(&port);
}

void *net_data(void)
{
	return glue_req_data(&port);
}

enum k_err net_ask(uint16_t op, uint64_t arg, uint32_t bytes, uint64_t *value)
{
	enum k_err err = glue_req_call(&port, op, 0, arg, net_data(), bytes,
				       value, glue_deadline_ns(ANSWER_NS));

	if (err && err != K_ERR_NOTFOUND)
		console_printf("the IP stack answers: %s\n", k_err_text(err));
	return err;
}

/* Wait for an answer, and look at the console meanwhile. */
static enum k_err wait_cancelled(struct glue_req *req)
{
	uint64_t end = glue_deadline_ns(LONGEST_NS);
	enum k_err err;

	do {
		err = glue_req_wait(&port, req,
				    glue_deadline_ns(CONSOLE_LOOK_NS));
		if (err == K_ERR_TIMEOUT &&
		    (console_cancelled() || glue_time_ticks() > end))
			glue_req_cancel(&port, req);
	} while (err == K_ERR_TIMEOUT &&
		 glue_time_ticks() < end + glue_ns_to_ticks(ANSWER_NS));
	return err ? err : req->status;
}

static enum k_err ask_long(struct glue_req *req, uint64_t *value)
{
	enum k_err err = glue_req_submit(&port, req);

	if (err)
		return err;
	err = wait_cancelled(req);
	*value = req->value;
	return console_cancelled() ? K_ERR_GONE : err;
}

enum k_err net_ask_long(uint16_t op, uint64_t arg, uint64_t *value)
{
	static struct glue_req req;

	req = (struct glue_req){ .op = op, .arg = arg };
	return ask_long(&req, value);
}

int net_card(unsigned index, struct glue_ip_if *card)
{
	if (net_ask(GLUE_IP_IF, index, sizeof(*card), NULL))
		return 0;
	memcpy(card, net_data(), sizeof(*card));
	card->service[sizeof(card->service) - 1] = '\0';
	card->driver[sizeof(card->driver) - 1] = '\0';
	return 1;
}

int net_resolve(const char *host, uint32_t *address)
{
	static struct glue_req req;
	uint32_t bytes = (uint32_t)strlen(host);
	uint64_t value = 0;
	enum k_err err;

	if (bytes > GLUE_IP_NAME_MAX) {
		console_printf("a name has at most %u characters\n",
			       GLUE_IP_NAME_MAX);
		return 0;
	}
	memcpy(net_data(), host, bytes);
	req = (struct glue_req){ .op = GLUE_IP_RESOLVE,
				 .data = net_data(),
				 .bytes = bytes };
	err = ask_long(&req, &value);
	*address = (uint32_t)value;
	if (err == K_ERR_TIMEOUT)
		console_printf("%s: no name server has answered\n", host);
	else if (err == K_ERR_NOTFOUND)
		console_printf("%s: there is no such name\n", host);
	else if (err && err != K_ERR_GONE)
		console_printf("%s: not a host name or address\n", host);
	return !err;
}

int net_number(const char *word, const char *what, uint64_t *value)
{
	if (text_number(word, value))
		return 1;
	console_printf("%s \"%s\" is not a number\n", what, word);
	return 0;
}

int net_stack_name(char name[16], const char *word)
{
	uint64_t number = 0;

	if (word && !strncmp(word, "ip", 2))
		word += 2;
	if (word && !net_number(word, "stack", &number))
		return 0;
	glue_snprintf(name, 16, "ip%u",
		      (unsigned)(number < 10000 ? number : 9999));
	return 1;
}

void net_address_text(char *text, uint32_t address)
{
	glue_snprintf(text, NET_ADDRESS_BYTES, "%u.%u.%u.%u", address >> 24,
		      address >> 16 & 255, address >> 8 & 255, address & 255);
}

void net_mac_text(char *text, const uint8_t mac[6])
{
	glue_snprintf(text, NET_MAC_BYTES, "%02x:%02x:%02x:%02x:%02x:%02x",
		      mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}
