// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: files
 */

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/stat.h>

#include "tool.h"

#define MOST_LINKS	40

static bool is_dash(const char *path)
{
	return !strcmp(path, "-");
}

/* Read up to @room bytes; the number of them, or -1 */
static ssize_t read_all(int fd, u8 *data, size_t room)
{
	size_t len = 0;
	ssize_t n;

	do {
		n = read(fd, data + len, room - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		len += n;
	} while (n && len < room);
	return len;
}

int tool_read_file(const char *path, size_t max, struct tool_file *file)
{
	int fd = is_dash(path) ? STDIN_FILENO : open(path, O_RDONLY);
	ssize_t n;

	memset(file, 0, sizeof(*file));
	if (fd < 0)
		return tool_trouble("%s: %s", path, strerror(errno));
	file->data = calloc(1, max + 2);
	n = file->data ? read_all(fd, file->data, max + 1) : -1;
	if (n < 0)
		tool_trouble("%s: %s", path, strerror(errno));
	else if ((size_t)n > max)
		tool_trouble("%s: larger than %zu bytes", path, max);
	if (!is_dash(path))
		close(fd);
	/* wipe what was read also after an error */
	file->len = n < 0 ? max : (size_t)n;
	if (n >= 0 && (size_t)n <= max)
		return 0;
	tool_free_file(file);
	return TOOL_TROUBLE;
}

void tool_free_file(struct tool_file *file)
{
	if (file->data)
		rpmb_wipe(file->data, file->len);
	free(file->data);
	memset(file, 0, sizeof(*file));
}

static int write_all(int fd, const u8 *data, size_t len)
{
	ssize_t n;

	for (; len; len -= n, data += n) {
		n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return -1;
	}
	return 0;
}

/* Write and close a file that was opened */
static int write_close(const char *path, int fd, const void *data, size_t len)
{
	int err;

	if (fd < 0)
		return tool_trouble("%s: %s", path, strerror(errno));
	err = write_all(fd, data, len) || fsync(fd) ? errno : 0;
	/* pipes and terminals cannot be synced */
	if (err == EINVAL || err == EROFS)
		err = 0;
	if (close(fd) && !err)
		err = errno;
	return err ? tool_trouble("%s: %s", path, strerror(err)) : 0;
}

/*
 * A file beside the one that is meant gets the data, and then its name: there is
 * all of it or what was there before
 */
static int replace_file(const char *path, const char *real, const void *data,
			size_t len)
{
	char name[PATH_MAX + 8];
	mode_t mask = umask(0);
	int fd, ret;

	umask(mask);
	snprintf(name, sizeof(name), "%s.XXXXXX", real);
	fd = mkstemp(name);
	if (fd >= 0)
		fchmod(fd, 0666 & ~mask);
	ret = write_close(path, fd, data, len);
	if (!ret && rename(name, real))
		ret = tool_trouble("%s: %s", path, strerror(errno));
	if (ret && fd >= 0)
		unlink(name);
	return ret;
}

/* The path of what is not there, in a folder that is */
static bool join_real(const char *path, char real[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	char dir[PATH_MAX];
	size_t len;

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(base - path) : 1,
		 slash ? path : ".");
	if (!realpath(dir, real))
		return false;
	len = strlen(real);
	if (snprintf(real + len, PATH_MAX - len, "/%s", base) <
	    (int)(PATH_MAX - len))
		return true;
	errno = ENAMETOOLONG;
	return false;
}

/* Where a link without a target points to; false if it is no link */
static bool follow(char *real, char link[PATH_MAX])
{
	char target[PATH_MAX];
	ssize_t len = readlink(real, target, sizeof(target) - 1);

	if (len < 0)
		return false;
	target[len] = '\0';
	*strrchr(real, '/') = '\0';
	snprintf(link, PATH_MAX, "%s%s%.*s", target[0] == '/' ? "" : real,
		 target[0] == '/' ? "" : "/", (int)sizeof(target) / 2, target);
	return true;
}

/* Follow links, also one to what is not there yet */
static bool find_real(const char *path, char real[PATH_MAX])
{
	char link[PATH_MAX];
	int i;

	if (strlen(path) >= sizeof(link)) {
		errno = ENAMETOOLONG;
		return false;
	}
	strcpy(link, path);
	for (i = 0; i < MOST_LINKS; i++) {
		if (realpath(link, real))
			return true;
		if (errno != ENOENT || !join_real(link, real))
			return false;
		if (!follow(real, link))
			return true;
	}
	errno = ELOOP;
	return false;
}

/* What a file is known by: itself if it is there, else its path */
struct place {
	bool there;
	struct stat st;
	char real[PATH_MAX];
};

/* "-" is what standard input or output is */
static bool find_place(const char *path, int dash, struct place *p)
{
	p->there = !(is_dash(path) ? fstat(dash, &p->st) : stat(path, &p->st));
	return p->there ? S_ISREG(p->st.st_mode) : find_real(path, p->real);
}

static bool is_same(const struct place *a, const struct place *b)
{
	if (a->there != b->there)
		return false;
	return a->there ? a->st.st_dev == b->st.st_dev &&
			  a->st.st_ino == b->st.st_ino :
			  !strcmp(a->real, b->real);
}

int tool_check_output(const char *out, const char * const *in, int count)
{
	static struct place to, from;
	int i;

	if (!find_place(out, STDOUT_FILENO, &to))
		return 0;
	for (i = 0; i < count; i++)
		if (in[i] && find_place(in[i], STDIN_FILENO, &from) &&
		    is_same(&to, &from))
			return tool_trouble("%s would overwrite %s: they are one file",
					    out, in[i]);
	return 0;
}

int tool_write_file(const char *path, const void *data, size_t len)
{
	char real[PATH_MAX];
	struct stat st;

	if (is_dash(path))
		return fwrite(data, 1, len, stdout) == len ? 0 : TOOL_TROUBLE;
	/* a device or a pipe is written to as it is */
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return write_close(path, open(path, O_WRONLY), data, len);
	if (!find_real(path, real))
		return tool_trouble("%s: %s", path, strerror(errno));
	return replace_file(path, real, data, len);
}

int tool_write_secret(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	int ret = write_close(path, fd, data, len);

	/* remove what was written of it */
	if (ret && fd >= 0)
		unlink(path);
	return ret;
}
