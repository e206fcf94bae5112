// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UFS host controller in front of the UFS front end
 *
 * JESD223: registers, UTP transfer request descriptor (UTRD), command
 * descriptor, PRD table. JESD220 section 10: UPIUs.
 */

#include <stdio.h>
#include <stdlib.h>

#include "ufs_host.h"

enum {
	CAP	= 0x00,
	VER	= 0x08,
	IS	= 0x20,
	IE	= 0x24,
	HCS	= 0x30,
	HCE	= 0x34,
	UTRLBA	= 0x50,
	UTRLBAU	= 0x54,
	UTRLDBR	= 0x58,
	UTRLCLR	= 0x5c,
	UTRLRSR	= 0x60,
	UICCMD	= 0x90,
	UCMDARG1 = 0x94,
	UCMDARG2 = 0x98,
	UCMDARG3 = 0x9c,
};

#define CAP_64BIT		(1 << 24)
#define VERSION_3_0		0x300

#define IS_TRANSFER		(1 << 0)
#define IS_POWER_MODE		(1 << 4)
#define IS_HIBERNATE_EXIT	(1 << 5)
#define IS_HIBERNATE_ENTER	(1 << 6)
#define IS_UIC_COMMAND		(1 << 10)

#define HCS_DEVICE		(1 << 0)
#define HCS_LISTS		(3 << 1)
#define HCS_UIC_READY		(1 << 3)
#define HCS_POWER_LOCAL		(1 << 8)

#define UIC_DME_GET		0x01
#define UIC_DME_SET		0x02
#define UIC_DME_PEER_GET	0x03
#define UIC_LINK_STARTUP	0x16
#define UIC_HIBERNATE_ENTER	0x17
#define UIC_HIBERNATE_EXIT	0x18
#define PA_TX_LANES		0x1561
#define PA_RX_LANES		0x1581
#define PA_PWRMODE		0x1571
#define PA_MAX_RX_HS_GEAR	0x1587

#define UTRD_SIZE		32
#define UTRD_OCS		8
#define UTRD_UCD		16
#define UTRD_RSP_LEN		24
#define UTRD_RSP_AT		26
#define UTRD_PRDT_LEN		28
#define UTRD_PRDT_AT		30
#define UTRD_INTERRUPT		(1 << 24)

#define OCS_INVALID_TABLE	1
#define OCS_INVALID_PRDT	2
#define OCS_PEER_FAILURE	5

#define UPIU_HEADER		32
#define NOP_OUT			0x00
#define COMMAND			0x01
#define QUERY_REQUEST		0x16
#define NOP_IN			0x20
#define RESPONSE		0x21
#define QUERY_RESPONSE		0x36
#define REJECT			0x3f
#define FLAG_OUT		0x20
#define FLAG_UNDERFLOW		0x20

#define PRD_SIZE		16
#define PRD_BYTES		0x3ffff
#define MAX_TRANSFER		(64u << 20)

static u32 *reg(struct ufs_host *h, u32 at)
{
	return &h->reg[at / 4];
}

static u32 get_le16(const u8 *p)
{
	return p[0] | (u32)p[1] << 8;
}

static u32 get_le32(const u8 *p)
{
	return get_le16(p) | get_le16(p + 2) << 16;
}

static u64 get_le64(const u8 *p)
{
	return get_le32(p) | (u64)get_le32(p + 4) << 32;
}

static void *dma(const struct ufs_host *h, u64 addr, u64 len)
{
	return h->ops->dma(h->ctx, addr, len);
}

static u8 *utrd_of(struct ufs_host *h, u32 n)
{
	u64 base = *reg(h, UTRLBA) | (u64)*reg(h, UTRLBAU) << 32;

	return dma(h, base + n * UTRD_SIZE, UTRD_SIZE);
}

