# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Sourced by every script: where things lie, how to speak, how to fail.
set -euo pipefail

zlt_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# as qemu/zlt/kernel/paths.cc: a relative path counts as none, says the specification; empty where there is no place
zlt_cache=
if [[ ${XDG_CACHE_HOME:-} == /* ]]; then
	zlt_cache=$XDG_CACHE_HOME/zltorture
elif [[ ${HOME:-} == /* ]]; then
	zlt_cache=$HOME/.cache/zltorture
fi
zlt_program=$(basename "$0")

# progress: one line to stderr
say() { printf '%s: %s\n' "$zlt_program" "$*" >&2; }

# die WHAT [WHAT TO DO]: one line, exit status 2
die() {
	say "error: $1${2:+; $2}"
	exit 2
}

# have COMMAND…: all of them are there
have() { command -v "$@" >/dev/null; }

# need COMMAND…: all of them, or one line
need() {
	local tool
	for tool; do
		have "$tool" || die "$tool is not installed" "run scripts/install-deps"
	done
}

# need_cache: for who reads or writes it
need_cache() { [[ -n $zlt_cache ]] || die "no place for the cache: neither XDG_CACHE_HOME nor HOME is set" "set one of them"; }

# own_folder FOLDER: there it is, and all of it is ours to write. Else one line: what root once made in somebody's clone
own_folder() {
	local path=$1
	while [[ ! -e $path ]]; do path=$(dirname "$path"); done
	if [[ $path == "$1" ]]; then
		path=$(find "$path" \( -type d -o -type f \) ! -writable -print -quit)
	elif [[ -d $path && -w $path ]]; then
		path=
	fi
	[[ -z $path ]] || die "cannot write to $path" "it is $(stat -c %U "$path")'s: sudo chown -R $(id -un): $path, or remove it"
	mkdir -p "$1" || die "cannot make $1"
}

# take_lock NAME: one process at a time; the others wait and say so. Held until the process ends.
take_lock() {
	need_cache
	mkdir -p "$zlt_cache/locks" || die "cannot write to $zlt_cache" "set XDG_CACHE_HOME to a folder of yours"
	local fd
	exec {fd}>"$zlt_cache/locks/$1"
	if ! flock -n "$fd"; then
		say "another process is working on $1: waiting for it"
		flock "$fd"
	fi
}

# in_background PROGRAM…: run it so that a signal to this script ends it at once, kill -9 included; its exit status.
in_background() {
	local status=0
	setpriv --pdeathsig TERM -- "$@" &
	zlt_child=$!
	wait "$zlt_child" || status=$?
	zlt_child=
	return "$status"
}

# scratch_dir PATH: zlt_scratch is the new folder PATH.tmp, removed on every exit but kill -9; what a kill -9 left is
# removed first. The caller holds the lock that belongs to PATH.
scratch_dir() {
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	trap clean_scratch EXIT
	zlt_scratch=$1.tmp
	rm -rf "$zlt_scratch"
	mkdir -p "$zlt_scratch" || die "cannot make a folder in $(dirname "$1")" "is the disk full?"
}

clean_scratch() {
	if [[ -n ${zlt_child:-} ]]; then
		kill "$zlt_child" 2>/dev/null || true
		wait "$zlt_child" 2>/dev/null || true
	fi
	[[ -z ${zlt_scratch:-} ]] || rm -rf "$zlt_scratch"
}

# failed WHAT LOG: ends with the line of LOG that tells most about why
failed() {
	local why space
	space=$(df --output=avail -k "$zlt_cache" 2>/dev/null | tail -n 1) || true
	if grep -qs 'No space left on device' "$2" || ((${space:-1000} < 64)); then
		die "$1: no space left in $zlt_cache" "free some, or set XDG_CACHE_HOME to a bigger disk"
	fi
	why=$(grep -m1 -E '(^|[^a-z])(E:|[Ee]rror:|tar: |\*\*\* [A-Za-z]|FAILED|fatal:|CMake Error )' "$2" || tail -n 1 "$2" || true)
	die "$1: ${why:-no reason was given}"
}

# link_atomically TARGET LINK: LINK is never absent
link_atomically() {
	ln -sfn "$1" "$2.new.$$"
	mv -fT "$2.new.$$" "$2"
}
