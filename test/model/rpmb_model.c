// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Model of an RPMB device: the engine
 *
 * Every rule names the text it comes from: JESD84-B51 section 6.6.22 (eMMC),
 * JESD220H section 12.4 (UFS), OASIS VIRTIO 1.3 section 5.12 (virtio).
 */

#include "rpmb_model_frame.h"

#ifdef __UBOOT__
#include <malloc.h>
#else
#include <stdlib.h>
#endif

#define MAC_LEN		32
#define NONCE_LEN	16

enum {
	R_OK		= 0,
	R_GENERAL	= 1,
	R_AUTH		= 2,
	R_COUNTER	= 3,
	R_ADDRESS	= 4,
	R_WRITE		= 5,
	R_READ		= 6,
	R_NO_KEY	= 7,
	R_EXPIRED	= 0x80,
};

static const u8 *nth(const u8 *frames, u32 n)
{
	return frames + (size_t)n * RPMB_MODEL_FRAME;
}

static u8 *nth_block(struct rpmb_model *m, u32 n)
{
	return m->store.data + (size_t)n * RPMB_MODEL_BLOCK;
}

void rpmb_model_hmac(const u8 key[32], const u8 *frames,
		     u32 count, u8 mac[32])
{
	struct rpmb_model_hmac_ctx c;
	u32 i;

	rpmb_model_hmac_init(&c, key, 32);
	for (i = 0; i < count; i++)
		rpmb_model_hmac_update(&c, nth(frames, i) + AT_DATA,
				       RPMB_MODEL_FRAME - AT_DATA);
	rpmb_model_hmac_final(&c, mac);
}

static bool expired(const struct rpmb_model *m)
{
	return m->state.counter == 0xffffffff;
}

/* A reply to a read or counter request; the others go through the register */
static bool answers_at_once(u32 type)
{
	return type != T_KEY && type != T_WRITE && type != T_WP_WRITE;
}

static void start_reply(const struct rpmb_model *m, u8 *frame,
			u32 type, u32 result)
{
	/* eMMC and UFS: a status bit in every result; virtio: a result */
	if (m->flavour != RPMB_MODEL_VIRTIO && m->state.key_set && expired(m))
		result |= R_EXPIRED;

	memset(frame, 0, RPMB_MODEL_FRAME);
	put16(frame, AT_RESULT, result);
	if (m->state.key_set || !(m->quirks & RPMB_MODEL_Q_NOKEY_TYPE_0))
		put16(frame, AT_TYPE, type << 8);
}

void rpmb_model_sign(const struct rpmb_model *m, u8 *frames, u32 count)
{
	u8 *last = frames + (size_t)(count - 1) * RPMB_MODEL_FRAME;

	if (m->state.key_set)
		rpmb_model_hmac(m->state.key, frames, count, last + AT_MAC);
}

static void echo_nonce(const struct rpmb_model *m, u8 *frame)
{
	if (!m->state.key_set && (m->quirks & RPMB_MODEL_Q_NOKEY_EMPTY))
		return;
	memcpy(frame + AT_NONCE, m->request + AT_NONCE, NONCE_LEN);
}

/* Make a change durable; if this fails the caller undoes it */
static int commit(struct rpmb_model *m, u32 addr, u32 count)
{
	if (!m->store.commit)
		return 0;
	return m->store.commit(m->store.ctx, m, addr, count);
}

static u32 store_key(struct rpmb_model *m, const u8 *frame)
{
	struct rpmb_model_state old = m->state;

	memcpy(m->state.key, frame + AT_MAC, sizeof(m->state.key));
	m->state.key_set = 1;
	m->state.counter = 0;
	if (commit(m, 0, 0)) {
		m->state = old;
		return R_WRITE;
	}

	return m->quirks & RPMB_MODEL_Q_KEY_LIES ? R_WRITE : R_OK;
}

static u32 run_program_key(struct rpmb_model *m, const u8 *frames, u32 count,
			   bool reliable)
{
	if (count != 1)
		return R_GENERAL;
	if (m->flavour == RPMB_MODEL_EMMC && !reliable)
		return R_GENERAL;
	if (m->flavour == RPMB_MODEL_VIRTIO && get16(frames, AT_COUNT) != 1)
		return R_GENERAL;
	if (m->state.key_set)
		return m->quirks & RPMB_MODEL_Q_REKEY_GENERAL ? R_GENERAL :
								R_WRITE;
	return store_key(m, frames);
}

