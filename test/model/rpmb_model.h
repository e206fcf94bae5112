/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Model of an RPMB device: the device side, for tests only
 *
 * Written from the standards, without a line of lib/rpmb: own frame access,
 * own SHA-256 and HMAC, so that no bug can hide in both ends. One struct
 * rpmb_model is one RPMB: an eMMC's, a virtio device's, one region of a UFS
 * device. The front ends (eMMC host, vhost-user, UFS host) move frames in and out;
 * the engine decides. Builds in U-Boot's sandbox and on the host.
 */

#ifndef _RPMB_MODEL_H
#define _RPMB_MODEL_H

#include "rpmb_model_sha256.h"

#define RPMB_MODEL_FRAME	512
#define RPMB_MODEL_BLOCK	256

/** enum rpmb_model_flavour - whose order of checks, whose result codes */
enum rpmb_model_flavour {
	RPMB_MODEL_EMMC,	/* JESD84-B51 section 6.6.22 */
	RPMB_MODEL_UFS,		/* JESD220H section 12.4 */
	RPMB_MODEL_VIRTIO,	/* OASIS VIRTIO 1.3 section 5.12 */
};

/** define RPMB_MODEL_FLAVOURS - number of them */
#define RPMB_MODEL_FLAVOURS	3

/** enum rpmb_model_quirk - how real devices differ from the book */
enum rpmb_model_quirk {
	/* a second key is answered with result 1 (general) instead of 5 */
	RPMB_MODEL_Q_REKEY_GENERAL	= 1 << 0,
	/* the first request after power-up fails with result 1 */
	RPMB_MODEL_Q_FIRST_FAILS	= 1 << 1,
	/* a clean programming answers result 5 although the key is stored */
	RPMB_MODEL_Q_KEY_LIES		= 1 << 2,
	/* write messages of exactly 1, 2 or 32 blocks only (eMMC 5.1) */
	RPMB_MODEL_Q_WRITE_1_2_32	= 1 << 3,
	/* without a key, MAC and nonce of replies stay empty (virtio peers) */
	RPMB_MODEL_Q_NOKEY_EMPTY	= 1 << 4,
	/* without a key, replies have no type either, only result 7 (Trusty) */
	RPMB_MODEL_Q_NOKEY_TYPE_0	= 1 << 5,
	/* a read that is refused is answered with one frame, whatever was
	 * asked for (Linaro's virtio daemon)
	 */
	RPMB_MODEL_Q_REFUSE_ONE_FRAME	= 1 << 6,
};

/** enum rpmb_model_fault - what goes wrong, once armed */
enum rpmb_model_fault {
	RPMB_MODEL_F_NONE,
	/* requests: */
	RPMB_MODEL_F_DROP_REQUEST,	/* power cut before commit; link error */
	RPMB_MODEL_F_COMMIT_THEN_DROP,	/* power cut after commit; link error */
	RPMB_MODEL_F_COMMIT_THEN_ERROR,	/* committed, signed result says 5 */
	RPMB_MODEL_F_REFUSE,		/* not committed, signed result says 5
					 * (6 to a read, 1 to anything else)
					 */
	RPMB_MODEL_F_SWAP_IN,		/* the request is held back and the frames
					 * given to rpmb_model_set_swap() are
					 * played in its place
					 */
	/* replies: */
	RPMB_MODEL_F_LOSE_REPLY,	/* link error after the commit */
	RPMB_MODEL_F_STALE_REPLY,	/* the previous reply once more */
	RPMB_MODEL_F_BAD_MAC,
	RPMB_MODEL_F_BAD_NONCE,		/* wrong nonce, right MAC */
	RPMB_MODEL_F_BAD_TYPE,		/* another command's type, right MAC */
	RPMB_MODEL_F_BAD_ADDRESS,	/* wrong address, right MAC */
	RPMB_MODEL_F_BAD_COUNT,		/* wrong block count, right MAC */
	RPMB_MODEL_F_BAD_COUNTER,	/* counter one too high, right MAC */
	RPMB_MODEL_F_BAD_DATA,		/* flipped data bit, MAC left as it was */
	RPMB_MODEL_F_OLD_DATA,		/* data flipped, right MAC: what a
					 * device says that holds other data
					 */
	RPMB_MODEL_F_ZERO_REPLY,	/* all zeroes */
	RPMB_MODEL_F_SAYS_NO_KEY,	/* unsigned, as of a device without one */
};

/**
 * struct rpmb_model_state - what survives a power cut; saved as it is
 *
 * @key_set:	a key is programmed
 * @key:	the key
 * @counter:	write counter
 */
struct rpmb_model_state {
	u8 key_set;
	u8 key[32];
	u32 counter;
};

struct rpmb_model;

/**
 * struct rpmb_model_tap - somebody on the bus, right in front of the engine
 *
 * @put:	in place of rpmb_model_take(), which it calls if it lets a
 *		request pass
 * @get:	in place of rpmb_model_answer()
 */
struct rpmb_model_tap {
	int (*put)(struct rpmb_model_tap *tap, struct rpmb_model *m,
		   const u8 *frames, u32 count, bool reliable);
	int (*get)(struct rpmb_model_tap *tap, struct rpmb_model *m,
		   u8 *frames, u32 count);
};

/**
 * struct rpmb_model_store - where an RPMB keeps its state
 *
 * @data:	blocks times 256 bytes, owned by the front end
 * @commit:	called after each change, before the reply: make state and the
 *		@count blocks from @addr durable, all or nothing. NULL: memory.
 *		Returns 0, else the change is undone and the result is 5
 * @ctx:	handed to @commit
 */