/* Move data between a buffer and what the PRD table points to */
static bool scatter(struct ufs_host *h, const struct ufs_host_slot *s, u8 *data,
		    u32 len, bool to_guest)
{
	const u8 *prd = dma(h, s->prdt, (u64)s->entries * PRD_SIZE);
	u32 i, n;
	u8 *mem;

	for (i = 0; prd && len && i < s->entries; i++, prd += PRD_SIZE) {
		n = (get_le32(prd + 12) & PRD_BYTES) + 1;
		n = n < len ? n : len;
		mem = dma(h, get_le64(prd), n);
		if (!mem)
			return false;
		if (to_guest)
			memcpy(mem, data, n);
		else
			memcpy(data, mem, n);
		data += n;
		len -= n;
	}

	return !len;
}

static void update_irq(struct ufs_host *h)
{
	if (h->ops->irq)
		h->ops->irq(h->ctx, *reg(h, IS) & *reg(h, IE));
}

static void report(struct ufs_host *h, u32 event)
{
	*reg(h, IS) |= event;
	update_irq(h);
}

static void answer(struct ufs_host *h, u32 n)
{
	struct ufs_host_slot *s = &h->slot[n];
	u8 *utrd = utrd_of(h, n), *rsp = dma(h, s->rsp_addr, s->rsp_len);

	if (s->data && !s->ocs && !scatter(h, s, s->data, s->len, true))
		s->ocs = OCS_INVALID_PRDT;
	free(s->data);
	s->data = NULL;
	if (rsp)
		memcpy(rsp, s->rsp, s->rsp_len);
	if (utrd)
		utrd[UTRD_OCS] = s->ocs;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	*reg(h, UTRLDBR) &= ~(1u << n);
	report(h, IS_TRANSFER);
}

static void start_response(struct ufs_host_slot *s, const u8 *req, u8 type)
{
	memset(s->rsp, 0, sizeof(s->rsp));
	s->rsp[0] = type;
	s->rsp[2] = req[2];
	s->rsp[3] = req[3];
}

static void fill_scsi_response(struct ufs_host_slot *s, const u8 *req,
			       const struct ufs_front_cmd *c)
{
	start_response(s, req, RESPONSE);
	s->rsp[7] = c->status;
	if (c->done < c->len) {
		s->rsp[1] |= FLAG_UNDERFLOW;
		ufs_put_be32(s->rsp + 12, c->len - c->done);
	}
	if (c->status == 0x02) {
		ufs_put_be16(s->rsp + 10, 2 + UFS_FRONT_SENSE);
		ufs_put_be16(s->rsp + 32, UFS_FRONT_SENSE);
		memcpy(s->rsp + 34, c->sense, UFS_FRONT_SENSE);
	}
}

static void settle(struct ufs_host *h, struct ufs_host_slot *s,
		   enum ufs_front_fate fate)
{
	s->due = h->ops->now(h->ctx);
	if (fate == UFS_FRONT_LOST && h->quiet)
		fate = UFS_FRONT_SILENT;
	if (fate == UFS_FRONT_LATE)
		s->due += h->delay_ms;
	else if (fate == UFS_FRONT_SILENT)
		s->due = 0;
	else if (fate == UFS_FRONT_LINK_ERROR || fate == UFS_FRONT_LOST)
		s->ocs = OCS_PEER_FAILURE;
	else if (fate == UFS_FRONT_POWER_CUT)
		h->ops->power_cut(h->ctx);
}

static void run_scsi(struct ufs_host *h, struct ufs_host_slot *s, const u8 *req)
{
	struct ufs_front_cmd c = {
		.lun = req[2], .cdb = req + 16, .out = req[1] & FLAG_OUT,
		.len = ufs_get_be32(req + 12),
	};
	enum ufs_front_fate fate;

	c.data = c.len && c.len <= MAX_TRANSFER ? calloc(1, c.len) : NULL;
	if (c.len && !c.data) {
		s->ocs = OCS_INVALID_TABLE;
		return;
	}
	if (c.out && !scatter(h, s, c.data, c.len, false)) {
		s->ocs = OCS_INVALID_PRDT;
		free(c.data);
		return;
	}
	fate = ufs_front_scsi(h->front, &c);
	fill_scsi_response(s, req, &c);
	if (c.out || !c.done) {
		free(c.data);
	} else {
		s->data = c.data;
		s->len = c.done;
	}
	settle(h, s, fate);
}

