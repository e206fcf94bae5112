# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# Sourced by build: what compilers warn of in files of ours, U-Boot's own files
# with our hooks among them. It does not stop a build, since another compiler
# may know other warnings; make test has a suite that fails.
#
# A warning comes when a file is compiled, and not again until that file has
# changed. So where there was one, all that was made with it is made again by
# the next build: OUT/warnings is about the whole of OUT, not about a last run.

# our_paths TREE: files of the overlay, and files that its hooks are in
our_paths() {
	cat "$1/.rpmb-overlay/files"
	sed -n 's,^+++ b/\([^	]*\).*,\1,p' "$1"/.rpmb-overlay/hooks/*.patch
}

# our_warnings TREE LOG: of the compiler, of Kconfig, of dtc
our_warnings() {
	our_paths "$1" | awk '
	FNR == NR {
		ours[$0]
		next
	}
	/^[^: ]+:[-.:0-9]* ?[Ww]arning[: ]/ {
		path = substr($0, 1, index($0, ":") - 1)
		# dtc names what it makes; this is what U-Boot puts into it
		sub("[.]dtbo?$", "-u-boot.dtsi", path)
		while (sub("[^/.]+/[.][.]/", "", path))
			;
		# from wherever the compiler was started
		while (!(path in ours) && sub("^[^/]*/", "", path))
			;
		if (path in ours && !seen[$0]++)
			print
	}' - "$2"
}

# make_again OUT [ARG...]: have files be made again; find takes ARG
make_again() {
	dir=$1
	shift
	find "$dir" \( -name '*.o' -o -name '*.dtb' -o -name '*.dtbo' \) "$@" \
		-exec touch -d @1 {} +
	rm -f "$dir/.made-from"
}

# watch_warnings OUT: before a build
watch_warnings() {
	# there is none where a build was killed
	[ -f "$1/warnings" ] || make_again "$1"
	rm -f "$1/warnings"
	: >"$1/.started"
}

# note_warnings OUT TREE LOG: after a build, whatever came of it
note_warnings() {
	our_warnings "$2" "$3" >"$1/warnings.new"
	if [ -s "$1/warnings.new" ]; then
		cat "$1/warnings.new" >&2
		make_again "$1" -newer "$1/.started"
	fi
	mv "$1/warnings.new" "$1/warnings"
}
