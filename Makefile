# GNU make. `make help` says what there is; what a package manager or LuaRocks may set comes first.

PREFIX      = /usr/local
LUA_VERSION = 5.4
LUADIR      = $(PREFIX)/share/lua/$(lua_abi)
LIBDIR      = $(PREFIX)/lib/lua/$(lua_abi)
BINDIR      = $(PREFIX)/bin
DOCDIR      = $(PREFIX)/share/doc/ngrok-api
LUA_INCDIR  = $(call lua_incdir,$(LUA_VERSION))
CURL_DIR    ?=
CURL_INCDIR ?= $(if $(CURL_DIR),$(CURL_DIR)/include)
CURL_LIBDIR ?= $(if $(CURL_DIR),$(CURL_DIR)/lib)
CFLAGS     ?= -O2 -g
BUILD       = build

ifeq ($(filter 5.1 5.2 5.3 5.4 luajit,$(LUA_VERSION)),)
$(error LUA_VERSION=$(LUA_VERSION): there are 5.1, 5.2, 5.3, 5.4 and luajit)
endif

# Most of all because of `make clean`.
ifneq ($(words $(BUILD)),1)
$(error BUILD=$(BUILD): make takes no folder with blanks in its name)
endif

# LuaJIT looks for modules where Lua 5.1 does.
lua_abi     = $(LUA_VERSION:luajit=5.1)

# LIBFLAG is LuaRocks' name for what makes a loadable module; its own value comes from there.
ifeq ($(shell uname -s),Darwin)
LIBFLAG     = -bundle -undefined dynamic_lookup
else
LIBFLAG     = -shared
endif

# Which Luas the tests run on, which spec file or folder (all when empty), and how many suites run
# side by side.
LUAS = lua5.4 luajit
SPEC =
JOBS = $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1))))

# --- sources -----------------------------------------------------------------------------------

