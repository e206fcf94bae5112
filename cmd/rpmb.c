// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The 'rpmb' command shows and uses Replay Protected Memory Blocks
 */

#include <command.h>
#include <dm.h>
#include <env.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <rpmb-version.h>
#include "rpmb-cmd.h"

static const struct rpmb_verb verb_write_counter = { "write-counter" };

static int do_rpmb_dev(struct cmd_tbl *cmdtp, int flag, int argc,
		       char *const argv[])
{
	struct rpmb_where w;
	int count;

	if (argc == 1) {
		if (rpmb_current_get(&w))
			return CMD_RET_FAILURE;
	} else {
		rpmb_current_scan(&count);
		if (!count || rpmb_current_where(argv[1], &w))
			return CMD_RET_FAILURE;
		rpmb_current_choose(&w);
	}
	printf("%s:%x is the current RPMB\n", w.dev->name, w.target);

	return CMD_RET_SUCCESS;
}

static int do_rpmb_write_counter(struct cmd_tbl *cmdtp, int flag, int argc,
				 char *const argv[])
{
	struct rpmb_where w;
	rpmb_keyid_t keyid;
	u32 count;
	int err;

	/* if a script goes on after an error, it must not find an old count */
	env_set("rpmb_counter", NULL);
	if (argc != 2)
		return CMD_RET_USAGE;
	if (rpmb_args_keyid(argv[1], true, &keyid) || rpmb_current_get(&w))
		return CMD_RET_FAILURE;
	err = rpmb_get_write_count(rpmb_ref(w.dev, w.target, keyid), &count);
	if (err)
		return rpmb_report(&w, &verb_write_counter, err, 0);
	printf("write counter: %#010x%s\n", count, rpmb_report_label(keyid));

	return env_set_hex("rpmb_counter", count) ? CMD_RET_FAILURE :
						    CMD_RET_SUCCESS;
}

#ifdef CONFIG_RPMB_SELFTEST
static const struct rpmb_verb verb_selftest = {
	"selftest", false, "the blocks it works on may hold test data",
};

static int selftest_passed, selftest_failed;
static struct rpmb_where selftest_where;

/* The status is that of the step which has just ended */
static void selftest_report(const char *what, int err)
{
	printf("%s  %s\n", err ? "FAIL" : "pass", what);
	if (!err) {
		selftest_passed++;
		return;
	}
	selftest_failed++;
	rpmb_report(&selftest_where, &verb_selftest, err, 0);
}

static int do_rpmb_selftest(struct cmd_tbl *cmdtp, int flag, int argc,
			    char *const argv[])
{
	struct rpmb_where w;
	rpmb_keyid_t keyid;
	int err;

	if (argc != 2)
		return CMD_RET_USAGE;
	if (rpmb_args_keyid(argv[1], false, &keyid) || rpmb_current_get(&w))
		return CMD_RET_FAILURE;
	selftest_where = w;
	selftest_passed = 0;
	selftest_failed = 0;
	err = rpmb_selftest(rpmb_ref(w.dev, w.target, keyid), selftest_report);
	/* the failure of a step has been printed, an earlier one has not */
	if (err && !selftest_failed)
		return rpmb_report(&w, &verb_selftest, err, 0);
	printf("selftest %s:%x: %d passed, %d failed\n", w.dev->name,
	       w.target, selftest_passed, selftest_failed);

	return err ? CMD_RET_FAILURE : CMD_RET_SUCCESS;
}
#endif

