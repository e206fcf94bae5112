// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tests of mistyped lines: each says in its first line what is wrong with it
 *
 * The verbs and their arguments are taken from the command's own help, so no verb
 * can be left out. What completion knows must be there.
 */

#include <command.h>
#include <console.h>
#include <dm.h>
#include <env.h>
#include <vsprintf.h>
#include <dm/test.h>
#include <linux/ctype.h>
#include <linux/string.h>
#include <asm/rpmb.h>
#include <test/test.h>
#include <test/ut.h>
#include "rpmb_conformance.h"
#include "rpmb_policy.h"
#include "../model/rpmb_model.h"

#define FLAGS	(UTF_SCAN_PDATA | UTF_SCAN_FDT | UTF_CONSOLE)
#define MAX_ARGS	6
#define MANY		1000	/* more than any command has */

/**
 * struct verb - a line of the help
 *
 * @words:	"rpmb", verb and sub-verb
 * @arg:	an argument of each kind that would do
 * @min:	fewest arguments
 * @max:	most arguments, MANY for no end
 * @options:	it takes some
 */
struct verb {
	char words[40];
	const char *arg[MAX_ARGS];
	int min;
	int max;
	bool options;
};

/* What would do, by the word in the help. A new word needs a row */
static const struct {
	const char *word;
	const char *value;
} values[] = {
	{ "<addr>", "10000" },
	{ "<blk>", "0" },
	{ "<cnt>", "1" },
	{ "<dev[", "0" },
	{ "<index>[", "0:0" },
	{ "<index>", "1" },
	{ "<interface>", "virtio" },
	{ "<keyid", "1" },
	{ "<len>", "20" },
	{ "<loc>", "100" },
};

static const char *value_of(const char *word)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(values); i++)
		if (!strncmp(word, values[i].word, strlen(values[i].word)))
			return values[i].value;

	return NULL;
}

/* Take one word of a line of the help */
static int add_word(struct unit_test_state *uts, struct verb *v, const char *word)
{
	bool optional = *word == '[';

	if (isalpha(*word)) {
		ut_assertf(!v->max, "'%s' behind arguments\n", word);
		snprintf(v->words + strlen(v->words),
			 sizeof(v->words) - strlen(v->words), " %s", word);
	} else if (!strncmp(word, "[-", 2)) {
		v->options = true;
	} else if (!strcmp(word, "[...]")) {
		v->max = MANY;
	} else {
		ut_assert(v->max < MAX_ARGS);
		v->arg[v->max] = value_of(word + optional);
		ut_assertf(v->arg[v->max], "'%s' has no row in this test\n", word);
		v->max++;
		v->min += !optional;
	}

	return 0;
}

/* Take a line of the help. @line begins with the verb */
static int take_line(struct unit_test_state *uts, const char *line,
		     struct verb *v)
{
	char buf[120], *rest = buf, *word;

	memset(v, 0, sizeof(*v));
	strcpy(v->words, "rpmb");
	strlcpy(buf, line, min_t(size_t, sizeof(buf),
				 strchrnul(line, '\n') - line + 1));
	while ((word = strsep(&rest, " ")))
		ut_assertok(add_word(uts, v, word));

	return 0;
}

/* Run it. It must fail, say why with @why in its first line, and be brief */
static int says(struct unit_test_state *uts, const char *cmd, const char *why)
{
	int lines;

	console_record_reset();
	ut_asserteq(1, run_command(cmd, 0));
	for (lines = 0; console_record_readline(uts->expect_str,
						sizeof(uts->expect_str)) >= 0;
	     lines++) {
		if (!lines)
			strcpy(uts->actual_str, uts->expect_str);
		ut_assertf(strcmp(uts->expect_str, "Usage:"),
			   "'%s': the whole help\n", cmd);
	}
	ut_assertf(lines && strstr(uts->actual_str, why),
		   "'%.80s': wanted %s, got %s\n", cmd, why,
		   lines ? uts->actual_str : "nothing");
	ut_assertf(lines <= 6, "'%s': %d lines\n", cmd, lines);

	return 0;
}

/* A line with @count arguments that would do, but for one */
static void make_line(char *cmd, size_t size, const struct verb *v, int count,
		      int bad)
{
	size_t len = snprintf(cmd, size, "%s", v->words);
	int i;

	for (i = 0; i < count && len < size; i++)
		len += snprintf(cmd + len, size - len, " %s", i == bad ? "zz" :
				i < MAX_ARGS && v->arg[i] ? v->arg[i] : "10000");
}

