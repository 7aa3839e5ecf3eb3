/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_fault.c - glue_broker_fault: what it runs, and whose error it returns.
 *
 * The broker is played here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/rt.h>

static char ran[80];
static enum k_err run_error;
static struct glue_process_info injector;
static unsigned int waits;

enum k_err glue_broker_run(const char *name, const char *args, uint32_t *pid)
{
	snprintf(ran, sizeof(ran), "%s %s", name, args);
	*pid = 9;
	return run_error;
}

enum k_err glue_broker_wait(uint32_t pid, enum glue_process_state *state,
			    int64_t *status)
{
	assert_int_equal(pid, 9);
	waits++;
	*state = GLUE_PROC_ENDED;
	*status = injector.status;
	return K_OK;
}

enum k_err glue_process_find(uint32_t pid, struct glue_process_info *info)
{
	*info = injector;
	return pid == 9 ? K_OK : K_ERR_NOTFOUND;
}

/* The page that the broker maps into every process. */
static int make_env(void **state)
{
	struct glue_env *env = mmap((void *)GLUE_ENV_VADDR, 4096,
				    PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
				    0);

	(void)state;
	assert_ptr_equal(env, (void *)GLUE_ENV_VADDR);
	env->pid = 3;
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	ran[0] = '\0';
	run_error = K_OK;
	waits = 0;
	injector = (struct glue_process_info){ .pid = 9,
					       .state = GLUE_PROC_ENDED,
					       .status = K_ERR_NOTFOUND };
	return 0;
}

static void whose_error(void **state)
{
	(void)state;
	assert_int_equal(glue_broker_fault(5, GLUE_FAULT_HEAP, 1ul << 40),
			 K_ERR_NOTFOUND);
	assert_string_equal(ran, "inject 5 5 1099511627776");
	assert_int_equal(waits, 1);
	injector.status = K_OK;
	assert_int_equal(glue_broker_fault(5, GLUE_FAULT_HEAP, 0), K_OK);
	injector.state = GLUE_PROC_FAULTED;
	assert_int_equal(glue_broker_fault(5, GLUE_FAULT_HEAP, 0), K_ERR_GONE);
	run_error = K_ERR_DENIED;
	assert_int_equal(glue_broker_fault(5, GLUE_FAULT_HEAP, 0),
			 K_ERR_DENIED);
}

/* A changed instruction may never be run: nobody waits for that. */
static void an_instruction_is_not_waited_for(void **state)
{
	(void)state;
	injector.state = GLUE_PROC_READY;
	assert_int_equal(glue_broker_fault(5, GLUE_FAULT_BRANCH, 0), K_OK);
	injector.state = GLUE_PROC_ENDED;
	assert_int_equal(glue_broker_fault(5, GLUE_FAULT_BRANCH, 0),
			 K_ERR_NOTFOUND);
	assert_int_equal(waits, 0);
}

static void not_oneself(void **state)
{
	(void)state;
	assert_int_equal(glue_broker_fault(3, GLUE_FAULT_NULL, 0),
			 K_ERR_INVALID);
	assert_string_equal(ran, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(whose_error, set_up),
		cmocka_unit_test_setup(an_instruction_is_not_waited_for,
				       set_up),
		cmocka_unit_test_setup(not_oneself, set_up),
	};

	return cmocka_run_group_tests_name("glue_fault", tests, make_env, NULL);
}
