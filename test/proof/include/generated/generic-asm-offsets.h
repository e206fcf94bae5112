/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What U-Boot's build finds out for assembly, of which it is checked once more */

#define GD_SIZE		sizeof(struct global_data)
