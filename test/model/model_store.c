// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where a model of an RPMB keeps its state on the host
 *
 * The file: magic, blocks, write counter (both little-endian), a byte that
 * says whether there is a key, the key, then the blocks.
 */

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/stat.h>

#include "model_store.h"

#define AT_BLOCKS	8
#define AT_COUNTER	12
#define AT_KEY_SET	16
#define AT_KEY		20
#define AT_DATA		64

static const char magic[8] = "RPMBMDL1";

static void put_le32(u8 *p, u32 val)
{
	p[0] = val;
	p[1] = val >> 8;
	p[2] = val >> 16;
	p[3] = val >> 24;
}

static u32 get_le32(const u8 *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24;
}

static int write_all(int fd, const u8 *buf, size_t len)
{
	ssize_t n;

	for (; len; buf += n, len -= n) {
		n = write(fd, buf, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return -1;
	}

	return 0;
}

static int read_all(int fd, u8 *buf, size_t len)
{
	ssize_t n;

	for (; len; buf += n, len -= n) {
		n = read(fd, buf, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return -1;
	}

	return 0;
}

/* A rename is durable once the directory is */
static int sync_dir(const char *path)
{
	char *copy = strdup(path);
	int fd, ret;

	if (!copy)
		return -1;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY);
	free(copy);
	if (fd < 0)
		return -1;
	ret = fsync(fd);
	close(fd);

	return ret;
}

static int write_synced(const char *path, const u8 *buf, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int ret;

	if (fd < 0)
		return -1;
	ret = write_all(fd, buf, len) || fsync(fd) ? -1 : 0;

	return close(fd) ? -1 : ret;
}

static int replace(struct model_store *s)
{
	char tmp[4096];
	int n = snprintf(tmp, sizeof(tmp), "%s.new", s->path);

	if (n < 0 || (size_t)n >= sizeof(tmp))
		return -1;
	if (write_synced(tmp, s->image, s->len) || rename(tmp, s->path) ||
	    sync_dir(s->path)) {
		perror(s->path);
		return -1;
	}

	return 0;
}

static int commit(void *ctx, const struct rpmb_model *m, u32 addr, u32 count)
{
	struct model_store *s = ctx;

	(void)addr;
	(void)count;
	put_le32(s->image + AT_COUNTER, m->state.counter);
	s->image[AT_KEY_SET] = m->state.key_set;
	memcpy(s->image + AT_KEY, m->state.key, sizeof(m->state.key));
	if (s->path && replace(s))
		return -1;
	s->commits++;

	return 0;
}

/* Returns 1 if there is no file yet */
static int load(struct model_store *s)
{
	int fd = open(s->path, O_RDONLY);
	u32 blocks = get_le32(s->image + AT_BLOCKS);
	struct stat st;
	int ret = -1;

	if (fd < 0)
		return errno == ENOENT ? 1 : -1;
	if (!fstat(fd, &st) && (size_t)st.st_size == s->len &&
	    !read_all(fd, s->image, s->len) &&
	    !memcmp(s->image, magic, sizeof(magic)) &&
	    get_le32(s->image + AT_BLOCKS) == blocks)
		ret = 0;
	else
		errno = EINVAL;
	close(fd);

	return ret;
}

static void fill_in(struct model_store *s, struct rpmb_model *m)
{
	m->state.counter = get_le32(s->image + AT_COUNTER);
	m->state.key_set = s->image[AT_KEY_SET];
	memcpy(m->state.key, s->image + AT_KEY, sizeof(m->state.key));
	m->store.data = s->image + AT_DATA;
	m->store.commit = commit;
	m->store.ctx = s;
}

int model_store_open(struct model_store *s, const char *path,
		     struct rpmb_model *m)
{
	s->path = path;
	s->len = AT_DATA + (size_t)m->blocks * RPMB_MODEL_BLOCK;
	s->image = calloc(1, s->len);
	if (!s->image)
		return -1;
	memcpy(s->image, magic, sizeof(magic));
	put_le32(s->image + AT_BLOCKS, m->blocks);

	if (path && load(s) < 0) {
		fprintf(stderr, "%s: not a state file of %u blocks: %s\n",
			path, m->blocks, strerror(errno));
		return -1;
	}
	fill_in(s, m);

	return 0;
}

void model_store_close(struct model_store *s)
{
	free(s->image);
	s->image = NULL;
}