static void run_query(struct ufs_host *h, struct ufs_host_slot *s,
		      const u8 *req)
{
	struct ufs_front_query q = {
		.opcode = req[12], .idn = req[13], .index = req[14],
		.len = ufs_get_be16(req + 18), .value = ufs_get_be32(req + 20),
	};

	start_response(s, req, QUERY_RESPONSE);
	memcpy(s->rsp + 12, req + 12, 4);
	s->rsp[6] = ufs_front_query(h->front, &q);
	if (s->rsp[6])
		return;
	ufs_put_be32(s->rsp + 20, q.value);
	if (q.opcode == 1) {
		ufs_put_be16(s->rsp + 10, q.len);
		ufs_put_be16(s->rsp + 18, q.len);
		memcpy(s->rsp + UPIU_HEADER, q.desc, q.len);
	}
}

/* The offsets in a UTRD count double words */
static bool find_parts(struct ufs_host *h, struct ufs_host_slot *s,
		       const u8 *utrd, u8 **req)
{
	u64 ucd = get_le64(utrd + UTRD_UCD);

	s->rsp_addr = ucd + get_le16(utrd + UTRD_RSP_AT) * 4;
	s->rsp_len = get_le16(utrd + UTRD_RSP_LEN) * 4;
	if (s->rsp_len > UFS_HOST_UPIU)
		s->rsp_len = UFS_HOST_UPIU;
	s->prdt = ucd + get_le16(utrd + UTRD_PRDT_AT) * 4;
	s->entries = get_le16(utrd + UTRD_PRDT_LEN);
	*req = dma(h, ucd, UPIU_HEADER);

	return *req && dma(h, s->rsp_addr, s->rsp_len);
}

static void start(struct ufs_host *h, u32 n)
{
	struct ufs_host_slot *s = &h->slot[n];
	u8 *utrd = utrd_of(h, n), *req;

	*s = (struct ufs_host_slot){ .due = h->ops->now(h->ctx) };
	if (!utrd || !find_parts(h, s, utrd, &req)) {
		s->ocs = OCS_INVALID_TABLE;
		return;
	}
	switch (req[0]) {
	case NOP_OUT:
		start_response(s, req, NOP_IN);
		break;
	case COMMAND:
		run_scsi(h, s, req);
		break;
	case QUERY_REQUEST:
		run_query(h, s, req);
		break;
	default:
		start_response(s, req, REJECT);
	}
}

/* The device answers what it has: an old command with the same task tag, too */
static void haunt(struct ufs_host *h, u32 n)
{
	if (!h->ghost.due)
		return;
	free(h->slot[n].data);
	h->slot[n] = h->ghost;
	h->ghost.due = 0;
}

/* A bit that is set already belongs to a request under way */
static void ring(struct ufs_host *h, u32 val)
{
	u32 n, fresh = val & ~*reg(h, UTRLDBR);

	if (!(*reg(h, UTRLRSR) & 1))
		return;
	*reg(h, UTRLDBR) |= fresh;
	for (n = 0; n < UFS_HOST_SLOTS; n++)
		if (fresh & 1u << n) {
			start(h, n);
			haunt(h, n);
		}
	ufs_host_tick(h);
}

static void drop(struct ufs_host *h, u32 slots)
{
	u32 n;

	for (n = 0; n < UFS_HOST_SLOTS; n++) {
		if (slots & *reg(h, UTRLDBR) & 1u << n) {
			free(h->slot[n].data);
			h->slot[n].data = NULL;
		}
	}
	*reg(h, UTRLDBR) &= ~slots;
}

