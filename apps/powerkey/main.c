/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the power button: waits for its GPIO line, then switches off in order.
 *
 * Which line it is says the device tree (gpio-keys, linux,code 116); the gpio
 * service passes that on. The line belongs to this program from the first wait
 * on. When it changes, disks are asked to make their caches permanent, and the
 * broker is asked for power-off. A machine without such a line does not need
 * this program, and it ends. Read next: glue/gpio.h, dde-linux/class/gpio.c
 */
#include <glue/block_client.h>
#include <glue/broker_client.h>
#include <glue/class.h>
#include <glue/gpio.h>
#include <glue/print.h>
#include <glue/request_client.h>
#include <glue/rt.h>

#define KEY_POWER  116u /* Linux: include/uapi/linux/input-event-codes.h */
#define LINES_MAX  1024u
#define ANSWER_NS  5000000000ul
#define FLUSH_NS   10000000000ul
#define PRESS_NS   3600000000000ul /* then it looks again; no limit */
#define EVERY_DISK 64u

static struct glue_req_port port;

/* Is the button on this line? */
static int is_button(uint64_t line)
{
	uint64_t value = 0;
	enum k_err err;

	err = glue_req_call(&port, GLUE_GPIO_LINE, 0, line, NULL, 0, &value,
			    glue_deadline_ns(ANSWER_NS));
	return !err && value >> GLUE_GPIO_KEY_SHIFT == KEY_POWER;
}

/* The button's line among those of the open service. Return: 1 if found. */
static int button_find(uint64_t *line)
{
	struct glue_gpio_info info;

	if (glue_req_info(&port, &info, sizeof(info),
			  glue_deadline_ns(ANSWER_NS)))
		return 0;
	for (*line = 0; *line < info.lines && *line < LINES_MAX; ++*line)
		if (is_button(*line))
			return 1;
	return 0;
}

/* Open the service that has the button. Return: 1 if there is one. */
static int service_find(uint64_t *line)
{
	struct glue_service_info s;
	unsigned int i;

	for (i = 0; !glue_broker_service(i, &s); i++) {
		if (s.class_id != GLUE_CLASS_GPIO ||
		    glue_req_open(&port, s.name, GLUE_CLASS_GPIO,
				  GLUE_PORT_LEND_MIN))
			continue;
		if (button_find(line))
			return 1;
		glue_req_close(&port);
	}
	return 0;
}

/* Return: K_OK after an edge; else why nobody can wait any longer. */
static enum k_err button_wait(uint64_t line)
{
	enum k_err err;

	do {
		err = glue_req_call(&port, GLUE_GPIO_WAIT, 0, line, NULL, 0,
				    NULL, glue_deadline_ns(PRESS_NS));
	} while (err == K_ERR_TIMEOUT);
	return err;
}

/* A disk that does not answer in time must not keep the machine on. */
static void disk_flush(const char *name)
{
	static struct glue_block blk;
	enum k_err err;

	err = glue_block_open(&blk, name, GLUE_BLOCK_PAGE_BYTES,
			      glue_deadline_ns(FLUSH_NS));
	if (!err) {
		err = glue_block_flush(&blk, glue_deadline_ns(FLUSH_NS));
		glue_block_close(&blk);
	}
	if (err)
		glue_printf("powerkey: %s: flush: %s\n", name, k_err_text(err));
}

static void disks_flush(void)
{
	struct glue_service_info s;
	unsigned int i;

	for (i = 0; i < EVERY_DISK && !glue_broker_service(i, &s); i++)
		if (s.class_id == GLUE_CLASS_BLOCK)
			disk_flush(s.name);
}

int glue_program_main(const struct glue_env *env)
{
	uint64_t line;
	enum k_err err;

	(void)env;
	if (!service_find(&line))
		return 0;
	err = button_wait(line);
	if (err) {
		glue_printf(
			"powerkey: waiting for the power button failed: %s\n",
			k_err_text(err));
		return 1;
	}
	glue_printf("powerkey: power button: switching off\n");
	disks_flush();
	glue_broker_poweroff(0);
	return 1;
}
