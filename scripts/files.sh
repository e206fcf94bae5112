# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154
#
# Sourced after common.sh: which files are ours

# All files of the repository, relative to its top; what git ignores is not ours
our_files() {
	(cd "$top" && find . -path ./build -prune -o -path ./.git -prune -o \
		-type f ! -name '*~' ! -name '*.py[co]' ! -name '*.[oa]' \
		! -name '.checkpatch-camelcase.*' -print | sed 's,^\./,,' |
		LC_ALL=C sort)
}

our_c_files() {
	our_files | grep '\.[ch]$'
}

our_shell_files() {
	our_files | while read -r file; do
		case $file in
		*.sh) echo "$file" ;;
		*) head -n 1 "$top/$file" | grep -q '^#!.*[/ ]\(ba\)\?sh$' &&
			echo "$file" ;;
		esac
	done
}

our_python_files() {
	our_files | while read -r file; do
		case $file in
		*.py) echo "$file" ;;
		*) head -n 1 "$top/$file" | grep -q '^#!.*[/ ]python3$' &&
			echo "$file" ;;
		esac
	done
}
