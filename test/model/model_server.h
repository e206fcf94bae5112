/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main program of a device that a VMM reaches over a unix socket
 *
 * It listens, serves one connection at a time, and takes commands from
 * standard input. Each command is answered; the last line of an answer is ok
 * or error.
 */

#ifndef _MODEL_SERVER_H
#define _MODEL_SERVER_H

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

/** struct model_server_ops - the device */
struct model_server_ops {
	/** @option: take an option of the device's own; 0 or -1 */
	int (*option)(int opt, const char *arg);
	/** @command: take a command, "stats" apart; 0 or -1 */
	int (*command)(const char *what, const char *arg);
	/** @help: print what --help asks for */
	void (*help)(void);
	/** @print_stats: print one line of what was done */
	void (*print_stats)(FILE *f);
	/** @set_up: the options are known; 0, or -1 and a message on stderr */
	int (*set_up)(void);
	/** @clean_up: the program ends, the connection is closed */
	void (*clean_up)(void);
	/** @open: a VMM has connected */
	void (*open)(int fd);
	/** @message: take one message; -1 if the VMM is gone */
	int (*message)(void);
	/** @close: end the connection, if there is one */
	void (*close)(void);
	/** @event: an event has come; can be NULL without model_server.event */
	void (*event)(void);
	/** @tick: do what is due; ms until more is, -1 for never; can be NULL */
	int (*tick)(void);
};

/**
 * struct model_server - a program
 *
 * @name:	of the program
 * @ops:	the device
 * @options:	options of the device's own, the last one empty; the
 *		letters s, f, I, k, S and h are taken
 * @fd:		where the device keeps its connection, -1 if there is none
 * @event:	where it keeps another descriptor to wait for, -1 if there is
 *		none; can be NULL
 * @socket:	result: path to listen at
 * @state:	result: path of the state, NULL to keep it in memory
 * @keep:	result: listen again when the VMM disconnects
 * @control:	result: take commands from standard input
 * @stats:	result: print statistics at the end
 */
struct model_server {
	const char *name;
	const struct model_server_ops *ops;
	const struct option *options;
	const int *fd;
	const int *event;
	const char *socket;
	const char *state;
	bool keep;
	bool control;
	bool stats;
};

/**
 * model_server_main() - all of a program
 *
 * @s:		program, filled in as far as it is no result
 * @argc:	of main()
 * @argv:	of main()
 * Return: exit status: 0; 1 it failed; 2 an option is wrong
 */
int model_server_main(struct model_server *s, int argc, char **argv);

#endif /* _MODEL_SERVER_H */
