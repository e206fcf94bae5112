#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# stage.sh TREE - lay the overlay and its hooks onto a U-Boot source tree
#
# Safe to run again: only what changed is written, so that make rebuilds no
# more than it must. Everything that can fail is tried on a scratch copy first:
# when a hook does not apply, or a file of U-Boot's own is in the way, the
# reason is printed and TREE is left as it was. Which hooks a tree needs: hooks.sh.
#
# TREE/.rpmb-overlay remembers what was laid down (the hooks as applied and the
# list of files), so that a newer overlay replaces an older one.

set -eu

OVERLAY_DIRS="arch board boot cmd configs doc drivers include lib scripts/kconfig
	test/dm test/lib test/model test/py"

die() {
	echo "stage: $*" >&2
	exit 1
}

[ $# -eq 1 ] || die "usage: stage.sh TREE"
[ -d "$1" ] || die "$1: no such directory"
here=$(cd "$(dirname "$0")/.." && pwd)
tree=$(cd "$1" && pwd)
memo=$tree/.rpmb-overlay
grep -q '^UBOOTVERSION\|^UBOOTRELEASE' "$tree/Makefile" 2>/dev/null ||
	die "$tree is not a U-Boot source tree"
command -v patch >/dev/null || die "'patch' is not installed"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# Paths, relative to the overlay, of all files to lay down
overlay_files() {
	cd "$here"
	for dir in $OVERLAY_DIRS; do
		[ ! -d "$dir" ] || find "$dir" -type f ! -name '.*' \
			! -name '*~' ! -name '*.[oa]' ! -name '*.orig' \
			! -name '*.rej' ! -name '*.pyc'
	done | LC_ALL=C sort
}

# Paths that the given patches touch
patched_files() {
	cat "$@" | sed -n 's,^+++ b/\([^	]*\).*,\1,p' | LC_ALL=C sort -u
}

# All hooks that may be on a tree of which nothing was remembered
possible_hooks() {
	mkdir -p "$scratch/possible"
	for name in $(hook_names); do
		for variant in $(hook_variants "$name"); do
			hook_text "$variant" >"$scratch/possible/$name-$(
				echo "$variant" | tr / -)"
		done
	done
}

# Take off all of a hook that is on, as far as anyone can tell: what a release has by
# itself looks the same and stays
unhook_whole() {
	patch -d "$scratch/new" -p1 -F0 -R -f -s --dry-run <"$1" \
		>/dev/null 2>&1 || return 0
	name=${1##*/}
	hook_unneeded "${name%%.patch-*}.patch" >/dev/null || unhook "$1"
}

# Copies of the upstream files that hooks touch, old hooks taken off again. $1 is how
make_pristine() {
	how=$1
	shift
	patched_files "$scratch"/possible/* "$@" | while read -r file; do
		[ -f "$tree/$file" ] || continue
		mkdir -p "$scratch/new/$(dirname "$file")"
		cp -p "$tree/$file" "$scratch/new/$file"
	done
	printf '%s\n' "$@" | LC_ALL=C sort -r | while read -r hook; do
		"$how" "$hook"
	done
}

# Take off what is on; what is not on fails here and is none of our business
unhook() {
	patch -d "$scratch/new" -p1 -F0 -R -f -s --no-backup-if-mismatch \
		-r - <"$1" >/dev/null 2>&1 || true
}

# try NAME [--dry-run]: apply the hook that was chosen, report into the log
try() {
	patch -d "$scratch/new" -p1 -F0 -N -f -s --no-backup-if-mismatch \
		${2:+"$2"} <"$scratch/hooks/$1" >"$scratch/log" 2>&1
}

# choose NAME: put the variant that applies into hooks/, or the last one
choose() {
	for variant in $(hook_variants "$1"); do
		hook_text "$variant" >"$scratch/hooks/$1"
		[ "$variant" != "./$1" ] || return 0
		! try "$1" --dry-run || return 0
	done
}

does_not_apply() {
	{
		echo "stage: $1 does not apply to $tree:"
		cat "$scratch/log"
		find "$scratch/new" -name '*.rej' -exec cat {} +
		echo "stage: nothing was touched"
	} >&2
	exit 1
}

apply_hooks() {
	mkdir -p "$scratch/hooks"
	for name in $(hook_names); do
		if reason=$(hook_unneeded "$name"); then
			echo "stage: $name is not needed, $reason"
			continue
		fi >>"$scratch/unneeded"
		choose "$name"
		try "$name" || does_not_apply "$name"
	done
}

# differing FROM LIST: files of the list that are not the same below FROM and the tree
differing() {
	(cd "$1" && xargs -d '\n' sha256sum <"$2") >"$scratch/sums"
	(cd "$tree" && { LC_ALL=C sha256sum -c "$scratch/sums" 2>/dev/null || :; }) |
		sed -n 's/: FAILED\( open or read\)\{0,1\}$//p'
}

# A file that U-Boot has and we did not put there must not be overwritten
check_strangers() {
	while read -r file; do
		[ -e "$tree/$file" ] || continue
		grep -qxF "$file" "$memo/files" 2>/dev/null && continue
		die "$file: this U-Boot has a file of that name; nothing was touched"
	done <"$scratch/changed"
}

# put FROM LIST: copy them
put() {
	(cd "$1" && xargs -r -d '\n' cp --parents -t "$tree" <"$2")
}

remove_dropped() {
	[ -f "$memo/files" ] || return 0
	LC_ALL=C comm -13 "$scratch/files" "$memo/files" | while read -r file; do
		rm -f "$tree/$file"
	done
}

# shellcheck source=scripts/hooks.sh
. "$here/scripts/hooks.sh"
mkdir -p "$scratch/new"
overlay_files >"$scratch/files"
possible_hooks
if [ -d "$memo/hooks" ]; then
	make_pristine unhook "$memo"/hooks/*.patch
else
	make_pristine unhook_whole "$scratch"/possible/*
fi
apply_hooks
differing "$here" "$scratch/files" >"$scratch/changed"
check_strangers

# From here on nothing is expected to fail
mkdir -p "$memo/hooks"
remove_dropped
put "$here" "$scratch/changed"
(cd "$scratch/new" && find . -type f | sed "s,^\./,,") >"$scratch/hooked"
differing "$scratch/new" "$scratch/hooked" >"$scratch/rehooked"
put "$scratch/new" "$scratch/rehooked"
changed=$(cat "$scratch/changed" "$scratch/rehooked" | wc -l)
rm -f "$memo"/hooks/*
cp "$scratch"/hooks/* "$memo/hooks/"
cp "$scratch/files" "$memo/files"
[ "$changed" -eq 0 ] || cat "$scratch/unneeded"
echo "stage: $(wc -l <"$scratch/files") files and" \
	"$(wc -l <"$scratch/hooked") hooked files in $tree, $changed changed"
