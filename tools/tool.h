/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rpmb-tool: what its subcommands have in common
 */

#ifndef _TOOL_H
#define _TOOL_H

#include <stdio.h>
#include <rpmb/kdf.h>
#include <rpmb/mac.h>
#include <rpmb/manifest.h>

#define TOOL_COUNT(array)	(sizeof(array) / sizeof(*(array)))

/** enum tool_exit - exit status, as that of grep and diff */
enum tool_exit {
	TOOL_GOOD,	/* done, or looked at and found right */
	TOOL_BAD,	/* looked at and found wrong */
	TOOL_TROUBLE,	/* could not be done: usage, files */
};

/** struct tool_command - a subcommand; @run gets its name as argv[0] */
struct tool_command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
};

int tool_manifest(int argc, char **argv);
int tool_token(int argc, char **argv);
int tool_derive(int argc, char **argv);
int tool_log(int argc, char **argv);
int tool_decode(int argc, char **argv);

extern const char tool_help_main[];
extern const char tool_help_manifest[];
extern const char tool_help_token[];
extern const char tool_help_derive[];
extern const char tool_help_log[];
extern const char tool_help_decode[];

/*
 * tool-util.c: messages
 */

/** tool_trouble() - print what is wrong on standard error; returns TOOL_TROUBLE */
int __printf(1, 2) tool_trouble(const char *fmt, ...);

/** tool_usage() - the same for a wrong command line, pointing to --help */
int __printf(2, 3) tool_usage(const char *command, const char *fmt, ...);

/*
 * tool-file.c: files
 */

/**
 * struct tool_file - contents of a file
 *
 * @data:	malloc()ed, with a NUL behind
 * @len:	bytes, without that NUL
 */
struct tool_file {
	u8 *data;
	size_t len;
};

/**
 * tool_read_file() - read a file of at most @max bytes, "-" is standard input
 *
 * Leaves no copy in a buffer of stdio's: the file may be a secret.
 */
int tool_read_file(const char *path, size_t max, struct tool_file *file);

/** tool_free_file() - wipe and free a file's contents; it may be zeroed */
void tool_free_file(struct tool_file *file);

/**
 * tool_check_output() - would @out overwrite one of @count files @in?
 *
 * Finds it out however they are spelled, also through links. Ignores NULL in @in.
 *
 * Return: 0 or TOOL_TROUBLE
 */
int tool_check_output(const char *out, const char * const *in, int count);

/**
 * tool_write_file() - write a file anew, "-" is standard output
 *
 * If this fails, a file that was there before is left as it was.
 */
int tool_write_file(const char *path, const void *data, size_t len);

/** tool_write_secret() - write a file that must not exist yet, mode 0600 */
int tool_write_secret(const char *path, const void *data, size_t len);

/*
 * tool-secret.c
 */

/**
 * tool_read_secret() - read a secret of @min to @max bytes
 *
 * The file has raw bytes, or their hex digits and perhaps a newline. This refuses a
 * file that only looks like hex, and raw bytes with a newline behind them.
 */
int tool_read_secret(const char *path, size_t min, size_t max,
		     struct tool_file *file);

/*
 * tool-text.c: text to values and back; functions of type bool return false if the
 * text is wrong
 */

/** tool_parse_hex() - parse hex digits of 1 to @max bytes */
bool tool_parse_hex(const char *text, size_t max, u8 *out, size_t *len);

/**
 * tool_parse_number() - parse hex with 0x, or a single digit
 *
 * Refuses a number like 100, which U-Boot's prompt takes for 0x100 and most
 * programs for 0x64.
 *
 * Return: NULL, or why it is no number up to @max
 */
const char *tool_parse_number(const char *text, u64 max, u64 *val);

/** tool_parse_count() - parse a decimal number of things; returns the same */
const char *tool_parse_count(const char *text, u64 max, u64 *val);

/** tool_parse_index() - parse LOCATION:INDEX into three cells; returns the same */
const char *tool_parse_index(const char *text, u8 cells[12]);

/** tool_parse_transport() - parse a transport's name in manifests */
bool tool_parse_transport(const char *text, u8 *transport);

void tool_print_hex(FILE *out, const u8 *data, size_t len);

/*
 * tool-json.c: JSON on standard output
 *
 * Numbers that are written in hex are strings: JSON has no hex, and no 64 bits
 */

/**
 * struct tool_json - where the output is; starts zeroed
 *
 * @depth:	open brackets
 * @more:	there is something at this depth: a comma is needed
 */
struct tool_json {
	int depth;
	bool more;
};

