# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# Debian packages without root: apt with its own lists and cache, the system's mirrors and keys. Nothing is installed.
# ZLT_APT_ETC is where its sources are, instead of /etc/apt.

zlt_apt=$zlt_cache/apt
zlt_apt_etc=${ZLT_APT_ETC:-/etc/apt}
zlt_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# host_suite: code name of this machine's Debian
host_suite() { sed -n 's/^VERSION_CODENAME=//p' "${ZLT_OS_RELEASE:-/etc/os-release}" 2>/dev/null; }

# host_mirror: a mirror of Debian that this machine uses
host_mirror() {
	cat "$zlt_apt_etc/sources.list" "$zlt_apt_etc"/sources.list.d/*.{list,sources} 2>/dev/null |
		sed -n '/^[[:space:]]*#/d; s,^\(.*[[:space:]]\)\?\([a-z]*://[^[:space:]]*/debian\)/\?\([[:space:]].*\)\?$,\2,p' | head -n 1
}

# foreign_suite SUITE: from now on the packages of a Debian that is not this machine's, with lists of their own
foreign_suite() {
	local mirror=${ZLT_DEBIAN_MIRROR:-$(host_mirror)} suite trust="signed-by=$zlt_keyring"
	mirror=${mirror:-http://deb.debian.org/debian}
	mirror=${mirror%/}
	[[ $mirror != file:* ]] || trust=trusted=yes # a folder of this machine
	[[ $trust == trusted=yes || -r $zlt_keyring ]] ||
		die "there is no $zlt_keyring, and with it no packages of Debian's $1" "install debian-archive-keyring"
	zlt_apt=$zlt_cache/apt/$1
	zlt_apt_etc=$zlt_apt/etc
	mkdir -p "$zlt_apt_etc/sources.list.d"
	for suite in "$1" "$1-updates" "$1-backports"; do
		printf 'deb [%s] %s %s main\n' "$trust" "$mirror" "$suite"
	done >"$zlt_apt_etc/sources.list.new"
	printf 'deb [%s] %s %s main\n' "$trust" "${mirror%/debian}/debian-security" "$1-security" >>"$zlt_apt_etc/sources.list.new"
	cmp -s "$zlt_apt_etc/sources.list.new" "$zlt_apt_etc/sources.list" || rm -f "$zlt_apt/refreshed"
	mv "$zlt_apt_etc/sources.list.new" "$zlt_apt_etc/sources.list"
}

# apt_setup [SUITE]: the packages of this machine's Debian, or of SUITE where that is another
apt_setup() {
	need apt-get apt-cache dpkg-deb
	take_lock apt
	[[ -z ${1:-} || $1 == "$(host_suite)" ]] || foreign_suite "$1"
	mkdir -p "$zlt_apt"/{lists/partial,cache/archives/partial,sources.list.d}
	: >>"$zlt_apt/status"
	find "$zlt_apt/sources.list.d" -type l -delete
	find "$zlt_apt_etc/sources.list.d" \( -name '*.list' -o -name '*.sources' \) \
		-exec ln -s -t "$zlt_apt/sources.list.d" {} + 2>/dev/null || true
	# hooks of the system expect root; the sandbox user cannot write into somebody's cache
	cat >"$zlt_apt/apt.conf" <<-END
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear DPkg::Post-Invoke;
		APT::Sandbox::User "root";
		APT::Update::Error-Mode "any";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
		Dir::State "$zlt_apt";
		Dir::State::status "$zlt_apt/status";
		Dir::State::lists "$zlt_apt/lists";
		Dir::Cache "$zlt_apt/cache";
		Dir::Etc::sourcelist "$zlt_apt_etc/sources.list";
		Dir::Etc::sourceparts "$zlt_apt/sources.list.d";
	END
}

# apt_refresh: bring the package lists up to date; a mirror that fails is told when a package is missing
apt_refresh() {
	say "refreshing the package lists"
	in_background apt-get -c "$zlt_apt/apt.conf" -q update >"$zlt_apt/update.log" 2>&1 || true
	touch "$zlt_apt/refreshed"
}

apt_query() { apt-cache -c "$zlt_apt/apt.conf" "$@" 2>/dev/null; }

# apt_candidate PACKAGE: version that would be taken, or nothing
apt_candidate() { apt_query policy "$1" | sed -n 's/^  Candidate: //p' | grep -vxF '(none)' || true; }

# apt_add_suites: 6.12 is in bookworm-security, on older mirrors in bookworm-backports: look there too, on a mirror known here
apt_add_suites() {
	local list=$zlt_apt/sources.list.d/zltorture.list key=$zlt_keyring known mirror suite
	[[ ! -e $list && -r $key && $zlt_apt == "$zlt_cache/apt" ]] || return 0
	# shellcheck disable=SC2016 # apt expands it
	known=$(apt-get -c "$zlt_apt/apt.conf" indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 2>/dev/null)
	mirror=${ZLT_DEBIAN_MIRROR:-$(sed -n 's,^\(.*/debian\)/\? .*,\1,p' <<<"$known" | head -n 1)}
	[[ -n $mirror ]] || return 0
	for suite in bookworm bookworm-backports; do
		grep -q " $suite\$" <<<"$known" || printf 'deb [signed-by=%s] %s %s main\n' "$key" "${mirror%/}" "$suite"
	done >"$list"
}

# apt_have PACKAGE: apt_version is its candidate; lists older than a day are refreshed first, and once more for a package
# that is not in them
apt_have() {
	if [[ -z $(find "$zlt_apt/refreshed" -mtime -1 2>/dev/null) || -n ${zlt_update:-} ]]; then
		apt_refresh
		zlt_update=
	fi
	apt_version=$(apt_candidate "$1")
	[[ -z $apt_version ]] || return 0
	apt_add_suites
	apt_refresh
	apt_version=$(apt_candidate "$1")
	[[ -n $apt_version ]]
}

# apt_find PACKAGE: the same, or the end
apt_find() {
	apt_have "$1" || apt_missing "$1"
}

apt_missing() {
	local why
	why=$(grep -m1 -E '^(Err|E:|W: Failed)' "$zlt_apt/update.log" || true)
	rm -f "$zlt_apt/refreshed"
	die "no package $1 on the mirrors of $zlt_apt_etc${why:+ ($why)}" "check the network, or set ZLT_DEBIAN_MIRROR"
}

# apt_depends PACKAGE REGEX: first dependency whose name matches
apt_depends() {
	apt_query show --no-all-versions "$1" | sed -n 's/^\(Pre-\)\?Depends: //p' |
		tr -s ',|' '\n' | sed 's/^ *//;s/[ (].*//' | grep -m1 -xE "$2" || true
}

# apt_size PACKAGE[=VERSION]…: how much would be downloaded, in MB
apt_size() {
	apt-get -c "$zlt_apt/apt.conf" -q --print-uris download "$@" 2>/dev/null |
		awk '{ size += $3 } END { printf "%.0f", size / 1e6 + 0.5 }'
}

# apt_download FOLDER PACKAGE[=VERSION]…: the .deb files, verified by apt
apt_download() {
	local folder=$1 log=$zlt_apt/download.log
	shift
	mkdir -p "$folder"
	say "downloading $* ($(apt_size "$@") MB)"
	if ! in_background env -C "$folder" apt-get -c "$zlt_apt/apt.conf" -q download "$@" >"$log" 2>&1; then
		rm -f "$zlt_apt/refreshed" # the lists may name a version that is gone: next time with new ones
		failed "cannot download $*" "$log"
	fi
}

# deb_extract DEB FOLDER TAR_ARGUMENT…: unpack what these name
deb_extract() {
	local deb=$1 folder=$2 log=$zlt_apt/unpack.log
	shift 2
	mkdir -p "$folder"
	: >"$log" # both add to it: one that emptied it could lose what the other said
	dpkg-deb --fsys-tarfile "$deb" 2>>"$log" | tar -x -C "$folder" --no-same-owner --no-same-permissions --wildcards "$@" 2>>"$log" ||
		failed "cannot unpack $(basename "$deb")" "$log"
}