/* Every frame of a write says the same of it */
static bool frames_agree(const u8 *frames, u32 count)
{
	u32 i;

	for (i = 1; i < count; i++)
		if (memcmp(nth(frames, i) + AT_COUNTER, frames + AT_COUNTER,
			   RPMB_MODEL_FRAME - AT_COUNTER))
			return false;
	return get16(frames, AT_COUNT) == count;
}

static bool write_count_ok(const struct rpmb_model *m, const u8 *frames,
			   u32 count)
{
	if ((m->quirks & RPMB_MODEL_Q_WRITE_1_2_32) && count != 1 &&
	    count != 2 && count != 32)
		return false;
	if (m->max_wr && count > m->max_wr)
		return false;
	return frames_agree(frames, count);
}

static bool address_ok(const struct rpmb_model *m, u32 addr,
		       u32 count)
{
	return addr < m->blocks && count <= m->blocks - addr;
}

/* The order in which the three texts have a write checked */
static u32 check_place(const struct rpmb_model *m, const u8 *frames, u32 count,
		       bool reliable)
{
	bool count_ok = write_count_ok(m, frames, count);
	bool addr_ok = address_ok(m, get16(frames, AT_ADDR), count);

	if (m->flavour == RPMB_MODEL_VIRTIO) {
		if (!count_ok)
			return R_GENERAL;
		if (expired(m))
			return R_EXPIRED;
		return addr_ok ? R_OK : R_ADDRESS;
	}
	if (m->flavour == RPMB_MODEL_EMMC && (!reliable || !count_ok))
		return R_GENERAL;
	if (expired(m))
		return R_WRITE;
	if (!addr_ok)
		return R_ADDRESS;
	return count_ok ? R_OK : R_GENERAL;
}

static u32 check_signature(const struct rpmb_model *m, const u8 *frames,
			   u32 count)
{
	u8 mac[MAC_LEN];

	rpmb_model_hmac(m->state.key, frames, count, mac);
	if (memcmp(mac, nth(frames, count - 1) + AT_MAC, MAC_LEN))
		return R_AUTH;
	return get32(frames, AT_COUNTER) == m->state.counter ? R_OK :
							       R_COUNTER;
}

static u32 store_blocks(struct rpmb_model *m, const u8 *frames, u32 count)
{
	u32 i, addr = get16(frames, AT_ADDR);
	size_t len = (size_t)count * RPMB_MODEL_BLOCK;
	u8 *undo = malloc(len);
	u32 result = R_OK;

	if (!undo)
		return R_WRITE;

	memcpy(undo, nth_block(m, addr), len);
	for (i = 0; i < count; i++)
		memcpy(nth_block(m, addr + i), nth(frames, i) + AT_DATA,
		       RPMB_MODEL_BLOCK);
	m->state.counter++;
	if (commit(m, addr, count)) {
		memcpy(nth_block(m, addr), undo, len);
		m->state.counter--;
		result = R_WRITE;
	} else {
		m->writes++;
	}
	free(undo);

	return result;
}

static u32 run_write(struct rpmb_model *m, const u8 *frames, u32 count,
		     bool reliable)
{
	u32 result;

	if (!m->state.key_set)
		return R_NO_KEY;
	result = check_place(m, frames, count, reliable);
	if (result)
		return result;
	result = check_signature(m, frames, count);
	if (result)
		return result;
	return store_blocks(m, frames, count);
}

/* A failure that is the device's own, not the request's */
static u32 own_failure(u32 type)
{
	if (type == T_KEY || type == T_WRITE)
		return R_WRITE;
	return type == T_READ ? R_READ : R_GENERAL;
}

/* Fill the result register after a request that changes the device */
static void set_register(struct rpmb_model *m, const u8 *frames,
			 u32 type, u32 result)
{
	start_reply(m, m->result, type, result);
	if (m->flavour == RPMB_MODEL_VIRTIO)
		put16(m->result, AT_COUNT, 1);
	if (type != T_KEY) {
		put32(m->result, AT_COUNTER, m->state.counter);
		memcpy(m->result + AT_ADDR, frames + AT_ADDR, 2);
	}
	/* virtio: "the response, the calculated MAC and the result" */
	if (type != T_KEY || m->flavour == RPMB_MODEL_VIRTIO)
		rpmb_model_sign(m, m->result, 1);
}