U_BOOT_LONGHELP(rpmb,
	"list\n"
	"    every RPMB: index, name, transport, size, key state, device id\n"
	"rpmb dev [<index>[:<target>]]\n"
	"    show or choose the current RPMB; names (mmc0, ufs0:1) do as well\n"
	"rpmb get-info\n"
	"    facts of the current RPMB\n"
	"rpmb key list\n"
	"    key ids, providers, check values for the current RPMB\n"
	"rpmb key add <keyid> <addr> [<len>]\n"
	"    move a key of 0x20 bytes from memory into a slot, wipe the memory\n"
	"rpmb key del <keyid>\n"
	"    wipe a key of a RAM slot\n"
#ifdef CONFIG_RPMB_PROGRAM
	"rpmb program-key [-y|-n] <keyid>\n"
	"    program the key, ONCE in the device's life; -y does not ask, -n only\n"
	"    says whether it would be done\n"
#endif
	"rpmb write-counter <keyid|none>\n"
	"    print the write counter, set rpmb_counter to it\n"
	"rpmb write-blocks [-r] <keyid> <addr> <blk> <cnt>\n"
	"    write blocks of 0x100 bytes from memory; -r reads all of them back\n"
	"rpmb read-blocks <keyid|none> <addr> <blk> <cnt>\n"
	"    read blocks of 0x100 bytes to memory\n"
	"rpmb dump <keyid|none> <blk> [<cnt>]\n"
	"    read blocks and show them\n"
#ifdef CONFIG_CMD_RPMB_PROVISION
	"rpmb provision [-n] <addr>\n"
	"    do what the signed manifest says, ONE-WAY; -n checks and changes nothing\n"
#endif
#ifdef CONFIG_CMD_RPMB_ROLLBACK
	"rpmb rollback get <loc>\n"
	"    print a rollback index, set rpmb_index to it\n"
	"rpmb rollback check <loc> <index>\n"
	"    may something with this index be booted?\n"
	"rpmb rollback advance <loc> <index>\n"
	"    raise an index, on an open board\n"
#ifdef CONFIG_CMD_RPMB_COMMIT
	"rpmb rollback commit <addr>[#<conf>[#<extra>...]] [...]\n"
	"    verify the FIT of every slot, raise the index to the lowest of theirs\n"
#ifdef CONFIG_RPMB_ROLLBACK_AB
	"rpmb rollback commit-ab <interface> <dev[:part|#partname]> <addr>[#<conf>[#<extra>...]] [...]\n"
	"    the same for the slots that can boot, once Android's A/B metadata have\n"
	"    one of them marked successful; FITs of _a, _b...\n"
#endif
#endif
#endif
#ifdef CONFIG_CMD_RPMB_SERVICE
	"rpmb service <addr>\n"
	"    do what the signed service token says, which works ONCE\n"
#endif
#ifdef CONFIG_RPMB_SELFTEST
	"rpmb selftest <keyid>\n"
	"    test the current RPMB; the blocks it writes are restored\n"
#endif
	"\n"
	"All numbers are hex, and all verbs are spelt in full. 'none' takes the answer UNVERIFIED.");

/* These clear variables or memory also if the number of arguments is wrong */
#define ANY_ARGS	CONFIG_SYS_MAXARGS

#ifdef CONFIG_AUTO_COMPLETE
#define COMPLETE(fn)	.complete = fn,
static int complete_dev(int argc, char *const argv[], char last_char, int maxv,
			char *cmdv[])
{
	struct udevice *dev;
	int i, count = 0;

	if (argc + !!isblank(last_char) != 2)
		return 0;
	if (rpmb_scan() < 0)
		return 0;
	for (i = 0; count < maxv - 1 && rpmb_get_device(i, &dev) != -ENODEV; i++)
		if (isblank(last_char) ||
		    !strncmp(dev->name, argv[1], strlen(argv[1])))
			cmdv[count++] = (char *)dev->name;
	cmdv[count] = NULL;

	return count;
}

static int complete_word(const char *words, char *const argv[], int argc,
			 char last_char, char *cmdv[])
{
	int count = 0;

	if (argc + !!isblank(last_char) == 2) {
		for (; *words; words += strlen(words) + 1)
			if (isblank(last_char) ||
			    !strncmp(words, argv[1], strlen(argv[1])))
				cmdv[count++] = (char *)words;
	}
	cmdv[count] = NULL;

	return count;
}

static int complete_key(int argc, char *const argv[], char last_char, int maxv,
			char *cmdv[])
{
	return complete_word("add\0del\0list\0", argv, argc, last_char, cmdv);
}

#ifdef CONFIG_CMD_RPMB_ROLLBACK
static int complete_rollback(int argc, char *const argv[], char last_char,
			     int maxv, char *cmdv[])
{
	return complete_word("advance\0check\0"
#ifdef CONFIG_CMD_RPMB_COMMIT
			     "commit\0"
#ifdef CONFIG_RPMB_ROLLBACK_AB
			     "commit-ab\0"
#endif
#endif
			     "get\0", argv, argc, last_char, cmdv);
}
#endif
#else
#define COMPLETE(fn)
#endif

