# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Sourced by the tests here: a guest of busybox, the module and a script as PID 1, without zlt or zltctl. Makes $work.
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../../scripts/lib/common.sh"
need qemu-system-x86_64 busybox cpio

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# make_initramfs MODULE INIT
make_initramfs() {
	rm -rf "$work/tree"
	mkdir -p "$work/tree/bin"
	cp "$(command -v busybox)" "$work/tree/bin/busybox"
	cp "$1" "$work/tree/zltorture.ko"
	cp "$2" "$work/tree/init"
	(cd "$work/tree" && find . | cpio -o -H newc --quiet) >"$work/initramfs"
}

# boot NAME SECONDS MEMORY KERNEL APPEND…: prints the lines of the guest's test, under NAME. MEMORY is QEMU's -m; the array
# `devices` has more words for QEMU, and `accel` its accelerator. $work has its lines and its console.
devices=()
accel=tcg,thread=multi
boot() {
	local name=$1 seconds=$2 memory=$3 kernel=$4
	shift 4
	rm -f "$work/lines" "$work/console"
	timeout "$seconds" qemu-system-x86_64 -nodefaults -no-user-config -display none -machine q35 -accel "$accel" \
		-smp 2 -m "$memory" "${devices[@]}" -no-reboot -kernel "$kernel/bzImage" -initrd "$work/initramfs" \
		-append "console=ttyS0,115200 panic=-1 no_timer_check $*" \
		-serial "file:$work/console" -serial "file:$work/lines" </dev/null >"$work/qemu" 2>&1 || true
	sed -i 's/\r$//' "$work/lines"
	sed -n "s/^\(ok\|not ok\) - /\1 - $name: /p; /^#/p" "$work/lines"
	if ! grep -q '^done' "$work/lines"; then
		printf 'not ok - %s: the guest came to its end (%s)\n' "$name" "$(tail -n 1 "$work/console" | tr -d '\r')"
	fi
}
