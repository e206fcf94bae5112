# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154
#
# Sourced: which patches a U-Boot tree needs, by what is in it, never by its name
#
# patches/NAME.patch serves all releases. Where no lines serve all there is one of
# the same name for each, in patches/RELEASE/, and the one that applies is taken. A
# line "Not-where: FILE: TEXT" says how to know a tree that has what the patch does:
# FILE has TEXT there, which is nothing of ours. patches/moved has files that upstream
# gave another name.
#
# The caller sets $here, the overlay, and $tree, the tree.

# Names of all patches, in the order in which they are applied
hook_names() {
	(cd "$here/patches" && find . -name '*.patch' | sed 's,.*/,,') |
		LC_ALL=C sort -u
}

# The files of a name: one for all releases, or one for each
hook_variants() {
	(cd "$here/patches" && find . -name "$1" | LC_ALL=C sort)
}

# sed script: the names that files have in this tree
hook_moves() {
	sed '/^#/d; /^$/d' "$here/patches/moved" | while read -r new old; do
		[ -e "$tree/$old" ] || continue
		printf '%s\n' "s,^\(diff --git a/\)$new b/$new\$,\1$old b/$old," \
			"s,^\(--- a/\|+++ b/\)$new\$,\1$old,"
	done
}

# A variant, with the names that this tree's files have
hook_text() {
	sed "$hook_moved" "$here/patches/$1"
}

# What in the tree says that it needs no patch of this name; fails if nothing does
hook_unneeded() {
	for variant in $(hook_variants "$1"); do
		sed -n '/^diff /q; s/^Not-where: //p' "$here/patches/$variant"
	done | while IFS= read -r fact; do
		[ ! -f "$tree/${fact%%: *}" ] ||
			! grep -qF -e "${fact#*: }" "$tree/${fact%%: *}" ||
			printf '%s\n' "${fact%%: *} has '${fact#*: }'"
	done | grep .
}

# The tree stays as it is meanwhile
hook_moved=$(hook_moves)
