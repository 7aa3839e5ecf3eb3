/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_net.c - the net commands: what the IP stacks know, and ping.
 *
 * A stack is a service of the ip class, ip0 the first. Everything shown comes
 * from its answers; the shell sees no frame.
 */
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/counters.h>
#include <glue/ip.h>
#include <glue/print.h>
#include <glue/string.h>

#include "command.h"
#include "console.h"
#include "disk.h"
#include "net_ask.h"

#define NET_STACK      "ip0" /* where nothing else is said */
#define PING_COUNT     4u
#define PING_COUNT_MAX 1000000u
#define PING_BYTES     56u
#define PING_WAIT_MS   1000u
#define PING_SHOWN     10u /* with more, only the sum is shown */
#define NEIGHBOURS     32u

/* --- lists --------------------------------------------------------------- */

static const char *const dhcp_text[] = { "fixed", "asks DHCP", "by DHCP" };

static const char *dhcp_name(unsigned dhcp)
{
	return dhcp < 3 ? dhcp_text[dhcp] : "?";
}

static unsigned mask_bits(uint32_t mask)
{
	unsigned bits = 0;

	for (; mask & 0x80000000u; mask <<= 1)
		bits++;
	return bits;
}

static void list_line(const char *stack, unsigned index,
		      const struct glue_ip_if *card)
{
	char address[NET_ADDRESS_BYTES + 4], mac[NET_MAC_BYTES];

	net_address_text(address, card->address);
	glue_snprintf(address + strlen(address), 4, "/%u",
		      mask_bits(card->netmask));
	net_mac_text(mac, card->mac);
	console_printf("%2u %-5s %-8s %-4s %-18s %-9s %s\n", index, stack,
		       card->service, card->link ? "up" : "down", address,
		       dhcp_name(card->dhcp), mac);
}

/* What is done with each card, and how many were there so far. */
static void (*card_show)(const char *stack, unsigned index,
			 const struct glue_ip_if *card);
static unsigned cards_seen;

static void stack_walk(const char *stack)
{
	struct glue_ip_if card;

	if (!net_open(stack))
		return;
	for (unsigned k = 0; net_card(k, &card); k++)
		card_show(stack, cards_seen++, &card);
	service_close();
}

/* Call @show for every card of every stack. Return: how many there are. */
static unsigned cards_walk(void (*show)(const char *stack, unsigned index,
					const struct glue_ip_if *card))
{
	card_show = show;
	cards_seen = 0;
	service_each(GLUE_CLASS_IP, stack_walk, NULL);
	return cards_seen;
}

/* net list: the cards of all stacks. */
void cmd_net_list(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	console_printf(" N stack card     link address            how       "
		       "MAC address\n");
	if (!cards_walk(list_line))
		console_printf("no IP stack has a network card: \"services\" "
			       "shows what there is\n");
}

/* A card's number or its service's name. */
static const char *info_wanted;
static int info_found;

static void info_show(const char *stack, unsigned index,
		      const struct glue_ip_if *card)
{
	char text[NET_ADDRESS_BYTES], number[12];

	glue_snprintf(number, sizeof(number), "%u", index);
	if (strcmp(info_wanted, number) && strcmp(info_wanted, card->service))
		return;
	info_found = 1;
	list_line(stack, index, card);
	net_address_text(text, card->gateway);
	console_printf("  gateway    %s\n", text);
	net_address_text(text, card->dns);
	console_printf("  names from %s\n", text);
	console_printf("  driver     %.31s\n", card->driver);
	console_printf("  MTU        %u bytes, %u Mbit/s (0: not known)\n",
		       card->mtu, card->speed_mbit);
	console_printf("  offloads   0x%x (glue/net.h), %s\n", card->features,
		       card->shared ? "shared with others" : "not shared");
	console_printf("  received   %lu frames, %lu bytes\n", card->frames_in,
		       card->bytes_in);
	console_printf("  sent       %lu frames, %lu bytes\n", card->frames_out,
		       card->bytes_out);
}

/* net info: one card, 0 without a word. */
void cmd_net_info(int argc, char **argv)
{
	info_wanted = argc ? argv[0] : "0";
	info_found = 0;
	cards_walk(info_show);
	if (!info_found)
		console_printf("no card \"%s\": \"net list\" shows numbers and "
			       "names\n",
			       info_wanted);
}

/* The neighbours of one card, as they lie at service_data(). */
static void neighbours_show(const char *card, uint64_t bytes)
{
	const struct glue_ip_neighbour *entry = service_data();

	for (; bytes >= sizeof(*entry); bytes -= sizeof(*entry), entry++) {
		char address[NET_ADDRESS_BYTES], mac[NET_MAC_BYTES];

		net_address_text(address, entry->address);
		net_mac_text(mac, entry->mac);
		console_printf("%-16s %s %s\n", address, mac, card);
	}
}

/* net arp: which hosts the first stack has heard of lately. */
void cmd_net_arp(int argc, char **argv)
{
	const uint32_t room = NEIGHBOURS * sizeof(struct glue_ip_neighbour);
	struct glue_ip_if card;
	uint64_t bytes;

	(void)argc;
	(void)argv;
	if (!net_open(NET_STACK))
		return;
	console_printf("address          MAC address       card\n");
	for (unsigned k = 0; net_card(k, &card); k++) {
		if (!service_good("asking for neighbours",
				  service_ask(GLUE_IP_ARP, k, room, &bytes,
					      SERVICE_PATIENCE_NS)))
			break;
		neighbours_show(card.service, bytes < room ? bytes : room);
	}
	service_close();
}

