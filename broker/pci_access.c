/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pci_access.c - a driver's accesses to its function's configuration space.
 *
 * Reads are free. A write must fall into one of a few registers whole: command
 * (without I/O and the bits that only bridges have), status, scratch registers,
 * power state, PCIe device control. BARs would let a driver lay its registers
 * over another's; message interrupts would let it write anywhere. Whose function
 * it is follows from who asks. When the driver has died, its function loses the
 * right to begin transactions.
 */
#include "pci.h"

#include "calls.h"
#include "log.h"
#include "regs_pci.h"

#define CAPABILITIES_MAX 48u /* each at least 4 bytes of 192 */

static enum k_err access_check(const struct broker_device *device,
			       uint64_t offset, uint64_t bytes)
{
	if (!device || !device->is_pci)
		return K_ERR_UNSUPPORTED;
	if (bytes != 1 && bytes != 2 && bytes != 4)
		return K_ERR_INVALID;
	if (offset >= PCI_CONFIG_BYTES)
		return K_ERR_RANGE;
	return offset % bytes ? K_ERR_ALIGN : K_OK;
}

/* Where a capability lies; 0 if there is none. The list is the device's. */
static uint32_t capability_find(unsigned int devfn, uint32_t id)
{
	uint32_t at;

	if (!(broker_pci_config_read(devfn, PCI_STATUS, 2) &
	      PCI_STATUS_CAPABILITIES))
		return 0;
	at = broker_pci_config_read(devfn, PCI_CAPABILITIES, 1) & ~3u;
	for (unsigned int i = 0; i < CAPABILITIES_MAX; i++) {
		if (at < PCI_CAP_FIRST)
			return 0;
		if (broker_pci_config_read(devfn, at, 1) == id)
			return at;
		at = broker_pci_config_read(devfn, at + 1, 1) & ~3u;
	}
	return 0;
}

/* Does it fall into one register that a driver may write as it likes? */
static int write_allowed(unsigned int devfn, uint64_t offset, uint64_t bytes)
{
	int behind = offset >= PCI_CAP_FIRST; /* the registers all have */
	uint32_t power = behind ? capability_find(devfn, PCI_CAP_POWER) : 0;
	uint32_t express = behind ? capability_find(devfn, PCI_CAP_EXPRESS) : 0;
	const struct {
		uint32_t offset, bytes;
	} fields[] = {
		{ PCI_STATUS, 2 },
		{ PCI_CACHE_LINE, 1 },
		{ PCI_LATENCY, 1 },
		{ PCI_INTERRUPT_LINE, 1 },
		{ power + PCI_CAP_POWER_PMCSR, power ? 2 : 0 },
		{ express + PCI_CAP_EXPRESS_DEVCTL, express ? 4 : 0 },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (offset >= fields[i].offset &&
		    offset + bytes <= fields[i].offset + fields[i].bytes)
			return 1;
	}
	return 0;
}

int broker_call_pci_read(const struct broker_call *c)
{
	const struct broker_device *device = c->from->device;
	uint64_t offset = c->word[0], bytes = c->word[1];
	enum k_err err = access_check(device, offset, bytes);

	if (err)
		return err;
	broker_reply_word(c->reply, broker_pci_config_read(device->devfn,
							   (uint32_t)offset,
							   (uint32_t)bytes));
	return K_OK;
}

/* Nothing that decides which addresses the function answers to, or that sends
 * messages. */
int broker_call_pci_write(const struct broker_call *c)
{
	const struct broker_device *device = c->from->device;
	uint64_t offset = c->word[0], bytes = c->word[1];
	uint32_t value = (uint32_t)c->word[2];
	enum k_err err = access_check(device, offset, bytes);

	if (err)
		return err;
	if (offset == PCI_COMMAND && bytes == 2) {
		value &= PCI_COMMAND_DRIVER;
	} else if (!write_allowed(device->devfn, offset, bytes)) {
		if (broker_process_may_complain(c->from))
			broker_log(
				"%s (pid %u) was refused the request pci_write of %lu bytes at 0x%lx of %s: no driver may write there",
				c->from->label, c->from->pid, bytes, offset,
				device->node);
		return K_ERR_DENIED;
	}
	broker_pci_config_write(device->devfn, (uint32_t)offset,
				(uint32_t)bytes, value);
	return K_OK;
}

void broker_pci_stop(const struct broker_device *device)
{
	uint32_t command = broker_pci_config_read(device->devfn, PCI_COMMAND,
						  2);

	broker_pci_config_write(device->devfn, PCI_COMMAND, 2,
				command & ~PCI_COMMAND_MASTER);
}

int broker_pci_is_quiet(const struct broker_device *device)
{
	unsigned int devfn = device->devfn;
	uint32_t express = capability_find(devfn, PCI_CAP_EXPRESS);

	if (broker_pci_config_read(devfn, PCI_COMMAND, 2) & PCI_COMMAND_MASTER)
		return 0;
	return !express ||
	       !(broker_pci_config_read(devfn, express + PCI_CAP_EXPRESS_DEVSTA,
					2) &
		 PCI_DEVSTA_PENDING);
}
