// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool decode: RPMB frames in words
 */

#include <ctype.h>
#include <getopt.h>
#include <malloc.h>

#include "tool.h"

#define NAME		"decode"
#define DUMP_MAX	0x2000000	/* bytes of input */

/* Which messages carry a MAC; a programming frame carries the key itself */
static const struct {
	u16 type;
	const char *name;
	bool is_signed;
} types[] = {
	{ 0x0001, "program key, request", false },
	{ 0x0002, "read counter, request", false },
	{ 0x0003, "write data, request", true },
	{ 0x0004, "read data, request", false },
	{ 0x0005, "read result, request", false },
	{ 0x0006, "write protection, write request", true },
	{ 0x0007, "write protection, read request", false },
	{ 0x0008, "purge, request", true },
	{ 0x0009, "purge status, request", false },
	{ 0x0100, "program key, reply", false },
	{ 0x0200, "read counter, reply", true },
	{ 0x0300, "write data, reply", true },
	{ 0x0400, "read data, reply", true },
	{ 0x0600, "write protection, write reply", true },
	{ 0x0700, "write protection, read reply", true },
	{ 0x0800, "purge, reply", true },
	{ 0x0900, "purge status, reply", true },
};

static const char * const results[] = {
	"clean", "general failure", "authentication failure",
	"counter failure", "address failure", "write failure", "read failure",
	"no key programmed", "write protection: failure",
	"write protection: wrong parameter", "write protection: not applicable",
};

/* struct decoder - what was asked for, and what was found */
struct decoder {
	const u8 *key;
	bool show_data;
	struct tool_json *json;
	u32 wrong;
};

static int find_type(u16 type)
{
	size_t i;

	for (i = 0; i < TOOL_COUNT(types); i++)
		if (types[i].type == type)
			return i;
	return -1;
}

static bool is_signed(const struct rpmb_frame *f)
{
	int i = find_type(rpmb_get16(&f->req_resp));

	/* a device without a key has nothing to sign with */
	return i >= 0 && types[i].is_signed &&
	       (rpmb_get16(&f->result) & ~RPMB_RES_EXPIRED) != RPMB_RES_NO_KEY;
}

static bool all_zero(const u8 *p, size_t len)
{
	while (len && !*p) {
		p++;
		len--;
	}
	return !len;
}

static const char *result_name(u16 result)
{
	u16 plain = result & ~RPMB_RES_EXPIRED;

	return plain < TOOL_COUNT(results) ? results[plain] : "unknown";
}

static void print_head(const struct rpmb_frame *f, u32 number)
{
	u16 type = rpmb_get16(&f->req_resp), result = rpmb_get16(&f->result);
	int i = find_type(type);

	printf("frame %u: %s (0x%04x)\n", number,
	       i >= 0 ? types[i].name : "unknown", type);
	printf("  result:   0x%04x, %s%s\n", result, result_name(result),
	       result & RPMB_RES_EXPIRED ? ", counter expired" : "");
	printf("  counter:  0x%08x\n", rpmb_get32(&f->write_counter));
	printf("  address:  0x%04x\n", rpmb_get16(&f->addr));
	printf("  blocks:   %u\n", rpmb_get16(&f->block_count));
}

static void print_bytes(const char *name, const u8 *p, size_t len)
{
	size_t at;

	printf("  %-9s ", name);
	if (all_zero(p, len)) {
		printf("%zu byte%s of zero\n", len, len == 1 ? "" : "s");
		return;
	}
	for (at = 0; at < len; at += 32) {
		printf("%s", at ? "            " : "");
		tool_print_hex(stdout, p + at, len - at < 32 ? len - at : 32);
		putchar('\n');
	}
}

/*
 * Show the field only if it is a MAC. In a programming frame it is the key,
 * also if a bit has flipped in the frame's type.
 */
static void print_mac(const struct rpmb_frame *f)
{
	if (is_signed(f) || all_zero(f->key_mac, RPMB_MAC_SIZE))
		print_bytes("mac:", f->key_mac, RPMB_MAC_SIZE);
	else if (rpmb_get16(&f->req_resp) == RPMB_REQ_PROGRAM_KEY)
		puts("  key:      there, not shown");
	else
		puts("  key/mac:  there, not shown");
}

static void print_data(const struct decoder *d, const struct rpmb_frame *f)
{
	if (d->show_data || all_zero(f->data, RPMB_BLOCK_SIZE))
		print_bytes("data:", f->data, RPMB_BLOCK_SIZE);
	else
		puts("  data:     256 bytes, shown with --data");
}

