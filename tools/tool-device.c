// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: a key's derivation, as options tell it
 */

#include <u-boot/blake2.h>

#include "tool.h"

static const struct {
	const char *name;
	int scheme;
} schemes[] = {
	{ "derived", RPMB_KDF_DERIVED },
	{ "fuse", RPMB_KDF_FUSE },
	{ "test", RPMB_KDF_TEST },
	{ "optee", TOOL_OPTEE },
	{ "optee-compat", TOOL_OPTEE_COMPAT },
};

void tool_device_init(struct tool_device *dev)
{
	memset(dev, 0, sizeof(*dev));
	dev->scheme = RPMB_KDF_DERIVED;
}

static bool set_scheme(struct tool_device *dev, const char *arg)
{
	size_t i;

	for (i = 0; i < TOOL_COUNT(schemes); i++)
		if (!strcmp(schemes[i].name, arg)) {
			dev->scheme = schemes[i].scheme;
			return true;
		}
	return false;
}

static bool set_id(struct tool_device *dev, const char *arg)
{
	size_t len;

	if (dev->id_len || !tool_parse_hex(arg, sizeof(dev->id), dev->id, &len))
		return false;
	dev->id_len = len;
	return true;
}

static bool set_name(struct tool_device *dev, const char *arg)
{
	size_t len = strlen(arg);

	if (dev->id_len || !len || len > sizeof(dev->id))
		return false;
	memcpy(dev->id, arg, len);
	dev->id_len = len;
	return true;
}

static int set_u8(const char *command, const char *what, const char *arg,
		  u8 max, u8 *out)
{
	const char *why;
	u64 val;

	why = tool_parse_number(arg, max, &val);
	if (why)
		return tool_usage(command, "%s: not a %s: %s", arg, what, why);
	*out = val;
	return 0;
}

int tool_device_option(struct tool_device *dev, const char *command, int opt,
		       const char *arg)
{
	switch (opt) {
	case 'H':
		dev->huk = arg;
		return 0;
	case 's':
		return set_scheme(dev, arg) ? 0 :
			tool_usage(command, "%s: no such scheme", arg);
	case 'S':
		return set_u8(command, "slot", arg, 0xff, &dev->slot);
	case 't':
		return tool_parse_transport(arg, &dev->transport) ? 0 :
			tool_usage(command, "%s: no such transport", arg);
	case 'r':
		return set_u8(command, "target", arg, RPMB_TREE_TARGETS - 1,
			      &dev->target);
	case 'i':
		return set_id(dev, arg) ? 0 :
			tool_usage(command,
				   "%s: not an identifier, or a second one",
				   arg);
	case 'n':
		return set_name(dev, arg) ? 0 :
			tool_usage(command,
				   "%s: not an identifier, or a second one",
				   arg);
	default:
		/* getopt_long() has said what is wrong */
		return tool_usage(command, "wrong option");
	}
}

/* OP-TEE uses an eMMC's CID, and a hash of a UFS device's name */
static int derive_optee(const struct tool_device *dev,
			const struct tool_file *huk, u8 key[RPMB_KEY_SIZE])
{
	u8 id[RPMB_CID_SIZE];

	if (dev->transport == RPMB_KDF_EMMC && dev->id_len == sizeof(id))
		memcpy(id, dev->id, sizeof(id));
	else if (dev->transport != RPMB_KDF_UFS)
		return -EINVAL;
	else if (blake2b(id, sizeof(id), dev->id, dev->id_len, NULL, 0))
		return -EIO;
	return rpmb_kdf_optee(dev->scheme == TOOL_OPTEE_COMPAT, huk->data,
			      huk->len, id, key);
}

static int derive(const struct tool_device *dev, const struct tool_file *huk,
		  u8 key[RPMB_KEY_SIZE])
{
	const struct rpmb_target_id t = { dev->transport, dev->target,
					   dev->id_len, dev->id };
	const struct rpmb_kdf_secret from = { dev->scheme, dev->slot,
					      huk->data, huk->len };

	if (dev->scheme >= TOOL_OPTEE)
		return derive_optee(dev, huk, key);
	return rpmb_kdf_derive(&from, &t, key);
}

int tool_device_key(const struct tool_device *dev, u8 key[RPMB_KEY_SIZE])
{
	struct tool_file huk;
	int ret;

	/* on boards OP-TEE's provider has the slots 0 and 1 */
	if (dev->scheme >= TOOL_OPTEE &&
	    dev->slot > dev->scheme - TOOL_OPTEE)
		return tool_trouble("slot %u: OP-TEE's keys are 0, optee, and 1, optee-compat",
				    dev->slot);
	/* the same rule as in manifests and tokens */
	if (dev->target && dev->transport != RPMB_KDF_UFS &&
	    dev->transport != RPMB_KDF_SANDBOX)
		return tool_trouble("target %u: this transport has but 0",
				    dev->target);
	if (tool_read_secret(dev->huk, RPMB_HUK_MIN, RPMB_HUK_MAX, &huk))
		return TOOL_TROUBLE;
	ret = derive(dev, &huk, key);
	tool_free_file(&huk);
	if (ret == -EKEYREJECTED) {
		tool_trouble("%s: blank, patterned or published", dev->huk);
		return TOOL_BAD;
	}
	if (ret == -EINVAL)
		return tool_trouble("no key for such a transport with such an identifier");
	if (ret < 0)
		return tool_trouble("%s", strerror(-ret));
	return ret;
}
