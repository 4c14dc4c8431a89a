# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What the files of a folder hold, written down when they are made, so that damage is seen.

# In the folder: SHA-256 and name of each file, as sha256sum has it, and what a look without reading has to find for the
# content to be the same: size, times and inode. Times: nobody but the kernel sets that of the last change (ctime), so a
# file that was written to has another one; what goes on below the file system is not seen by such a look.
zlt_digests=.digests
zlt_looks=.looks

# seal FOLDER [FIND_TEST…]: writes them for the files that the tests choose
seal() {
	local folder=$1
	shift
	(
		cd "$folder" || exit
		find . -type f ! -name "$zlt_digests*" ! -name "$zlt_looks*" "$@" -print0 | LC_ALL=C sort -z |
			xargs -0r sha256sum >"$zlt_digests.new.$$"
		mv -f "$zlt_digests.new.$$" "$zlt_digests"
		# what cannot be kept is looked for by reading, each time
		look >"$zlt_looks.new.$$" && mv -f "$zlt_looks.new.$$" "$zlt_looks"
	)
}

# look: of the present folder's files, the sealed ones
look() { cut -c 67- "$zlt_digests" | tr '\n' '\0' | xargs -0r stat -c '%n %s %.Y %.Z %i' -- 2>/dev/null; }

# damage FOLDER [REGEX]: the first of its files that is not what was written down, in words; nothing when all are. Those that a
# look can tell are not read, but for names that match REGEX.
damage() (
	cd "$1" || exit
	if [[ -n ${2:-} ]]; then
		damage_of_read < <(grep -E "^.{66}\./($2)" "$zlt_digests") || exit 0
	fi
	[[ ! -e $zlt_looks ]] || ! cmp -s "$zlt_looks" <(look) || exit 0
	damage_of_read <"$zlt_digests" || exit 0
	# as it was, but at other times: copied, or touched
	{ look >"$zlt_looks.new.$$" && mv -f "$zlt_looks.new.$$" "$zlt_looks"; } 2>/dev/null || true
)

# damage_of_read: reads those whose lines come from stdin; status 1 and a line when one of them is wrong
damage_of_read() {
	local wrong
	wrong=$(LC_ALL=C sha256sum --check --quiet 2>/dev/null | head -n 1 | sed 's,^\./,,; s/: FAILED.*//') || true
	[[ -n $wrong ]] || return 0
	if [[ -e $wrong ]]; then
		printf '%s is not what it was\n' "$PWD/$wrong"
	else
		printf '%s is gone\n' "$PWD/$wrong"
	fi
	return 1
}

# sealed_above FOLDER: the nearest folder above it that is sealed, or nothing
sealed_above() {
	local folder=$1
	while [[ $folder == /*/* && ! -e $folder/$zlt_digests ]]; do folder=$(dirname "$folder"); done
	[[ ! -e $folder/$zlt_digests ]] || printf '%s\n' "$folder"
}
