/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the RPMB uclass share; drivers need rpmb.h only, and the
 * prototypes of the scan functions
 */

#ifndef _RPMB_INTERNAL_H
#define _RPMB_INTERNAL_H

#include <rpmb.h>
#include <dm/device.h>
#include <dm/ofnode_decl.h>
#include <linux/kernel.h>
#include <rpmb/kdf.h>

/**
 * struct rpmb_port - one target of a device, as its client sees it
 *
 * @dev:	RPMB device
 * @target:	target
 * @key_epoch:	rpmb_key_epoch that @client is valid under
 * @keyid:	key that @client is valid under
 * @key:	bytes of the key of the operation under way
 * @client:	state of the protocol
 * @tee:	a TEE has asked for blocks: it alone writes until the next reset
 */
struct rpmb_port {
	struct udevice *dev;
	u8 target;
	u32 key_epoch;
	rpmb_keyid_t keyid;
	const u8 *key;
	struct rpmb_client client;
	bool tee;
};

/**
 * struct rpmb_uc_priv - what the uclass keeps of a device
 *
 * @descr:	facts, stated by the driver
 * @port:	targets
 */
struct rpmb_uc_priv {
	struct rpmb_descr descr;
	struct rpmb_port port[RPMB_MAX_TARGETS];
};

/**
 * rpmb_facts() - rpmb_get_descr(), for the files below the uclass
 *
 * @dev:	probed RPMB device
 * Return: its facts
 */
static inline const struct rpmb_descr *rpmb_facts(struct udevice *dev)
{
	struct rpmb_uc_priv *uc_priv = dev_get_uclass_priv(dev);

	return &uc_priv->descr;
}

static inline struct rpmb_port *rpmb_to_port(struct rpmb_client *cl)
{
	return container_of(cl, struct rpmb_port, client);
}

/**
 * rpmb_get_port() - look up a target
 *
 * @dev:	probed RPMB device
 * @target:	target
 * Return: its port, NULL if there is no such target
 */
struct rpmb_port *rpmb_get_port(struct udevice *dev, u8 target);

/**
 * rpmb_key_get() - have a key ready for an operation on a target
 *
 * What a target's client has cached under another key is dropped. There is
 * room for one key that is not in a RAM slot: no second one may be had before
 * rpmb_key_put().
 *
 * @port:	target; its key, and its client's, are set
 * @keyid:	key id; RPMB_KEY_NONE for no key
 * Return: 0, then rpmb_key_put() must follow; -EINVAL no such key id; -ENOKEY
 *	the slot is empty; -EKEYREVOKED the boot ratchet has turned;
 *	-EKEYREJECTED and others of the provider
 */
int rpmb_key_get(struct rpmb_port *port, rpmb_keyid_t keyid);

/**
 * rpmb_key_lock_all() - have all providers lock the secrets of their own
 *
 * Return: 0, or the first error
 */
int rpmb_key_lock_all(void);

/**
 * rpmb_key_put() - wipe a provider's key, and traces of any key on the stack
 *
 * @port:	target
 */
void rpmb_key_put(struct rpmb_port *port);

/*
 * The boot ratchet has turned: there are no keys until the next reset. Tests
 * in sandbox turn it back.
 */
extern bool rpmb_ratcheted;

/**
 * struct rpmb_nonces - random numbers so far, to detect that they repeat
 *
 * Tests in sandbox clear it when they change the source.
 *
 * @kept:	one that came before
 * @count:	how many there were
 * @stuck:	one came twice: the source is not used any more
 */
struct rpmb_nonces {
	u8 kept[RPMB_NONCE_SIZE];
	u32 count;
	bool stuck;
};

extern struct rpmb_nonces rpmb_nonces;

/**
 * rpmb_op_begin() - the gate; look up target and key, get work space and bus
 *
 * @ref:	device, target and key, or RPMB_KEY_NONE
 * @blocks:	most blocks a message of this operation can have
 * @gate:	what the gate said, 0 where it is not asked: nothing is done unless
 *		it is 0
 * @clp:	client, with its key and work space for @blocks, or for as many
 *		as CONFIG_RPMB_MAX_FRAMES allows
 * Return: 0, then rpmb_op_end() must follow; @gate; -EINVAL; -ENOMEM; errors
 *	of rpmb_key_get() and of the bus
 */
int rpmb_op_begin(struct rpmb_ref ref, u32 blocks, int gate,
		  struct rpmb_client **clp);

/**
 * rpmb_op_end() - release the bus, wipe and free key and work space
 *
 * @dev:	RPMB device
 * @cl:		from rpmb_op_begin()
 * @ret:	what came of the operation
 * Return: @ret, or the error of releasing the bus if @ret is 0
 */
