// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of key providers, of what may be programmed, and of the boot ratchet
 *
 * The keys that are expected were computed by another implementation, Python's
 * hmac, from the bytes that doc/develop/rpmb/spec.rst specifies.
 */

#include <console.h>
#include <dm.h>
#include <misc.h>
#include <rpmb-key.h>
#include <dm/device-internal.h>
#include <dm/root.h>
#include <dm/test.h>
#include <rpmb-hooks.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "../model/emmc_front.h"
#include "../model/rpmb_model.h"
#include "../model/ufs_sandbox.h"
#include "../../drivers/rpmb/rpmb-internal.h"

#define FLAGS		(UTF_SCAN_PDATA | UTF_SCAN_FDT)
#define RAM_KEY		RPMB_CONFORMANCE_KEY
#define OTHER_KEY	RPMB_CONFORMANCE_OTHER

#define DERIVED		0x100
#define OPTEE		0x200
#define FUSE		0x300
#define TEST		0x400
#define TWINS		0x500

/* What the device tree says of the fuses */
#define OTP_SIZE	0x40
#define OTP_HUK		0x20
#define OTP_LOCK	0x80
#define OTP_LOCK_VALUE	0x10c4ed

/**
 * struct otp_priv - fuses that can be locked until the next reset
 *
 * @mem:	the fuses
 * @locked:	none can be read any more
 * @zero:	reads and writes answer 0 instead of the number of bytes
 * @less:	a read comes to this many bytes less
 * @stuck:	the lock says that it is on, and is not
 */
struct otp_priv {
	u8 mem[OTP_SIZE];
	bool locked;
	bool zero;
	int less;
	bool stuck;
};

static int otp_read(struct udevice *dev, int offset, void *buf, int size)
{
	struct otp_priv *priv = dev_get_priv(dev);

	if (priv->locked)
		return -EACCES;
	memcpy(buf, priv->mem + offset, size);
	return priv->zero ? 0 : size - priv->less;
}

static int otp_write(struct udevice *dev, int offset, const void *buf,
		     int size)
{
	struct otp_priv *priv = dev_get_priv(dev);

	if (offset != OTP_LOCK || *(const u32 *)buf != OTP_LOCK_VALUE)
		return -EINVAL;
	priv->locked = !priv->stuck;
	return size;
}

static const struct misc_ops otp_ops = {
	.read	= otp_read,
	.write	= otp_write,
};

static const struct udevice_id otp_match[] = {
	{ .compatible = "u-boot,rpmb-test-otp" },
	{ }
};

U_BOOT_DRIVER(rpmb_test_otp) = {
	.name		= "rpmb_test_otp",
	.id		= UCLASS_MISC,
	.of_match	= otp_match,
	.ops		= &otp_ops,
	.priv_auto	= sizeof(struct otp_priv),
};

static int get_otp(struct unit_test_state *uts, struct otp_priv **privp)
{
	struct otp_priv *priv;
	struct udevice *dev;
	int i;

	ut_assertok(uclass_get_device_by_name(UCLASS_MISC, "rpmb-otp", &dev));
	priv = dev_get_priv(dev);
	for (i = 0; i < OTP_SIZE; i++)
		priv->mem[i] = (i * 37 + 11) * (i + 3);
	*privp = priv;

	return 0;
}

struct expected {
	rpmb_keyid_t keyid;
	u8 target;
	const char *key;
	const char *kcv;
};

