# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2016
#
# Sourced: fetch packages of another Debian release without touching the
# machine's own apt. A private root has its own lists, cache and status; the
# mirror, proxy and credentials are those of the machine. Signatures are
# verified with the machine's Debian keyring. Needs no root. apt_arch names
# another architecture than the machine's.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Mirrors that the machine uses; those of security updates carry no release
apt_mirrors() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' |
		grep -v -e '-security/*$' | awk '!seen[$0]++'
}

# apt_private DIR COMMAND ARGS...: apt-get, apt-cache in a private root
apt_private() {
	aptdir=$1
	shift
	command=$1
	shift
	"$command" -q -o Dir::Etc::sourcelist="$aptdir/sources.list" \
		-o Dir::Etc::sourceparts=- -o Dir::Etc::preferences=- \
		-o Dir::Etc::preferencesparts=- \
		-o Dir::State="$aptdir/state" -o Dir::State::Lists="$aptdir/lists" \
		-o Dir::State::Status="$aptdir/status" -o Dir::Cache="$aptdir/cache" \
		-o APT::Architecture="${apt_arch:-$(dpkg --print-architecture)}" \
		-o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)" \
		-o APT::Get::List-Cleanup=false -o APT::Install-Recommends=false \
		"$@"
}

# apt_root DIR TYPE SUITE...: set up a private root for these releases
apt_root() {
	aptdir=$1
	type=$2
	shift 2
	[ -r "$keyring" ] || return 1
	for uri in $(apt_mirrors); do
		mkdir -p "$aptdir/lists/partial" "$aptdir/state" \
			"$aptdir/cache/archives/partial"
		: >"$aptdir/status"
		for suite; do
			echo "$type [signed-by=$keyring] $uri $suite main"
		done >"$aptdir/sources.list"
		apt_private "$aptdir" apt-get -o APT::Update::Error-Mode=any \
			update >"$aptdir/update.log" 2>&1 && return 0
	done
	[ ! -f "$aptdir/update.log" ] || tail -n 3 "$aptdir/update.log" >&2
	return 1
}