static void run_change(struct rpmb_model *m, const u8 *frames,
		       u32 count, bool reliable)
{
	u32 type = get16(frames, AT_TYPE);
	u32 result = R_GENERAL;

	if (m->strike == RPMB_MODEL_F_REFUSE)
		result = own_failure(type);
	else if (m->first && (m->quirks & RPMB_MODEL_Q_FIRST_FAILS))
		result = R_GENERAL;
	else if (type == T_KEY)
		result = run_program_key(m, frames, count, reliable);
	else if (type == T_WRITE)
		result = run_write(m, frames, count, reliable);

	if (m->strike == RPMB_MODEL_F_COMMIT_THEN_ERROR)
		result = own_failure(type);
	set_register(m, frames, type, result);
}

static bool counts_for_fault(const struct rpmb_model *m, u32 type)
{
	if (!m->fault)
		return false;
	return m->fault_req ? m->fault_req == type : type != T_RESULT;
}

/* Which fault strikes at this request, or at its reply? */
static enum rpmb_model_fault next_strike(struct rpmb_model *m, u32 type)
{
	enum rpmb_model_fault fault = m->fault;

	if (!counts_for_fault(m, type))
		return RPMB_MODEL_F_NONE;
	if (m->fault_skip) {
		m->fault_skip--;
		return RPMB_MODEL_F_NONE;
	}
	if (!--m->fault_times)
		m->fault = RPMB_MODEL_F_NONE;

	return fault;
}

/* The result read keeps the strike that its request has drawn */
static void draw_strike(struct rpmb_model *m, u32 type)
{
	enum rpmb_model_fault fault = next_strike(m, type);

	if (fault || type != T_RESULT)
		m->strike = fault;
}

static void count_request(struct rpmb_model *m, u32 type)
{
	m->requests[type < 8 ? type : 0]++;
	if (type == T_KEY)
		m->keys_seen++;
}

static void execute(struct rpmb_model *m, const u8 *frames,
		    u32 count, bool reliable)
{
	u32 type = get16(frames, AT_TYPE);

	memcpy(m->request, nth(frames, count - 1), RPMB_MODEL_FRAME);
	if (count == 1 || !answers_at_once(type))
		m->pending = type;
	if (!answers_at_once(type)) {
		run_change(m, frames, count, reliable);
		m->first = false;
	}
}

int rpmb_model_take(struct rpmb_model *m, const u8 *frames, u32 count,
		    bool reliable)
{
	u32 type;

	if (!count)
		return -1;
	type = get16(frames, AT_TYPE);
	count_request(m, type);
	draw_strike(m, type);
	m->pending = 0;
	if (m->strike == RPMB_MODEL_F_DROP_REQUEST)
		return -1;
	if (m->strike == RPMB_MODEL_F_SWAP_IN) {
		m->strike = RPMB_MODEL_F_NONE;
		execute(m, m->swap, m->swap_cnt, reliable);
		return 0;
	}

	execute(m, frames, count, reliable);
	if (m->strike == RPMB_MODEL_F_COMMIT_THEN_DROP) {
		m->pending = 0;
		return -1;
	}

	return 0;
}

/* JESD84-B51 6.6.22.4.2: counter and nonce, signed */
static void reply_counter(struct rpmb_model *m, u8 *frame, u32 result)
{
	bool one = get16(m->request, AT_COUNT) == 1;

	if (!result && !m->state.key_set)
		result = R_NO_KEY;
	if (!result && m->flavour == RPMB_MODEL_VIRTIO && !one)
		result = R_GENERAL;

	start_reply(m, frame, T_COUNTER, result);
	echo_nonce(m, frame);
	if (m->state.key_set)
		put32(frame, AT_COUNTER, m->state.counter);
	if (m->flavour == RPMB_MODEL_VIRTIO)
		put16(frame, AT_COUNT, 1);
	rpmb_model_sign(m, frame, 1);
}

static u32 check_read(const struct rpmb_model *m, u32 count)
{
	bool addr_ok = address_ok(m, get16(m->request, AT_ADDR), count);
	bool count_ok = count && (!m->max_rd || count <= m->max_rd);

	if (!m->state.key_set)
		return R_NO_KEY;
	if (m->flavour == RPMB_MODEL_VIRTIO && !count_ok)
		return R_GENERAL;
	if (!addr_ok)
		return R_ADDRESS;
	return count_ok ? R_OK : R_GENERAL;
}

