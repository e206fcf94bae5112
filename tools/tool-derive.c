// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool derive: key and check value of a device
 */

#include <getopt.h>

#include "tool.h"

#define NAME	"derive"

static const struct option options[] = {
	TOOL_DEVICE_OPTIONS,
	{ "key-out", required_argument, NULL, 'o' },
	{ "json", no_argument, NULL, 'J' },
	{ NULL, 0, NULL, 0 }
};

static void print_json(const struct tool_device *dev,
		       const u8 kcv[RPMB_KCV_SIZE])
{
	struct tool_json j = { 0 };

	tool_json_open(&j, NULL, '{');
	tool_json_text(&j, "transport", rpmb_tree_transport(dev->transport));
	tool_json_number(&j, "target", dev->target);
	tool_json_bytes(&j, "id", dev->id, dev->id_len);
	tool_json_hex(&j, "slot", dev->slot);
	tool_json_bytes(&j, "kcv", kcv, RPMB_KCV_SIZE);
	tool_json_close(&j, '}');
}

static int print_check_value(const struct tool_device *dev,
			     const u8 key[RPMB_KEY_SIZE], bool json)
{
	u8 kcv[RPMB_KCV_SIZE];

	if (rpmb_kdf_check_value(key, kcv))
		return tool_trouble("no check value");
	if (json) {
		print_json(dev, kcv);
		return 0;
	}
	tool_print_hex(stdout, kcv, sizeof(kcv));
	putchar('\n');
	return 0;
}

static int derive(const struct tool_device *dev, const char *key_out, bool json)
{
	u8 key[RPMB_KEY_SIZE];
	int ret;

	ret = tool_device_key(dev, key);
	if (!ret && key_out)
		ret = tool_write_secret(key_out, key, sizeof(key));
	if (!ret)
		ret = print_check_value(dev, key, json);
	rpmb_wipe(key, sizeof(key));
	return ret;
}

int tool_derive(int argc, char **argv)
{
	const char *key_out = NULL;
	struct tool_device dev;
	bool json = false;
	int opt;

	tool_device_init(&dev);
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'o')
			key_out = optarg;
		else if (opt == 'J')
			json = true;
		else if (tool_device_option(&dev, NAME, opt, optarg))
			return TOOL_TROUBLE;
	}
	if (optind < argc)
		return tool_usage(NAME, "%s: too many words", argv[optind]);
	if (!dev.huk || !dev.transport || !dev.id_len)
		return tool_usage(NAME, "--huk, --transport and --id or --name are wanted");
	if (key_out && !strcmp(key_out, "-"))
		return tool_usage(NAME, "a key is written to a file only");
	return derive(&dev, key_out, json);
}