/* --- counters ------------------------------------------------------------ */

static void stats_show(const struct glue_ip_stats *s)
{
	console_printf("frames     %lu in, %lu out; %lu and %lu bytes\n",
		       s->frames_in, s->frames_out, s->bytes_in, s->bytes_out);
	console_printf("dropped    %lu in, %lu out; %lu bad checksums; "
		       "%lu of others' frames\n",
		       s->dropped_in, s->dropped_out, s->checksum_errors,
		       s->foreign);
	console_printf("TCP        %lu in, %lu out, %lu sent again\n",
		       s->tcp_segments_in, s->tcp_segments_out,
		       s->tcp_retransmitted);
	console_printf("UDP        %lu in, %lu out\n", s->udp_in, s->udp_out);
	console_printf("ICMP       %lu in, %lu out\n", s->icmp_in, s->icmp_out);
	console_printf("services   %lu connections, %lu bytes echoed, "
		       "%lu datagrams echoed\n",
		       s->echo_tcp_connections, s->echo_tcp_bytes,
		       s->echo_udp_datagrams);
	console_printf("memory     %lu bytes, %lu at most so far\n",
		       s->memory_bytes, s->memory_peak_bytes);
}

/* What the driver of a card has counted of all its clients' frames. */
static void card_counts_show(const struct glue_process_info *driver)
{
	struct glue_counter c;

	for (unsigned k = 0; !glue_broker_counter(driver->pid, k, &c); k++)
		if (!memcmp(c.name, "net ", 4))
			console_printf("%-10s %-24s %12lu\n", driver->service,
				       c.name + 4, c.value);
}

static void cards_counts_show(void)
{
	struct glue_process_info p;
	struct glue_ip_if card;

	for (unsigned k = 0; net_card(k, &card); k++)
		if (!glue_process_serving(card.service, &p))
			card_counts_show(&p);
}

/* net stats: what one stack has counted, ip0 without a number, and its cards. */
void cmd_net_stats(int argc, char **argv)
{
	struct glue_ip_stats stats;

	if (!net_open(argc ? argv[0] : NET_STACK))
		return;
	if (service_good("asking for counters",
			 service_ask(GLUE_IP_STATS, 0, sizeof(stats), NULL,
				     SERVICE_PATIENCE_NS))) {
		memcpy(&stats, service_data(), sizeof(stats));
		stats_show(&stats);
		cards_counts_show();
	}
	service_close();
}

/* --- names and ping ------------------------------------------------------ */

void cmd_net_resolve(int argc, char **argv)
{
	char text[NET_ADDRESS_BYTES];
	uint32_t address;

	(void)argc;
	if (!net_open(NET_STACK))
		return;
	if (net_resolve(argv[0], &address)) {
		net_address_text(text, address);
		console_printf("%s is %s\n", argv[0], text);
	}
	service_close();
}

/* What a series of pings has come to. */
struct pings {
	uint32_t address;
	uint64_t count, sent, answered;
	uint64_t min_ns, max_ns, sum_ns;
};

/* A time in milliseconds with three digits behind the point. */
static void ms_print(const char *before, uint64_t ns, const char *behind)
{
	console_printf("%s%lu.%03lu%s", before, ns / 1000000, ns / 1000 % 1000,
		       behind);
}

static void answer_note(struct pings *p, uint64_t ns)
{
	p->answered++;
	p->sum_ns += ns;
	if (ns < p->min_ns)
		p->min_ns = ns;
	if (ns > p->max_ns)
		p->max_ns = ns;
}

/* One ping. Return: 0 if it makes no sense to go on. */
static int ping_once(struct pings *p)
{
	uint64_t ns;
	enum k_err err = service_ask(GLUE_IP_PING,
				     GLUE_IP_PING_ARG(p->address, PING_BYTES,
						      PING_WAIT_MS),
				     0, &ns, SERVICE_PATIENCE_NS);

	if (err == K_ERR_GONE || console_cancelled())
		return 0;
	p->sent++;
	if (!err) {
		answer_note(p, ns);
		if (p->count <= PING_SHOWN)
			ms_print("answer after ", ns, " ms\n");
	} else if (err == K_ERR_TIMEOUT) {
		console_printf("no answer to number %lu\n", p->sent);
	} else if (err == K_ERR_NOTFOUND) {
		console_printf("not sent: no way there: \"net list\" shows "
			       "links and addresses\n");
		return 0;
	} else {
		console_printf("not sent: %s\n", k_err_text(err));
		return 0;
	}
	return 1;
}

static void pings_sum(const struct pings *p)
{
	console_printf("%lu sent, %lu answered, %lu lost", p->sent, p->answered,
		       p->sent - p->answered);
	if (p->answered) {
		ms_print("; ms: ", p->min_ns, " at least, ");
		ms_print("", p->sum_ns / p->answered, " mean, ");
		ms_print("", p->max_ns, " at most");
	}
	console_printf("\n");
}

/* net ping: the next one goes out when one was answered or given up. */
void cmd_net_ping(int argc, char **argv)
{
	struct pings p = { .count = PING_COUNT, .min_ns = ~0ul };

	if (argc > 1 &&
	    !disk_number_in(argv[1], "COUNT", 1, PING_COUNT_MAX, &p.count))
		return;
	if (!net_open(argc > 2 ? argv[2] : NET_STACK))
		return;
	if (net_resolve(argv[0], &p.address)) {
		while (p.sent < p.count && ping_once(&p))
			;
		pings_sum(&p);
	}
	service_close();
}