/* The number of blocks is CMD23's on eMMC, the frame's elsewhere */
static u32 read_count(const struct rpmb_model *m, u32 asked)
{
	return m->flavour == RPMB_MODEL_EMMC ? asked :
					       get16(m->request, AT_COUNT);
}

/*
 * JESD84-B51 6.6.22.4.4: address, count and nonce in each frame, the MAC of all
 * in the last one. A refusal has as many frames, with empty data.
 */
static void reply_read(struct rpmb_model *m, u8 *frames, u32 asked,
		       u32 result)
{
	u32 addr = get16(m->request, AT_ADDR);
	u32 i, count = read_count(m, asked);
	u8 *frame = frames;

	if (!result)
		result = check_read(m, count);
	/* there is no room for all of them */
	if (!result && m->flavour == RPMB_MODEL_VIRTIO && asked < count)
		result = R_GENERAL;
	if (result && (m->quirks & RPMB_MODEL_Q_REFUSE_ONE_FRAME))
		asked = 1;

	for (i = 0; i < asked; i++, frame += RPMB_MODEL_FRAME) {
		start_reply(m, frame, T_READ, result);
		echo_nonce(m, frame);
		put16(frame, AT_ADDR, addr);
		put16(frame, AT_COUNT, count);
		if (!result && i < count)
			memcpy(frame + AT_DATA, nth_block(m, addr + i),
			       RPMB_MODEL_BLOCK);
	}
	rpmb_model_sign(m, frames, asked);
}

static bool is_clear(const u8 *p, size_t len)
{
	while (len && !*p) {
		p++;
		len--;
	}
	return !len;
}

/*
 * JESD84-B51 6.6.22.4.1 wants the frame cleared: one that is not has been seen
 * to bring stale replies. virtio wants a count of 1.
 */
static bool result_read_ok(const struct rpmb_model *m)
{
	u32 count = get16(m->request, AT_COUNT);

	if (m->flavour == RPMB_MODEL_VIRTIO)
		return count == 1;
	if (m->flavour == RPMB_MODEL_EMMC && count)
		return false;
	return count <= 1 && is_clear(m->request, AT_COUNT);
}

static void reply_result(struct rpmb_model *m, u8 *frame)
{
	if (result_read_ok(m) && !is_clear(m->result, sizeof(m->result))) {
		memcpy(frame, m->result, RPMB_MODEL_FRAME);
		return;
	}
	/* nothing has been asked for, or not properly */
	start_reply(m, frame, T_RESULT, R_GENERAL);
}

static u32 forced_result(struct rpmb_model *m)
{
	u32 result = R_OK;

	if (m->strike == RPMB_MODEL_F_REFUSE ||
	    m->strike == RPMB_MODEL_F_COMMIT_THEN_ERROR)
		result = own_failure(m->pending);
	else if (m->first && (m->quirks & RPMB_MODEL_Q_FIRST_FAILS))
		result = R_GENERAL;
	m->first = false;

	return result;
}

/* A request that waits for its result read gets no answer without one */
static void compose(struct rpmb_model *m, u8 *frames, u32 count)
{
	switch (m->pending) {
	case T_RESULT:
		reply_result(m, frames);
		break;
	case T_COUNTER:
		reply_counter(m, frames, forced_result(m));
		break;
	case T_READ:
		reply_read(m, frames, count, forced_result(m));
		break;
	case 0:
	case T_KEY:
	case T_WRITE:
	case T_WP_WRITE:
		start_reply(m, frames, 0, R_GENERAL);
		break;
	default:
		start_reply(m, frames, m->pending & 0xff, R_GENERAL);
		echo_nonce(m, frames);
		rpmb_model_sign(m, frames, 1);
	}
}

