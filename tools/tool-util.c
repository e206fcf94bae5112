// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpmb-tool: messages and files
 */

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/stat.h>

#include "tool.h"

static void complain(const char *fmt, va_list args)
{
	fflush(stdout);
	fputs("rpmb-tool: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

int tool_trouble(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain(fmt, args);
	va_end(args);
	return TOOL_TROUBLE;
}

int tool_usage(const char *command, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain(fmt, args);
	va_end(args);
	fprintf(stderr, "Try 'rpmb-tool %s%s--help'.\n", command ?: "",
		command ? " " : "");
	return TOOL_TROUBLE;
}

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

int tool_write_file(const char *path, const void *data, size_t len)
{
	if (!is_dash(path))
		return write_close(path, open(path, O_WRONLY | O_CREAT |
					      O_TRUNC, 0666), data, len);
	return fwrite(data, 1, len, stdout) == len ? 0 : TOOL_TROUBLE;
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
