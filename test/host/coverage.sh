#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# coverage.sh DIR NAME... - branch coverage of objects DIR/NAME.o, by gcov
#
# Prints a line for each and one for all, and where a branch was not taken.
# Exit status 1 if there is such a branch.

set -eu

dir=$(cd "$1" && pwd)
shift
cd "$dir"
total=0
missed=0

# Branches of one gcov report that are in the file's functions
count() {
	awk -v what="$2" '
		/^branch/ { all++; if (/never|taken 0/) none++ }
		END { print what == "all" ? all + 0 : none + 0 }' "$1"
}

# Lines of one gcov report with a branch that was not taken
where() {
	awk -F: '
		/^branch/ { if (/never|taken 0/) bad[line] = 1; next }
		/^ *[-0-9#=*]+:/ { line = $2 + 0; text[line] = $0 }
		END { for (l in bad) print "\t" text[l] }' "$1"
}

for name; do
	gcov -b -c "$name.o" >/dev/null
	all=$(count "$name.c.gcov" all)
	none=$(count "$name.c.gcov" none)
	echo "coverage: $name.c: $((all - none)) of $all branches"
	where "$name.c.gcov"
	total=$((total + all))
	missed=$((missed + none))
done
echo "coverage: lib/rpmb: $(((total - missed) * 100 / total)) %" \
	"($((total - missed)) of $total branches)"
[ "$missed" -eq 0 ]