/** tool_json_open() - begin an object '{' or a list '['; @name is NULL in a list */
void tool_json_open(struct tool_json *j, const char *name, char bracket);
void tool_json_close(struct tool_json *j, char bracket);
void tool_json_text(struct tool_json *j, const char *name, const char *text);
void tool_json_number(struct tool_json *j, const char *name, u32 val);
void tool_json_hex(struct tool_json *j, const char *name, u64 val);
void tool_json_flag(struct tool_json *j, const char *name, bool val);
void tool_json_bytes(struct tool_json *j, const char *name, const u8 *data,
		     size_t len);

/*
 * tool-device.c: a key's derivation, as options describe it
 */

/** enum tool_scheme - enum rpmb_kdf_scheme, and what OP-TEE does */
enum tool_scheme {
	TOOL_OPTEE	= 0x100,
	TOOL_OPTEE_COMPAT,
};

/**
 * struct tool_device - what a key is derived for
 *
 * @scheme:	enum rpmb_kdf_scheme or enum tool_scheme
 * @slot:	slot
 * @transport:	enum rpmb_kdf_transport, 0: not given
 * @target:	target number
 * @id_len:	bytes in @id, 0: not given
 * @id:		identifier
 * @huk:	file of the secret, NULL: not given
 */
struct tool_device {
	int scheme;
	u8 slot;
	u8 transport;
	u8 target;
	u16 id_len;
	u8 id[RPMB_TREE_ID];
	const char *huk;
};

/** TOOL_DEVICE_OPTIONS - rows of a getopt_long() table */
#define TOOL_DEVICE_OPTIONS \
	{ "huk", required_argument, NULL, 'H' }, \
	{ "scheme", required_argument, NULL, 's' }, \
	{ "slot", required_argument, NULL, 'S' }, \
	{ "transport", required_argument, NULL, 't' }, \
	{ "target", required_argument, NULL, 'r' }, \
	{ "id", required_argument, NULL, 'i' }, \
	{ "name", required_argument, NULL, 'n' }

void tool_device_init(struct tool_device *dev);

/** tool_device_option() - take one of those options; 0 or TOOL_TROUBLE */
int tool_device_option(struct tool_device *dev, const char *command, int opt,
		       const char *arg);

/** tool_device_key() - derive the key; prints what is wrong */
int tool_device_key(const struct tool_device *dev, u8 key[RPMB_KEY_SIZE]);

/*
 * tool-signed.c: data for boards, bare or in a FIT
 */

/** enum tool_state - what is known of a signature */
enum tool_state {
	TOOL_UNSIGNED,	/* there is none */
	TOOL_SIGNED,	/* there is one, which nobody has checked */
	TOOL_VERIFIED,	/* a board with this key would take it */
};

#define TOOL_WORD	64	/* bytes of a name, with a NUL */

/** struct tool_signed - a signature, and the name of its key as it says */
struct tool_signed {
	enum tool_state state;
	char key[TOOL_WORD];
	char algo[TOOL_WORD];
};

/** struct tool_show - what is to be shown: a file, checked with @cert or not */
struct tool_show {
	const char *path;
	const char *cert;
	bool json;
};

/** TOOL_SHOW_OPTIONS - rows of a getopt_long() table */
#define TOOL_SHOW_OPTIONS \
	{ "show", required_argument, NULL, 'w' }, \
	{ "verify", required_argument, NULL, 'V' }, \
	{ "json", no_argument, NULL, 'J' }

/** tool_show_option() - take one of those options; false if it is another */
bool tool_show_option(struct tool_show *show, int opt, const char *arg);

/**
 * tool_open_signed() - read a file, check its signature, get the data out of it
 *
 * @how:	the file, and the certificate to check its signature with; without
 *		one the signature is not checked
 * @what:	purpose of the data, without rpmb-
 * @max:	most bytes that it may have
 * @file:	set to the data
 * @sig:	set to what is known of the signature
 * Return: 0; TOOL_BAD or TOOL_TROUBLE, after a message
 */
int tool_open_signed(const struct tool_show *how, const char *what, size_t max,
		     struct tool_file *file, struct tool_signed *sig);

/** tool_say_signed() - print on standard error what is known of a signature */
void tool_say_signed(const char *path, const struct tool_signed *sig);
void tool_json_signed(struct tool_json *j, const struct tool_signed *sig);

/*
 * tool-batch.c
 */

/**
 * tool_make_batch() - make a manifest of a text, which is used up
 *
 * @from:	where the text is from, for messages
 * @text:	lines
 * @fdt:	set to the manifest, for free()
 * Return: 0; TOOL_BAD or TOOL_TROUBLE, after a message with the line's number
 */
int tool_make_batch(const char *from, char *text, u8 **fdt);

/*
 * tool-manifest.c
 */

