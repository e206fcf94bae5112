// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The main program of a device that a VMM reaches over a unix socket
 */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "fd_socket.h"
#include "model_server.h"

#define MAX_OPTIONS	32
#define MAX_PAUSE_S	5

enum {
	FD_CONNECTION,
	FD_EVENT,
	FD_CONTROL,
	FDS
};

static volatile sig_atomic_t stop;

static const struct option shared_options[] = {
	{ "socket", required_argument, NULL, 's' },
	{ "state", required_argument, NULL, 'f' },
	{ "control", no_argument, NULL, 'I' },
	{ "keep", no_argument, NULL, 'k' },
	{ "stats", no_argument, NULL, 'S' },
	{ "help", no_argument, NULL, 'h' },
};

#define SHARED_OPTIONS	(sizeof(shared_options) / sizeof(shared_options[0]))

static int take_option(struct model_server *s, int opt, const char *arg)
{
	switch (opt) {
	case 's':
		s->socket = arg;
		return 0;
	case 'f':
		s->state = arg;
		return 0;
	case 'I':
		s->control = true;
		return 0;
	case 'k':
		s->keep = true;
		return 0;
	case 'S':
		s->stats = true;
		return 0;
	case 'h':
		s->ops->help();
		exit(0);
	default:
		return s->ops->option(opt, arg);
	}
}

static int parse(struct model_server *s, int argc, char **argv)
{
	struct option options[MAX_OPTIONS] = {};
	size_t i;
	int opt;

	memcpy(options, shared_options, sizeof(shared_options));
	for (i = 0; s->options[i].name; i++) {
		if (SHARED_OPTIONS + i == MAX_OPTIONS - 1)
			return -1;
		options[SHARED_OPTIONS + i] = s->options[i];
	}

	while ((opt = getopt_long(argc, argv, "", options, NULL)) >= 0)
		if (take_option(s, opt, optarg))
			return -1;
	if (optind != argc || !s->socket) {
		fprintf(stderr, "%s: see --help\n", s->name);
		return -1;
	}

	return 0;
}

static int command(struct model_server *s, char *line)
{
	char *arg = strchr(line, ' ');

	if (!strcmp(line, "stats")) {
		s->ops->print_stats(stdout);
		return 0;
	}
	if (!arg)
		return -1;
	*arg++ = '\0';

	return s->ops->command(line, arg);
}

/* One line of standard input */
static void control(struct model_server *s)
{
	char line[128];
	size_t n = 0;

	/* byte by byte: what is behind the line must stay for poll() to see */
	while (n < sizeof(line) - 1) {
		if (read(STDIN_FILENO, line + n, 1) != 1) {
			s->control = false;
			return;
		}
		if (line[n++] == '\n')
			break;
	}
	line[n - 1] = '\0';
	puts(command(s, line) ? "error" : "ok");
	fflush(stdout);
}

/* A VMM that stops in the middle of a message has gone */
static int accept_one(int listener)
{
	struct timeval patience = { .tv_sec = MAX_PAUSE_S };
	int fd = accept(listener, NULL, NULL);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));

	return fd;
}

/* Returns -1 when there is nobody left to serve */
static int serve_ready(struct model_server *s, const struct pollfd *fds,
		       int listener)
{
	if (fds[FD_CONTROL].revents)
		control(s);
	if (fds[FD_EVENT].revents)
		s->ops->event();
	if (!fds[FD_CONNECTION].revents)
		return 0;
	if (*s->fd < 0) {
		s->ops->open(accept_one(listener));
		return 0;
	}
	if (!s->ops->message())
		return 0;
	s->ops->close();

	return s->keep ? 0 : -1;
}

static int wait_for_any(struct model_server *s, struct pollfd *fds,
			int listener, const sigset_t *waiting)
{
	int ms = s->ops->tick ? s->ops->tick() : -1;
	struct timespec ts = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000L,
	};
	int i;

	fds[FD_CONNECTION].fd = *s->fd < 0 ? listener : *s->fd;
	fds[FD_EVENT].fd = s->event ? *s->event : -1;
	fds[FD_CONTROL].fd = s->control ? STDIN_FILENO : -1;
	for (i = 0; i < FDS; i++)
		fds[i].events = POLLIN;

	return ppoll(fds, FDS, ms < 0 ? NULL : &ts, waiting);
}

static int serve(struct model_server *s, int listener, const sigset_t *waiting)
{
	struct pollfd fds[FDS];
	int n;

	while (!stop) {
		n = wait_for_any(s, fds, listener, waiting);
		if (n < 0 && errno != EINTR) {
			perror("poll");
			return 1;
		}
		if (n > 0 && serve_ready(s, fds, listener))
			break;
	}

	return 0;
}

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

/* A signal is taken while the server waits, never in the middle of a change */
static void set_signals(sigset_t *waiting)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, waiting);
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
}

int model_server_main(struct model_server *s, int argc, char **argv)
{
	sigset_t waiting;
	int listener, ret;

	if (parse(s, argc, argv))
		return 2;
	set_signals(&waiting);
	if (s->ops->set_up())
		return 1;
	listener = fd_socket_listen(s->socket);
	if (listener < 0)
		return 1;

	ret = serve(s, listener, &waiting);

	if (s->stats)
		s->ops->print_stats(stderr);
	s->ops->close();
	close(listener);
	unlink(s->socket);
	s->ops->clean_up();

	return ret;
}