int rpmb_op_end(struct udevice *dev, struct rpmb_client *cl, int ret);

/**
 * rpmb_attempt_failed() - has programming a key failed since power-up?
 *
 * @port:	target
 * Return: true if only a power cycle can tell what became of it
 */
bool rpmb_attempt_failed(struct rpmb_port *port);

/**
 * rpmb_attempt_note() - remember that programming has failed, or forget it
 *
 * @port:	target
 * @failed:	what to remember
 */
void rpmb_attempt_note(struct rpmb_port *port, bool failed);

/** rpmb_attempt_forget_all() - for tests: forget all, as at power-up */
void rpmb_attempt_forget_all(void);

/**
 * rpmb_tee_uses() - is a target a TEE's until the next reset?
 *
 * @port:	target
 * Return: true if a TEE has asked for its blocks
 */
static inline bool rpmb_tee_uses(const struct rpmb_port *port)
{
	return CONFIG_IS_ENABLED(RPMB_TEE) && port && port->tee;
}

/**
 * rpmb_gate_without_hook() - what board_rpmb_is_open() does where no board has it
 *
 * Return: false
 */
bool rpmb_gate_without_hook(void);

/**
 * rpmb_gate_write() - may blocks be written raw?
 *
 * @dev:	RPMB device
 * @target:	target
 * @addr:	first block
 * @count:	blocks
 * Return: 0; -EROFS some belong to the indexes or the records; -EPERM the board
 *	is closed; -EADDRINUSE a TEE has the target
 */
int rpmb_gate_write(struct udevice *dev, u8 target, u32 addr, u32 count);

/**
 * rpmb_gate_program() - may a key be shown on a bus?
 *
 * Return: 0; -EPERM the board is closed
 */
int rpmb_gate_program(void);

/**
 * rpmb_gate_frames() - may frames of somebody else be sent?
 *
 * @dev:	RPMB device
 * @target:	target
 * @req:	request frames
 * @count:	number of them
 * Return: 0; -EBADRQC no request that is let through; -EINVAL frames of more than
 *	one type; -EROFS, -EPERM as rpmb_gate_write() and rpmb_gate_program()
 */
int rpmb_gate_frames(struct udevice *dev, u8 target,
		     const struct rpmb_frame *req, u32 count);

#ifdef CONFIG_RPMB_ROLLBACK
/**
 * rpmb_store_owns() - do blocks belong to the rollback indexes or the records?
 *
 * @dev:	RPMB device
 * @target:	target
 * @addr:	first block
 * @count:	blocks
 * Return: true if any of them does
 */
bool rpmb_store_owns(struct udevice *dev, u8 target, u32 addr, u32 count);

/**
 * rpmb_store_named() - does the node of boot policy name this target?
 *
 * @dev:	RPMB device
 * @target:	target
 * Return: true if it does, and if there is a node that is wrong; false without
 *	one
 */
bool rpmb_store_named(struct udevice *dev, u8 target);
#else
static inline bool rpmb_store_named(struct udevice *dev, u8 target)
{
	return false;
}

static inline bool rpmb_store_owns(struct udevice *dev, u8 target, u32 addr,
				   u32 count)
{
	return false;
}
#endif

/*
 * A service token has opened the board, until the next reset. Tests in sandbox
 * close it again.
 */
extern bool rpmb_opened;

/**
 * rpmb_misc_read() - read a secret that a misc device keeps
 *
 * @node:	node with the properties misc, offset and size
 * @secret:	room for RPMB_HUK_MAX bytes; the caller wipes it
 * Return: its length in bytes; -EINVAL the node is wrong; -EIO fewer bytes
 *	came; others of the device
 */
int rpmb_misc_read(ofnode node, u8 secret[RPMB_HUK_MAX]);

/**
 * rpmb_misc_lock() - make it unreadable, if the node says how
 *
 * @node:	node with the properties misc, lock-offset and lock-value
 * Return: 0, also if it does not say how; -errno of the device
 */
int rpmb_misc_lock(ofnode node);

/*
 * The unique key in the misc device that the device tree names, as
 * board_rpmb_huk_get() and board_rpmb_huk_lock()
 */
int rpmb_huk_misc_get(u8 huk[RPMB_HUK_MAX]);
int rpmb_huk_misc_lock(void);

/*
 * Find and name the devices of one transport. Each binds what is new, skips
 * empty slots silently and returns 0, or -errno if it cannot look.
 */
int emmc_rpmb_scan(void);
int ufs_rpmb_scan(void);
int virtio_rpmb_scan(void);
int sandbox_rpmb_scan(void);

#endif /* _RPMB_INTERNAL_H */
