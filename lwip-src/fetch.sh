#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# fetch.sh - take lwIP from Debian's source package, with apt's own checks.
#
# usage: lwip-src/fetch.sh FOLDER
# Leaves in FOLDER: the upstream archive as Debian signed it, record.txt (apt's
# entry for the package, with its SHA-256 sums), src/ (the archive's own src/,
# unpatched), source.mk (says so to make). The mirror is the one that the
# machine is configured for; /etc/apt and apt's own lists stay as they are, and
# nobody needs to be root. apt checks the mirror's signature against Debian's
# keys, and the archive against the signed list.
set -eu

package=lwip
folder=$1
apt=$(pwd)/$folder/apt
case $folder in /*) apt=$folder/apt ;; esac

# apt with sources, lists and cache of our own; all other settings stay.
apt_here() {
	tool=$1
	shift
	"$tool" -qq -o Dir::Etc::sourcelist="$apt/debian.list" \
		-o Dir::Etc::sourceparts="$apt/parts" \
		-o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" \
		-o Acquire::Languages=none -o Acquire::Retries=2 \
		-o APT::Sandbox::User=root "$@"
}

# The machine's entries for this release of Debian, as sources of sources.
sources_write() {
	release=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -f "$file" ] || continue
		sed -n "/cdrom:/d; /backports/d
			s/^deb\([[:blank:]].*[[:blank:]]$release[-a-z]*[[:blank:]].*main\)/deb-src\1/p" \
			"$file"
	done > "$apt/debian.list"
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -f "$file" ] || continue
		sed '/^#/d' "$file" | awk -v release="$release" 'BEGIN { RS = "" }
			{ gsub(release "-backports[-a-z]*", "") }
			$0 ~ "Suites:[^\n]*" release && /Components:[^\n]*main/ {
				sub(/Types:[^\n]*/, "Types: deb-src")
				print $0 "\n" }' > "$apt/parts/${file##*/}"
		[ -s "$apt/parts/${file##*/}" ] || rm "$apt/parts/${file##*/}"
	done
	[ -s "$apt/debian.list" ] || [ "$(ls "$apt/parts")" ] ||
		echo "deb-src http://deb.debian.org/debian $release main" \
			> "$apt/debian.list"
}

give_up() {
	rm -rf "$folder"
	echo "lwip: $1: this build has no IP stack. It needs Debian's source" \
		"package $package; make tries again next time." >&2
	exit 1
}

rm -rf "$folder"
mkdir -p "$apt/lists/partial" "$apt/cache" "$apt/parts"
sources_write
apt_here apt-get update >&2 || give_up "no list of sources from the mirror"
[ "$(ls "$apt"/lists/*_Sources* 2>/dev/null)" ] ||
	give_up "Debian's mirror did not answer"
apt_here apt-cache showsrc --only-source $package |
	awk 'BEGIN { RS = "" } NR == 1' > "$folder/record.txt"
version=$(sed -n 's/^Version: //p' "$folder/record.txt")
[ "$version" ] || give_up "the mirror has no source package $package"
(cd "$folder" && apt_here apt-get source --download-only \
	"$package=$version") >&2 || give_up "apt could not fetch $version"
rm -rf "$apt" "$folder"/*.debian.tar.*
archive=$(ls "$folder"/${package}_*.orig.tar.*)
mkdir "$folder/src"
tar -xf "$archive" -C "$folder/src" --strip-components=2 --wildcards '*/src/*'
{
	echo "# lwip-src/fetch.sh: what it fetched"
	echo "LWIP_ARCHIVE := $archive"
	echo "LWIP_VERSION := $version"
} > "$folder/source.mk"