static const struct expected expected[] = {
	{ DERIVED, 0,
	  "\xda\x05\x18\x63\x43\x3e\x61\x27\xe9\xed\xd5\x28\x23\xbe\x4e\x56"
	  "\x7f\x01\x52\x20\xf6\x2f\x2b\x2d\x75\xb3\xcf\xe0\x95\xc7\x64\x4c",
	  "\x1a\x12\x20\xf9\xe4\x6d\xc8\xeb" },
	{ DERIVED, 1,
	  "\x57\x97\x86\x12\x71\xcc\x0b\x34\x91\xc5\x79\x1d\xbf\xb1\xb1\x5e"
	  "\x5f\x2f\x93\xfa\xf2\xd6\x00\xbc\xf8\x4c\xd6\xcb\x72\x71\xff\x0d",
	  "\x7b\x7a\x15\x7d\x2e\x8d\x27\xaa" },
	{ DERIVED + 1, 0,
	  "\x9d\x71\x9a\xf1\x1f\x13\x39\x85\x82\x30\x4b\xe4\xb9\xe1\xc0\x73"
	  "\x5f\x47\x93\x71\x20\xec\xb2\x4b\x08\x51\x05\x71\x37\x94\x59\xcf",
	  "\x8e\xea\x5d\x3d\x23\x7a\x46\xf3" },
	{ FUSE, 0,
	  "\xeb\xdf\x89\x18\xdd\xea\xa1\x0d\xb7\x33\x92\xf8\x7d\xb3\x88\x0e"
	  "\x81\xeb\x83\xbe\x05\xdf\x7d\x48\x76\x77\x0a\xa6\x6f\x4f\x7a\x7d",
	  "\xca\x03\x2e\xdd\x02\xc0\xf8\xfe" },
	{ TEST, 0,
	  "\xb9\xce\xe2\xaf\xbc\x42\xbb\x84\xa9\xaa\x09\x8f\x61\x5e\x47\xce"
	  "\xae\xc0\xf0\x73\x32\x4e\x56\xed\xe8\xf9\x94\x71\xf4\x74\x63\x37",
	  "\xfb\x54\x45\x5e\x34\x85\x66\x4c" },
};

/* The device holds just the key that another implementation derives */
static int dm_test_rpmb_providers(struct unit_test_state *uts)
{
	u8 kcv[RPMB_KCV_SIZE], data[RPMB_BLOCK_SIZE] = { 7 };
	const struct expected *e;
	struct rpmb_model *m;
	struct otp_priv *otp;
	struct udevice *dev;
	u32 count;

	ut_assertok(get_otp(uts, &otp));
	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	for (e = expected; e < expected + ARRAY_SIZE(expected); e++) {
		m = sandbox_rpmb_model(dev, e->target);
		m->state.key_set = 0;
		ut_assertok(rpmb_key_check_value(rpmb_ref(dev, e->target,
							  e->keyid), kcv));
		ut_asserteq_mem(e->kcv, kcv, sizeof(kcv));
		ut_assertok(rpmb_program_key(rpmb_ref(dev, e->target,
						      e->keyid)));
		ut_asserteq_mem(e->key, m->state.key, RPMB_KEY_SIZE);
		ut_assertok(rpmb_write_blocks(rpmb_ref(dev, e->target,
						       e->keyid), 0, 1, data));
		ut_assertok(rpmb_get_write_count(rpmb_ref(dev, e->target,
							  e->keyid), &count));
		ut_asserteq(m->state.counter, count);
		ut_asserteq(-EALREADY, rpmb_program_key(rpmb_ref(dev, e->target,
								 e->keyid)));
		sandbox_rpmb_power_cycle(dev);
		ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	}
	/* some drivers of fuses say 0 when all went well */
	otp->zero = true;
	ut_assertok(rpmb_key_check_value(rpmb_ref(dev, 0, FUSE), kcv));

	return 0;
}
DM_TEST(dm_test_rpmb_providers, FLAGS);

static void ignore(const char *what, int err)
{
}

/* Another key under another id is another key, whatever was cached */
static int dm_test_rpmb_provider_cache(struct unit_test_state *uts)
{
	u8 data[RPMB_BLOCK_SIZE] = { 7 };
	struct udevice *dev;
	u32 count;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	ut_assertok(rpmb_write_blocks(rpmb_ref(dev, 0, DERIVED), 0, 1, data));
	ut_asserteq(-EBADMSG, rpmb_write_blocks(rpmb_ref(dev, 0, DERIVED + 1),
						0, 1, data));
	ut_asserteq(RPMB_STATE_UNTOUCHED, rpmb_get_status(dev, 0)->state);
	ut_asserteq(-EBADMSG, rpmb_get_write_count(rpmb_ref(dev, 0, DERIVED +
							    1), &count));
	ut_assertok(rpmb_write_blocks(rpmb_ref(dev, 0, DERIVED), 0, 1, data));
	ut_assertok(rpmb_selftest(rpmb_ref(dev, 0, DERIVED), ignore));

	return 0;
}
DM_TEST(dm_test_rpmb_provider_cache, FLAGS);

