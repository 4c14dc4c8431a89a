#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Fails on what a C++ object must not bring into a kernel: run-time support that nobody provides, constructors and
# destructors that nobody calls, unwinding tables, unique symbols, thread-local storage. modpost sees some of it; weak
# references (__cxa_pure_virtual) and silent sections it does not.
# The constructor that a sanitizer adds to every object, C and C++ alike, is none of ours: KASAN's registers the object's
# variables, KCSAN's does nothing, and such kernels call it (both select CONFIG_CONSTRUCTORS).
# usage: object-gate.sh FILE.o
set -eu

object=$1
symbols=$(nm "$object")
sections=$(objdump -h "$object")
found=$({
	printf '%s\n' "$symbols" | awk 'NF > 1 {
		name = $NF; type = $(NF - 1)
		if (type == "u") print "GNU_UNIQUE symbol " name
		else if (name ~ /^(__cxa|__gxx|_Zn[aw]|_Zd[al]|_Unwind|__dso_handle|_ZSt|_ZTI|_ZTV)/) print "symbol " name
	}'
	case $symbols in
	*__asan_register_globals*) allowed='^\\.(init|fini)_array$' ;;
	*__tsan_init*) allowed='^\\.init_array\\.00099$' ;;
	*) allowed='^$' ;;
	esac
	# that and nothing else: one entry of 8 bytes
	printf '%s\n' "$sections" | awk -v allowed="$allowed" '
		$2 ~ allowed && $3 == "00000008" { next }
		$2 ~ /^\.(init_array|fini_array|ctors|dtors|eh_frame|gcc_except_table|tbss|tdata)/ { print "section " $2 }'
} | sort -u)
[ -z "$found" ] || {
	printf '%s: not fit for a kernel:\n%s\n' "$object" "$found" >&2
	exit 1
}