/*
 * Return: number of frames of the message that begins at @f. Some replies of an
 * eMMC have no count: they end with the frame that has a MAC.
 */
static u32 message_len(const struct rpmb_frame *f, u32 count)
{
	u16 type = rpmb_get16(&f->req_resp), said = rpmb_get16(&f->block_count);
	u32 n;

	if (type != RPMB_REQ_WRITE_DATA && type != RPMB_RESP(RPMB_REQ_READ_DATA))
		return 1;
	for (n = 1; n < count && rpmb_get16(&f[n].req_resp) == type; n++)
		if (said ? n == said :
		    !all_zero(f[n - 1].key_mac, RPMB_MAC_SIZE))
			break;
	return n;
}

/* A field that the text does not show has no bytes here either */
static void json_frame(struct decoder *d, const struct rpmb_frame *f)
{
	u16 type = rpmb_get16(&f->req_resp), result = rpmb_get16(&f->result);
	struct tool_json *j = d->json;
	int i = find_type(type);

	tool_json_open(j, NULL, '{');
	tool_json_hex(j, "type", type);
	tool_json_text(j, "name", i >= 0 ? types[i].name : "unknown");
	tool_json_hex(j, "result", result);
	tool_json_text(j, "result_name", result_name(result));
	tool_json_flag(j, "counter_expired", result & RPMB_RES_EXPIRED);
	tool_json_hex(j, "counter", rpmb_get32(&f->write_counter));
	tool_json_hex(j, "address", rpmb_get16(&f->addr));
	tool_json_number(j, "blocks", rpmb_get16(&f->block_count));
	tool_json_bytes(j, "nonce", f->nonce, RPMB_NONCE_SIZE);
	if (is_signed(f) || all_zero(f->key_mac, RPMB_MAC_SIZE))
		tool_json_bytes(j, "mac", f->key_mac, RPMB_MAC_SIZE);
	if (d->show_data)
		tool_json_bytes(j, "data", f->data, RPMB_BLOCK_SIZE);
	tool_json_close(j, '}');
}

static void say_mac(struct decoder *d, u32 count, bool good)
{
	if (d->json)
		tool_json_flag(d->json, "mac_right", good);
	else
		printf("  MAC of %u frame%s: %s\n", count, count == 1 ? "" : "s",
		       good ? "right" : "WRONG");
}

static void say_unsigned(struct decoder *d)
{
	if (!d->json)
		puts("  not signed: anybody can have made it");
}

static int check_mac(struct decoder *d, const struct rpmb_frame *f, u32 count)
{
	struct rpmb_mac mac = { .loaded = false };
	int ret;

	if (!d->key)
		return 0;
	if (!is_signed(&f[count - 1])) {
		say_unsigned(d);
		return 0;
	}
	ret = rpmb_mac_load(&mac, d->key);
	if (!ret)
		ret = rpmb_mac_verify(&mac, f, count);
	rpmb_mac_unload(&mac);
	if (ret && ret != -EBADMSG)
		return tool_trouble("no MAC: %s", strerror(-ret));
	say_mac(d, count, !ret);
	d->wrong += !!ret;
	return 0;
}

static void print_frame(struct decoder *d, const struct rpmb_frame *f,
			u32 number)
{
	if (d->json) {
		json_frame(d, f);
		return;
	}
	print_head(f, number);
	print_bytes("nonce:", f->nonce, RPMB_NONCE_SIZE);
	print_mac(f);
	print_data(d, f);
}

/* In JSON: is it signed, its frames, and with a key whether the MAC is right */
static int decode_message(struct decoder *d, const struct rpmb_frame *f, u32 at,
			  u32 count)
{
	u32 i;
	int ret;

	if (d->json) {
		tool_json_open(d->json, NULL, '{');
		tool_json_flag(d->json, "signed", is_signed(&f[count - 1]));
		tool_json_open(d->json, "frames", '[');
	}
	for (i = 0; i < count; i++)
		print_frame(d, f + i, at + i);
	if (d->json)
		tool_json_close(d->json, ']');
	ret = check_mac(d, f, count);
	if (d->json)
		tool_json_close(d->json, '}');
	return ret;
}

static int decode(struct decoder *d, const struct rpmb_frame *f, u32 count)
{
	u32 at, n;
	int ret = 0;

	if (d->json)
		tool_json_open(d->json, NULL, '[');
	for (at = 0; at < count && !ret; at += n) {
		n = message_len(f + at, count - at);
		ret = decode_message(d, f + at, at, n);
	}
	if (d->json)
		tool_json_close(d->json, ']');
	if (ret)
		return ret;
	return d->wrong ? TOOL_BAD : TOOL_GOOD;
}

