// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * 'rpmb write-blocks', 'rpmb read-blocks' and 'rpmb dump'
 */

#include <command.h>
#include <console.h>
#include <display_options.h>
#include <dm.h>
#include <malloc.h>
#include <rpmb-store.h>
#include <linux/kernel.h>
#include "rpmb-cmd.h"

/* Blocks between two looks at the keyboard: a second or so on a slow eMMC */
#define CHUNK	0x40

#define WRITE_ADVICE \
	"'rpmb read-blocks <keyid> ...' tells what is there once the device answers again"

static const struct rpmb_verb verb_write_blocks = {
	"write-blocks", true, WRITE_ADVICE,
};

/* The same verb with its option to read all blocks back */
static const struct rpmb_verb verb_write_read_back = {
	"write-blocks", true, WRITE_ADVICE,
};

static const struct rpmb_verb verb_read_blocks = { "read-blocks" };
static const struct rpmb_verb verb_dump = { "dump" };

/**
 * struct range - what is to be moved
 *
 * @w:		device and target
 * @ref:	the same, with the key
 * @blk:	first block
 * @cnt:	blocks
 * @done:	blocks that were moved in chunks before this one
 */
struct range {
	struct rpmb_where w;
	struct rpmb_ref ref;
	ulong blk;
	ulong cnt;
	ulong done;
};

static int move_chunk(const struct rpmb_verb *verb, const struct range *r,
		      ulong cnt, void *data)
{
	ulong blk = r->blk + r->done;

	if (verb == &verb_write_read_back)
		return rpmb_write_blocks_read_back(r->ref, blk, cnt, data);
	if (verb == &verb_write_blocks)
		return rpmb_write_blocks(r->ref, blk, cnt, data);
	return rpmb_read_blocks(r->ref, blk, cnt, data);
}

/*
 * A write that reaches blocks of the stores is refused as a whole: it is one chunk,
 * so that nothing is written before it gets there
 */
static ulong chunk_size(const struct rpmb_verb *verb, const struct range *r)
{
	return verb->writes && rpmb_store_owns(r->w.dev, r->w.target, r->blk,
					       r->cnt) ? r->cnt : CHUNK;
}

/* Return: 0; -EINTR Ctrl-C; else the error of a chunk. @r->done blocks are moved */
static int move(const struct rpmb_verb *verb, struct range *r, void *data)
{
	ulong cnt, size = chunk_size(verb, r);
	int err = 0;

	while (!err && r->done < r->cnt) {
		if (r->done && ctrlc()) {
			err = -EINTR;
			break;
		}
		cnt = min(size, r->cnt - r->done);
		err = move_chunk(verb, r, cnt,
				 data + r->done * RPMB_BLOCK_SIZE);
		if (err)
			break;
		r->done += cnt;
		if (r->cnt > CHUNK)
			putc('.');
	}
	if (r->cnt > CHUNK && r->done)
		putc('\n');
	return err;
}

static int report(const struct rpmb_verb *verb, const struct range *r, int err)
{
	if (err == -EINTR)
		printf("rpmb %s %s:%x: interrupted; the device is between two operations\n",
		       verb->name, r->w.dev->name, r->w.target);
	else
		rpmb_report(&r->w, verb, err, min_t(ulong, CHUNK, r->cnt - r->done));
	if (verb->writes && r->done)
		printf("  before that: %#lx of %#lx blocks written and proven, from block %#lx\n",
		       r->done, r->cnt, r->blk);
	return CMD_RET_FAILURE;
}

/* Parse <keyid> at @argv and <blk> <cnt> at @blocks */
static int parse(struct range *r, bool writes, const char *keyid,
		 char *const blocks[])
{
	int err;

	r->done = 0;
	if (rpmb_args_keyid(keyid, !writes, &r->ref.keyid) ||
	    rpmb_current_get(&r->w))
		return -EINVAL;
	r->ref = rpmb_ref(r->w.dev, r->w.target, r->ref.keyid);
	err = rpmb_args_blocks(&r->w, blocks, &r->blk, &r->cnt);
	return err;
}

/* Arguments of all: <keyid> <addr> <blk> <cnt> */
static int do_blocks(const struct rpmb_verb *verb, char *const argv[])
{
	struct range r;
	void *data;
	ulong size;
	int err;

	if (parse(&r, verb->writes, argv[0], argv + 2))
		return CMD_RET_FAILURE;
	size = r.cnt * RPMB_BLOCK_SIZE;
	data = verb->writes ? rpmb_args_mem(argv[1], size) :
			      rpmb_args_mem_out(argv[1], size);
	if (!data)
		return CMD_RET_FAILURE;
	err = move(verb, &r, data);
	/* leave nothing there that somebody could take for the data */
	if (err && !verb->writes)
		memset(data, 0, size);
	if (err)
		return report(verb, &r, err);
	printf("%#lx block%s %s block %#lx of %s:%x%s\n", r.cnt,
	       r.cnt == 1 ? "" : "s",
	       verb->writes ? "written and proven, from" : "read from", r.blk,
	       r.w.dev->name, r.w.target, rpmb_report_label(r.ref.keyid));

	return CMD_RET_SUCCESS;
}

int do_rpmb_write_blocks(char option, int argc, char *const argv[])
{
	return do_blocks(option ? &verb_write_read_back : &verb_write_blocks,
			 argv);
}

int do_rpmb_read_blocks(char option, int argc, char *const argv[])
{
	return do_blocks(&verb_read_blocks, argv);
}

/* Arguments: <keyid> <blk> [<cnt>]. The offsets shown are bytes of the target */
int do_rpmb_dump(char option, int argc, char *const argv[])
{
	char *const blocks[] = { argv[1], argc > 2 ? argv[2] : "1" };
	struct range r;
	void *data;
	int err;

	if (parse(&r, false, argv[0], blocks))
		return CMD_RET_FAILURE;
	data = malloc(r.cnt * RPMB_BLOCK_SIZE);
	if (!data) {
		printf("rpmb dump: out of memory; device untouched\n");
		return CMD_RET_FAILURE;
	}
	err = move(&verb_dump, &r, data);
	if (!err) {
		printf("%s:%x%s\n", r.w.dev->name, r.w.target,
		       rpmb_report_label(r.ref.keyid));
		print_buffer(r.blk * RPMB_BLOCK_SIZE, data, 1,
			     r.cnt * RPMB_BLOCK_SIZE, 16);
	}
	free(data);

	return err ? report(&verb_dump, &r, err) : CMD_RET_SUCCESS;
}
