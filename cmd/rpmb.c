// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The 'rpmb' command shows and uses Replay Protected Memory Blocks
 */

#include <command.h>
#include <console.h>
#include <display_options.h>
#include <dm.h>
#include <env.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <rpmb-version.h>
#include "rpmb-cmd.h"

static const struct rpmb_verb verb_program_key = {
	"program-key", false,
	"do not program again: power-cycle, then 'rpmb write-counter <keyid>' proves the key",
};

static const struct rpmb_verb verb_write_counter = { "write-counter" };

static const struct rpmb_verb verb_write_blocks = {
	"write-blocks", true,
	"'rpmb read-blocks <keyid> ...' tells what is there once the device answers again",
};

/* The same, with all blocks read back */
static const struct rpmb_verb verb_write_read_back = {
	"write-blocks", true,
	"'rpmb read-blocks <keyid> ...' tells what is there once the device answers again",
};

static const struct rpmb_verb verb_read_blocks = { "read-blocks" };

static const char *type_name(enum rpmb_type type)
{
	return rpmb_report_nth("eMMC\0UFS\0virtio\0sandbox", type);
}

/* A CID is printed as hex; identifiers of other devices are text */
static void print_id(const struct rpmb_where *w)
{
	const struct rpmb_descr *descr = rpmb_get_descr(w->dev);
	const struct rpmb_target_descr *t = &descr->target[w->target];
	int i;

	for (i = 0; i < t->dev_id_len; i++) {
		if (descr->type == RPMB_TYPE_EMMC)
			printf("%02x", t->dev_id[i]);
		else
			putc(isprint(t->dev_id[i]) ? t->dev_id[i] : '.');
	}
	printf("\n");
}

/*
 * An unverified read of the counter tells whether there is a key, as a hint. It
 * is done before a line is begun, since drivers may print messages.
 */
static int read_key_state(const struct rpmb_where *w)
{
	u32 count;

	return rpmb_get_write_count(rpmb_ref(w->dev, w->target, RPMB_KEY_NONE),
				    &count);
}

static void print_key_state(const struct rpmb_where *w, int err)
{
	if (!err)
		printf("key programmed (unverified)");
	else if (err == -ENOKEY)
		printf("no key (hint)");
	else
		printf("error %d: %s", err, rpmb_report_reason(w, err));
}

static void list_target(int index, const struct rpmb_where *w)
{
	const struct rpmb_descr *descr = rpmb_get_descr(w->dev);
	int err = read_key_state(w);

	printf("%x:%x  %s:%x  %s  ", index, w->target, w->dev->name, w->target,
	       type_name(descr->type));
	print_size((u64)rpmb_get_capacity(w->dev, w->target) *
		   RPMB_CAPACITY_UNIT, "  ");
	print_key_state(w, err);
	printf("  id ");
	print_id(w);
}

static int do_rpmb_list(struct cmd_tbl *cmdtp, int flag, int argc,
			char *const argv[])
{
	struct rpmb_where w;
	int i, count, err, ret;

	ret = rpmb_current_scan(&count) ? CMD_RET_FAILURE : CMD_RET_SUCCESS;
	for (i = 0; i < count; i++) {
		err = rpmb_get_device(i, &w.dev);
		if (err) {
			printf("%x  %s  cannot be used (error %d)\n", i,
			       w.dev->name, err);
			ret = CMD_RET_FAILURE;
			continue;
		}
		for (w.target = 0; w.target < RPMB_MAX_TARGETS; w.target++)
			if (rpmb_get_descr(w.dev)->target[w.target].capacity)
				list_target(i, &w);
	}

	return ret;
}

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

static void print_limit(const char *what, u32 max)
{
	if (max)
		printf("%s at most %#x blocks per message\n", what, max);
	else
		printf("%s no limit per message\n", what);
}

