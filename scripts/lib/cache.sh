# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel cache: which entry a flavour's files and this machine's compiler ask for, and how a new one gets in.
# An entry is kernels/FLAVOUR-KEY/, complete or absent; kernels/FLAVOUR is a symlink to the newest. What its files hold is
# written down, and one that is not what it was is as good as absent.
# shellcheck source=scripts/lib/digests.sh
. "$zlt_root/scripts/lib/digests.sh"

# Recipe of the entries: raise it when a script makes them differently.
zlt_layout=1
need_cache
zlt_kernels=$zlt_cache/kernels
zlt_flavours=${ZLT_FLAVOURS:-$zlt_root/qemu/flavours}

# a Makefile cannot name a file whose name has a space in it
[[ $zlt_cache != *[[:space:]:]* ]] || die "the cache's path has a space or colon in it: $zlt_cache" "set XDG_CACHE_HOME"

kernel_cc() { printf '%s' "${ZLT_KERNEL_CC:-gcc}"; }
fragment_files() { ((${#flavour_fragments[@]} == 0)) || printf "%s.config\n" "${flavour_fragments[@]/#/$zlt_flavours/fragments/}"; }
patch_files() { ((${#flavour_patches[@]} == 0)) || printf "%s\n" "${flavour_patches[@]/#/$zlt_flavours/patches/}"; }

# flavour_program: path of zlt-flavour, which reads the flavours. In the source tree it is built where it is missing or older than
# what it is made from; installed scripts find it in PREFIX/bin.
flavour_program() {
	local program=$zlt_root/../../bin/zlt-flavour
	if [[ -e $zlt_root/Kbuild ]]; then
		program=$zlt_root/build/bin/zlt-flavour
		if [[ ! -x $program || -n $(cd "$zlt_root" && find userspace/{base,report,splat,cmake} userspace/CMakeLists.txt module/abi \
			qemu/zlt/io/toml_reader.* qemu/zlt/kernel/flavour* -newer "$program" -type f -print -quit) ]]; then
			"$zlt_root/scripts/build-host" --only zlt-flavour >&2 || exit
			touch "$program"
		fi
	fi
	[[ -x $program ]] || die "there is no $program, which reads the flavours" "install zltorture whole"
	printf '%s\n' "$program"
}

# flavour_names: all there are, one a line
flavour_names() {
	local program
	program=$(flavour_program)
	"$program" "$zlt_flavours" || exit 2
}

# load_flavour NAME: sets flavour_*, as the file NAME.toml has them
load_flavour() {
	local program text file
	# shellcheck disable=SC2034 # each script reads what concerns it
	flavour_name='' flavour_series='' flavour_suite='' flavour_origin='' flavour_image='' flavour_source='' flavour_base='' \
		flavour_is_base='' flavour_fragments=() flavour_patches=()
	program=$(flavour_program)
	if ! text=$("$program" "$zlt_flavours" "$1" 2>/dev/null); then
		die "$("$program" "$zlt_flavours" "$1" 2>&1 >/dev/null | tail -n 1)"
	fi
	eval "$text"
	[[ $flavour_origin == build ]] || return 0
	while IFS= read -r file; do
		[[ -r $file ]] || die "flavour $flavour_name: there is no $file"
	done < <(fragment_files && patch_files)
	have "$(kernel_cc)" ||
		die "the compiler $(kernel_cc) is not installed" "run scripts/install-deps, or set ZLT_KERNEL_CC"
}

# entry_field ENTRY KEY: one string of its meta.toml
entry_field() { sed -n "s/^$2 = \"\(.*\)\"\$/\1/p" "$1/meta.toml" 2>/dev/null; }

compiler_id() {
	"$(kernel_cc)" --version | head -n 1
	ld --version | head -n 1
}

# build_key SOURCE_VERSION: what the kernel is made from, as text digest
build_key() {
	{
		printf '%s\n' "$zlt_layout" "$flavour_source" "$1"
		compiler_id
		# comments do not make another kernel
		fragment_files | xargs -r -d '\n' cat | grep -E '^CONFIG_'
		patch_files | xargs -r -d '\n' cat
	} | sha256sum | cut -c 1-12
}

# newest_source: version of the unpacked source, or the one the newest entry was made from
newest_source() {
	local link=$zlt_cache/sources/$flavour_source
	if [[ -e $link ]]; then
		basename "$(readlink -f "$link")" | sed "s/^$flavour_source-//"
	else
		entry_field "$zlt_kernels/$flavour_name" source_version
	fi
}

# kernel_entry: the loaded flavour's entry, or nothing and status 1
kernel_entry() {
	local entry version
	zlt_damage=
	if [[ $flavour_origin == debian ]]; then
		entry=$(readlink -f "$zlt_kernels/$flavour_name") || return 1
		[[ $(entry_field "$entry" layout) == "$zlt_layout" ]] || return 1
		[[ $(entry_field "$entry" image) == "$flavour_image" ]] || return 1
	else
		version=$(newest_source)
		[[ -n $version ]] || return 1
		entry=$zlt_kernels/$flavour_name-$(build_key "$version")
	fi
	is_whole "$entry" || return 1
	printf '%s\n' "$entry"
}

# is_whole ENTRY: it is there, and its files are what they were; zlt_damage says what is wrong with one that is there. What a
# guest is booted from is read each time.
is_whole() {
	local why
	zlt_damage=
	[[ -f $1/meta.toml || -f $1/$zlt_digests ]] || return 1
	if [[ -e $1/$zlt_digests ]]; then
		why=$(damage "$1" 'bzImage$|config$|release$|meta.toml$|System.map$|modules/')
	else
		# Of a zlt that wrote down nothing. Nobody has to get all kernels again for that: what can be seen is looked at, and
		# what it holds now is written down, where we may.
		why=$(cut_short "$1/bzImage")
		[[ -n $why ]] || seal "$1" 2>/dev/null || true
	fi
	zlt_damage=$why
	[[ -z $why ]]
}

# tell_damage: that the flavour is made again because its entry was damaged
tell_damage() { [[ -z ${zlt_damage:-} ]] || say "$flavour_name is damaged and is made again: $zlt_damage"; }

# cut_short IMAGE: in words that it is shorter than it says itself (Documentation/arch/x86/boot.rst: setup_sects, syssize)
cut_short() {
	local sectors paragraphs
	sectors=$(od -An -tu1 -j $((0x1f1)) -N 1 "$1" 2>/dev/null) paragraphs=$(od -An -tu4 -j $((0x1f4)) -N 4 "$1" 2>/dev/null)
	(($(stat -c %s "$1" 2>/dev/null || echo 0) >= (${sectors:-0} + 1) * 512 + ${paragraphs:-0} * 16)) || printf '%s is cut short\n' "$1"
}

# write_meta FOLDER ORIGIN KEY [NAME VALUE]…: what the entry is and what it was made from
write_meta() {
	local folder=$1
	set -- layout "$zlt_layout" flavour "$flavour_name" origin "$2" key "$3" "${@:4}" release "$(<"$folder/release")"
	{
		echo '# SPDX-License-Identifier: GPL-2.0-only'
		printf '%s = "%s"\n' "$@"
	} >"$folder/meta.toml"
}

# publish FOLDER KEY: FOLDER becomes the flavour's newest entry; prints its path
publish() {
	local entry=$zlt_kernels/$flavour_name-$2
	mkdir -p "$zlt_kernels"
	seal "$1"
	sync -f "$1"
	# one that is damaged may still have readers
	[[ ! -e $entry ]] || mv -T "$entry" "$entry.$$.tmp"
	mv -T "$1" "$entry"
	rm -rf "$entry.$$.tmp"
	link_atomically "$(basename "$entry")" "$zlt_kernels/$flavour_name"
	printf '%s\n' "$entry"
}