/* The device is not told: it has the command still */
static void clear(struct ufs_host *h, u32 slots)
{
	u32 n;

	if (h->stubborn & UFS_HOST_KEEPS_SLOTS)
		return;
	for (n = 0; n < UFS_HOST_SLOTS; n++)
		if (slots & *reg(h, UTRLDBR) & 1u << n)
			h->ghost = h->slot[n];
	h->ghost.data = NULL;
	drop(h, slots);
}

void ufs_host_reset(struct ufs_host *h)
{
	drop(h, ~0u);
	h->ghost.due = 0;
	memset(h->reg, 0, sizeof(h->reg));
	*reg(h, CAP) = CAP_64BIT | (UFS_HOST_SLOTS - 1);
	*reg(h, VER) = VERSION_3_0;
	update_irq(h);
}

static void enable(struct ufs_host *h, u32 val)
{
	if (h->stubborn & (val & 1 ? UFS_HOST_STAYS_OFF : UFS_HOST_STAYS_ON))
		return;
	ufs_host_reset(h);
	if (!(val & 1))
		return;
	*reg(h, HCE) = 1;
	*reg(h, HCS) = HCS_UIC_READY;
}

static u32 dme_get(u32 attribute)
{
	switch (attribute) {
	case PA_TX_LANES:
	case PA_RX_LANES:
		return 2;
	case PA_MAX_RX_HS_GEAR:
		return 4;
	default:
		return 0;
	}
}

/* What follows on a command that changes the state of the link */
static u32 change_link(struct ufs_host *h, u32 cmd, u32 attribute)
{
	switch (cmd) {
	case UIC_LINK_STARTUP:
		*reg(h, HCS) |= HCS_DEVICE | HCS_LISTS;
		ufs_front_power_up(h->front);
		return 0;
	case UIC_HIBERNATE_ENTER:
		h->hibernations++;
		return IS_HIBERNATE_ENTER;
	case UIC_HIBERNATE_EXIT:
		return IS_HIBERNATE_EXIT;
	case UIC_DME_SET:
		return attribute == PA_PWRMODE ? IS_POWER_MODE : 0;
	default:
		return 0;
	}
}

static void uic(struct ufs_host *h, u32 cmd)
{
	u32 attribute = *reg(h, UCMDARG1) >> 16;
	u32 change = change_link(h, cmd, attribute);

	*reg(h, UCMDARG2) = 0;
	if (cmd == UIC_DME_GET || cmd == UIC_DME_PEER_GET)
		*reg(h, UCMDARG3) = dme_get(attribute);
	if (change)
		*reg(h, HCS) |= HCS_POWER_LOCAL;
	report(h, IS_UIC_COMMAND | change);
}

u32 ufs_host_read(const struct ufs_host *h, u32 at)
{
	return h->reg[at / 4];
}

void ufs_host_write(struct ufs_host *h, u32 at, u32 val)
{
	switch (at) {
	case CAP:
	case VER:
	case HCS:
		break;
	case IS:
		*reg(h, IS) &= ~val;
		update_irq(h);
		break;
	case IE:
		*reg(h, IE) = val;
		update_irq(h);
		break;
	case HCE:
		enable(h, val);
		break;
	case UTRLDBR:
		ring(h, val);
		break;
	case UTRLCLR:
		clear(h, ~val);
		break;
	case UICCMD:
		uic(h, val & 0xff);
		break;
	default:
		*reg(h, at) = val;
	}
}

int ufs_host_tick(struct ufs_host *h)
{
	u64 now = h->ops->now(h->ctx);
	int next = -1;
	u32 n;

	for (n = 0; n < UFS_HOST_SLOTS; n++) {
		if (!(*reg(h, UTRLDBR) & 1u << n) || !h->slot[n].due)
			continue;
		if (h->slot[n].due <= now)
			answer(h, n);
		else if (next < 0 || h->slot[n].due - now < (u64)next)
			next = h->slot[n].due - now;
	}

	return next;
}