/* Faults in a field that leave the MAC right; true if this was one */
static bool spoil_field(enum rpmb_model_fault fault, u8 *frame)
{
	switch (fault) {
	case RPMB_MODEL_F_BAD_NONCE:
		frame[AT_NONCE] ^= 1;
		return true;
	case RPMB_MODEL_F_BAD_TYPE:
		frame[AT_TYPE] ^= 1;
		return true;
	case RPMB_MODEL_F_BAD_ADDRESS:
		frame[AT_ADDR + 1] ^= 1;
		return true;
	case RPMB_MODEL_F_BAD_COUNT:
		/* never to 0, which eMMCs may say for any count */
		put16(frame, AT_COUNT, get16(frame, AT_COUNT) % 0xffff + 1);
		return true;
	case RPMB_MODEL_F_BAD_COUNTER:
		put32(frame, AT_COUNTER, get32(frame, AT_COUNTER) + 1);
		return true;
	case RPMB_MODEL_F_OLD_DATA:
		frame[AT_DATA] ^= 1;
		return true;
	default:
		return false;
	}
}

/* Without a MAC, which nobody could expect */
static void say_no_key(u8 *frames, u32 count)
{
	for (; count--; frames += RPMB_MODEL_FRAME) {
		memset(frames + AT_MAC, 0, AT_NONCE - AT_MAC);
		put32(frames, AT_COUNTER, 0);
		put16(frames, AT_RESULT, R_NO_KEY);
	}
}

static void spoil_reply(struct rpmb_model *m, u8 *frames, u32 count)
{
	u8 *last = frames + (size_t)(count - 1) * RPMB_MODEL_FRAME;
	u32 i;

	if (spoil_field(m->strike, last)) {
		rpmb_model_sign(m, frames, count);
		return;
	}

	switch (m->strike) {
	case RPMB_MODEL_F_STALE_REPLY:
		for (i = 0; i < count; i++)
			memcpy(frames + (size_t)i * RPMB_MODEL_FRAME,
			       m->last_reply, RPMB_MODEL_FRAME);
		break;
	case RPMB_MODEL_F_BAD_MAC:
		last[AT_MAC + MAC_LEN - 1] ^= 1;
		break;
	case RPMB_MODEL_F_BAD_DATA:
		frames[AT_DATA] ^= 1;
		break;
	case RPMB_MODEL_F_ZERO_REPLY:
		memset(frames, 0, (size_t)count * RPMB_MODEL_FRAME);
		break;
	case RPMB_MODEL_F_SAYS_NO_KEY:
		say_no_key(frames, count);
		break;
	default:
		break;
	}
}

/* Only a read has more than one frame of reply */
static u32 reply_frames(const struct rpmb_model *m, u32 asked)
{
	u32 count = read_count(m, asked);

	if (m->pending != T_READ)
		return 1;
	return count && count < asked ? count : asked;
}

int rpmb_model_answer(struct rpmb_model *m, u8 *frames, u32 count)
{
	u32 n = reply_frames(m, count);

	if (!count)
		return -1;
	memset(frames, 0, (size_t)count * RPMB_MODEL_FRAME);
	if (m->strike == RPMB_MODEL_F_LOSE_REPLY) {
		m->pending = 0;
		m->strike = RPMB_MODEL_F_NONE;
		return -1;
	}

	compose(m, frames, n);
	spoil_reply(m, frames, n);
	m->pending = 0;
	m->strike = RPMB_MODEL_F_NONE;
	memcpy(m->last_reply, nth(frames, n - 1), RPMB_MODEL_FRAME);

	return 0;
}

int rpmb_model_put(struct rpmb_model *m, const u8 *frames, u32 count,
		   bool reliable)
{
	if (m->tap)
		return m->tap->put(m->tap, m, frames, count, reliable);
	return rpmb_model_take(m, frames, count, reliable);
}

int rpmb_model_get(struct rpmb_model *m, u8 *frames, u32 count)
{
	if (m->tap)
		return m->tap->get(m->tap, m, frames, count);
	return rpmb_model_answer(m, frames, count);
}

void rpmb_model_power_up(struct rpmb_model *m)
{
	memset(m->result, 0, sizeof(m->result));
	memset(m->request, 0, sizeof(m->request));
	m->pending = 0;
	m->first = true;
	m->strike = RPMB_MODEL_F_NONE;
}

void rpmb_model_arm(struct rpmb_model *m, enum rpmb_model_fault fault,
		    u16 req, u32 skip, u32 times)
{
	m->fault = fault;
	m->fault_req = req;
	m->fault_skip = skip;
	m->fault_times = times;
}

void rpmb_model_set_swap(struct rpmb_model *m, const u8 *frames,
			 u32 count)
{
	m->swap = frames;
	m->swap_cnt = count;
}