static int do_rpmb_get_info(struct cmd_tbl *cmdtp, int flag, int argc,
			    char *const argv[])
{
	const struct rpmb_target_descr *t;
	const struct rpmb_descr *descr;
	struct rpmb_where w;
	int err, units;

	if (rpmb_current_get(&w))
		return CMD_RET_FAILURE;
	err = read_key_state(&w);
	descr = rpmb_get_descr(w.dev);
	t = &descr->target[w.target];
	printf("device: %s (%s)\ntarget: %x\nsize:   ", w.dev->name,
	       type_name(descr->type), w.target);
	units = rpmb_get_capacity(w.dev, w.target);
	print_size((u64)units * RPMB_CAPACITY_UNIT, "");
	printf(", blocks 0 to %x\n", units * RPMB_BLOCKS_PER_UNIT - 1);
	if (units < t->capacity)
		printf("        (the device says %#x units of 128 KiB; the most is %#x)\n",
		       t->capacity, units);
	print_limit("write: ", descr->max_wr);
	print_limit("read:  ", descr->max_rd);
	printf("id:     ");
	print_id(&w);
	if (IS_ENABLED(CONFIG_RPMB_VIRTIO) && descr->type == RPMB_TYPE_VIRTIO)
		printf("        (configuration and place on the board: virtio has no identifier. A key\n"
		       "        derived from it belongs to the place, whatever is plugged in)\n");
	printf("key:    ");
	print_key_state(&w, err);
	printf("\nboard:  %s\n", rpmb_gate_is_open() ? "open" : "closed");

	return CMD_RET_SUCCESS;
}

static bool confirm_program_key(const struct rpmb_where *w, rpmb_keyid_t keyid)
{
	printf("Key %x will be programmed into %s:%x, device id ", keyid,
	       w->dev->name, w->target);
	print_id(w);
	printf("This can be done ONCE in the device's life and never be undone.\n"
	       "Really program the key? <y/N>\n");

	return confirm_yesno();
}

static int do_rpmb_program_key(struct cmd_tbl *cmdtp, int flag, int argc,
			       char *const argv[])
{
	bool yes = argc == 3 && !strcmp(argv[1], "-y");
	struct rpmb_where w;
	rpmb_keyid_t keyid;
	int err;

	if (argc != 2 + yes)
		return CMD_RET_USAGE;
	if (!IS_ENABLED(CONFIG_RPMB_PROGRAM)) {
		printf("rpmb program-key: not built in (CONFIG_RPMB_PROGRAM)\n");
		return CMD_RET_FAILURE;
	}
	if (rpmb_args_keyid(argv[argc - 1], false, &keyid) || rpmb_current_get(&w))
		return CMD_RET_FAILURE;
	if (!yes && !confirm_program_key(&w, keyid)) {
		printf("not programmed; device untouched\n");
		return CMD_RET_FAILURE;
	}
	err = rpmb_program_key(rpmb_ref(w.dev, w.target, keyid));
	if (err)
		return rpmb_report(&w, &verb_program_key, err, 0);
	printf("key %x programmed into %s:%x, proven by an authenticated counter read\n",
	       keyid, w.dev->name, w.target);

	return CMD_RET_SUCCESS;
}

static const char *label(rpmb_keyid_t keyid)
{
	return keyid == RPMB_KEY_NONE ? " UNVERIFIED" : "";
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
	printf("write counter: %#010x%s\n", count, label(keyid));

	return env_set_hex("rpmb_counter", count) ? CMD_RET_FAILURE :
						    CMD_RET_SUCCESS;
}

static int move_blocks(const struct rpmb_verb *verb, struct rpmb_ref ref,
		       ulong blk, ulong cnt, void *data)
{
	if (verb == &verb_write_read_back)
		return rpmb_write_blocks_read_back(ref, blk, cnt, data);
	if (verb == &verb_write_blocks)
		return rpmb_write_blocks(ref, blk, cnt, data);
	return rpmb_read_blocks(ref, blk, cnt, data);
}