static int dm_test_rpmb_provider_ids(struct unit_test_state *uts)
{
	struct otp_priv *otp;
	struct udevice *dev;
	u8 kcv[8];

	ut_assertok(get_otp(uts, &otp));
	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	ut_asserteq_str("derived", rpmb_key_provider(DERIVED));
	ut_asserteq_str("derived", rpmb_key_provider(DERIVED + 0xff));
	ut_asserteq_str("optee, CFG_CORE_HUK_SUBKEY_COMPAT=n",
			rpmb_key_provider(OPTEE));
	ut_asserteq_str("optee, as it is by default",
			rpmb_key_provider(OPTEE + 1));
	ut_assertnull(rpmb_key_provider(OPTEE + 2));
	ut_assertnull(rpmb_key_provider(OPTEE + 0xff));
	ut_asserteq_str("fuse", rpmb_key_provider(FUSE));
	ut_asserteq_str("TEST KEY", rpmb_key_provider(TEST));
	ut_assertnull(rpmb_key_provider(TWINS));
	ut_assertnull(rpmb_key_provider(0x600));
	ut_assertnull(rpmb_key_provider(0x10000 + DERIVED));

	ut_asserteq(-EINVAL,
		    rpmb_key_check_value(rpmb_ref(dev, 0, TWINS), kcv));
	ut_asserteq(-EINVAL,
		    rpmb_key_check_value(rpmb_ref(dev, 0, 0x600), kcv));
	ut_asserteq(-EINVAL, rpmb_key_check_value(rpmb_ref(dev, 0, 0x10000 +
							   DERIVED), kcv));
	ut_asserteq(-EINVAL,
		    rpmb_key_check_value(rpmb_ref(dev, 2, DERIVED), kcv));
	ut_asserteq(-EINVAL,
		    rpmb_key_check_value(rpmb_ref(dev, 0, RPMB_KEY_NONE), kcv));
	ut_asserteq(-EINVAL, rpmb_key_check_value(rpmb_ref(dev, 0, 0), kcv));
	ut_asserteq(-EOPNOTSUPP,
		    rpmb_key_check_value(rpmb_ref(dev, 0, OPTEE), kcv));
	ut_asserteq(-EINVAL,
		    rpmb_key_check_value(rpmb_ref(dev, 0, OPTEE + 2), kcv));
	ut_asserteq(-ENOKEY, rpmb_key_check_value(rpmb_ref(dev, 0,
							   RPMB_CONFORMANCE_EMPTY),
						  kcv));
	ut_asserteq(-EINVAL, rpmb_key_add(DERIVED, (u8 *)expected[0].key));

	return 0;
}
DM_TEST(dm_test_rpmb_provider_ids, FLAGS);

/* Firmware updates of an eMMC change its PRV, and a key must not follow */
static int dm_test_rpmb_provider_cid(struct unit_test_state *uts)
{
	struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;
	u8 kcv[3][2][RPMB_KCV_SIZE];
	struct udevice *mmc, *dev;
	char name[16];
	int i;

	ut_assertok(rpmb_conformance_setup(uts));
	for (i = 0; i < 3; i++) {
		/* PRV and CRC; then the serial number */
		cfg.cid[2] += i == 1 ? 0x00110000 : 0;
		cfg.cid[3] += i == 1 ? 0x22 : 0;
		cfg.cid[2] += i == 2 ? 1 : 0;
		ut_assertok(emmc_front_bind(dm_root(), &cfg, &mmc));
		ut_assertok(device_probe(mmc));
		snprintf(name, sizeof(name), "mmc%d", dev_seq(mmc));
		ut_asserteq(2, rpmb_scan());
		ut_assertok(rpmb_get_device_by_name(name, &dev));
		ut_assertok(rpmb_key_check_value(rpmb_ref(dev, 0, DERIVED),
						 kcv[i][0]));
		ut_assertok(rpmb_key_check_value(rpmb_ref(dev, 0, OPTEE),
						 kcv[i][1]));
		ut_assertok(emmc_front_unbind(mmc));
	}
	ut_asserteq_mem(kcv[0], kcv[1], sizeof(kcv[0]));
	for (i = 0; i < 2; i++)
		ut_assert(memcmp(kcv[0][i], kcv[2][i], RPMB_KCV_SIZE));
	ut_assert(memcmp(kcv[0][0], kcv[0][1], RPMB_KCV_SIZE));

	return 0;
}
DM_TEST(dm_test_rpmb_provider_cid, FLAGS);

