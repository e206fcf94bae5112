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

# A Python that has pytest: another than Debian's may come first
python_with_pytest() {
	for python in python3 /usr/bin/python3; do
		if "$python" -c 'import pytest' 2>/dev/null; then
			echo "$python"
			return
		fi
	done
	die "no Python here has pytest; 'scripts/install-deps test' installs it"
}

# pytest ARGS... - our tests on the host; what they print is not held back, and there
# is a line for each: "ok SUITE NAME"
pytest() {
	python=$(python_with_pytest) || return
	(cd "$top" && "$python" -B -m pytest --lines --capture=no "$@")
}

# forced UBOOT: the words that run a test in sandbox which is not run with the others
forced() {
	if "$1" -c 'help ut' | grep -q -e '-I<n>'; then
		echo "ut -f dm"
	else
		echo "ut dm -f"
	fi
}
