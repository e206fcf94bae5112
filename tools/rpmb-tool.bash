# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion of rpmb-tool in bash. Commands and options are those that its help names.

# Print the words at the start of lines, or options, of a help text
_rpmb_tool_words() {
	"$1" help ${2:+"$2"} 2>/dev/null | if [ -n "${2:-}" ]; then
		grep -o -- '--[a-z][a-z-]*'
	else
		sed -n 's/^    rpmb-tool \([a-z-]*\)  *[a-z].*/\1/p'
	fi | sort -u
}

_rpmb_tool() {
	local cur=$2 prev=$3 words= tool=$1
	local schemes="derived fuse test optee optee-compat"

	COMPREPLY=()
	case $prev in
	--transport) words="emmc ufs virtio sandbox" ;;
	--scheme) words=$schemes ;;
	--id | --name | --batch | --device | --key-name | --algo | --counter | \
		--reset-index | --target | --slot | --expect) return ;;
	esac
	if [ -z "$words" ] && [ "$COMP_CWORD" -eq 1 ]; then
		words="$(_rpmb_tool_words "$tool") help --help --version"
	elif [ -z "$words" ] && [[ $cur == -* ]]; then
		words="$(_rpmb_tool_words "$tool" "${COMP_WORDS[1]}") --help"
	fi
	# what no word fits is a file
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	[ -n "$words" ] || mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

complete -o filenames -F _rpmb_tool rpmb-tool
