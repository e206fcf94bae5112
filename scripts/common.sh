# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034
#
# Sourced by the other scripts: where things are, and how to speak.

top=$(cd "$(dirname "$0")/.." && pwd)
while [ ! -f "$top/scripts/common.sh" ] && [ "$top" != / ]; do
	top=$(dirname "$top")
done
build=$top/build

# All downloads end up here; `make distclean` removes them, `make clean` not
cache=$build/cache

say() {
	echo "== $*" >&2
}

die() {
	echo "$(basename "$0"): $*" >&2
	exit 1
}

have() {
	command -v "$1" >/dev/null 2>&1
}

# Run a command as root: directly, or through sudo
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

can_be_root() {
	[ "$(id -u)" -eq 0 ] || have sudo
}

# The U-Boot tree that is staged and built
uboot_tree() {
	echo "${UBOOT:-$build/u-boot}"
}