/*
 * OP-TEE's keys of an eMMC and a UFS device, by Python's hmac and blake2b from
 * OP-TEE's and Linux' rules: see doc/develop/rpmb/spec.rst
 */
static int dm_test_rpmb_provider_optee(struct unit_test_state *uts)
{
	static const struct emmc_front_cfg emmc = EMMC_FRONT_CFG_5_1;
	static const struct ufs_sandbox_cfg ufs = UFS_SANDBOX_CFG;
	struct udevice *bus, *dev;
	u8 kcv[RPMB_KCV_SIZE];
	char name[16];

	ut_assertok(rpmb_conformance_setup(uts));
	ut_assertok(emmc_front_bind(dm_root(), &emmc, &bus));
	ut_assertok(device_probe(bus));
	snprintf(name, sizeof(name), "mmc%d", dev_seq(bus));
	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_get_device_by_name(name, &dev));
	ut_assertok(rpmb_key_check_value(rpmb_ref(dev, 0, OPTEE), kcv));
	ut_asserteq_mem("\x00\xdb\x31\x8a\xfb\x35\x99\x2d", kcv, sizeof(kcv));
	ut_assertok(rpmb_key_check_value(rpmb_ref(dev, 0, OPTEE + 1), kcv));
	ut_asserteq_mem("\xfe\x0c\xa6\x73\x31\x44\x1e\xcc", kcv, sizeof(kcv));

	ut_assertok(ufs_sandbox_bind(dm_root(), &ufs, &bus));
	snprintf(name, sizeof(name), "ufs%d", dev_seq(bus));
	ut_assert(rpmb_scan() > 0);
	ut_assertok(rpmb_get_device_by_name(name, &dev));
	ut_assertok(rpmb_key_check_value(rpmb_ref(dev, 0, OPTEE), kcv));
	ut_asserteq_mem("\xc4\xb3\x2f\x1d\x9c\x2d\x0c\x4d", kcv, sizeof(kcv));

	return 0;
}
DM_TEST(dm_test_rpmb_provider_optee, FLAGS);

/* What all the world can guess is refused before anything is derived of it */
static int dm_test_rpmb_weak_huk(struct unit_test_state *uts)
{
	u8 huk[RPMB_HUK_MAX], kcv[RPMB_KCV_SIZE];
	struct rpmb_model *m;
	struct udevice *dev;
	int i;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	for (i = 0; i < 4; i++) {
		int j;

		for (j = 0; j < sizeof(huk); j++)
			huk[j] = i == 0 ? 0 : i == 1 ? 0xff : i == 2 ? j :
				 0xde >> (j & 3);
		sandbox_rpmb_set_huk(huk, 32, SANDBOX_RPMB_LOCKS);
		ut_asserteq(-EKEYREJECTED, rpmb_key_check_value(rpmb_ref(dev, 0,
									 DERIVED),
								kcv));
		ut_asserteq(-EKEYREJECTED,
			    rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	}
	rpmb_conformance_fill(huk, sizeof(huk), 5);
	sandbox_rpmb_set_huk(huk, RPMB_HUK_MIN - 1, SANDBOX_RPMB_LOCKS);
	ut_asserteq(-EMSGSIZE, rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	sandbox_rpmb_set_huk(huk, -EREMOTEIO, SANDBOX_RPMB_LOCKS);
	ut_asserteq(-EREMOTEIO, rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	ut_asserteq(0, m->keys_seen);
	for (i = 0; i < ARRAY_SIZE(m->requests); i++)
		ut_asserteq(0, m->requests[i]);
	sandbox_rpmb_set_huk(huk, RPMB_HUK_MIN, SANDBOX_RPMB_LOCKS);
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));

	return 0;
}
DM_TEST(dm_test_rpmb_weak_huk, FLAGS);

static int dm_test_rpmb_weak_key(struct unit_test_state *uts)
{
	u8 key[RPMB_KEY_SIZE];
	int i;

	ut_assertok(rpmb_conformance_setup(uts));
	for (i = 0; i < sizeof(key); i++)
		key[i] = i;
	ut_asserteq(-EKEYREJECTED, rpmb_key_add(3, key));
	memset(key, 0xa5, sizeof(key));
	ut_asserteq(-EKEYREJECTED, rpmb_key_add(3, key));
	/* from a manual that people copy from */
	memcpy(key, "AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH", sizeof(key));
	ut_asserteq(-EKEYREJECTED, rpmb_key_add(3, key));
	key[31] ^= 1;
	ut_assertok(rpmb_key_add(3, key));

	return 0;
}
DM_TEST(dm_test_rpmb_weak_key, FLAGS);

/* A unique key that changes when the board is closed makes no key to burn */
static int dm_test_rpmb_not_final(struct unit_test_state *uts)
{
	struct udevice *dev;
	struct rpmb_model *m;
	int ret;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	sandbox_rpmb_set_huk_final(false);
	ret = rpmb_program_key(rpmb_ref(dev, 0, DERIVED));
	sandbox_rpmb_set_huk_final(true);
	ut_asserteq(-EKEYEXPIRED, ret);
	ut_asserteq(0, m->keys_seen);
	ut_asserteq(RPMB_STATE_UNTOUCHED, rpmb_get_status(dev, 0)->state);

	/* keys that are made of something else */
	sandbox_rpmb_set_huk_final(false);
	ret = rpmb_program_key(rpmb_ref(dev, 0, RAM_KEY));
	sandbox_rpmb_set_huk_final(true);
	ut_assertok(ret);
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 1, DERIVED)));

	return 0;
}
DM_TEST(dm_test_rpmb_not_final, FLAGS);

