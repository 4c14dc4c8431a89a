# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What a kernel build is asked for, what it got, and what of it a module build needs.

# last_word: fragments in, one line for each option out: the last one that speaks of it; "=n" in Kconfig's own words
last_word() {
	awk '
		/^CONFIG_/ { name = $0; sub(/=.*/, "", name) }
		/^# CONFIG_.* is not set$/ { name = $2 }
		name != "" {
			if (!(name in line)) order[++n] = name
			line[name] = ($0 == name "=n") ? "# " name " is not set" : $0
			name = ""
		}
		END { for (i = 1; i <= n; i++) print line[order[i]] }'
}

# missing_options ASKED CONFIG: the options that came out otherwise, with what they are
missing_options() {
	awk '
		{ name = "" }
		/^CONFIG_/ { name = $0; sub(/=.*/, "", name); value = $0; sub(/^[^=]*=/, "", value) }
		/^# CONFIG_.* is not set$/ { name = $2; value = "n" }
		name == "" { next }
		FILENAME == ARGV[1] { asked[name] = value; order[++n] = name; next }
		{ got[name] = value }
		END {
			for (i = 1; i <= n; i++) {
				name = order[i]
				is = (name in got) ? got[name] : "n"
				if (is != asked[name]) print name "=" asked[name] " (is " is ")"
			}
		}' "$1" "$2"
}

# patch_complaint LOG: what did not fit
patch_complaint() { grep -m1 -oE "Hunk #[0-9]+ (FAILED|ignored) at [0-9]+|malformed patch.*|can't find file.*" "$1" || tail -n 1 "$1"; }

# progress TOTAL: a make log in, a line now and then out
progress() {
	local n=0 line total left started=$SECONDS
	while IFS= read -r line; do
		if [[ $line =~ ^'  '(CC|AS|HOSTCC)' ' ]] && ((++n % 100 == 0)); then
			total=$((n > $1 ? n : $1))
			left=$(((SECONDS - started) * (total - n) / n))
			say "$n of about $total objects, about $(((left + 59) / 60)) min to go"
		fi
	done
}

# module_tree SOURCE OBJECTS KDIR: KDIR is what `make -C KDIR M=…` needs, source and output in one folder, free of paths
# of this machine
module_tree() {
	mkdir -p "$3" &&
		(
			cd "$1" || exit
			find Makefile arch/x86/Makefile* arch/x86/include include scripts -type f -print0
			find arch/x86 -name Kbuild.platforms -print0 -o -name Platform -print0
		) | tar -C "$1" -c --null -T - | tar -C "$3" -x &&
		(
			cd "$2" || exit
			find .config Module.symvers include arch/x86/include/generated scripts tools/objtool/objtool -type f \
				! -name '*.o' ! -name '*.cmd' ! -path 'include/config/[A-Z]*' -print0
		) | tar -C "$2" -c --null -T - | tar -C "$3" -x &&
		rm -rf "$3"/scripts/{kconfig,package,dtc,coccinelle,gdb}
}