/* As U_BOOT_SUBCMD_MKENT(), without pointers to help that there is none of */
#define SUBCMD(_name, _max, _rep, _cmd, _complete)	{		\
	.name = #_name, .maxargs = _max, .cmd = _cmd,			\
	.cmd_rep = _rep ? cmd_always_repeatable : cmd_never_repeatable,	\
	COMPLETE(_complete)						\
}

static struct cmd_tbl verbs[] = {
	SUBCMD(list, 1, 1, do_rpmb_list, NULL),
	SUBCMD(dev, 2, 1, do_rpmb_dev, complete_dev),
	SUBCMD(get-info, 1, 1, do_rpmb_get_info, NULL),
	SUBCMD(key, ANY_ARGS, 0, do_rpmb_key, complete_key),
#ifdef CONFIG_RPMB_PROGRAM
	SUBCMD(program-key, 3, 0, do_rpmb_program_key, NULL),
#endif
	SUBCMD(write-counter, ANY_ARGS, 1, do_rpmb_write_counter, NULL),
	SUBCMD(write-blocks, 6, 0, do_rpmb_write_blocks, NULL),
	SUBCMD(read-blocks, 5, 0, do_rpmb_read_blocks, NULL),
	SUBCMD(dump, 4, 0, do_rpmb_dump, NULL),
#ifdef CONFIG_CMD_RPMB_PROVISION
	SUBCMD(provision, ANY_ARGS, 0, do_rpmb_provision, NULL),
#endif
#ifdef CONFIG_CMD_RPMB_ROLLBACK
	SUBCMD(rollback, ANY_ARGS, 0, do_rpmb_rollback, complete_rollback),
#endif
#ifdef CONFIG_CMD_RPMB_SERVICE
	SUBCMD(service, 2, 0, do_rpmb_service, NULL),
#endif
#ifdef CONFIG_RPMB_SELFTEST
	SUBCMD(selftest, 2, 0, do_rpmb_selftest, NULL),
#endif
};

/* Verbs are spelt in full: some cannot be undone */
static struct cmd_tbl *find_verb(const char *name)
{
	struct cmd_tbl *v;

	for (v = verbs; v < verbs + ARRAY_SIZE(verbs); v++)
		if (!strcmp(name, v->name))
			return v;

	return NULL;
}

/* Print the lines of the help that begin with the verb */
static int print_usage(const char *verb)
{
	size_t len = strlen(verb);
	const char *line, *end;

	printf("rpmb %s: these arguments will not do\n", verb);
	if (!IS_ENABLED(CONFIG_SYS_LONGHELP))
		return CMD_RET_FAILURE;
	for (line = rpmb_help_text; line; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		line += !strncmp(line, "rpmb ", 5) ? 5 : 0;
		if (end && !strncmp(line, verb, len) && !isalpha(line[len]) &&
		    line[len] != '-')
			printf("Usage: rpmb %.*s\n", (int)(end - line), line);
	}

	return CMD_RET_FAILURE;
}

static int do_rpmb(struct cmd_tbl *cmdtp, int flag, int argc,
		   char *const argv[], int *repeatable)
{
	struct cmd_tbl *verb;
	int ret = CMD_RET_USAGE;

	if (argc < 2)
		return CMD_RET_USAGE;
	verb = find_verb(argv[1]);
	if (!verb) {
		printf("rpmb: there is no verb '%s'; see 'help rpmb'\n", argv[1]);
		return CMD_RET_FAILURE;
	}
	if (flag == CMD_FLAG_REPEAT && !cmd_is_repeatable(verb))
		return CMD_RET_SUCCESS;
	if (argc - 1 <= verb->maxargs)
		ret = verb->cmd_rep(verb, flag, argc - 1, argv + 1, repeatable);

	return ret == CMD_RET_USAGE ? print_usage(argv[1]) : ret;
}

#ifdef CONFIG_AUTO_COMPLETE
static int complete_rpmb(int argc, char *const argv[], char last_char, int maxv,
			 char *cmdv[])
{
	return complete_subcmdv(verbs, ARRAY_SIZE(verbs), argc - 1, argv + 1,
				last_char, maxv, cmdv);
}
#endif

U_BOOT_CMDREP_COMPLETE(rpmb, CONFIG_SYS_MAXARGS, do_rpmb,
		       "Replay Protected Memory Blocks, version " RPMB_VERSION,
		       rpmb_help_text, complete_rpmb);
