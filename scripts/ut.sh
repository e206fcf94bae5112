# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154
#
# Sourced after common.sh: U-Boot's own unit tests of the stack, in a sandbox

# One line per test from what ut prints. A test's failed assertions name their
# place in the source; what ut counts and we did not see is a failure as well,
# and so are a test that was skipped and a run that did not come to its end. Later
# releases leave out the start of a name, $2.
verdicts() {
	awk -v suite="$1" -v prefix="$2" '
	function verdict() {
		if (test)
			print (bad ? "not ok " : "ok ") suite " " test
		test = ""
	}
	/^Test: .* skipped as it is manual/ { next }
	/^Test: / {
		verdict()
		test = $2
		sub(/:$/, "", test)
		if (index(test, prefix) != 1)
			test = prefix test
		if (/flat tree/)
			test = test " (flat tree)"
		bad = 0
		next
	}
	{ print }
	/\.c:[0-9]+, .*\(\): / { bad = seen = 1 }
	/[Ff]ailures: [0-9]+$/ {
		verdict()
		ended = 1
		if (($NF > 0 && !seen) || /[Ss]kipped/)
			print "not ok " suite ": " $0
	}
	END {
		bad = 1
		verdict()
		if (!ended)
			print "not ok " suite " did not come to its end"
	}'
}

# sandbox NAME - which build it is. Tests leave files where they are started: that is
# not there, since what was built may be copied meanwhile
sandbox() {
	uboot=$build/$1/u-boot
	mkdir -p "$build/test/$1"
	cd "$build/test/$1" || exit
}

# ut SUITE [NAME] - run all of our tests of a suite, under a name of its own
ut() {
	timeout 300 "$uboot" -T -c "ut $1 $1_test_rpmb*" 2>&1 |
		tr -d '\r' | verdicts "${2:-$1}" "$1_test_"
}

# The words that run a test which is not run with the others
forced() {
	if "$uboot" -c 'help ut' | grep -q -e '-I<n>'; then
		echo "ut -f dm"
	else
		echo "ut dm -f"
	fi
}

stopped="rpmb: the unique key or a provider's secret cannot be locked (error -13)
rpmb: this board is closed: whatever came next could read it
### ERROR ### Please RESET the board ###"

# stops NAME TEST [LINE...] - but for warnings, these lines are all that a test
# says, and then it stops as a closed board does whose secret can still be read
stops() {
	label=$1
	test=$2
	shift 2
	lines=$([ $# -eq 0 ] || printf '%s\n' "$@"; echo "$stopped")
	status=0
	said=$(timeout 60 "$uboot" -T -v -c "$(forced) $test" 2>&1) || status=$?
	said=$(echo "$said" | tr -d '\r')
	echo "$said"
	said=$(echo "$said" | sed "1,/^Test: \(dm_test_\)\?${test#dm_test_}: /d; /^WARNING: /d")
	if [ $status -eq 1 ] && [ "$said" = "$lines" ]; then
		echo "ok $label $test"
	else
		echo "not ok $label $test (status $status)"
	fi
}
