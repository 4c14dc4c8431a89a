# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Sourced by the tests of the scripts: a cache of their own, a mirror of small packages, and what to check with.
# A test prints "ok - WHAT" or "not ok - WHAT" for each thing it tried; nothing here needs a network or root.
set -euo pipefail

zlt_scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
zlt_test=$(mktemp -d)
zlt_jobs=()
end_test() {
	# whatever a failed check left running or mounted
	local pid
	for pid in "${zlt_jobs[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
	! mountpoint -q "$zlt_test/small" || umount "$zlt_test/small"
	rm -rf "$zlt_test"
}
trap end_test EXIT
cd "$zlt_test"

export XDG_CACHE_HOME=$zlt_test/cache ZLT_APT_ETC=$zlt_test/etc ZLT_FLAVOURS=$zlt_test/flavours
unset ZLT_KERNEL_CC ZLT_DEBIAN_MIRROR ZLT_JOBS
mkdir -p bin flavours/fragments flavours/patches etc/sources.list.d mirror
PATH=$zlt_test/bin:$PATH
cache=$XDG_CACHE_HOME/zltorture

# check WHAT COMMAND…: ok if it succeeds
check() {
	local what=$1
	shift
	if "$@" >check.out 2>&1; then
		printf 'ok - %s\n' "$what"
	else
		printf 'not ok - %s\n' "$what"
		sed 's/^/# /' check.out err 2>/dev/null
	fi
}

# run COMMAND…: its output to out and err, its exit status to status
run() {
	status=0
	"$@" >out 2>err </dev/null || status=$?
}

# refused REGEX: the last run ended with status 2 and one line of error that matches
refused() {
	((status == 2)) && [[ $(grep -cE '^[a-z-]+: error: ' err) == 1 ]] && grep -qE "^[a-z-]+: error: .*($1)" err
}

# wait_for COMMAND…: until it succeeds; a limit only so that a broken test ends
wait_for() {
	local i
	for ((i = 0; i < 1200; i++)); do
		if "$@"; then return 0; fi
		sleep 0.1
	done
	return 1
}

no_leftovers() { [[ -z $(find "$cache/kernels" "$cache/build" "$cache/sources" -maxdepth 1 -name '*.tmp*' 2>/dev/null) ]]; }
no_kernel() { [[ -z $(ls "$cache/kernels" 2>/dev/null) ]] && no_leftovers; }

# shellcheck source=scripts/tests/mirror.sh
. "$zlt_scripts/tests/mirror.sh"
# new packages: apt has to look again
index_here() { index_mirror && rm -f "$cache/apt/refreshed"; }

# gate NAME: a program of this name that makes the file $waiting, and waits for the file $go before it does its work
gates=0
gate() {
	gates=$((gates + 1))
	waiting=$zlt_test/waiting.$gates go=$zlt_test/go.$gates
	cat >"bin/$1" <<-END
		#!/bin/sh
		touch $waiting
		while [ ! -e $go ]; do sleep 0.1; done
		exec $(PATH=${PATH#*:} command -v "$1") "\$@"
	END
	chmod +x "bin/$1"
}
