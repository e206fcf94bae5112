# SPDX-License-Identifier: GPL-2.0-or-later
#
# RPMB for U-Boot. `make help` lists the targets.

.DEFAULT_GOAL := help
.NOTPARALLEL:

# make itself, and U-Boot's build, take a blank for the end of a name
ifneq ($(words $(CURDIR)),1)
$(error "$(CURDIR)" has a blank in its path: please move the checkout)
endif

SCRIPTS := scripts

.PHONY: help
help: ## show this help
	@echo "RPMB for U-Boot: targets"
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  \1|\2/p' Makefile | \
		awk -F'|' '{ printf "%-20s%s\n", $$1, $$2 }'
	@echo
	@echo "Settings: targets follow these, from the environment or as VAR=value"
	@sed -n 's/^#@ //p' Makefile

#@   UBOOT=dir          U-Boot tree to stage and build, or a release to fetch:
#@                      2025.01 (default) or 2026.10
#@   NEWER=dir          U-Boot tree of 2026.10 for a suite of test (default: fetched)
#@   QEMU=path          qemu-system-aarch64 to use (default: found or fetched)
#@   CROSS_COMPILE=pfx  compiler prefix for arm64 (default: aarch64-linux-gnu-)
#@   DEVICES="emmc ..." devices plugged in by run (default: all)
#@   STORIES="emmc ..." stories told by demo (default: all)
#@   SUITES="host ..."  suites run by test (default: all)
#@   STREAMS=n          suites that test runs side by side (default: processors + 1)
#@   PREFIX=/usr/local  where install puts rpmb-tool, below DESTDIR (default: none)
#@   BOARDS="sample"    boards of scripts/boards.list that boards builds (default: all)
#@   FUZZER="look ..."  fuzzers run by fuzz (default: all)
#@   MINUTES=1, RUNS=n  how long each of them runs, or how often; 0 minutes: no end
TREE_2025.01 := $(CURDIR)/build/u-boot
TREE_2026.10 := $(CURDIR)/build/u-boot-2026.10
export UBOOT NEWER QEMU CROSS_COMPILE DEVICES STREAMS MINUTES RUNS

# Paths given on the command line are seen from where it was typed; a release's
# name is the tree that get-uboot makes of it
ifneq ($(wordlist 2,3,$(UBOOT))$(wordlist 2,3,$(NEWER)),)
$(error UBOOT and NEWER: a path must have no blank in it)
endif
override UBOOT := $(if $(UBOOT),$(or $(TREE_$(UBOOT)),$(abspath $(UBOOT))))
override NEWER := $(if $(NEWER),$(abspath $(NEWER)))

.PHONY: demo
demo: image qemu model tools ## tell the story of an RPMB on the QEMU board, as a transcript
	@$(SCRIPTS)/demo $(STORIES)

.PHONY: run
run: image qemu model ## U-Boot prompt on the QEMU board; images stay in build/run
	@echo "== leave with Ctrl-A X; 'rpmb list' shows the devices"
	@$(SCRIPTS)/board build/run -serial mon:stdio

.PHONY: test
test: image sandbox qemu model tools ## run every test: 18 minutes on 2 idle cores
	@$(SCRIPTS)/install-deps test docs
	@$(SCRIPTS)/test $(SUITES)

.PHONY: optee
optee: image qemu model ## build OP-TEE and TF-A, test them over the RPMB. Takes minutes, once
	@$(SCRIPTS)/install-deps test optee
	@TABLE=test/suites.optee $(SCRIPTS)/test

.PHONY: matrix
matrix: image sandbox qemu ## turn each option round: does it build, does it still refuse? Takes hours
	@$(SCRIPTS)/matrix

.PHONY: survey
survey: tree ## try the fragments on all defconfigs of U-Boot
	@python3 -B $(SCRIPTS)/survey.py $(or $(UBOOT),build/u-boot) \
		rollback provision locked spl

.PHONY: boards
boards: tree ## configure, compile and link upstream's boards with the fragments. Takes hours
	@$(SCRIPTS)/install-deps boards
	@$(SCRIPTS)/boards $(BOARDS)

.PHONY: fuzz
fuzz: sandbox ## fuzz what comes from outside, a minute each; FUZZER=, RUNS=, MINUTES=
	@$(SCRIPTS)/fuzz $(FUZZER)

.PHONY: prove
prove: tree ## prove with CBMC what stands in test/proof. Takes minutes
	@$(SCRIPTS)/prove.py

