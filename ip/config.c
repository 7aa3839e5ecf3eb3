/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.c - reads the manifest's args, a word at a time.
 */
#include "config.h"

#include <glue/string.h>

#define WORD_BYTES 64u

static int nic_read(struct ip_config *config, const char *text)
{
	if (config->n_nics == IP_NICS_MAX || *text == '\0')
		return 0;
	return glue_strlcpy(config->nic[config->n_nics++], text,
			    GLUE_NAME_BYTES) < GLUE_NAME_BYTES;
}

/* "10.0.2.15/24" */
static int address_read(struct ip_config *config, const char *text)
{
	char host[WORD_BYTES];
	uint64_t bits = 0;
	size_t slash = 0;

	while (text[slash] != '\0' && text[slash] != '/')
		slash++;
	glue_strlcpy(host, text, sizeof(host));
	host[slash] = '\0';
	if (text[slash] == '\0' || !glue_parse_u64(text + slash + 1, &bits) ||
	    bits < 1 || bits > 32 || !ip4addr_aton(host, &config->address))
		return 0;
	config->netmask.addr = lwip_htonl(~0u << (32 - bits));
	config->has_address = 1;
	return 1;
}

static int gateway_read(struct ip_config *config, const char *text)
{
	return ip4addr_aton(text, &config->gateway);
}

static int dns_read(struct ip_config *config, const char *text)
{
	return ip4addr_aton(text, &config->dns);
}

static int dhcp_read(struct ip_config *config, const char *text)
{
	config->dhcp = strcmp(text, "on") == 0;
	return config->dhcp || strcmp(text, "off") == 0;
}

static const struct {
	const char *key;
	int (*read)(struct ip_config *config, const char *text);
} words[] = {
	{ "nic=", nic_read },	      { "address=", address_read },
	{ "gateway=", gateway_read }, { "dns=", dns_read },
	{ "dhcp=", dhcp_read },
};

static int word_read(struct ip_config *config, const char *word)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t bytes = strlen(words[i].key);

		if (strncmp(word, words[i].key, bytes) == 0)
			return words[i].read(config, word + bytes);
	}
	return 0;
}

/* Cut the next word off @args; NULL at the end. Too long ones are cut. */
static const char *word_next(const char *args, char word[WORD_BYTES])
{
	size_t used = 0;

	while (*args == ' ')
		args++;
	if (*args == '\0')
		return NULL;
	for (; *args != '\0' && *args != ' '; args++) {
		if (used < WORD_BYTES - 1)
			word[used++] = *args;
	}
	word[used] = '\0';
	return args;
}

const char *ip_config_read(struct ip_config *config, const char *args)
{
	static char word[WORD_BYTES];

	*config = (struct ip_config){ .dhcp = 1 };
	while ((args = word_next(args, word)) != NULL) {
		if (!word_read(config, word))
			return word;
	}
	return NULL;
}