# A folder is a layer, and each includes only itself and what is named before it here.
layers = base engine curl lua
$(foreach layer,$(layers),$(eval $(layer)_sources = $(wildcard src/$(layer)/*.c)))

# What includes no header of Lua's: all but a layer and a file.
lua_free = $(base_sources) $(engine_sources) $(filter-out src/curl/module.c,$(curl_sources))

# --- tools and headers -----------------------------------------------------------------------

first_dir = $(firstword $(foreach dir,$(2),$(if $(wildcard $(dir)/$(1)),$(dir))))
include_dirs = $(patsubst -I%,%,$(filter -I%,$(shell pkg-config --cflags $(1) 2>/dev/null))) \
               $(foreach name,$(1),$(addsuffix /$(name),/usr/include /usr/local/include \
                                                        /opt/homebrew/include))

# What pkg-config says first, then where systems without it keep the headers. For 5.1 PUC's
# headers come before LuaJIT's, since a module built with them loads in both.
lua_incdir_5.4    = $(call first_dir,lua.h,$(call include_dirs,lua5.4) $(call include_dirs,lua-5.4) \
                                           $(call include_dirs,lua54) \
                                           $(call include_dirs,lua))
lua_incdir_5.3    = $(call lua_incdir_named,5.3)
lua_incdir_5.2    = $(call lua_incdir_named,5.2)
lua_incdir_5.1    = $(or $(lua_incdir_puc5.1),$(lua_incdir_luajit))
lua_incdir_puc5.1 = $(call first_dir,lua.h,$(call include_dirs,lua5.1) $(call include_dirs,lua-5.1))
lua_incdir_luajit = $(call first_dir,luajit.h,$(call include_dirs,luajit) \
                                              $(call include_dirs,luajit-2.1))
lua_incdir_named  = $(call first_dir,lua.h,$(foreach name,lua$(1) lua-$(1) lua$(subst .,,$(1)),\
                                               $(call include_dirs,$(name))))
lua_incdir        = $(lua_incdir_$(1))

include      = $(if $(1),-I"$(1)")
comma       := ,
CURL_CFLAGS ?= $(or $(call include,$(CURL_INCDIR)),$(shell \
    pkg-config --cflags libcurl 2>/dev/null || curl-config --cflags 2>/dev/null))
CURL_LIBS   ?= $(if $(CURL_LIBDIR),-L"$(CURL_LIBDIR)" -Wl$(comma)-rpath$(comma)"$(CURL_LIBDIR)" -lcurl,$(shell \
    pkg-config --libs libcurl 2>/dev/null || curl-config --libs 2>/dev/null || echo -lcurl))

hash := \#
has_header = $(shell echo '$(hash)include <$(1)>' | \
                     $(CC) $(2) $(CPPFLAGS) $(CFLAGS) -E -x c - >/dev/null 2>&1 && echo yes)

# LuaJIT unloads modules before it collects their last objects, and libcurl may have a thread
# inside ours: the code must stay mapped. Apple's linker neither knows the flag nor needs it.
nodelete = $(shell out=$$(mktemp) && $(CC) $(LIBFLAG) -Wl,-z,nodelete -x c /dev/null -o $$out \
                   >/dev/null 2>&1 && echo -Wl,-z,nodelete; rm -f $$out)

warnings = -Wall -Wextra -Wpedantic -Wshadow -Wconversion

# Our headers, this Lua's and libcurl's come before what CPPFLAGS and CFLAGS name: a folder there may have
# another lua.h, or a curl/multi.h, which libcurl has, too.
ours     = -iquote src

# glibc hides epoll's companions and POSIX under -std=c11 unless asked.
dialect  = -std=c11 -D_GNU_SOURCE= -fPIC -fvisibility=hidden $(CPPFLAGS)

all: module

help:
	@sed -n 's/^## //p' Makefile

.PHONY: all help
.DELETE_ON_ERROR:
.SUFFIXES:

# `make V=1` shows the commands, `make -s` not even their names.
silent = $(findstring s,$(firstword -$(MAKEFLAGS)))
quiet  = $(if $(V),,$(if $(silent),@,@echo '$(1)  $@';))

# --- one variant of the two modules ----------------------------------------------------------

missing  = $(1) is missing. Install $(2)
get_cc   = gcc or clang: build-essential (Debian, Ubuntu), gcc (Fedora), build-base (Alpine), or \
Xcode's command line tools (macOS), or name yours with CC=
get_curl = libcurl4-openssl-dev (Debian, Ubuntu), libcurl-devel (Fedora), curl-dev (Alpine), \
or Xcode's command line tools or `brew install curl` (macOS)
get_lua  = Lua's headers: $(get_lua_$(1))
get_lua_5.4    = liblua5.4-dev (Debian, Ubuntu), lua-devel (Fedora), lua5.4-dev (Alpine), \
`brew install lua` (macOS)
get_lua_5.3    = liblua5.3-dev (Debian, Ubuntu), lua5.3-dev (Alpine)
get_lua_5.2    = liblua5.2-dev (Debian, Ubuntu), lua5.2-dev (Alpine)
get_lua_5.1    = $(get_lua_luajit)
get_lua_luajit = libluajit-5.1-dev (Debian, Ubuntu), luajit-devel (Fedora), luajit-dev (Alpine), \
`brew install luajit` (macOS)
get_lua_LUA_INCDIR = $(get_lua_$(LUA_VERSION)), or name their folder with LUA_INCDIR=

need_cc = $(if $(shell command -v $(firstword $(1))),,\
              $(error $(call missing,The compiler $(firstword $(1)),$(get_cc))))

need = $(if $(call has_header,$(1),$(2)),,$(error $(call missing,$(1),$(3))))

# Objects are made again when their compiler or flags change, so that `make CFLAGS=-O0` after
# `make` means what it says. One line tells of a missing header before any compiler can.
#
# Objects: their folder, a compiler, flags, the name of the variable with Lua's headers (if they need
# them), and the folders of their C files.
define objects
$(1)/flags: always
	@mkdir -p $(1)
	@$$(call need_cc,$(2))$$(call need,curl/curl.h,$$(CURL_CFLAGS),$$(get_curl))\
	$(if $(4),$$(call need,lua.h,$$(call include,$$($(4))),$$(call get_lua,$(4:lua_incdir_%=%))))\
	echo '$(2) $(dialect) $(3) $$(call include,$$($(4))) $$(CURL_CFLAGS) $$(CURL_LIBS) $$(LIBFLAG) $$(LDFLAGS)' >$$@.new; \
	    if cmp -s $$@.new $$@; then rm $$@.new; else mv $$@.new $$@; fi

$(foreach folder,$(5),
$(1)/%.o: $(folder)/%.c $(1)/flags
	@mkdir -p $$(@D)
	$$(call quiet,CC)$(2) $(ours) $$(call include,$$($(4))) $$(CURL_CFLAGS) $(dialect) $(3) -MMD -MP -c -o $$@ $$<
)
-include $(wildcard $(1)/*.d $(1)/*/*.d)
endef

# What is the same for all Luas: a folder, a compiler, flags, and further folders of C files.
define library
$(call objects,$(1),$(2),$(3),,src $(4))

$(1)/ngrok.a: $(lua_free:src/%.c=$(1)/%.o)
	@rm -f $$@
	$$(call quiet,AR)$$(AR) rcs $$@ $$^
endef

# The two modules for one Lua: a folder, a compiler, flags, the name of the variable with Lua's headers, and
# the library's folder.
define variant
$(call objects,$(1),$(2),$(3),$(4),src)

$(1)/ngrok/core.so: $(lua_sources:src/%.c=$(1)/%.o) $(5)/ngrok.a
	@mkdir -p $$(@D)
	$$(call quiet,LD)$(2) $$(LIBFLAG) $(3) $$(LDFLAGS) $$(nodelete) -o $$@ $$^ -pthread -lm

$(1)/ngrok/curl.so: $(1)/curl/module.o $(5)/ngrok.a
	@mkdir -p $$(@D)
	$$(call quiet,LD)$(2) $$(LIBFLAG) $(3) $$(LDFLAGS) $$(nodelete) -o $$@ $$^ -pthread $$(CURL_LIBS)

$(1): $(1)/ngrok/core.so $(1)/ngrok/curl.so
	@:

.PHONY: $(1)
endef

# The same modules with their allocations counted, and what counts them; for specs.
define counted
$(call variant,$(1)/counted,$(2),$(3) -include spec/host/allocation.h,$(4),$(5))

$(1)/counted/%.so: spec/host/%.c spec/host/allocation.h src/base/compat.h $(1)/counted/flags
	$$(call quiet,LD)$(2) $(ours) $$(call include,$$($(4))) $(dialect) $(3) $$(LIBFLAG) $$(LDFLAGS) -o $$@ $$<

$(1)/counted: $(1)/counted/host.so $(1)/counted/process.so
endef

c_test_names = $(patsubst spec/c/%.c,%,$(wildcard spec/c/*/*_test.c))

define c_tests
$(call library,$(1),$(2),$(3) -Ispec/c,spec/c)

$(1)/%_test: $(1)/%_test.o $(1)/ngrok.a
	$$(call quiet,LD)$(2) $(3) $$(LDFLAGS) -o $$@ $$^ -pthread $$(CURL_LIBS) -lm

$(1): $(addprefix $(1)/,$(c_test_names))
	@:

.PHONY: $(1)
.SECONDARY: $(c_test_names:%=$(1)/%.o)
endef

# All that one compiler and its flags make for tests: the C tests, and for each Lua the modules, plain and
# counted.
define tested_build
$(call c_tests,$(1)/c,$(2),$(3))
$(call library,$(1)/counted,$(2),$(3) -include spec/host/allocation.h)
$(foreach lua,$(4),
$(call variant,$(1)/$(lua),$(2),$(3),lua_incdir_$(lua:lua5.%=5.%),$(1)/c)
$(call counted,$(1)/$(lua),$(2),$(3),lua_incdir_$(lua:lua5.%=5.%),$(1)/counted)
)
endef

always:
.PHONY: always

$(eval $(call tested_build,$(BUILD),$$(CC),$$(warnings) $$(CFLAGS),lua5.4 luajit lua5.1 lua5.2 lua5.3))

# What LuaRocks builds, too: one Lua, no warnings, the caller's flags.
$(eval $(call library,$(BUILD)/module/c,$$(CC),$$(CFLAGS)))
$(eval $(call variant,$(BUILD)/module,$$(CC),$$(CFLAGS),LUA_INCDIR,$(BUILD)/module/c))

## make            both modules for LUA_VERSION=5.4, 5.3, 5.2, 5.1 or luajit, for `make install`; also `make all`.
##                 CC, CFLAGS, CPPFLAGS and LDFLAGS are what they are elsewhere. LUA_INCDIR=... has lua.h;
##                 CURL_DIR=... has include/ and lib/ of a libcurl, or name these with CURL_INCDIR and CURL_LIBDIR
##                 (in the environment, too, as for LuaRocks)
##                 V=1 shows the commands
## make build      both modules for Lua 5.4 and LuaJIT, for tests
build: $(BUILD)/lua5.4 $(BUILD)/luajit
.PHONY: build

# The programs that speed is measured with, for one Lua: as `objects`.
define bench_programs
$(call objects,$(1),$(2),$(3),$(4),bench)

$(1)/get: $(1)/get.o $(1)/bare.o $(1)/stopwatch.o
	$$(call quiet,LD)$(2) $(3) $$(LDFLAGS) -o $$@ $$^ $$(CURL_LIBS)

$(1)/many: $(1)/many.o $(1)/stopwatch.o
	$$(call quiet,LD)$(2) $(3) $$(LDFLAGS) -o $$@ $$^ $$(CURL_LIBS)

$(1)/bench/native.so: $(1)/native.o $(1)/bare.o $(1)/stopwatch.o
	@mkdir -p $$(@D)
	$$(call quiet,LD)$(2) $$(LIBFLAG) $(3) $$(LDFLAGS) -o $$@ $$^ $$(CURL_LIBS)

$(1)/limiter: $(1)/limiter.o $(1)/stopwatch.o $(BUILD)/c/ngrok.a
	$$(call quiet,LD)$(2) $(3) $$(LDFLAGS) -o $$@ $$^ -lm -pthread

$(1): $(1)/get $(1)/many $(1)/limiter $(1)/bench/native.so
	@:

.PHONY: $(1)
endef

$(eval $(call bench_programs,$(BUILD)/bench/lua5.4,$$(CC),$$(warnings) $$(CFLAGS),lua_incdir_5.4))
$(eval $(call bench_programs,$(BUILD)/bench/luajit,$$(CC),$$(warnings) $$(CFLAGS),lua_incdir_luajit))

# What specs load into the processes that they start, where there is an LD_PRELOAD. Without the sanitizers,
# since it is loaded into shells, too.
lookup = $(if $(filter Linux,$(shell uname -s)),$(1)/lookup.so)

$(BUILD)/lookup.so $(BUILD)/asan/lookup.so: spec/host/lookup.c Makefile
	@mkdir -p $(@D)
	$(call quiet,LD)$(CC) $(dialect) $(warnings) $(CFLAGS) -shared -o $@ $< -ldl

# --- running it ------------------------------------------------------------------------------

lua5.1 = $(shell command -v lua5.1)
lua5.2 = $(shell command -v lua5.2)
lua5.3 = $(shell command -v lua5.3)
lua5.4 = $(shell command -v lua5.4 || command -v lua54 || command -v lua)
luajit = $(shell command -v luajit || :)

# What follows an installation is a make of its own: this one has looked for the tools before.
then = @$(MAKE) --no-print-directory

## make setup      installs what build, demo and test need, or says what that is
setup:
	@build-aux/setup build demo test
.PHONY: setup

## make demo       the five operations over HTTP against the emulator
demo:
	@build-aux/setup build demo
	$(then) demo-steps

demo-steps: build
	@build-aux/with-lua $(BUILD)/lua5.4 $(lua5.4) examples/demo.lua
	@build-aux/with-lua $(BUILD)/luajit $(luajit) examples/demo.lua
.PHONY: demo demo-steps

c_chosen   = $(if $(SPEC),$(patsubst spec/c/%.c,%,$(filter %.c,$(SPEC))),$(c_test_names))
lua_chosen = $(if $(SPEC),$(filter-out %.c,$(SPEC)),$(filter-out spec/slow/,$(wildcard spec/ spec/*/)))

spec_files = $(addprefix spec/,$(addsuffix _spec.lua,$(1)))

# The spec files in folders; files stay as they are. The largest come first, so that nothing waits for them
# at the end, or in an order that SHUFFLE makes.
found_in = $(foreach place,$(1),$(if $(filter %.lua,$(place)),$(place),$(wildcard $(place:%/=%)/*_spec.lua)))
files_in = $(if $(strip $(found_in)),$(shell ls -S $(found_in) $(shuffled)))

# `make test SHUFFLE=1` chooses a seed; another number is the seed.
seed     := $(if $(filter 1,$(SHUFFLE)),$(shell date +%s),$(SHUFFLE))
shuffled  = $(if $(seed),| awk 'BEGIN { srand($(seed)) } { print rand() " " $$0 }' | sort -n | cut -d ' ' -f 2)

# Nginx and Neovim have LuaJIT only, and so have specs that begin like this.
luajit_only := $(shell grep -lx 'if not rawget(_G, "jit") then' -r spec)
files_for    = $(filter-out $(if $(filter-out luajit,$(1)),$(luajit_only)),$(2))

# A Lua of a folder with variants, the words before its command, the spec files, and options of busted.
busted_suites = $(foreach file,$(call files_for,$(2),$(4)),busted '$(2): $(file)' \
    'build-aux/with-lua $(1)/$(2) $(3) $($(2)) build-aux/busted.lua $(if $(seed),--shuffle --seed=$(seed)) $(5) $(file)')

# The same for all Luas, and the C tests.
lua_suites = $(foreach lua,$(LUAS),$(call busted_suites,$(1),$(lua),$(2),$(3),$(4)))
c_suites   = $(foreach test,$(c_chosen),lines '$(test)' '$(2) $(1)/c/$(test)')

# What they run, in a folder with variants.
tested = $(addprefix $(1)/c/,$(c_chosen)) \
         $(foreach lua,$(LUAS),$(1)/$(lua) $(1)/$(lua)/counted) $(call lookup,$(1))

tally = @$(if $(seed),echo 'SHUFFLE=$(seed)';) exec build-aux/tally -j $(JOBS)

# On the other Luas a short form, where all that it needs is installed for them.
other_luas  = $(if $(SPEC),,$(foreach lua,lua5.1 lua5.2 lua5.3,\
    $(if $(shell $(lua) -e 'require "busted" require "cjson" require "cqueues" require "luv"' 2>&1 || \
        echo no),,$(lua))))
short_specs = $(call spec_files,loop/suspension loop/cqueues each request text credential permits)

other_suites = $(foreach lua,$(other_luas),$(call busted_suites,$(BUILD),$(lua),,$(short_specs)))

test_suites = $(call lua_suites,$(BUILD),,$(call files_in,$(lua_chosen)),$(if $(SPEC),,--exclude-tags=slow)) \
    $(call c_suites,$(BUILD)) $(other_suites)

## make test       everything but what is slow, or what SPEC=spec/... names, on both Luas or those in
##                 LUAS="..."; a short form on Lua 5.1 to 5.3. JOBS=... files at once: three times as many as
##                 there are processors. SHUFFLE=1: files and cases in random order; SHUFFLE=SEED: that order again
test:
	@build-aux/setup build demo test
	$(then) test-steps

# The specs wait more than they work.
test-steps: JOBS = $(shell echo $$((3 * $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1))))
test-steps: $(call tested,$(BUILD)) $(other_luas:%=$(BUILD)/%)
	$(tally) $(test_suites)
.PHONY: test test-steps

## make docs-check  what README and docs say: each block runs, each link leads somewhere
docs-check:
	@build-aux/setup build demo test
	$(then) test-steps SPEC=spec/docs/
.PHONY: docs-check

# Files in spec/slow, and cases elsewhere whose names have the tag #slow.
slow_files  = $(filter-out spec/slow/%,$(shell grep -l '\#slow' spec/*_spec.lua spec/*/*_spec.lua))
slow_suites = $(call lua_suites,$(BUILD),,$(call files_in,spec/slow)) \
              $(call lua_suites,$(BUILD),,$(slow_files),--tags=slow)

## make test-slow  what is slow by nature: load, memory that runs out at every point, long pauses
test-slow:
	@build-aux/setup build demo test
	$(then) test-slow-steps

test-slow-steps: $(call tested,$(BUILD))
	$(tally) $(slow_suites)
.PHONY: test-slow test-slow-steps

bench_with = LUA_PATH='./?.lua;;' build-aux/with-lua $(BUILD)/lua5.4 $(lua5.4) bench/$(1).lua \
    $(BUILD) $(foreach lua,$(LUAS),'$(lua)=$($(lua))')

## make bench      how long requests take, beside bare libcurl; 11 rounds, or ROUNDS=...
##                 PEERS=1 adds LuaSocket, lua-http, the curl command and, by npm, ngrok's client for TypeScript
bench:
	@build-aux/setup build demo bench $(if $(PEERS),bench-peers)
	$(then) bench-steps

bench-steps: build $(addprefix $(BUILD)/bench/,$(LUAS)) $(if $(PEERS),$(BUILD)/bench/node_modules)
	@NODE_PATH=$(abspath $(BUILD)/bench/node_modules) $(call bench_with,times)
.PHONY: bench bench-steps

# Without npm this peer is named as one that is not measured.
$(BUILD)/bench/node_modules:
	@mkdir -p $@
	@! command -v npm >/dev/null || npm install --silent --no-save --prefix $(@D) @ngrok/ngrok-api

## make bench-loops  how late a ticker comes in each host's loop while the client works; ROUNDS=3
bench-loops:
	@build-aux/setup build demo test
	$(then) bench-loops-steps

bench-loops-steps: build $(addprefix $(BUILD)/bench/,$(LUAS))
	@$(call bench_with,loops)
.PHONY: bench-loops bench-loops-steps

## make bench-walk  how long a parallel walk takes, and how many requests, beside the plain one
bench-walk:
	@build-aux/setup build demo test
	$(then) bench-walk-steps

bench-walk-steps: build
	@$(foreach lua,$(LUAS),LUA_PATH='./?.lua;;' build-aux/with-lua $(BUILD)/$(lua) $($(lua)) bench/parallel.lua;)
.PHONY: bench-walk bench-walk-steps

## make bench-start  how long a script with one call takes from its start, beside the `curl` command; ROUNDS=...
bench-start:
	@build-aux/setup build demo test
	$(then) bench-start-steps

bench-start-steps: build $(addprefix $(BUILD)/bench/,$(LUAS))
	@$(foreach lua,$(LUAS),LUA_PATH='./?.lua;;' LUA_CPATH='$(BUILD)/bench/$(lua)/?.so;;' \
	    build-aux/with-lua $(BUILD)/$(lua) $($(lua)) bench/start.lua '$(lua)=$($(lua))' &&) :
.PHONY: bench-start bench-start-steps

## make bench-growth  what an item or a request takes, by how many items, requests, connections and clients there are
bench-growth:
	@build-aux/setup build demo
	$(then) bench-growth-steps

bench-growth-steps: build $(addprefix $(BUILD)/bench/,$(LUAS))
	@$(call bench_with,growth)
.PHONY: bench-growth bench-growth-steps

## make bench-report  runs bench, bench-start, bench-walk and bench-growth, and writes bench/results
bench-report:
	@build-aux/setup build demo bench bench-peers test bench-report
	$(then) bench-report-steps

# What a target has printed goes into its file when it has ended well.
bench-report-steps: build $(addprefix $(BUILD)/bench/,$(LUAS))
	@set -e; for name in bench bench-start bench-walk bench-growth; do \
	    PEERS=1 $(MAKE) --no-print-directory -s $$name-steps >bench/results/new; \
	    cat bench/results/new; \
	    mv bench/results/new bench/results/$${name#bench-}.txt; \
	done
	@gnuplot -c bench/growth.gnuplot bench/results/growth.txt bench/results
.PHONY: bench-report bench-report-steps

## make bench-instructions  the same in instructions, as valgrind counts them
bench-instructions:
	@build-aux/setup build demo bench-instructions
	$(then) bench-instructions-steps

bench-instructions-steps: build $(addprefix $(BUILD)/bench/,$(LUAS))
	@$(call bench_with,instructions)
.PHONY: bench-instructions bench-instructions-steps

## make bench-budgets  instructions and bytes beside bench/budgets.txt; BUDGETS=write writes it anew
bench-budgets:
	@build-aux/setup build demo bench-instructions
	$(then) bench-budgets-steps

bench-budgets-steps: build $(addprefix $(BUILD)/bench/,$(LUAS))
	@$(call bench_with,budgets)
.PHONY: bench-budgets bench-budgets-steps

## make test-rock  tarball and source rock of what lies here, installed into empty trees and used from there
test-rock:
	@build-aux/setup build demo rock
	$(then) test-rock-steps

test_rock = env LUAJIT_INCDIR="$(lua_incdir_luajit)" build-aux/test-rock

test-rock-steps:
	@exec $(test_rock) "$(BUILD)/rock"
.PHONY: test-rock test-rock-steps

## make dist       the same of the last commit, in build/dist: a release, the same bytes on every machine
dist:
	@build-aux/setup build demo rock
	$(then) dist-steps

dist-steps:
	@test -z "$$(git status --porcelain)" || \
	    { echo 'make dist: git status shows changes; commit or remove them, as it packs the last commit'; exit 1; }
	@$(test_rock) "$(BUILD)/dist" .
	@cd "$(BUILD)/dist" && { sha256sum *.tar.gz *.src.rock 2>/dev/null || shasum -a 256 *.tar.gz *.src.rock; }
.PHONY: dist dist-steps

# For how many seconds.
soak_suites = $(foreach lua,$(LUAS),lines 'soak: $(lua)' \
    'LUA_PATH="./?.lua;;" build-aux/with-lua $(BUILD)/$(lua) $($(lua)) soak/soak.lua $(1) $(SEED)')

## make soak       16 users for a minute, or SECONDS=..., on an account that fails 30 % of the time;
##                 SEED=... plays one again
soak:
	@build-aux/setup build demo
	$(then) soak-steps

# SECONDS has another default for fuzzing.
soak-steps: build
	$(tally) $(call soak_suites,$(if $(filter command%,$(origin SECONDS)),$(SECONDS),60))
.PHONY: soak soak-steps

# --- under memory checkers -------------------------------------------------------------------

strict    = $(warnings) -Werror
sanitized = $(strict) -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

$(eval $(call tested_build,$(BUILD)/asan,gcc,$$(sanitized),lua5.4 luajit))

$(BUILD)/asan/preload.so: build-aux/preload.c Makefile
	@mkdir -p $(@D)
	$(call quiet,LD)gcc -shared -fPIC $(sanitized) -o $@ $<

export SPEC_PRELOAD = $(abspath $(BUILD)/asan/preload.so)
with_asan  = build-aux/reported build-aux/with-sanitizers
asan_built = $(call tested,$(BUILD)/asan) $(BUILD)/asan/preload.so

# On LuaJIT all; on Lua 5.4 what our C does differently there: objects, their lifetimes, numbers, coroutines.
asan_lua5.4 = $(call spec_files,client credential input lifetime listing number permits request text \
                  loop/suspension transport/curl transport/fork)
asan_luajit = $(call files_in,$(lua_chosen) spec/slow)

# But for the allocation spec, for cjson leaks a buffer when Lua's memory runs out, and that spec counts
# what is ours by itself; for what runs under faketime, which wants to be loaded first as they do; for the
# table of failures, which is long and has no failure that other specs do not have; and for what
# starts programs as a reader would: the blocks of the documentation, the command and what is installed.
no_asan     = $(call spec_files,slow/allocation slow/default_limits slow/long_pause slow/long_walk failure_table \
                  docs/blocks emulator/command install)
asan_suites = $(foreach lua,$(LUAS),$(call busted_suites,$(BUILD)/asan,$(lua),$(with_asan),\
                  $(if $(SPEC),$(call files_in,$(lua_chosen)),$(filter-out $(no_asan),$(asan_$(lua)))),\
                  --filter-out="the clock is set")) \
              $(call c_suites,$(BUILD)/asan,$(with_asan))

## make test-asan  the same on LuaJIT, and what concerns our C on Lua 5.4, under gcc's address, leak and
##                 undefined-behaviour sanitizers
test-asan:
	@build-aux/setup build demo test asan
	$(then) test-asan-steps

test-asan-steps: $(asan_built)
	$(tally) $(asan_suites)
.PHONY: test-asan test-asan-steps

# Memcheck is slow, and the sanitizers see most of what it sees: a client, the wire and nginx, and no case
# that differs only in what libcurl does below our code.
with_valgrind   = build-aux/reported build-aux/with-valgrind
valgrind_lua5.4 = $(call spec_files,client request transport/curl)
valgrind_luajit = $(call spec_files,loop/nginx_timers loop/nginx_phases)
valgrind_suites = $(foreach lua,$(LUAS),$(call busted_suites,$(BUILD),$(lua),$(with_valgrind),\
                      $(if $(SPEC),$(call files_in,$(lua_chosen)),$(valgrind_$(lua))),\
                      --exclude-tags=slow --filter-out=TLS --filter-out=HTTP/2)) \
                  $(call c_suites,$(BUILD),$(with_valgrind))

## make test-valgrind
##                 the C tests, and specs of a client, of the wire and of nginx, under memcheck
test-valgrind:
	@build-aux/setup build demo test valgrind
	$(then) test-valgrind-steps

test-valgrind-steps: $(call tested,$(BUILD))
	$(tally) $(valgrind_suites)
.PHONY: test-valgrind test-valgrind-steps

# --- fuzzing ---------------------------------------------------------------------------------

# Which targets (all when empty), and how long each. The flags let libFuzzer see what an input
# reaches.
FUZZ    =
SECONDS = 2
fuzzed  = $(strict) -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
          -fno-sanitize-recover=all
fuzzer  = -fsanitize=fuzzer,address,undefined

c_targets   = $(filter-out lua,$(patsubst fuzz/%_fuzz.c,%,$(wildcard fuzz/*_fuzz.c)))
lua_targets = $(patsubst fuzz/%_fuzz.lua,%,$(wildcard fuzz/*_fuzz.lua))

$(eval $(call library,$(BUILD)/fuzz/c,clang,$$(fuzzed),fuzz))

$(BUILD)/fuzz/c/%_fuzz: $(addprefix $(BUILD)/fuzz/c/,%_fuzz.o curl_reading.o ngrok.a)
	$(call quiet,LD)clang $(LDFLAGS) $(fuzzer) -o $@ $^ $(CURL_LIBS) -lm

# Targets in Lua share a C file, which is told their names.
define lua_fuzz_programs
$(call variant,$(BUILD)/fuzz/$(1),clang,$$(fuzzed),$(2),$(BUILD)/fuzz/c)

$(BUILD)/fuzz/$(1)/lua_%_fuzz.o: fuzz/lua_fuzz.c $(BUILD)/fuzz/$(1)/flags
	$$(call quiet,CC)clang $(ours) $$(call include,$$($(2))) $(dialect) $(fuzzed) -DFUZZ_TARGET=$$*_fuzz -MMD -MP -c \
	    -o $$@ $$<

$(BUILD)/fuzz/$(1)/lua_%_fuzz: $(BUILD)/fuzz/$(1)/lua_%_fuzz.o $(lua_sources:src/%.c=$(BUILD)/fuzz/$(1)/%.o) \
                               $(BUILD)/fuzz/c/ngrok.a
	$$(call quiet,LD)clang $$(LDFLAGS) $$(fuzzer) -o $$@ $$^ $$(or $$(shell pkg-config --libs $(1) 2>/dev/null),-l$(1)) -lm
endef

$(eval $(call lua_fuzz_programs,lua5.4,lua_incdir_5.4))
$(eval $(call lua_fuzz_programs,luajit,lua_incdir_luajit))

chosen_of   = $(if $(FUZZ),$(filter $(FUZZ),$(1)),$(1))
fuzz_chosen = $(patsubst %,$(BUILD)/fuzz/c/%_fuzz,$(call chosen_of,$(c_targets))) \
              $(foreach lua,$(LUAS),$(patsubst %,$(BUILD)/fuzz/$(lua)/lua_%_fuzz,\
                  $(call chosen_of,$(lua_targets))))

# A program; its target's name is that of the corpus.
fuzz_run    = '$(1): $(3)' 'build-aux/fuzz $(1) \
    fuzz/corpus/$(patsubst lua_%,%,$(patsubst %_fuzz,%,$(notdir $(1)))) $(2)'
fuzz_suites = $(foreach program,$(fuzz_chosen),status $(call fuzz_run,$(program),0,corpus)) \
    $(foreach program,$(fuzz_chosen),status $(call fuzz_run,$(program),$(SECONDS),$(SECONDS) s))

## make fuzz       libFuzzer on what reads the wire, or on FUZZ="acl headers"; SECONDS=2 for
##                 each target and Lua, JOBS=2 of them side by side
fuzz:
	@build-aux/setup build fuzz
	$(then) -j$(JOBS) fuzz-steps

fuzz-steps: export SUITE_TIMEOUT = $(shell echo $$(($(SECONDS) + 300)))
fuzz-steps: $(fuzz_chosen)
	$(tally) $(fuzz_suites)
.PHONY: fuzz fuzz-steps

# --- lint ------------------------------------------------------------------------------------

# Warnings are errors: of gcc at -O2 for all headers of Lua, of gcc and clang in the builds for tests under
# sanitizers and for fuzzing, and of gcc with musl.
$(eval $(call library,$(BUILD)/lint/c,gcc,$$(strict) -O2 -g))
$(eval $(call variant,$(BUILD)/lint/lua5.4,gcc,$$(strict) -O2 -g,lua_incdir_5.4,$(BUILD)/lint/c))
$(eval $(call variant,$(BUILD)/lint/luajit,gcc,$$(strict) -O2 -g,lua_incdir_luajit,$(BUILD)/lint/c))
$(eval $(call variant,$(BUILD)/lint/lua5.1,gcc,$$(strict) -O2 -g,lua_incdir_puc5.1,$(BUILD)/lint/c))
$(eval $(call bench_programs,$(BUILD)/lint/bench,gcc,$$(strict) -O2 -g,lua_incdir_5.4))

linted   = $(addprefix $(BUILD)/lint/,lua5.4 luajit $(if $(lua_incdir_puc5.1),lua5.1))
compiled = $(linted) $(BUILD)/lint/bench $(BUILD)/asan/c $(BUILD)/fuzz/lua5.4 $(BUILD)/fuzz/luajit $(fuzz_chosen)

# musl has no call that only glibc has, and without _GNU_SOURCE each file sees what it asks for.
# The modules are compiled with it, not linked: the other libraries here are glibc's. The C tests
# need none of them and run.
ifneq ($(shell command -v musl-gcc),)
musl       = $(BUILD)/lint/musl
musl_tests = $(filter-out curl/settings_test,$(c_test_names))
compiled  += $(musl)/c/ngrok.a $(lua_sources:src/%.c=$(musl)/lua5.4/%.o) $(addprefix $(musl)/c/,$(musl_tests))
$(eval $(call c_tests,$(musl)/c,musl-gcc,$$(strict) -O2 -U_GNU_SOURCE))
$(eval $(call variant,$(musl)/lua5.4,musl-gcc,$$(strict) -O2 -U_GNU_SOURCE,lua_incdir_5.4,$(musl)/c))

# Those headers that lie among glibc's: libcurl's, and one that Debian's luaconf.h includes.
$(musl)/headers: always
	@mkdir -p $@/curl
	@printf '#include <%s>\n' curl/curl.h luaconf.h | \
	    $(CC) $(shell pkg-config --cflags libcurl) -I$(lua_incdir_5.4) -M -x c - | tr ' ' '\n' | \
	    while read -r header; do case $$header in \
	        */curl/*.h) ln -sf "$$header" $@/curl ;; \
	        */lua*-multiarch.h) ln -sf "$$header" $@ ;; \
	    esac; done

$(musl)/c/flags $(musl)/lua5.4/flags: $(musl)/headers
$(musl)/c/% $(musl)/lua5.4/%: CURL_CFLAGS = -I$(musl)/headers
$(musl)/c/%: CURL_LIBS =
endif

lua_folders = lua spec fuzz bench soak examples build-aux .busted .luacheckrc $(wildcard *.rockspec)
c_files     = $(wildcard src/*/*.[ch] spec/c/*.h spec/c/*/*.[ch] spec/host/*.[ch] fuzz/*.[ch] bench/*.[ch] \
                         spec/c/curl/kqueue/sys/*.h)

tidied      = $(filter-out %/poller_kqueue.c,$(wildcard src/*/*.c spec/c/*/*.c fuzz/*.c))
tidy        = status 'clang-tidy: $(1)' 'clang-tidy --quiet $(1) -- $$tidy_flags $(2)'
cppcheck    = cppcheck -q --error-exitcode=1 --inline-suppr --std=c11 -Isrc -Ispec/c --suppress=missingInclude
shell_files = $(shell grep -lsE '^$(hash)!.*sh$$' build-aux/* .ci/*)

lint_suites = $(foreach file,$(tidied),$(call tidy,$(file),)) \
    $(call tidy,src/curl/poller_kqueue.c,-DNGROK_POLLER_KQUEUE -Ispec/c/curl/kqueue) \
    status 'cppcheck' '$(cppcheck) --enable=warning,style,performance,portability src spec/c fuzz' \
    status 'cppcheck: unused functions' '$(cppcheck) --enable=unusedFunction \
        --suppress=unusedFunction:src/lua/core.c --suppress=unusedFunction:src/curl/module.c src' \
    status 'luacheck' 'luacheck --no-color --quiet $(wildcard $(lua_folders))' \
    status 'shellcheck' 'shellcheck $(shell_files)' \
    status 'clang-format' 'clang-format --dry-run -Werror $(c_files)' \
    status 'layers' 'build-aux/layers $(layers)' \
    status 'what make generate writes' 'build-aux/with-lua $(BUILD)/lint/lua5.4 $(lua5.4) build-aux/generate.lua --check' \
    status 'exported names' 'build-aux/exports $(linted)' \
    $(foreach test,$(musl_tests),lines 'musl: $(test)' '$(musl)/c/$(test)')

# Builds all that it is given, and goes on after an error, with $$built saying whether there was one.
build_all = built=true; $(MAKE) --no-print-directory -k -j$(JOBS) $(1) || built=false; exec build-aux/tally -j $(JOBS) \
    status 'build' "$$built"

## make lint       formatting, luacheck, clang-tidy, cppcheck, shellcheck, and every warning of two
##                 compilers as an error, of one of them with musl, too
lint:
	@build-aux/setup build lint fuzz
	$(then) lint-steps

lint-steps check-steps: export tidy_flags = $(dialect) $(warnings) -Isrc -Ispec/c -I$(lua_incdir_5.4) $(CURL_CFLAGS)
lint-steps:
	@$(call build_all,$(compiled)) $(lint_suites)
.PHONY: lint lint-steps

# --- all there is ------------------------------------------------------------------------------

## make check      all of the above but the benches, in one run; LuaJIT's specs under the sanitizers
check:
	@build-aux/setup build demo test asan valgrind fuzz lint rock bench-instructions
	$(then) check-steps

# The sanitizers' run on LuaJIT stands for the plain one, but for what it leaves out.
plain_luajit = $(filter-out spec/slow/%,$(no_asan)) spec/limiter/shared_dict_spec.lua
check_suites = $(call busted_suites,$(BUILD),lua5.4,,$(call files_in,$(lua_chosen)),--exclude-tags=slow) \
    $(call busted_suites,$(BUILD),luajit,,$(plain_luajit)) $(other_suites)

# What takes longest comes first.
check-steps: export SPEC_TIME_SCALE = 2
check-steps:
	@$(call build_all,$(call tested,$(BUILD)) $(other_luas:%=$(BUILD)/%) $(asan_built) $(compiled) \
	        $(addprefix $(BUILD)/bench/,$(LUAS))) \
	    $(valgrind_suites) lines 'test-rock' '$(test_rock) "$(BUILD)/rock"' \
	    lines 'bench-budgets' '$(MAKE) --no-print-directory -s bench-budgets-steps' $(slow_suites) $(asan_suites) $(check_suites) \
	    $(lint_suites) $(call soak_suites,8) $(fuzz_suites)
.PHONY: check check-steps

## make generate   writes what is made from data: types for editors, tables in docs/calls.md
generate: build
	@build-aux/with-lua $(BUILD)/lua5.4 lua5.4 build-aux/generate.lua
.PHONY: generate

# From the demo on Lua 5.4.
## make picture    draws docs/demo.svg from what the demo prints
picture: build
	@build-aux/with-lua $(BUILD)/lua5.4 $(lua5.4) examples/demo.lua >$(BUILD)/demo.txt
	@$(lua5.4) build-aux/demo-picture.lua <$(BUILD)/demo.txt >docs/demo.svg
.PHONY: picture

## make format     lets clang-format rewrite the C files
format:
	clang-format -i $(c_files)
.PHONY: format

# --- installing ------------------------------------------------------------------------------

module: $(BUILD)/module
.PHONY: module

installed_in = '$(DESTDIR)$(LUADIR)' '$(DESTDIR)$(LIBDIR)' '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(DOCDIR)'

# Fedora and macOS have a Lua without the version in its name.
interpreter  = $(notdir $(or $(shell command -v $(patsubst lualuajit,luajit,lua$(LUA_VERSION))),lua))

## make install    what `make` with the same variables has made, and what comes with it, below PREFIX=/usr/local
##                 or in LUADIR, LIBDIR, BINDIR and DOCDIR; DESTDIR=... stands before each path, for packages
# Through sh, as LuaRocks unpacks below /tmp, where some systems let nothing be executed.
install: installed-files
	@sh build-aux/tell-installed '$(LUADIR)' '$(LIBDIR)' '$(BINDIR)' '$(DOCDIR)' '$(DESTDIR)'
.PHONY: install

# What LuaRocks installs. It moves the files on, and says itself where they are.
installed-files: module
	@sh build-aux/install-files '$(BUILD)/module' $(installed_in) $(interpreter)
.PHONY: installed-files

## make uninstall  removes what `make install` with the same variables has put there
uninstall:
	@sh build-aux/uninstall-files $(installed_in)
.PHONY: uninstall

## make clean      removes build/
clean:
	rm -rf $(BUILD)
.PHONY: clean