.PHONY: prove-teeth
prove-teeth: tree ## break the code in each way that a proof names: is it found?
	@$(SCRIPTS)/prove.py --teeth

.PHONY: attack
attack: tree ## attack the library on its bus, a million histories. Takes half an hour
	@$(SCRIPTS)/attack.py

.PHONY: attack-mutations
attack-mutations: tree ## plant mistakes in the library: does the attack find them?
	@$(SCRIPTS)/attack.py --mutations

.PHONY: faults
faults: sandbox ## every fault at every exchange of every operation. Takes minutes
	@$(SCRIPTS)/faults

.PHONY: soak
soak: sandbox ## 100,000 writes on each transport, with power cuts. Takes minutes
	@$(SCRIPTS)/soak

.PHONY: cov
cov: tree ## branches that the tests take of library, boot policy and drivers. Takes minutes
	@$(SCRIPTS)/install-deps test
	@$(SCRIPTS)/cov.py

.PHONY: machines
machines: tree ## the library by other compilers, tools and machines. Takes minutes
	@$(SCRIPTS)/install-deps test machines
	@$(SCRIPTS)/machines

.PHONY: series
series: tree ## make patches for upstream, which `git am` takes, in build/series
	@python3 -B $(SCRIPTS)/series.py $(or $(UBOOT),build/u-boot)

.PHONY: series-check
series-check: series ## apply them, build each for sandbox, run its tests. Takes half an hour
	@python3 -B $(SCRIPTS)/series_check.py $(or $(UBOOT),build/u-boot)

.PHONY: check-tree
check-tree: ## does the overlay fit UBOOT=dir? Names what does not, changes nothing
	@python3 -B $(SCRIPTS)/check_tree.py $(or $(UBOOT),build/u-boot)

.PHONY: check
check: tree ## lint: checkpatch, documents, kernel-doc, layers, pyflakes, shellcheck
	@$(SCRIPTS)/install-deps check
	@$(SCRIPTS)/check

.PHONY: analyse
analyse: sandbox ## clang-tidy and cppcheck, on what sandbox and the host tool have. Takes minutes
	@$(SCRIPTS)/install-deps analyse
	@python3 -B $(SCRIPTS)/analyse.py

.PHONY: htmldocs
htmldocs: tree ## make the documents as HTML, in build/htmldocs
	@$(SCRIPTS)/install-deps docs
	@$(SCRIPTS)/htmldocs

.PHONY: bench
bench: image qemu model ## count exchanges, instructions, bytes; beside upstream's `mmc rpmb`
	@$(SCRIPTS)/install-deps bench
	@/usr/bin/python3 -B $(SCRIPTS)/bench --all

.PHONY: image
image: tree ## build build/qemu_arm64_rpmb/u-boot.bin
	@$(SCRIPTS)/build qemu_arm64_rpmb

.PHONY: sandbox
sandbox: tree ## build build/sandbox/u-boot, U-Boot as a program on the host
	@$(SCRIPTS)/install-deps test
	@$(SCRIPTS)/build sandbox rpmb_sandbox_defconfig

.PHONY: model
model: deps ## build the devices that QEMU has no model of, as processes
	@$(MAKE) -s -f test/model/Makefile.host O=build/model

.PHONY: tools
tools: tree ## build build/tools/rpmb-tool, the host side of provisioning
	@$(MAKE) -s -C tools O=$(CURDIR)/build/tools

.PHONY: install
install: tools ## install rpmb-tool, its manual and completion (DESTDIR, PREFIX)
	@$(MAKE) -s -C tools O=$(CURDIR)/build/tools install

.PHONY: tree
tree: deps ## have a U-Boot tree with the overlay in it
	@$(SCRIPTS)/get-uboot

.PHONY: qemu
qemu: ## have a QEMU whose eMMC has an RPMB
	@$(SCRIPTS)/get-qemu

.PHONY: deps
deps: ## install the packages that a build needs
	@$(SCRIPTS)/install-deps build

.PHONY: dist
dist: ## make an archive of what is committed, which stages without git
	@$(SCRIPTS)/dist

.PHONY: clean
clean: ## remove what was built, keep what was downloaded
	@cd build 2>/dev/null && find . -mindepth 1 -maxdepth 1 \
		! -name cache ! -name qemu-root ! -name qemu.conf \
		-exec rm -rf {} + || true

.PHONY: distclean
distclean: ## remove build/ with all downloads
	@rm -rf build
