// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Factory provisioning: what a station is told
 */

#include <dm.h>
#include "provision-internal.h"

void rpmb_provision_tell(struct provision *p, const struct job *job,
			 const char *step, const char *result, const char *say)
{
	struct rpmb_provision_line line = {
		.step = step,
		.result = result,
		.say = say,
		.batch = p->m.batch,
	};

	if (job) {
		line.target = job->want.target;
		line.keyid = job->want.key_id;
		line.kcv = job->has_kcv ? job->kcv : NULL;
		line.has_counter = job->has_counter;
		line.counter = job->counter;
	}
	if (job && job->dev) {
		line.dev = job->dev->name;
		line.id = job->descr->dev_id;
		line.id_len = job->descr->dev_id_len;
	} else if (job) {
		/* it was not found: report what the manifest says */
		line.dev = job->want.name;
		line.id = job->want.id;
		line.id_len = job->want.id_len;
	}
	p->report(&line);
}

int rpmb_provision_judge(struct provision *p, const struct job *job,
			 const char *step, enum rpmb_judged what, int err)
{
	struct rpmb_verdict v;

	rpmb_verdict_find(what, err, &v);
	rpmb_provision_tell(p, job, step, v.result, v.say);
	return err;
}