static bool is_text(const struct tool_file *file)
{
	size_t i;

	for (i = 0; i < file->len; i++)
		if (!isprint(file->data[i]) && !isspace(file->data[i]))
			return false;
	return true;
}

/*
 * One line of a hex dump: an address and ':' may stand before, and two spaces
 * and the same as text behind (xxd, U-Boot's md.b). Returns where it wrote to.
 */
static u8 *unhex_line(char *line, u8 *to)
{
	char *colon = strchr(line, ':'), *word, *gutter;
	size_t len;

	if (colon)
		line = colon + 1;
	line += strspn(line, " \t");
	gutter = strstr(line, "  ");
	if (gutter)
		*gutter = '\0';
	while ((word = strsep(&line, " \t\r"))) {
		if (!*word)
			continue;
		if (!tool_parse_hex(word, strlen(word) / 2, to, &len))
			return NULL;
		to += len;
	}
	return to;
}

/* In place, since hex text is longer than the bytes */
static int unhex(const char *path, struct tool_file *file)
{
	char *text = (char *)file->data, *line;
	u8 *to = file->data;
	u32 number;

	for (number = 1; (line = strsep(&text, "\n")); number++) {
		to = unhex_line(line, to);
		if (!to)
			return tool_trouble("%s:%u: not hex bytes", path,
					    number);
	}
	file->len = to - file->data;
	return 0;
}

static int decode_file(struct decoder *d, const char *path)
{
	struct tool_file file;
	int ret;

	ret = tool_read_file(path, DUMP_MAX, &file);
	if (!ret && is_text(&file))
		ret = unhex(path, &file);
	if (!ret && (!file.len || file.len % RPMB_FRAME_SIZE))
		ret = tool_trouble("%s: it has %zu bytes, and a frame has %d", path,
				   file.len, RPMB_FRAME_SIZE);
	if (!ret)
		ret = decode(d, (const struct rpmb_frame *)file.data,
			     file.len / RPMB_FRAME_SIZE);
	/* wipe all of it: the dump may have had a key in it */
	if (file.data)
		file.len = malloc_usable_size(file.data);
	tool_free_file(&file);
	return ret;
}

static const struct option options[] = {
	TOOL_DEVICE_OPTIONS,
	{ "key", required_argument, NULL, 'k' },
	{ "data", no_argument, NULL, 'd' },
	{ "json", no_argument, NULL, 'J' },
	{ NULL, 0, NULL, 0 }
};

static int read_key(const char *path, u8 key[RPMB_KEY_SIZE])
{
	struct tool_file file;
	int ret;

	ret = tool_read_secret(path, RPMB_KEY_SIZE, RPMB_KEY_SIZE, &file);
	if (!ret)
		memcpy(key, file.data, RPMB_KEY_SIZE);
	tool_free_file(&file);
	return ret;
}

/* Decode with a key from a file, with a derived key, or without one */
static int run(struct decoder *d, const struct tool_device *dev,
	       const char *key_path, const char *path)
{
	u8 key[RPMB_KEY_SIZE];
	int ret = 0;

	if (key_path)
		ret = read_key(key_path, key);
	else if (dev->huk)
		ret = tool_device_key(dev, key);
	if (key_path || dev->huk)
		d->key = key;
	if (!ret)
		ret = decode_file(d, path);
	rpmb_wipe(key, sizeof(key));
	d->key = NULL;
	return ret;
}

int tool_decode(int argc, char **argv)
{
	struct tool_json json = { 0 };
	struct decoder d = { .key = NULL };
	const char *key = NULL;
	struct tool_device dev;
	int opt;

	tool_device_init(&dev);
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'k')
			key = optarg;
		else if (opt == 'd')
			d.show_data = true;
		else if (opt == 'J')
			d.json = &json;
		else if (tool_device_option(&dev, NAME, opt, optarg))
			return TOOL_TROUBLE;
	}
	if (argc - optind > 1)
		return tool_usage(NAME, "%s: too many words", argv[optind + 1]);
	if (key && dev.huk)
		return tool_usage(NAME, "either --key or --huk");
	if (dev.huk && (!dev.transport || !dev.id_len))
		return tool_usage(NAME, "--huk wants --transport and --id or --name");
	return run(&d, &dev, key, optind < argc ? argv[optind] : "-");
}
