# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Sourced by every script: where things lie, how to speak, how to fail.
set -euo pipefail
shopt -s extglob # in patterns of remove_abandoned

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

# writable_folder FOLDER: there it is, and all of it is ours to write. Else one line: what root once made in somebody's clone
writable_folder() {
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

# told_with_us PROGRAM…: becomes the program, which is told to end when whoever runs this dies, kill -9 included. For
# pipelines and $(…).
told_with_us() { exec setpriv --pdeathsig TERM -- "$@"; }

# end_on_signals: a signal ends this script, and first what it runs in_background and its scratch folder
end_on_signals() {
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	trap clean_scratch EXIT
}

# scratch_dir PATH [PREFIX]: zlt_scratch is the new folder PATH.tmp, removed on every exit but kill -9. The caller holds the
# lock that belongs to PATH. What a kill -9 left, there or beside it under another name that begins with PREFIX, is removed
# first.
scratch_dir() {
	end_on_signals
	remove_abandoned "$(dirname "$1")" "${2:-}"
	zlt_scratch=$1.tmp
	rm -rf "$zlt_scratch"
	local hold
	while :; do
		mkdir -p "$zlt_scratch" || die "cannot make a folder in $(dirname "$1")" "is the disk full?"
		# held as long as anything of ours runs, and by that known to be in use; somebody who clears up may have been faster
		exec {hold}<"$zlt_scratch" || continue
		flock "$hold"
		[[ ! $zlt_scratch -ef /dev/fd/$hold ]] || return 0
		exec {hold}<&-
	done
}

# temp_dir: the same in TMPDIR, for what is no use to anybody later
temp_dir() {
	scratch_dir "$(mktemp -u "${TMPDIR:-/tmp}/zlt-script-XXXXXXXX")" zlt-script-
}

# remove_abandoned FOLDER [PREFIX]: what killed scripts left in it: folders NAME.tmp that nobody holds, links NAME.new.PID whose
# process is gone; those whose name begins with PREFIX
remove_abandoned() {
	local each hold
	for each in "$1/${2:-}"*.tmp; do
		[[ -d $each && ! -L $each ]] || continue
		exec {hold}<"$each" || continue
		! flock -n "$hold" || rm -rf "$each"
		exec {hold}<&-
	done
	for each in "$1/${2:-}"*.new.*([0-9]); do
		[[ ! -L $each ]] || kill -0 "${each##*.}" 2>/dev/null || rm -f "$each"
	done
}

clean_scratch() {
	local try
	if [[ -n ${zlt_child:-} ]]; then
		kill "$zlt_child" 2>/dev/null || true
		wait "$zlt_child" 2>/dev/null || true
	fi
	[[ -n ${zlt_scratch:-} ]] || return 0
	# a program that was told to end may still write for a moment
	for try in 1 2 3 4 5 6 7 8 9; do
		! rm -rf "$zlt_scratch" 2>/dev/null || return 0
		sleep "0.$try"
	done
	rm -rf "$zlt_scratch"
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
