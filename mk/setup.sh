#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# setup.sh - names the Debian packages that are missing, and installs them.
#
# usage: mk/setup.sh [clang|gdb|menuconfig|prove]
# Quick when nothing is missing: one question to dpkg. Installs as root or
# through sudo; without either it prints the one command to type, and fails.
set -eu

# package   what needs it
list="
gcc                    host programs: unit tests, Linux's own build tools
libc6-dev              C library headers for those host programs
make                   the build itself
python3                drivers.config, checks, test harness
gcc-aarch64-linux-gnu  compiles kernel, programs and drivers
qemu-system-arm        the machine that make run boots
linux-source-6.12      the driver sources, fetched and never stored here
xz-utils               unpacks them
flex                   Linux's Kconfig
bison                  Linux's Kconfig
bc                     Linux's Kbuild (HZ constants)
libcmocka-dev          unit tests
device-tree-compiler   device trees that the unit tests make up
e2fsprogs              ext4 disks of make run, make demo and the tests
dosfstools             FAT disks of make run, make demo and the tests
mtools                 puts files into FAT disks without root
rng-tools-debian       rngtest judges the random numbers of a driver
spin                   searches the IPC model (make model)
"
if [ "${1:-}" = gdb ]; then
	list="gdb-multiarch          debugger for make qemu-gdb"
elif [ "${1:-}" = clang ]; then
	list="
clang-14               compiles the fuzzers of native drivers
libclang-rt-14-dev     libFuzzer and clang's sanitizers
"
elif [ "${1:-}" = menuconfig ]; then
	list="kconfig-frontends     the menu of make menuconfig"
elif [ "${1:-}" = prove ]; then
	list="
frama-c-base           EVA and WP, for make prove
why3                   finds the provers for WP
cvc4                   proves WP's goals
"
fi

# Prints the names in the list that dpkg does not know as installed.
packages_missing() {
	names=$(printf '%s\n' "$list" | awk 'NF { print $1 }')
	# shellcheck disable=SC2086
	have=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' $names \
		2>/dev/null | awk '$1 == "ii" { print $2 }') || true
	for name in $names; do
		printf '%s\n' "$have" | grep -qx "$name" || printf '%s ' "$name"
	done
}

# Prints how to become root: "", "sudo -n", "sudo"; fails if there is no way.
root_prefix() {
	[ "$(id -u)" = 0 ] && return 0
	command -v sudo >/dev/null || return 1
	sudo -n true 2>/dev/null && echo "sudo -n" && return 0
	[ -t 0 ] && echo sudo
}

if ! command -v dpkg-query >/dev/null; then
	echo "setup: this is not Debian: install these by hand, see" \
		"mk/setup.sh for the reasons:" >&2
	printf '%s\n' "$list" >&2
	exit 0
fi

missing=$(packages_missing)
[ -n "$missing" ] || exit 0

echo "setup: these Debian packages are missing:" >&2
for name in $missing; do
	printf '%s\n' "$list" | grep "^$name " | sed 's/^/  /' >&2
done
install="apt-get install -qq -y --no-install-recommends $missing"
if ! prefix=$(root_prefix); then
	echo "setup: neither root nor sudo here. Type this as root, then" \
		"make again:  $install" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
{ $prefix apt-get update -qq && $prefix $install; } >&2 || {
	echo "setup: that failed. Type this as root, then make again:" \
		"$install" >&2
	exit 1
}