/* Arguments of all: <keyid> <addr> <blk> <cnt> */
static int do_blocks(const struct rpmb_verb *verb, int argc,
		     char *const argv[])
{
	struct rpmb_where w;
	rpmb_keyid_t keyid;
	ulong blk, cnt;
	void *data;
	int err;

	if (argc != 5)
		return CMD_RET_USAGE;
	if (rpmb_args_keyid(argv[1], !verb->writes, &keyid) || rpmb_current_get(&w) ||
	    rpmb_args_blocks(&w, argv + 3, &blk, &cnt))
		return CMD_RET_FAILURE;
	data = verb->writes ? rpmb_args_mem(argv[2], cnt * RPMB_BLOCK_SIZE) :
			      rpmb_args_mem_out(argv[2], cnt * RPMB_BLOCK_SIZE);
	if (!data)
		return CMD_RET_FAILURE;
	err = move_blocks(verb, rpmb_ref(w.dev, w.target, keyid), blk, cnt,
			  data);
	if (err)
		return rpmb_report(&w, verb, err, cnt);
	printf("%lx blocks %s block %lx of %s:%x%s\n", cnt,
	       verb->writes ? "written and proven, from" : "read from", blk,
	       w.dev->name, w.target, label(keyid));

	return CMD_RET_SUCCESS;
}

static int do_rpmb_write_blocks(struct cmd_tbl *cmdtp, int flag, int argc,
				char *const argv[])
{
	if (argc > 1 && !strcmp(argv[1], "-r"))
		return do_blocks(&verb_write_read_back, argc - 1, argv + 1);
	return do_blocks(&verb_write_blocks, argc, argv);
}

static int do_rpmb_read_blocks(struct cmd_tbl *cmdtp, int flag, int argc,
			       char *const argv[])
{
	return do_blocks(&verb_read_blocks, argc, argv);
}

#ifdef CONFIG_RPMB_SELFTEST
static const struct rpmb_verb verb_selftest = {
	"selftest", false, "the blocks it works on may hold test data",
};

static int selftest_passed, selftest_failed;

static void selftest_report(const char *what, int err)
{
	if (err)
		selftest_failed++;
	else
		selftest_passed++;
	printf("%s  %s", err ? "FAIL" : "pass", what);
	if (err)
		printf(" (error %d)", err);
	printf("\n");
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
	"rpmb program-key [-y] <keyid>\n"
	"    program the key, ONCE in the device's life; -y does not ask\n"
	"rpmb write-counter <keyid|none>\n"
	"    print the write counter, set rpmb_counter to it\n"
	"rpmb write-blocks [-r] <keyid> <addr> <blk> <cnt>\n"
	"    write blocks of 0x100 bytes from memory; -r reads all of them back\n"
	"rpmb read-blocks <keyid|none> <addr> <blk> <cnt>\n"
	"    read blocks of 0x100 bytes to memory\n"
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
	"All numbers are hex. 'none' takes the answer UNVERIFIED.");

/* These clear variables or memory also if the number of arguments is wrong */
#define ANY_ARGS	CONFIG_SYS_MAXARGS

/* As U_BOOT_SUBCMD_MKENT(), without pointers to help that there is none of */
#define SUBCMD(_name, _max, _rep, _cmd)	{				\
	.name = #_name, .maxargs = _max, .cmd = _cmd,			\
	.cmd_rep = _rep ? cmd_always_repeatable : cmd_never_repeatable,	\
}

U_BOOT_CMD_WITH_SUBCMDS(rpmb, "Replay Protected Memory Blocks, version " RPMB_VERSION,
	rpmb_help_text,
	SUBCMD(list, 1, 1, do_rpmb_list),
	SUBCMD(dev, 2, 1, do_rpmb_dev),
	SUBCMD(get-info, 1, 1, do_rpmb_get_info),
	SUBCMD(key, ANY_ARGS, 0, do_rpmb_key),
	SUBCMD(program-key, 3, 0, do_rpmb_program_key),
	SUBCMD(write-counter, ANY_ARGS, 1, do_rpmb_write_counter),
	SUBCMD(write-blocks, 6, 0, do_rpmb_write_blocks),
	SUBCMD(read-blocks, 5, 0, do_rpmb_read_blocks),
#ifdef CONFIG_CMD_RPMB_PROVISION
	SUBCMD(provision, ANY_ARGS, 0, do_rpmb_provision),
#endif
#ifdef CONFIG_CMD_RPMB_ROLLBACK
	SUBCMD(rollback, ANY_ARGS, 0, do_rpmb_rollback),
#endif
#ifdef CONFIG_CMD_RPMB_SERVICE
	SUBCMD(service, 2, 0, do_rpmb_service),
#endif
#ifdef CONFIG_RPMB_SELFTEST
	SUBCMD(selftest, 2, 0, do_rpmb_selftest),
#endif
	);
