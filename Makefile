# SPDX-License-Identifier: GPL-2.0-only
# Entry points, nothing else: what each does is in scripts/ and userspace/.

KERNELS ?= stock stock-rt lockdep lockdep-rt
PREFIX ?= /usr/local

.PHONY: help run check check-sanitizers soak kill-soak kernels module modules host deps bench lint install clean

help:
	@echo 'make run               every case on each kernel of KERNELS ($(KERNELS)), and the table'
	@echo 'make check             host tests under sanitizers, then every case in a guest; ends with a count'
	@echo 'make check-sanitizers  the module under KASAN and KCSAN'
	@echo 'make soak              2000 guests from fresh snapshots on a machine that is idle, busy and in the way; counts false accusations'
	@echo 'make kill-soak         200 kills of zlt, its guests and scripts at random moments; counts what does not heal'
	@echo 'make kernels           fetch or build KERNELS into the cache; all there are: $(basename $(notdir $(wildcard qemu/flavours/*.toml)))'
	@echo 'make module KDIR=…     the module for one kernel, as build/module/RELEASE/zltorture.ko'
	@echo 'make bench             the figures'
	@echo 'make lint              formatting, clang-tidy, cppcheck, shellcheck, licences, who includes whom'
	@echo 'make install           zlt, zltctl and their data under DESTDIR and PREFIX ($(PREFIX))'
	@echo 'make clean             remove build/'
	@echo 'RUN_ARGS=…             more words for zlt run, e.g. RUN_ARGS="--case irqsave/* --repeat 5"'

run:
	@scripts/install-deps run
	@scripts/run $(KERNELS) -- $(RUN_ARGS)

check:
	@scripts/install-deps run check
	@scripts/check $(KERNELS)

check-sanitizers: deps host
	@scripts/check-sanitizers

soak: kernels host
	@scripts/soak

kill-soak: kernels host
	@scripts/kill-soak

kernels: deps
	@scripts/kernels $(KERNELS)

module:
	@$(if $(KDIR),,$(error say which kernel: make module KDIR=/lib/modules/$$(uname -r)/build))
	@scripts/build-module '$(KDIR)'

modules: kernels
	@for kernel in $(KERNELS); do scripts/build-module "$$(scripts/kernel-path $$kernel)/kdir" || exit; done

host:
	@scripts/build-host

deps:
	@scripts/install-deps run

bench:
	@scripts/install-deps run bench
	@scripts/build-host
	@scripts/bench

lint:
	@scripts/install-deps run check lint
	@scripts/lint

install: host
	@scripts/install-files '$(DESTDIR)' '$(PREFIX)'

clean:
	rm -rf build