/* One key for two targets: frames of one would pass for the other's */
static int dm_test_rpmb_key_twice(struct unit_test_state *uts)
{
	static const struct emmc_front_cfg cfg = EMMC_FRONT_CFG_5_1;
	struct udevice *sandbox, *mmc, *emmc;
	struct rpmb_model *m;
	char name[16];

	ut_assertok(rpmb_conformance_sandbox(uts, &sandbox));
	m = sandbox_rpmb_model(sandbox, 1);
	ut_assertok(rpmb_program_key(rpmb_ref(sandbox, 0, RAM_KEY)));
	/* another target of the same device */
	ut_asserteq(-EEXIST, rpmb_program_key(rpmb_ref(sandbox, 1, RAM_KEY)));
	ut_asserteq(0, m->keys_seen);

	/* another device, and the same key in another slot */
	ut_assertok(emmc_front_bind(dm_root(), &cfg, &mmc));
	ut_assertok(device_probe(mmc));
	snprintf(name, sizeof(name), "mmc%d", dev_seq(mmc));
	ut_asserteq(2, rpmb_scan());
	ut_assertok(rpmb_get_device_by_name(name, &emmc));
	/* ... nobody is using that one */
	ut_assertok(device_remove(sandbox, DM_REMOVE_NORMAL));
	ut_asserteq(-EEXIST, rpmb_program_key(rpmb_ref(emmc, 0, RAM_KEY)));
	ut_assert(device_active(sandbox));
	ut_assertok(rpmb_key_add(4, sandbox_rpmb_model(sandbox, 0)->state.key));
	ut_asserteq(-EEXIST, rpmb_program_key(rpmb_ref(emmc, 0, 4)));
	ut_asserteq(0, emmc_front_model(mmc)->keys_seen);
	ut_assertok(rpmb_program_key(rpmb_ref(emmc, 0, OTHER_KEY)));
	/* the key's own device is no other one */
	ut_asserteq(-EALREADY, rpmb_program_key(rpmb_ref(sandbox, 0, RAM_KEY)));
	ut_assertok(rpmb_program_key(rpmb_ref(sandbox, 1, DERIVED)));

	return 0;
}
DM_TEST(dm_test_rpmb_key_twice, FLAGS);

/* A failure that the device reported is judged after a power cycle only */
static int dm_test_rpmb_program_attempt(struct unit_test_state *uts)
{
	struct rpmb_model *m;
	struct udevice *dev;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	m = sandbox_rpmb_model(dev, 0);
	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_PROGRAM_KEY, 0, 1);
	ut_asserteq(-EIO, rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	ut_asserteq(1, m->keys_seen);
	ut_asserteq(-EBUSY, rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	ut_asserteq(-EBUSY, rpmb_program_key(rpmb_ref(dev, 0, RAM_KEY)));
	ut_asserteq(1, m->keys_seen);
	/* it had taken the key, and says so late */
	m->state.key_set = 1;
	memcpy(m->state.key, expected[0].key, RPMB_KEY_SIZE);
	ut_asserteq(-EALREADY, rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	m->state.key_set = 0;
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));

	m->state.key_set = 0;
	rpmb_model_arm(m, RPMB_MODEL_F_REFUSE, RPMB_REQ_PROGRAM_KEY, 0, 1);
	ut_asserteq(-EIO, rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	sandbox_rpmb_power_cycle(dev);
	ut_assertok(rpmb_get_device_by_name("sandbox0", &dev));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));

	return 0;
}
DM_TEST(dm_test_rpmb_program_attempt, FLAGS);

