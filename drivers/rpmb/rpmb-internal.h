/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the RPMB uclass share. Of this header drivers need only the
 * prototypes of the scan functions
 */

#ifndef _RPMB_INTERNAL_H
#define _RPMB_INTERNAL_H

#include <rpmb-store.h>
#include <dm/device.h>
#include <dm/ofnode_decl.h>
#include <linux/bitops.h>
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
 * @held:	an operation has it: from rpmb_key_get() to rpmb_key_put()
 */
struct rpmb_port {
	struct udevice *dev;
	u8 target;
	u32 key_epoch;
	rpmb_keyid_t keyid;
	const u8 *key;
	struct rpmb_client client;
	bool held;
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
 * rpmb_port_start() - begin an operation on a target
 *
 * The random number source, the provider of a key or the bus may ask a TEE, and
 * the TEE may ask for blocks of the very target that is in use. This refuses such
 * a request, since client, key and work space are for one operation.
 *
 * @port:	target, NULL if there is none
 * Return: 0, then failures are the caller's until something is sent; -EINVAL no
 *	such target; -EDEADLK an operation on it is under way, which is left as
 *	it is, with its status
 */
static inline int rpmb_port_start(struct rpmb_port *port)
{
	if (!port)
		return -EINVAL;
	if (port->held)
		return -EDEADLK;
	port->client.status =
		(struct rpmb_status){ .fault = RPMB_FAULT_PARAM };
	return 0;
}

/**
 * rpmb_key_get() - hold a target for an operation, and have its key ready
 *
 * Drops what the target's client has cached under another key. There is room for
 * one key that is not in a RAM slot: a second one can be had only after
 * rpmb_key_put().
 *
 * @port:	target; its key, and its client's, are set
 * @keyid:	key id; RPMB_KEY_NONE for no key
 * Return: 0, then rpmb_key_put() must follow; -EDEADLK an operation holds the
 *	target; -EINVAL no such key id; -ENOKEY the slot is empty; -EKEYREVOKED
 *	the boot ratchet has turned; -EBUSY a provider's key is in use;
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
 * After this another operation can use the target.
 *
 * @port:	target
 */
void rpmb_key_put(struct rpmb_port *port);

/**
 * rpmb_is_any_held() - does an operation hold any target?
 *
 * As long as one does, no device may be taken away.
 *
 * Return: true between rpmb_key_get() and rpmb_key_put()
 */
bool rpmb_is_any_held(void);

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
 * @kept:	one of those so far, to compare new ones with
 * @count:	how many there were
 * @stuck:	a number came twice, so the source is not used any more
 */
struct rpmb_nonces {
	u8 kept[RPMB_NONCE_SIZE];
	u32 count;
	bool stuck;
};

extern struct rpmb_nonces rpmb_nonces;

/**
 * rpmb_op_begin() - pass the gate, look up target and key, get work space and bus
 *
 * @ref:	device, target and key, or RPMB_KEY_NONE
 * @blocks:	most blocks a message of this operation can have
 * @gate:	answer of rpmb_gate_...(), 0 where none is asked; if it is not 0,
 *		this fails with it
 * @clp:	client, with its key and work space for @blocks, or for as many
 *		as CONFIG_RPMB_MAX_FRAMES allows
 * Return: 0, then rpmb_op_end() must follow; -EDEADLK an operation on the target
 *	is under way; @gate; -EINVAL; -ENOMEM; errors of rpmb_key_get() and of
 *	the bus
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

/** enum rpmb_mark - what is remembered of a target until the next reset */
enum rpmb_mark {
	/** @RPMB_MARK_ATTEMPT: programming a key has failed since power-up, and
	 * only a power cycle can tell what became of it
	 */
	RPMB_MARK_ATTEMPT	= BIT(0),
	/** @RPMB_MARK_TEE: a TEE has asked for blocks: it alone writes */
	RPMB_MARK_TEE		= BIT(1),
};

/**
 * rpmb_mark_get() - does a target have this mark?
 *
 * Marks go by the identifier of the device: one that was removed and found again
 * has the marks that it had.
 *
 * @dev:	RPMB device
 * @target:	target that exists
 * @mark:	mark
 * Return: true if it has, and if there was once no memory to remember a mark of
 *	this kind
 */
bool rpmb_mark_get(struct udevice *dev, u8 target, enum rpmb_mark mark);

/**
 * rpmb_mark_set() - mark a target, or take the mark away
 *
 * @dev:	RPMB device
 * @target:	target that exists
 * @mark:	mark
 * @on:		true to mark it, false to take the mark away
 */
void rpmb_mark_set(struct udevice *dev, u8 target, enum rpmb_mark mark, bool on);

/** rpmb_mark_forget_all() - for tests: forget all, as at power-up */
void rpmb_mark_forget_all(void);

/**
 * rpmb_has_frames() - does a device speak JEDEC's frames?
 *
 * @dev:	RPMB device
 * Return: false if its driver has verbs of its own instead
 */
static inline bool rpmb_has_frames(struct udevice *dev)
{
	return !CONFIG_IS_ENABLED(RPMB_OWN_VERBS) ||
	       rpmb_get_ops(dev)->route_frames;
}

/**
 * rpmb_gate_without_hook() - what board_rpmb_is_open() returns without a hook
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
 *	is closed; as rpmb_gate_change()
 */
int rpmb_gate_write(struct udevice *dev, u8 target, u32 addr, u32 count);

/**
 * rpmb_gate_program() - may a key be programmed, and be shown on the bus?
 *
 * @dev:	RPMB device
 * @target:	target
 * Return: 0; -EPERM the board is closed; as rpmb_gate_change()
 */
int rpmb_gate_program(struct udevice *dev, u8 target);

/**
 * rpmb_closed_check() - is the board open?
 *
 * Return: 0; -EPERM it is closed
 */
int rpmb_closed_check(void);

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
 * Return: its length in bytes; -EINVAL the node is wrong; -EIO the device gave
 *	fewer bytes; other errors of the device
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

/**
 * rpmb_bind() - bind the RPMB of a device
 *
 * @parent:	the device
 * @driver:	name of the driver
 * @name:	name of the RPMB, copied
 * Return: 0, or -errno and nothing is bound
 */
int rpmb_bind(struct udevice *parent, const char *driver, const char *name);

/*
 * Find and name the devices of one transport. Each binds what is new, skips
 * empty slots silently and returns 0, or -errno if it cannot look.
 */
int emmc_rpmb_scan(void);
int ufs_rpmb_scan(void);
int virtio_rpmb_scan(void);
int sandbox_rpmb_scan(void);

#endif /* _RPMB_INTERNAL_H */
