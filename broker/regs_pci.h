/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regs_pci.h - configuration space of a PCI function, as far as it is used.
 *
 * Source: PCI Local Bus Specification 3.0, chapter 6; PCI Express Base 4.0,
 * 7.2.2 (ECAM) and 7.5; IEEE 1275 PCI bus binding 2.1, 2.2.1.1 (phys.hi).
 */
#ifndef BROKER_REGS_PCI_H
#define BROKER_REGS_PCI_H

/* clang-format off */
#define PCI_COMMAND		0x04u /* RW 16, PCI_COMMAND_*              */
#define PCI_STATUS		0x06u /* R/W1C 16                          */
#define PCI_CACHE_LINE		0x0cu /* RW 8                              */
#define PCI_LATENCY		0x0du /* RW 8                              */
#define PCI_BAR0		0x10u /* RW 32, six of them                */
#define PCI_CAPABILITIES	0x34u /* RO 8, offset of the first         */
#define PCI_INTERRUPT_LINE	0x3cu /* RW 8, scratch                     */
#define PCI_CONFIG_BYTES	0x1000u
#define PCI_DEVFNS		256u  /* of a bus                         */

#define PCI_COMMAND_MEMORY	0x002u
#define PCI_COMMAND_MASTER	0x004u
#define PCI_COMMAND_DRIVER	0x546u /* memory, master, parity, SERR, no INTx */

#define PCI_STATUS_CAPABILITIES	0x010u

#define PCI_BAR_COUNT		6u
#define PCI_BAR_IO		0x1u
#define PCI_BAR_TYPE		0x6u
#define PCI_BAR_64		0x4u
#define PCI_BAR_ADDRESS		0xfffffff0u

#define PCI_CAP_POWER		0x01u /* control and status at 4, 16 bit   */
#define PCI_CAP_EXPRESS		0x10u
#define PCI_CAP_POWER_PMCSR	4u
#define PCI_CAP_EXPRESS_DEVCTL	8u    /* RW 16; status behind it W1C 16    */
#define PCI_CAP_EXPRESS_DEVSTA	10u   /* R/W1C 16                          */
#define PCI_DEVSTA_PENDING	0x20u /* transactions are under way        */
#define PCI_CAP_FIRST		0x40u

#define PCI_DEVFN_SHIFT		12u   /* in ECAM                           */
/* clang-format on */

#endif
