// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzer: what the host tool is given to read: logs, dumps, batches, manifests
 *
 * The commands are called as main() calls them. Files are kept in memory: what
 * is read has no room behind its end, and what is written is looked at. A
 * command that fails has written nothing; one that shows something shows it
 * whole, and in JSON where that is asked for.
 */

#include <getopt.h>
#include <stdlib.h>
#include <rpmb/fdt.h>
#include "../../tools/tool.h"
#include "fuzz_input.h"

static struct fuzz_input in;
static bool has_written;
static u8 *written;

int tool_read_file(const char *path, size_t max, struct tool_file *file)
{
	static const u8 key[32] = { 1, 2, 3 };
	bool is_key = !strcmp(path, "key");

	file->len = is_key ? sizeof(key) : in.left;
	fuzz_must(file->len <= max);
	file->data = malloc(file->len + 1);
	memcpy(file->data, is_key ? key : in.at, file->len);
	file->data[file->len] = '\0';
	return 0;
}

void tool_free_file(struct tool_file *file)
{
	if (file->data)
		rpmb_wipe(file->data, file->len);
	free(file->data);
	memset(file, 0, sizeof(*file));
}

int tool_write_file(const char *path, const void *data, size_t len)
{
	fuzz_must(!has_written);
	has_written = true;
	written = malloc(len + !len);
	memcpy(written, data, len);
	return 0;
}

int tool_write_secret(const char *path, const void *data, size_t len)
{
	abort();
}

int tool_check_output(const char *out, const char * const *from, int count)
{
	return 0;
}

static const struct {
	int (*run)(int argc, char **argv);
	bool json;
	const char *argv[8];
} commands[] = {
	{ tool_decode, false, { "decode", "in" } },
	{ tool_decode, true, { "decode", "--json", "--data", "in" } },
	{ tool_decode, false, { "decode", "--key", "key", "in" } },
	{ tool_log, false, { "verify-log", "in" } },
	{ tool_log, true, { "verify-log", "--json", "--expect", "1", "in" } },
	{ tool_log, false, { "verify-log", "--huk", "key", "in" } },
	{ tool_manifest, false, { "manifest", "--from", "in", "--out", "o" } },
	{ tool_manifest, false, { "manifest", "--show", "in" } },
	{ tool_manifest, true, { "manifest", "--show", "in", "--json" } },
	{ tool_token, false, { "token", "--show", "in" } },
	{ tool_token, true, { "token", "--show", "in", "--json" } },
};

/* Brackets and quotes of JSON are in pairs, and all is printable */
static void check_json(const char *p, size_t len)
{
	bool quoted = false;
	int depth = 0;

	for (; len; len--, p++) {
		fuzz_must((*p >= ' ' && *p <= '~') || *p == '\n');
		if (quoted && *p == '\\') {
			fuzz_must(len > 1);
			len--;
			p++;
		} else if (*p == '"') {
			quoted = !quoted;
		} else if (!quoted && (*p == '{' || *p == '[')) {
			depth++;
		} else if (!quoted && (*p == '}' || *p == ']')) {
			fuzz_must(depth-- > 0);
		}
	}
	fuzz_must(!quoted && !depth);
}

static void check_manifest(void)
{
	struct rpmb_tree_fault fault;
	struct rpmb_manifest m;

	fuzz_must(!rpmb_manifest_open(&m, written, fdt_totalsize(written),
				      &fault));
}

static void run(u32 n)
{
	char *argv[TOOL_COUNT(commands[n].argv)], *text = NULL;
	FILE *before = stdout;
	int argc, ret;
	size_t len = 0;

	for (argc = 0; commands[n].argv[argc]; argc++)
		argv[argc] = (char *)commands[n].argv[argc];
	argv[argc] = NULL;
	optind = 0;
	stdout = open_memstream(&text, &len);
	ret = commands[n].run(argc, argv);
	fclose(stdout);
	stdout = before;
	fuzz_must(ret >= TOOL_GOOD && ret <= TOOL_TROUBLE);
	fuzz_must(ret == TOOL_GOOD || !has_written);
	if (has_written)
		check_manifest();
	if (commands[n].json && ret != TOOL_TROUBLE)
		check_json(text, len);
	free(text);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	stderr = fopen("/dev/null", "w");
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	in = (struct fuzz_input){ data, size };
	has_written = false;
	run(fuzz_pick(&in, TOOL_COUNT(commands)));
	free(written);
	written = NULL;
	return 0;
}
