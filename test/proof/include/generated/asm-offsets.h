/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assembly uses what would be here */