static int check_verb(struct unit_test_state *uts, const struct verb *v)
{
	static char cmd[400];
	int i, most = v->max < MANY ? v->max : 50;

	for (i = 0; i < v->min; i++) {
		make_line(cmd, sizeof(cmd), v, i, -1);
		ut_assertok(says(uts, cmd, "too few arguments"));
	}
	make_line(cmd, sizeof(cmd), v, most + 1, most);
	ut_assertok(says(uts, cmd, "too many arguments: '"));
	/* what is given by default is an argument as well */
	for (i = 0; i < v->max && i < MAX_ARGS && v->arg[i]; i++) {
		make_line(cmd, sizeof(cmd), v, max(v->min, i + 1), i);
		ut_assertok(says(uts, cmd, "zz"));
	}
	if (!v->options)
		return 0;
	snprintf(cmd, sizeof(cmd), "%s -zz 1 10000 0 1", v->words);
	ut_assertok(says(uts, cmd, "there is no option '-zz'"));
	snprintf(cmd, sizeof(cmd), "%s - 1 10000 0 1", v->words);
	ut_assertok(says(uts, cmd, "there is no option '-'"));

	return 0;
}

/* Not the lines that explain, which begin with a blank */
static const char *next_line(const char *line)
{
	do {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	} while (line && strncmp(line, "rpmb ", 5));

	return line ? line + 5 : NULL;
}

static int setup(struct unit_test_state *uts, struct rpmb_model **mp)
{
	struct udevice *dev;

	ut_assertok(rpmb_conformance_unbind(uts, UCLASS_MMC));
	ut_assertok(rpmb_policy_setup(uts, &dev, mp));
	ut_assertok(rpmb_conformance_setup(uts));
	ut_assertok(run_command("rpmb dev sandbox0:0", 0));

	return 0;
}

static int dm_test_rpmb_cmd_usage(struct unit_test_state *uts)
{
	const char *line = find_cmd("rpmb")->help;
	struct rpmb_model *m;
	struct verb v;
	u32 requests;
	int count = 0;

	ut_assertok(setup(uts, &m));
	requests = m->requests[RPMB_REQ_PROGRAM_KEY] +
		m->requests[RPMB_REQ_WRITE_DATA];
	for (; line; line = next_line(line), count++) {
		ut_assertok(take_line(uts, line, &v));
		ut_assertok(check_verb(uts, &v));
	}
	ut_assert(count >= 12);
	/* nothing that was mistyped has changed the device */
	ut_asserteq(requests, m->requests[RPMB_REQ_PROGRAM_KEY] +
		    m->requests[RPMB_REQ_WRITE_DATA]);
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_usage, FLAGS);

/* Complete what comes next. Return: how many words there are */
static int complete(int argc, char *const argv[], char *words[], int max)
{
	return find_cmd("rpmb")->complete(argc, argv, ' ', max, words);
}

static bool is_in_help(const char *verb, const char *sub)
{
	const char *line = find_cmd("rpmb")->help;
	char words[40];
	int len;

	len = snprintf(words, sizeof(words), "%s%s%s", verb, sub ? " " : "",
		       sub ?: "");
	for (; line; line = next_line(line))
		if (!strncmp(line, words, len) &&
		    (line[len] == ' ' || line[len] == '\n'))
			return true;

	return false;
}

/* What is no verb is named; a verb that is there has its line in the help */
static int dm_test_rpmb_cmd_usage_verbs(struct unit_test_state *uts)
{
	char *verbs[32], *subs[32], *line[] = { "rpmb", NULL, NULL };
	int i, n, count, lines = 0;
	struct rpmb_model *m;
	char cmd[80];

	if (!IS_ENABLED(CONFIG_AUTO_COMPLETE))
		return -EAGAIN;
	ut_assertok(setup(uts, &m));
	count = complete(1, line, verbs, ARRAY_SIZE(verbs));
	ut_assert(count >= 8);
	for (i = 0; i < count; i++) {
		line[1] = verbs[i];
		n = strcmp(verbs[i], "dev") ?
			complete(2, line, subs, ARRAY_SIZE(subs)) : 0;
		lines += n ?: 1;
		if (!n) {
			ut_assert(is_in_help(verbs[i], NULL));
			continue;
		}
		snprintf(cmd, sizeof(cmd), "rpmb %s", verbs[i]);
		ut_assertok(says(uts, cmd, "too few arguments: nothing follows '"));
		strcat(cmd, " zz");
		ut_assertok(says(uts, cmd, ": there is no 'zz'"));
		while (n--)
			ut_assert(is_in_help(verbs[i], subs[n]));
	}
	for (line[0] = (char *)find_cmd("rpmb")->help; line[0];
	     line[0] = (char *)next_line(line[0]))
		lines--;
	ut_asserteq(0, lines);
	ut_assertok(says(uts, "rpmb zz", "there is no verb 'zz'"));
	console_record_reset();
	ut_asserteq(1, run_command("rpmb", 0));
	ut_assert_nextline("rpmb: a verb is missing");
	rpmb_policy_teardown();

	return 0;
}
DM_TEST(dm_test_rpmb_cmd_usage_verbs, FLAGS);