struct rpmb_model_store {
	u8 *data;
	int (*commit)(void *ctx, const struct rpmb_model *m, u32 addr,
		      u32 count);
	void *ctx;
};

/**
 * struct rpmb_model - one RPMB
 *
 * The first part is filled in by the front end before rpmb_model_power_up(); the
 * rest belongs to the engine, tests may look at and preset @state.
 *
 * @flavour:	see enum rpmb_model_flavour
 * @quirks:	see enum rpmb_model_quirk
 * @blocks:	capacity in blocks of 256 bytes
 * @max_wr:	most blocks per write request, 0 for no limit
 * @max_rd:	most blocks per read request, 0 for no limit
 * @store:	where the state is kept
 * @tap:	somebody on the bus, or NULL
 * @state:	what survives a power cut
 * @fault:	armed fault
 * @fault_skip:	requests of type @fault_req to let pass first
 * @fault_times: how often the fault strikes before it is disarmed
 * @fault_req:	message type it strikes at (1 to 7), 0 for any but result read
 * @swap:	frames that RPMB_MODEL_F_SWAP_IN plays
 * @swap_cnt:	number of them
 * @requests:	requests seen, by type; types above 7 under 0
 * @writes:	write requests executed
 * @keys_seen:	programming frames that arrived: the key travelled on the wire
 */
struct rpmb_model {
	enum rpmb_model_flavour flavour;
	u32 quirks;
	u32 blocks;
	u32 max_wr;
	u32 max_rd;
	struct rpmb_model_store store;
	struct rpmb_model_tap *tap;
	struct rpmb_model_state state;

	enum rpmb_model_fault fault;
	u32 fault_skip;
	u32 fault_times;
	u16 fault_req;
	const u8 *swap;
	u32 swap_cnt;

	u32 requests[8];
	u32 writes;
	u32 keys_seen;

	/* private: the engine's; lost with power */
	u8 result[RPMB_MODEL_FRAME];	/* result register */
	u16 pending;			/* request a reply is due for */
	u8 request[RPMB_MODEL_FRAME];	/* its last frame */
	bool first;				/* nothing done since power-up */
	u8 last_reply[RPMB_MODEL_FRAME];	/* an eavesdropper's record */
	enum rpmb_model_fault strike;		/* at the reply under way */
};

/**
 * rpmb_model_power_up() - volatile state is lost, @state and data stay
 *
 * An armed fault stays armed, and the last reply stays on record: they belong
 * to whoever sits on the bus, not to the device.
 *
 * @m:	model
 */
void rpmb_model_power_up(struct rpmb_model *m);

/**
 * rpmb_model_put() - request frames arrive
 *
 * eMMC: CMD25. UFS: SECURITY PROTOCOL OUT. virtio: the request descriptors,
 * then the result-read descriptor in a call of its own. A read's block count
 * on eMMC is not known yet, it comes with rpmb_model_get().
 *
 * @m:		model
 * @frames:	@count times 512 bytes
 * @count:	number of frames
 * @reliable:	eMMC: the reliable-write bit of CMD23; elsewhere true
 * Return: 0, or -1: the link fails, no reply will come for this request
 */
int rpmb_model_put(struct rpmb_model *m, const u8 *frames, u32 count,
		   bool reliable);

/**
 * rpmb_model_get() - the host fetches reply frames
 *
 * @m:		model
 * @frames:	room for @count times 512 bytes
 * @count:	frames the host asks for
 * Return: 0, or -1: the link fails
 */
int rpmb_model_get(struct rpmb_model *m, u8 *frames, u32 count);

/** rpmb_model_take() - rpmb_model_put() behind the tap */
int rpmb_model_take(struct rpmb_model *m, const u8 *frames, u32 count,
		    bool reliable);

/** rpmb_model_answer() - rpmb_model_get() behind the tap */
int rpmb_model_answer(struct rpmb_model *m, u8 *frames, u32 count);

/**
 * rpmb_model_arm() - arm a fault
 *
 * A fault of a reply strikes at the reply to the request that it counts: armed
 * for writes, it spoils the answer to the result read that follows the write.
 *
 * @m:		model
 * @fault:	what goes wrong
 * @req:	at which message type, 0 for any but result read
 * @skip:	how many of these to let pass first
 * @times:	how often it strikes, at least 1
 */
void rpmb_model_arm(struct rpmb_model *m, enum rpmb_model_fault fault,
		    u16 req, u32 skip, u32 times);

/**
 * rpmb_model_set_swap() - what RPMB_MODEL_F_SWAP_IN plays
 *
 * @m:		model
 * @frames:	recorded frames, kept by the caller
 * @count:	number of them
 */
void rpmb_model_set_swap(struct rpmb_model *m, const u8 *frames,
			 u32 count);

/**
 * rpmb_model_hmac() - the model's own HMAC-SHA256
 *
 * @key:	32 bytes
 * @frames:	@count frames; bytes 228 to 511 of each are authenticated
 * @count:	number of frames
 * @mac:	32 bytes
 */
void rpmb_model_hmac(const u8 key[32], const u8 *frames,
		     u32 count, u8 mac[32]);

/**
 * rpmb_model_sign() - sign a reply, if there is a key to sign with
 *
 * @m:		model
 * @frames:	reply; the MAC goes into the last frame
 * @count:	number of frames
 */
void rpmb_model_sign(const struct rpmb_model *m, u8 *frames, u32 count);

#endif /* _RPMB_MODEL_H */
