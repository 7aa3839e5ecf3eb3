/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regs_pci_ids.h - what a PCI function says of itself, and how the tree names it.
 *
 * The finder only reads; what is written stands in broker/regs_pci.h.
 * Source: PCI Local Bus Specification 3.0, chapter 6; IEEE 1275 PCI bus binding
 * 2.1, 2.2.1.1 (phys.hi).
 */
#ifndef FINDER_REGS_PCI_IDS_H
#define FINDER_REGS_PCI_IDS_H

/* clang-format off */
#define PCI_VENDOR_ID		0x00u /* RO 16, 0xffff: no function here   */
#define PCI_DEVICE_ID		0x02u /* RO 16                             */
#define PCI_CLASS_REVISION	0x08u /* RO 32, [31:8] class               */
#define PCI_HEADER_TYPE		0x0eu /* RO 8, [6:0] layout, [7] many      */
#define PCI_SUBSYSTEM_VENDOR	0x2cu /* RO 16                             */
#define PCI_SUBSYSTEM_ID	0x2eu /* RO 16                             */
#define PCI_INTERRUPT_PIN	0x3du /* RO 8, 0 none, 1..4 INTA..INTD     */
#define PCI_HEADER_LAYOUT	0x7fu
#define PCI_HEADER_DEVICE	0u
#define PCI_HEADER_MANY		0x80u
#define PCI_RANGE_SPACE		0x03000000u /* of phys.hi in `ranges`       */
#define PCI_RANGE_MEM32		0x02000000u
#define PCI_PHYS_DEVFN_SHIFT	8u    /* in phys.hi                        */
/* clang-format on */

#endif