/* After the ratchet: no key by any way, and looking still works */
static int check_ratcheted(struct unit_test_state *uts, struct udevice *dev)
{
	u8 huk[RPMB_HUK_MAX], data[RPMB_BLOCK_SIZE] = { 1 };
	u8 key[RPMB_KEY_SIZE], kcv[RPMB_KCV_SIZE];
	rpmb_keyid_t keyid;
	u32 count;

	ut_asserteq(true, rpmb_is_ratcheted());
	ut_asserteq(-EACCES, rpmb_huk_get(huk));
	for (keyid = RAM_KEY; keyid <= DERIVED; keyid += DERIVED - RAM_KEY) {
		ut_assertnull(rpmb_key_provider(keyid));
		ut_asserteq(-EKEYREVOKED,
			    rpmb_program_key(rpmb_ref(dev, 1, keyid)));
		ut_asserteq(-EKEYREVOKED, rpmb_write_blocks(rpmb_ref(dev, 0,
								     keyid), 0,
							    1, data));
		ut_asserteq(-EKEYREVOKED, rpmb_read_blocks(rpmb_ref(dev, 0,
								    keyid), 0,
							   1, data));
		ut_asserteq(-EKEYREVOKED, rpmb_get_write_count(rpmb_ref(dev, 0,
									keyid),
							       &count));
		ut_asserteq(-EKEYREVOKED,
			    rpmb_key_check_value(rpmb_ref(dev, 0, keyid), kcv));
		ut_asserteq(-EKEYREVOKED,
			    rpmb_selftest(rpmb_ref(dev, 0, keyid), ignore));
	}
	rpmb_conformance_key(RAM_KEY, key);
	ut_asserteq(-EKEYREVOKED, rpmb_key_add(RAM_KEY, key));
	ut_assertok(rpmb_get_write_count(rpmb_ref(dev, 0, RPMB_KEY_NONE),
					 &count));
	ut_asserteq(0, sandbox_rpmb_model(dev, 1)->keys_seen);

	return 0;
}

static int dm_test_rpmb_ratchet(struct unit_test_state *uts)
{
	struct udevice *dev;
	u32 count;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	ut_asserteq(false, rpmb_is_ratcheted());
	rpmb_ratchet();
	ut_assertok(check_ratcheted(uts, dev));
	rpmb_ratchet();
	ut_assertok(check_ratcheted(uts, dev));
	/* as after a reset */
	sandbox_rpmb_unratchet();
	ut_assertok(rpmb_get_write_count(rpmb_ref(dev, 0, DERIVED), &count));
	ut_asserteq(-ENOKEY,
		    rpmb_get_write_count(rpmb_ref(dev, 0, RAM_KEY), &count));

	return 0;
}
DM_TEST(dm_test_rpmb_ratchet, FLAGS);

/* Before scripts that are not U-Boot's own: on a closed board, and only there */
static int dm_test_rpmb_ratchet_scripts(struct unit_test_state *uts)
{
	struct udevice *dev;

	ut_assertok(rpmb_conformance_sandbox(uts, &dev));
	ut_assertok(rpmb_program_key(rpmb_ref(dev, 0, DERIVED)));
	console_record_reset();
	rpmb_before_scripts();
	ut_asserteq(false, rpmb_is_ratcheted());
	ut_assert_nextlinen("WARNING: this U-Boot has the RPMB TEST KEY");
	sandbox_rpmb_set_closed(true);
	rpmb_before_scripts();
	ut_asserteq(!IS_ENABLED(CONFIG_RPMB_ROLLBACK_LOCKED),
		    rpmb_is_ratcheted());
	rpmb_ratchet_prompt();
	sandbox_rpmb_set_closed(false);
	ut_assertok(check_ratcheted(uts, dev));

	return 0;
}
DM_TEST(dm_test_rpmb_ratchet_scripts, FLAGS | UTF_CONSOLE);

