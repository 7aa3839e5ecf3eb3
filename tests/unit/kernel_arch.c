/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_arch.c - the kernel's register helpers: syndromes, page-table entries.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <abi/object.h>
#include <arch/esr.h>
#include <arch/pte_kernel.h>
#include <core/arch.h>

static char text[512];

/* Stands in for core/printf.c, which has a test of its own. */
void kernel_printf(const char *format, ...)
{
	size_t length = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + length, sizeof(text) - length, format, args);
	va_end(args);
}

static void test_esr_write_to_unmapped(void **state)
{
	(void)state;
	text[0] = 0;
	esr_print(0x96000047, 0xffffff800001bf60);
	assert_string_equal(text, "  ESR 96000047: data abort, write at "
				  "address ffffff800001bf60: not mapped, "
				  "level 3\n");
}

static void test_esr_classes(void **state)
{
	(void)state;
	assert_string_equal(esr_class(0x02000000), "undefined instruction");
	assert_string_equal(esr_class(0x56000000), "system call");
	assert_string_equal(esr_class(0x82000006), "instruction abort");
	assert_string_equal(esr_class(0x86000006), "instruction abort");
	assert_string_equal(esr_class(0x92000047), "data abort");
	assert_string_equal(esr_class(0xbe000000), "system error");
	assert_string_equal(esr_class(0xfc000000), "class not named here");
	assert_string_equal(esr_fault(0x0f), "no permission, level");
	assert_string_equal(esr_fault(0x10), "bus error, sub-code");
	assert_string_equal(esr_fault(0x21), "not aligned, sub-code");
	assert_string_equal(esr_fault(0x3f), "status");
}

static void test_table_index(void **state)
{
	(void)state;
	assert_int_equal(table_index(KERNEL_IMAGE, 0), 511);
	assert_int_equal(table_index(KERNEL_IMAGE, 1), 0);
	assert_int_equal(table_index(KERNEL_WINDOW, 1), 1);
	assert_int_equal(table_index(0x40201000, 2), 1);
	assert_int_equal(table_index(0x40201000, 3), 1);
	assert_int_equal(level_bytes(1), 1ull << 30);
	assert_int_equal(level_bytes(2), 1ull << 21);
	assert_int_equal(level_bytes(3), 1ull << 12);
}

/* No kernel mapping is writable and executable, or seen by EL0. */
static void test_kernel_mappings(void **state)
{
	static const uint64_t all[] = { PTE_KERNEL_TEXT, PTE_KERNEL_RODATA,
					PTE_KERNEL_DATA, PTE_KERNEL_DEVICE };
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_true(all[i] & (PTE_AP_RO | PTE_PXN));
		assert_true(all[i] & PTE_UXN);
		assert_false(all[i] & PTE_AP_EL0);
		assert_false(all[i] & PTE_NG);
	}
}

static void test_user_leaf(void **state)
{
	const unsigned int rw = ABI_RIGHT_READ | ABI_RIGHT_WRITE;
	uint64_t pte = pte_leaf(0x40000000, 3, rw, ABI_VM_DEFAULT);

	(void)state;
	assert_true(pte_valid(pte) && pte_user_writable(pte));
	assert_int_equal(pte_addr(pte), 0x40000000);
	assert_true(pte & PTE_PXN);
	assert_false(pte & PTE_UXN);
	assert_true(pte & PTE_NG);
	pte = pte_leaf(0x40000000, 3, ABI_RIGHT_READ, ABI_VM_EXECUTE_NEVER);
	assert_false(pte_user_writable(pte));
	assert_true(pte & PTE_UXN);
	assert_int_equal(pte & PTE_ATTR(7), PTE_ATTR(MAIR_DEVICE_NGNRNE));
	pte = pte_leaf(0x40000000, 2, ABI_RIGHT_WRITE, ABI_VM_DEFAULT);
	assert_false(pte & PTE_AP_EL0);
	assert_true(pte & PTE_AP_RO);
	assert_false(pte_is_table(pte));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_esr_write_to_unmapped),
		cmocka_unit_test(test_esr_classes),
		cmocka_unit_test(test_table_index),
		cmocka_unit_test(test_kernel_mappings),
		cmocka_unit_test(test_user_leaf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
