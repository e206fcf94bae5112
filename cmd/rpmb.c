// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The 'rpmb' command shows and uses Replay Protected Memory Blocks
 */

#include <command.h>
#include <dm.h>
#include <env.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <rpmb-store.h>
#include <rpmb-version.h>
#include "rpmb-cmd.h"

static const struct rpmb_verb verb_write_counter = { "write-counter" };

static int do_rpmb_dev(char option, int argc, char *const argv[])
{
	struct rpmb_where w;
	int count;

	if (!argc) {
		if (rpmb_current_get(&w))
			return CMD_RET_FAILURE;
	} else {
		rpmb_current_scan(&count);
		if (!count || rpmb_current_where(argv[0], &w))
			return CMD_RET_FAILURE;
		rpmb_current_choose(&w);
	}
	printf("%s:%x is the current RPMB\n", w.dev->name, w.target);

	return CMD_RET_SUCCESS;
}

static int do_rpmb_write_counter(char option, int argc, char *const argv[])
{
	struct rpmb_where w;
	rpmb_keyid_t keyid;
	u32 count;
	int err;

	if (rpmb_args_keyid(argv[0], true, &keyid) || rpmb_current_get(&w))
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

/* The status is that of the step that has just ended */
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

static int do_rpmb_selftest(char option, int argc, char *const argv[])
{
	struct rpmb_where w;
	rpmb_keyid_t keyid;
	int err;

	if (rpmb_args_keyid(argv[0], false, &keyid) || rpmb_current_get(&w))
		return CMD_RET_FAILURE;
	selftest_where = w;
	selftest_passed = 0;
	selftest_failed = 0;
	err = rpmb_selftest(rpmb_ref(w.dev, w.target, keyid), selftest_report);
	/* a step that failed has printed it, an error before the steps has not */
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
	"    raise an index FOR GOOD, on an open board\n"
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

/**
 * struct subcmd - a verb
 *
 * @verb:	word behind 'rpmb'
 * @sub:	word behind that, NULL if there is none
 * @options:	letters of its options, of which it takes one
 * @vars:	variables that it sets, each with a 0 behind it. They are deleted
 *		before anything else: a script that goes on after an error must
 *		not find an old value
 * @min:	fewest arguments
 * @max:	most arguments
 * @repeatable:	Enter does it again
 * @fn:		carries it out
 */
struct subcmd {
	const char *verb;
	const char *sub;
	const char *options;
	const char *vars;
	u8 min;
	u8 max;
	bool repeatable;
	int (*fn)(char option, int argc, char *const argv[]);
};

#define PROVISION_VARS	"rpmb_provision\0rpmb_provision_step\0" \
	"rpmb_provision_dev\0rpmb_provision_kcv\0rpmb_provision_counter\0"

/* 'key add' takes any number of arguments, so that it wipes the key's memory */
static const struct subcmd verbs[] = {
	{ "list", NULL, "", "", 0, 0, true, do_rpmb_list },
	{ "dev", NULL, "", "", 0, 1, true, do_rpmb_dev },
	{ "get-info", NULL, "", "", 0, 0, true, do_rpmb_get_info },
	{ "key", "list", "", "", 0, 0, false, do_rpmb_key_list },
	{ "key", "add", "", "", 2, U8_MAX, false, do_rpmb_key_add },
	{ "key", "del", "", "", 1, 1, false, do_rpmb_key_del },
#ifdef CONFIG_RPMB_PROGRAM
	{ "program-key", NULL, "yn", "", 1, 1, false, do_rpmb_program_key },
#endif
	{ "write-counter", NULL, "", "rpmb_counter\0", 1, 1, true,
	  do_rpmb_write_counter },
	{ "write-blocks", NULL, "r", "", 4, 4, false, do_rpmb_write_blocks },
	{ "read-blocks", NULL, "", "", 4, 4, false, do_rpmb_read_blocks },
	{ "dump", NULL, "", "", 2, 3, false, do_rpmb_dump },
#ifdef CONFIG_CMD_RPMB_PROVISION
	{ "provision", NULL, "n", PROVISION_VARS, 1, 1, false,
	  do_rpmb_provision },
#endif
#ifdef CONFIG_CMD_RPMB_ROLLBACK
	{ "rollback", "get", "", "rpmb_index\0", 1, 1, false,
	  do_rpmb_rollback_get },
	{ "rollback", "check", "", "", 2, 2, false, do_rpmb_rollback_check },
	{ "rollback", "advance", "", "", 2, 2, false,
	  do_rpmb_rollback_advance },
#ifdef CONFIG_CMD_RPMB_COMMIT
	{ "rollback", "commit", "", "", 1, RPMB_MAX_SLOTS, false,
	  do_rpmb_rollback_commit },
#ifdef CONFIG_RPMB_ROLLBACK_AB
	{ "rollback", "commit-ab", "", "", 3, 2 + RPMB_MAX_SLOTS, false,
	  do_rpmb_rollback_commit_ab },
#endif
#endif
#endif
#ifdef CONFIG_CMD_RPMB_SERVICE
	{ "service", NULL, "", "", 1, 1, false, do_rpmb_service },
#endif
#ifdef CONFIG_RPMB_SELFTEST
	{ "selftest", NULL, "", "", 1, 1, false, do_rpmb_selftest },
#endif
};

/* Print the lines of the help that begin with these words. @sub may be NULL */
static int print_usage(const char *verb, const char *sub)
{
	const char *line, *end;
	char words[32];
	size_t len;

	if (!IS_ENABLED(CONFIG_SYS_LONGHELP))
		return CMD_RET_FAILURE;
	len = snprintf(words, sizeof(words), "%s%s%s", verb, sub ? " " : "",
		       sub ?: "");
	for (line = rpmb_help_text; line; line = end ? end + 1 : NULL) {
		end = strchr(line, '\n');
		line += !strncmp(line, "rpmb ", 5) ? 5 : 0;
		if (end && !strncmp(line, words, len) && !isalpha(line[len]) &&
		    line[len] != '-')
			printf("Usage: rpmb %.*s\n", (int)(end - line), line);
	}

	return CMD_RET_FAILURE;
}

/* Verbs are spelt in full, since some cannot be undone. Prints if there is none */
static const struct subcmd *find_verb(int argc, char *const argv[])
{
	const struct subcmd *v;
	bool known = false;

	for (v = verbs; v < verbs + ARRAY_SIZE(verbs); v++) {
		if (strcmp(argv[1], v->verb))
			continue;
		known = true;
		if (!v->sub || (argc > 2 && !strcmp(argv[2], v->sub)))
			return v;
	}
	if (!known)
		printf("rpmb: there is no verb '%s'; see 'help rpmb'\n", argv[1]);
	else if (argc > 2)
		printf("rpmb %s: there is no '%s'\n", argv[1], argv[2]);
	else
		printf("rpmb %s: too few arguments: nothing follows '%s'\n",
		       argv[1], argv[1]);
	if (known)
		print_usage(argv[1], NULL);

	return NULL;
}

/* @why is a format with a %s for @arg */
static int refuse(const struct subcmd *v, const char *why, const char *arg)
{
	printf("rpmb %s%s%s: ", v->verb, v->sub ? " " : "", v->sub ?: "");
	printf(why, arg);
	printf("\n");

	return print_usage(v->verb, v->sub);
}

/* Run a verb if it has as many arguments as it takes */
static int run_verb(const struct subcmd *v, int argc, char *const argv[])
{
	const char *var;
	char option = 0;

	for (var = v->vars; *var; var += strlen(var) + 1)
		env_set(var, NULL);
	if (argc && *v->options && *argv[0] == '-') {
		option = argv[0][1];
		if (!option || argv[0][2] || !strchr(v->options, option))
			return refuse(v, "there is no option '%s'", argv[0]);
		argc--;
		argv++;
	}
	if (argc < v->min)
		return refuse(v, "too few arguments: nothing follows '%s'",
			      argv[argc - 1]);
	if (argc > v->max)
		return refuse(v, "too many arguments: '%s' has no place",
			      argv[v->max]);

	return v->fn(option, argc, argv);
}

static int do_rpmb(struct cmd_tbl *cmdtp, int flag, int argc,
		   char *const argv[], int *repeatable)
{
	const struct subcmd *v;
	int words;

	*repeatable = 0;
	if (argc < 2) {
		printf("rpmb: a verb is missing\n");
		return CMD_RET_USAGE;
	}
	v = find_verb(argc, argv);
	if (!v)
		return CMD_RET_FAILURE;
	if (flag == CMD_FLAG_REPEAT && !v->repeatable)
		return CMD_RET_SUCCESS;
	*repeatable = v->repeatable;
	words = v->sub ? 3 : 2;

	return run_verb(v, argc - words, argv + words);
}

#ifdef CONFIG_AUTO_COMPLETE
static int complete_dev(const char *typed, int maxv, char *cmdv[])
{
	struct udevice *dev;
	int i, count = 0;

	if (rpmb_scan() < 0)
		return 0;
	for (i = 0; count < maxv - 1 && rpmb_get_device(i, &dev) != -ENODEV; i++)
		if (!strncmp(dev->name, typed, strlen(typed)))
			cmdv[count++] = (char *)dev->name;

	return count;
}

/* Verbs with the same first word stand together: offer that word once */
static int complete_word(int at, const char *verb, const char *typed, int maxv,
			 char *cmdv[])
{
	const struct subcmd *v;
	const char *word;
	int count = 0;

	for (v = verbs; v < verbs + ARRAY_SIZE(verbs) && count < maxv - 1; v++) {
		word = at == 1 ? v->verb : v->sub;
		if (!word || strncmp(word, typed, strlen(typed)) ||
		    (at == 2 && strcmp(verb, v->verb)) ||
		    (count && !strcmp(cmdv[count - 1], word)))
			continue;
		cmdv[count++] = (char *)word;
	}

	return count;
}

static int complete_rpmb(int argc, char *const argv[], char last_char, int maxv,
			 char *cmdv[])
{
	int at = isblank(last_char) ? argc : argc - 1, count = 0;
	const char *typed = at < argc ? argv[at] : "";

	if (at == 2 && !strcmp(argv[1], "dev"))
		count = complete_dev(typed, maxv, cmdv);
	else if (at == 1 || at == 2)
		count = complete_word(at, argv[1], typed, maxv, cmdv);
	cmdv[count] = NULL;

	return count;
}
#endif

/* do_rpmb() prints that there are too many arguments, not U-Boot */
U_BOOT_CMDREP_COMPLETE(rpmb, INT_MAX, do_rpmb,
		       "Replay Protected Memory Blocks, version " RPMB_VERSION,
		       rpmb_help_text, complete_rpmb);