/* A lock that does not lock is said out loud; a closed board would stop */
static int dm_test_rpmb_ratchet_lock(struct unit_test_state *uts)
{
	u8 huk[RPMB_HUK_MAX];

	ut_assertok(rpmb_conformance_setup(uts));
	rpmb_conformance_fill(huk, sizeof(huk), 6);
	/* that it cannot be read proves a lock only if it could be before */
	sandbox_rpmb_set_huk(huk, -ETIMEDOUT, SANDBOX_RPMB_LOCKS);
	rpmb_ratchet();
	ut_assert_nextline("rpmb: the unique key or a provider's secret cannot be locked (error -110)");
	sandbox_rpmb_unratchet();
	sandbox_rpmb_set_huk(huk, 32, SANDBOX_RPMB_LOCK_BLANKS);
	rpmb_ratchet();
	ut_assert_console_end();
	sandbox_rpmb_unratchet();
	sandbox_rpmb_set_huk(huk, 32, SANDBOX_RPMB_LOCK_LIES);
	rpmb_ratchet();
	ut_assert_nextline("rpmb: the unique key or a provider's secret cannot be locked (error -13)");
	sandbox_rpmb_unratchet();
	sandbox_rpmb_set_huk(huk, 32, SANDBOX_RPMB_LOCK_FAILS);
	rpmb_ratchet();
	ut_assert_nextline("rpmb: the unique key or a provider's secret cannot be locked (error -5)");
	sandbox_rpmb_unratchet();
	/* no unique key: none to lock */
	sandbox_rpmb_set_huk(huk, -ENOSYS, SANDBOX_RPMB_LOCK_LIES);
	rpmb_ratchet();
	ut_assert_console_end();
	sandbox_rpmb_unratchet();

	return 0;
}
DM_TEST(dm_test_rpmb_ratchet_lock, FLAGS | UTF_CONSOLE);

/* A provider's own secret is locked with the unique key, or it is said */
static int dm_test_rpmb_ratchet_fuse(struct unit_test_state *uts)
{
	struct otp_priv *otp;

	ut_assertok(get_otp(uts, &otp));
	ut_assertok(rpmb_conformance_setup(uts));
	rpmb_ratchet();
	ut_asserteq(true, otp->locked);
	ut_assert_console_end();
	sandbox_rpmb_unratchet();
	otp->locked = false;
	otp->stuck = true;
	rpmb_ratchet();
	ut_assert_nextline("rpmb: the unique key or a provider's secret cannot be locked (error -13)");
	sandbox_rpmb_unratchet();

	return 0;
}
DM_TEST(dm_test_rpmb_ratchet_fuse, FLAGS | UTF_CONSOLE);

/* Ends sandbox, as dm_test_rpmb_ratchet_stops_norun does */
static int dm_test_rpmb_ratchet_fuse_stops_norun(struct unit_test_state *uts)
{
	struct otp_priv *otp;

	ut_assertok(get_otp(uts, &otp));
	ut_assertok(rpmb_conformance_setup(uts));
	otp->stuck = true;
	sandbox_rpmb_set_closed(true);
	rpmb_ratchet();
	printf("it goes on\n");

	return 0;
}
DM_TEST(dm_test_rpmb_ratchet_fuse_stops_norun, FLAGS | UTF_MANUAL);

/* The unique key in fuses, as the device tree describes it */
static int dm_test_rpmb_huk_misc(struct unit_test_state *uts)
{
	u8 huk[RPMB_HUK_MAX];
	struct otp_priv *otp;

	ut_assertok(get_otp(uts, &otp));
	ut_asserteq(0x20, rpmb_huk_misc_get(huk));
	ut_asserteq_mem(otp->mem + OTP_HUK, huk, 0x20);
	otp->zero = true;
	ut_asserteq(0x20, rpmb_huk_misc_get(huk));
	otp->zero = false;
	otp->less = 1;
	ut_asserteq(-EIO, rpmb_huk_misc_get(huk));
	otp->less = 0;
	ut_assertok(rpmb_huk_misc_lock());
	ut_asserteq(true, otp->locked);
	ut_asserteq(-EACCES, rpmb_huk_misc_get(huk));

	return 0;
}
DM_TEST(dm_test_rpmb_huk_misc, FLAGS);
