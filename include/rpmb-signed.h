/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data that were signed for one purpose, in a FIT
 *
 * What authorises a burn must not be what boots a board, and the other way
 * round. A FIT for a purpose has the purpose for its image type and for the
 * name of the property in its configuration, and it is verified with those
 * keys of the control tree only that are required for this purpose. To every
 * other verification such keys do not exist. doc/SPEC.md has the format.
 */

#ifndef _RPMB_SIGNED_H
#define _RPMB_SIGNED_H

#include <linux/types.h>

/** define RPMB_SIGNED_MANIFEST - purpose of a provisioning manifest */
#define RPMB_SIGNED_MANIFEST	"rpmb-manifest"

/** define RPMB_SIGNED_TOKEN - purpose of a service token */
#define RPMB_SIGNED_TOKEN	"rpmb-token"

/**
 * rpmb_signed_open() - verify a FIT and get what it carries for a purpose
 *
 * Its default configuration must be signed by all keys of the purpose, and the
 * signature must cover the configuration, the image and its hash.
 *
 * @fit:	the FIT, 8-byte aligned
 * @fit_size:	bytes that are there
 * @purpose:	what it must have been signed for
 * @datap:	where the data are, inside the FIT
 * @sizep:	bytes of it
 * @whyp:	set on error: what was wrong, in words
 * Return: 0; -ENOKEY the control tree has no key for the purpose; -EINVAL no
 *	FIT, or not for this purpose; -EACCES not signed as it must be;
 *	-EBADMSG the data are not those that were signed; -ENOMEM
 */
int rpmb_signed_open(const void *fit, size_t fit_size, const char *purpose,
		     const void **datap, size_t *sizep, const char **whyp);

#endif /* _RPMB_SIGNED_H */
