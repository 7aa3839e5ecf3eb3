/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * accessors.h - contracts of the readers and makers in kernel/object/cap*.h.
 *
 * Each field comes back as it was put in, and none disturbs another.
 */
#ifndef PROVE_ACCESSORS_H
#define PROVE_ACCESSORS_H

#include <object/cap.h>
#include "fields.h"

/* clang-format off */

/*@ requires 0 <= tag < 32 && aux < 0x800;
    assigns \nothing;
    ensures tag: (\result.w0 >> 59) == tag;
    ensures aux: Aux(\result) == aux;
    ensures addr: Addr(\result) == (addr & 0xffffffffffff);
    ensures w1: \result.w1 == w1; */
static struct cap cap_make(enum abi_cap_tag tag, uint64_t aux, uint64_t addr,
			   uint64_t w1);

/*@ assigns \nothing;
    ensures tag: \result == Tag(cap); */
static enum abi_cap_tag cap_tag(struct cap cap);

/*@ assigns \nothing;
    ensures is: \result <==> Tag(cap) == tag; */
static bool cap_is(struct cap cap, enum abi_cap_tag tag);

/*@ assigns \nothing;
    ensures aux: \result == Aux(cap);
    ensures small: \result < 0x800; */
static unsigned int cap_aux(struct cap cap);

/*@ assigns \nothing;
    ensures addr: \result == Addr(cap); */
static uint64_t cap_addr(struct cap cap);

/*@ requires aux < 0x800;
    assigns \nothing;
    ensures tag: Tag(\result) == Tag(cap);
    ensures aux: Aux(\result) == aux;
    ensures addr: Addr(\result) == Addr(cap);
    ensures w1: \result.w1 == cap.w1; */
static struct cap cap_set_aux(struct cap cap, unsigned int aux);

/*@ assigns \nothing;
    ensures asid: \result == cap.w1 / TWO_48; */
static uint64_t cap_asid(struct cap cap);

/*@ requires asid < 0x10000 && vaddr < TWO_48;
    assigns \nothing;
    ensures asid: \result / TWO_48 == asid;
    ensures vaddr: \result % TWO_48 == vaddr; */
static uint64_t map_info(uint64_t asid, uint64_t vaddr);

/*@ assigns \nothing;
    ensures size: \result == 12 + 9 * (Aux(cap) & 3); */
static unsigned int frame_bits(struct cap cap);

/*@ assigns \nothing;
    ensures radix: \result == (Aux(cap) & 63); */
static unsigned int cnode_radix(struct cap cap);

/*@ assigns \nothing;
    ensures bits: \result == (Aux(cap) & 63); */
static unsigned int untyped_bits(struct cap cap);

/*@ assigns \nothing;
    ensures device: \result <==> ((Aux(cap) >> 6) & 1) != 0; */
static bool untyped_is_device(struct cap cap);

/*@ requires watermark <= 0x800000000000 && watermark % 16 == 0;
    requires cleared <= 0xfffff;
    assigns \nothing;
    ensures watermark: (\result % TWO_44) * 16 == watermark;
    ensures cleared: \result / TWO_44 == cleared; */
static uint64_t untyped_fill(uint64_t watermark, uint64_t cleared);

/*@ assigns \nothing;
    ensures watermark: \result == (cap.w1 % TWO_44) * 16; */
static uint64_t untyped_watermark(struct cap cap);

/*@ assigns \nothing;
    ensures cleared: \result == cap.w1 / TWO_44; */
static uint64_t untyped_cleared(struct cap cap);

#endif