/** tool_open_manifest() - tool_open_signed() for a manifest; @m refers to @file */
int tool_open_manifest(const struct tool_show *how, struct tool_file *file,
		       struct tool_signed *sig, struct rpmb_manifest *m);

/*
 * tool-station.c: which devices were provisioned, by their logs
 */

/**
 * struct tool_seen - a device as a line names it
 *
 * @transport:	RPMB_KDF_...
 * @target:	region
 * @id:		identifier
 * @id_len:	bytes of it
 * @has_kcv:	@kcv is known
 * @kcv:	check value of its key
 */
struct tool_seen {
	u8 transport;
	u8 target;
	u8 id[RPMB_TREE_ID];
	size_t id_len;
	bool has_kcv;
	u8 kcv[RPMB_KCV_SIZE];
};

/** enum tool_end - does a line end a run of "rpmb provision", and how? */
enum tool_end {
	TOOL_END_NOT,		/* it goes on */
	TOOL_END_DONE,		/* all is done */
	TOOL_END_DRY,		/* a dry run found nothing to refuse */
	TOOL_END_REFUSED,	/* refused, or failed */
	TOOL_END_CUT,		/* there is no last line */
};

struct station_device;

/**
 * struct tool_station - what the lines so far say; starts zeroed
 *
 * @devs:	devices that were named
 * @chains:	by their hash, 1 + the number of the last one that has it
 * @room:	devices that there is room for, and chains; 0 or a power of 2
 * @count:	devices that there are
 * @before:	number of those that were named before the run under way
 * @open:	a run is under way
 * @cut:	runs without a last line
 * @unnamed:	runs that were refused or cut off and named no device
 */
struct tool_station {
	struct station_device *devs;
	u32 *chains;
	u32 room;
	u32 count;
	u32 before;
	bool open;
	u32 cut;
	u32 unnamed;
};

/**
 * tool_station_line() - take a line
 *
 * @st:		what the lines so far say
 * @is:		the device that it names, NULL for none
 * @begins:	it is the first of a run
 * @done:	it says that the device is done
 * @how:	does it end the run?
 * Return: 0 or TOOL_TROUBLE
 */
int tool_station_line(struct tool_station *st, const struct tool_seen *is,
		      bool begins, bool done, enum tool_end how);

/** tool_station_cut() - no further line of the run under way will come */
void tool_station_cut(struct tool_station *st);

/** tool_station_done() - number of devices that are done, each counted once */
u32 tool_station_done(const struct tool_station *st);

/** tool_station_failed() - number of other devices, and of runs that named none */
u32 tool_station_failed(const struct tool_station *st);

/** tool_station_json() - a list of the devices */
void tool_station_json(const struct tool_station *st, struct tool_json *j);

/** tool_station_free() - forget all */
void tool_station_free(struct tool_station *st);

/*
 * tool-its.c: what is signed, in a FIT
 */

#define TOOL_FIT_MAX	0x100000	/* bytes of a signed FIT */
#define TOOL_TOKEN_MAX	0x10000		/* ... with a token */

/**
 * struct tool_its - the image description that mkimage signs with
 *
 * @path:	where it goes, NULL: not wanted
 * @key_name:	name of the signing key
 * @algo:	how it is signed
 */
struct tool_its {
	const char *path;
	const char *key_name;
	const char *algo;
};

/** TOOL_ITS_OPTIONS - rows of a getopt_long() table */
#define TOOL_ITS_OPTIONS \
	{ "its", required_argument, NULL, 'I' }, \
	{ "key-name", required_argument, NULL, 'k' }, \
	{ "algo", required_argument, NULL, 'a' }

/** tool_its_option() - take one of those options; 0 or TOOL_TROUBLE */
int tool_its_option(struct tool_its *its, const char *command, int opt,
		    const char *arg);

/**
 * tool_check_its() - can the image description be made, for data in @out?
 *
 * Description and data may not overwrite each other or one of @count files @in.
 */
int tool_check_its(const struct tool_its *its, const char *command,
		   const char *out, const char * const *in, int count);

/** tool_write_its() - write it, for data in @out with the purpose rpmb-@what */
int tool_write_its(const struct tool_its *its, const char *what,
		   const char *description, const char *out);

/** tool_find_image() - find the image with the purpose rpmb-@what, as boards do */
bool tool_find_image(const void *fit, const char *what, int *conf, int *image);

/**
 * tool_unwrap() - reduce a FIT to the data with the purpose rpmb-@what
 *
 * Finds them as a board does: the default configuration names them.
 *
 * Return: false if it is a FIT without them; a file that is no FIT is left as it is
 */
bool tool_unwrap(struct tool_file *file, const char *what);

#endif /* _TOOL_H */
