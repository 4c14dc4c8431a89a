# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# A mirror of small packages in the present folder: mirror/, and etc/ for ZLT_APT_ETC, which names it.

# deb NAME VERSION DEPENDS FOLDER: FOLDER as a package on the mirror
deb() {
	mkdir -p "$4/DEBIAN" mirror
	printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: test\n%s' \
		"$1" "$2" "${3:+Depends: $3$'\n'}" >"$4/DEBIAN/control"
	dpkg-deb --root-owner-group -Znone --build "$4" "mirror/$1_$2_all.deb" >/dev/null
	rm -rf "$4"
}

# index_mirror: what apt reads
index_mirror() {
	local file
	mkdir -p etc/sources.list.d
	for file in mirror/*.deb; do
		dpkg-deb -f "$file"
		printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$(basename "$file")" "$(stat -c %s "$file")" \
			"$(sha256sum "$file" | cut -d ' ' -f 1)"
	done >mirror/Packages
	printf 'deb [trusted=yes] file:%s/mirror ./\n' "$PWD" >etc/sources.list
}
