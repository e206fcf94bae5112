/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef __RPMB_VERSION_H
#define __RPMB_VERSION_H

/* That of CHANGELOG.md; scripts/dist compares them */
#define RPMB_VERSION	"0.7"

#endif
