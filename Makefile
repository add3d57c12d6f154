# GNU make. `make help` says what there is; what a package manager or LuaRocks may set stands first.

PREFIX      = /usr/local
LUA_VERSION = 5.4
LUADIR      = $(PREFIX)/share/lua/$(lua_abi)
LIBDIR      = $(PREFIX)/lib/lua/$(lua_abi)
DOCDIR      = $(PREFIX)/share/doc/ngrok-api
LUA_INCDIR  = $(call lua_incdir,$(LUA_VERSION))
CFLAGS     ?= -O2 -g
BUILD       = build

ifeq ($(filter 5.1 5.2 5.3 5.4 luajit,$(LUA_VERSION)),)
$(error LUA_VERSION=$(LUA_VERSION): there are 5.1, 5.2, 5.3, 5.4 and luajit)
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

core_sources = $(base_sources) $(engine_sources) $(lua_sources)
curl_module_sources = $(base_sources) $(curl_sources)

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

CURL_CFLAGS ?= $(shell pkg-config --cflags libcurl 2>/dev/null || curl-config --cflags 2>/dev/null)
CURL_LIBS   ?= $(shell pkg-config --libs libcurl 2>/dev/null || curl-config --libs 2>/dev/null \
                       || echo -lcurl)

hash := \#
has_header = $(shell echo '$(hash)include <$(1)>' | \
                     $(CC) $(CPPFLAGS) $(CFLAGS) $(2) -E -x c - >/dev/null 2>&1 && echo yes)

# LuaJIT unloads modules before it collects their last objects, and libcurl may have a thread
# inside ours: the code must stay mapped. Apple's linker neither knows the flag nor needs it.
nodelete = $(shell out=$$(mktemp) && $(CC) $(LIBFLAG) -Wl,-z,nodelete -x c /dev/null -o $$out \
                   >/dev/null 2>&1 && echo -Wl,-z,nodelete; rm -f $$out)

warnings = -Wall -Wextra -Wpedantic -Wshadow -Wconversion

# glibc hides epoll's companions and POSIX under -std=c11 unless asked.
dialect  = -std=c11 -D_GNU_SOURCE= -fPIC -fvisibility=hidden $(CPPFLAGS)

help:
	@sed -n 's/^## //p' Makefile

.PHONY: help
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
define flags
$(1)/flags: always
	@mkdir -p $(1)/ngrok
	@$(3)echo '$(2) $$(CPPFLAGS)' >$$@.new; if cmp -s $$@.new $$@; then rm $$@.new; else mv $$@.new $$@; fi
endef

# A variant is a folder, a compiler, flags, and the name of the variable with Lua's headers.
define variant
$(1)_include = $$(addprefix -I,$$($(4)))

$(call flags,$(1),\
$(2) $(3) $$($(1)_include) $$(CURL_CFLAGS) $$(CURL_LIBS) $$(LIBFLAG) $$(LDFLAGS),\
$$(call need_cc,$(2))\
$$(call need,lua.h,$$($(1)_include),$$(call get_lua,$(4:lua_incdir_%=%)))\
$$(call need,curl/curl.h,$$(CURL_CFLAGS),$$(get_curl)))

$(1)/%.o: src/%.c $(1)/flags
	@mkdir -p $$(@D)
	$$(call quiet,CC)$(2) $(dialect) $(3) -Isrc $$($(1)_include) $$(CURL_CFLAGS) -MMD -MP -c -o $$@ $$<

$(1)/ngrok/core.so: $(core_sources:src/%.c=$(1)/%.o)
	$$(call quiet,LD)$(2) $$(LIBFLAG) $(3) $$(LDFLAGS) $$(nodelete) -o $$@ $$^ -pthread -lm

$(1)/ngrok/curl.so: $(curl_module_sources:src/%.c=$(1)/%.o)
	$$(call quiet,LD)$(2) $$(LIBFLAG) $(3) $$(LDFLAGS) $$(nodelete) -o $$@ $$^ -pthread $$(CURL_LIBS)

$(1): $(1)/ngrok/core.so $(1)/ngrok/curl.so
	@:

.PHONY: $(1)
-include $(wildcard $(1)/*.d $(1)/*/*.d)
endef

# The same modules with their allocations counted, and the module that counts them; for specs.
define counted
$(call variant,$(1)/counted,$(2),$(3) -include spec/host/allocation.h,$(4))

$(1)/counted/host.so: spec/host/host.c spec/host/allocation.h src/base/compat.h $(1)/counted/flags
	$$(call quiet,LD)$(2) $(dialect) $(3) -Isrc $$($(1)/counted_include) $$(LIBFLAG) $$(LDFLAGS) \
	    -o $$@ $$<

$(1)/counted/process.so: spec/host/process.c src/base/compat.h $(1)/counted/flags
	$$(call quiet,LD)$(2) $(dialect) $(3) -Isrc $$($(1)/counted_include) $$(LIBFLAG) $$(LDFLAGS) \
	    -o $$@ $$<

$(1)/counted: $(1)/counted/host.so $(1)/counted/process.so
endef

always:
.PHONY: always

$(eval $(call variant,$(BUILD)/lua5.4,$$(CC),$$(warnings) $$(CFLAGS),lua_incdir_5.4))
$(eval $(call variant,$(BUILD)/luajit,$$(CC),$$(warnings) $$(CFLAGS),lua_incdir_luajit))
$(eval $(call counted,$(BUILD)/lua5.4,$$(CC),$$(warnings) $$(CFLAGS),lua_incdir_5.4))
$(eval $(call counted,$(BUILD)/luajit,$$(CC),$$(warnings) $$(CFLAGS),lua_incdir_luajit))
$(foreach version,5.1 5.2 5.3,\
  $(eval $(call variant,$(BUILD)/lua$(version),$$(CC),$$(warnings) $$(CFLAGS),lua_incdir_$(version)))\
  $(eval $(call counted,$(BUILD)/lua$(version),$$(CC),$$(warnings) $$(CFLAGS),lua_incdir_$(version))))
$(eval $(call variant,$(BUILD)/module,$$(CC),$$(CFLAGS),LUA_INCDIR))

## make build      both modules for Lua 5.4 and LuaJIT, under build/
build: $(BUILD)/lua5.4 $(BUILD)/luajit
.PHONY: build

# --- the C tests -----------------------------------------------------------------------------

c_test_names   = $(patsubst spec/c/%.c,%,$(wildcard spec/c/*/*_test.c))

# Of what is in src/curl, the parts that need neither libcurl nor Lua.
tested_sources = $(base_sources) $(engine_sources) $(wildcard src/curl/poller_*.c) src/curl/headers.c \
                 src/curl/sigpipe.c

# A folder, a compiler and flags.
define c_tests
$(call flags,$(1),$(2) $(3) $$(LDFLAGS),)

$(1)/%.o: src/%.c $(1)/flags
	@mkdir -p $$(@D)
	$$(call quiet,CC)$(2) $(dialect) $(3) -Isrc $$(curl_flags) -MMD -MP -c -o $$@ $$<

$(1)/%.o: spec/c/%.c $(1)/flags
	@mkdir -p $$(@D)
	$$(call quiet,CC)$(2) $(dialect) $(3) -Isrc -Ispec/c $$(curl_flags) -MMD -MP -c -o $$@ $$<

$(1)/%_test: $(1)/%_test.o $(tested_sources:src/%.c=$(1)/%.o)
	$$(call quiet,LD)$(2) $(3) $$(LDFLAGS) -o $$@ $$^ -pthread -lm

# Of what needs libcurl this alone needs no network.
$(1)/curl/settings.o $(1)/curl/ca.o $(1)/curl/settings_test.o: curl_flags = $$(CURL_CFLAGS)
$(1)/curl/settings_test: $(addprefix $(1)/,curl/settings_test.o curl/settings.o curl/ca.o base/buffer.o \
                                           base/secret.o base/text.o)
	$$(call quiet,LD)$(2) $(3) $$(LDFLAGS) -o $$@ $$^ $$(CURL_LIBS)

# It counts what the system is asked.
$(1)/curl/idle_test: $(addprefix $(1)/,curl/idle_test.o curl/idle.o base/descriptors.o)
	$$(call quiet,LD)$(2) $(3) $$(LDFLAGS) -Wl,--wrap=recv -o $$@ $$^

$(1): $(addprefix $(1)/,$(c_test_names))
	@:

.PHONY: $(1)
.SECONDARY: $(patsubst %,$(1)/%.o,$(c_test_names)) $(tested_sources:src/%.c=$(1)/%.o)
-include $(wildcard $(1)/*/*.d)
endef

$(eval $(call c_tests,$(BUILD)/c,$$(CC),$$(warnings) $$(CFLAGS)))

# --- the programs that speed is measured with ---------------------------------------------------

# A folder, a compiler, flags, and the name of the variable with Lua's headers, as for a variant.
define bench_programs
$(call flags,$(1),$(2) $(3) $$(addprefix -I,$$($(4))) $$(CURL_CFLAGS) $$(CURL_LIBS) $$(LDFLAGS),)

$(1)/%.o: bench/%.c $(1)/flags
	$$(call quiet,CC)$(2) $(dialect) $(3) -Isrc $$(addprefix -I,$$($(4))) $$(CURL_CFLAGS) -MMD -MP -c \
	    -o $$@ $$<

$(1)/get: $(1)/get.o $(1)/bare.o $(1)/stopwatch.o
	$$(call quiet,LD)$(2) $(3) $$(LDFLAGS) -o $$@ $$^ $$(CURL_LIBS)

$(1)/bench/native.so: $(1)/native.o $(1)/bare.o $(1)/stopwatch.o
	@mkdir -p $$(@D)
	$$(call quiet,LD)$(2) $$(LIBFLAG) $(3) $$(LDFLAGS) -o $$@ $$^ $$(CURL_LIBS)

$(1): $(1)/get $(1)/bench/native.so
	@:

.PHONY: $(1)
-include $(wildcard $(1)/*.d $(1)/*/*.d)
endef

$(eval $(call bench_programs,$(BUILD)/bench/lua5.4,$$(CC),$$(warnings) $$(CFLAGS),lua_incdir_5.4))
$(eval $(call bench_programs,$(BUILD)/bench/luajit,$$(CC),$$(warnings) $$(CFLAGS),lua_incdir_luajit))

# --- what specs load into the processes that they start -----------------------------------------

# Where there is an LD_PRELOAD. Without the sanitizers, since it is loaded into shells, too.
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
lua_chosen = $(if $(SPEC),$(filter-out %.c,$(SPEC)),spec)

spec_files = $(addprefix spec/,$(addsuffix _spec.lua,$(1)))

# The spec files in or below folders; files stay as they are.
files_below = $(sort $(foreach place,$(1),$(if $(filter %.lua,$(place)),$(place),\
    $(wildcard $(place:%/=%)/*_spec.lua $(place:%/=%)/*/*_spec.lua))))

# Nginx and Neovim have LuaJIT only, and so have specs that begin like this.
luajit_only := $(shell grep -lx 'if not rawget(_G, "jit") then' -r spec)
files_for   = $(if $(filter luajit,$(1)),$(2),$(filter-out $(luajit_only),$(2)))

# Those that take longest come first, so that nothing waits for them at the end.
long_specs    = $(call spec_files,secrets loop/nginx failure_table allocation loop/loops transport/curl_wire \
                    operations listing loop/nginx_timers loop/nginx_callers transport/resty \
                    limiter/shared_dict examples/nginx error client loop/uv transport/fork)
longest_first = $(filter $(1),$(long_specs)) $(filter-out $(long_specs),$(1))

# A folder with variants, a Lua, the words before its command, and the spec files, after options if any.
busted_with = build-aux/with-lua $(1)/$(2) $(3) $($(2)) build-aux/busted.lua $(4)

# A folder with variants; then also the words before each command, and the spec files. Each file runs
# in a process of its own.
tested = $(addprefix $(1)/c/,$(c_chosen)) \
         $(if $(lua_chosen),$(foreach lua,$(LUAS),$(1)/$(lua) $(1)/$(lua)/counted) $(call lookup,$(1)))
c_suites   = $(foreach test,$(c_chosen),lines '$(test)' '$(2) $(1)/c/$(test)')
lua_suites = $(foreach file,$(call longest_first,$(3)),$(foreach lua,$(LUAS),\
    $(if $(call files_for,$(lua),$(file)),\
        busted '$(lua): $(file)' '$(call busted_with,$(1),$(lua),$(2),$(4) $(file))')))

# Without the third argument's spec files; and options of busted.
suites = $(call lua_suites,$(1),$(2),$(filter-out $(3),$(call files_below,$(lua_chosen))),$(4)) \
         $(call c_suites,$(1),$(2))

# On the other Luas a short form, where all that it needs is installed for them.
other_luas  = $(if $(SPEC),,$(foreach lua,lua5.1 lua5.2 lua5.3,\
    $(if $(shell $(lua) -e 'require "busted" require "cjson" require "cqueues" require "luv"' 2>&1 || \
        echo no),,$(lua))))
short_specs = $(call spec_files,loop/suspension loop/cqueues request text credential permits)

## make test       everything, or what SPEC=spec/... names, on both Luas or those in LUAS="...";
##                 twice as many files at once as there are processors, or JOBS=...; and a short form
##                 on Lua 5.1 to 5.3
test:
	@build-aux/setup build demo test
	$(then) test-steps

test-steps: $(call tested,$(BUILD)) $(addprefix $(BUILD)/,$(other_luas))
	@build-aux/tally -j $(JOBS) $(call suites,$(BUILD)) \
	    $(foreach lua,$(other_luas),busted '$(lua)' '$(call busted_with,$(BUILD),$(lua),,$(short_specs))')
.PHONY: test test-steps

bench_with = LUA_PATH='./?.lua;;' build-aux/with-lua $(BUILD)/lua5.4 $(lua5.4) bench/$(1).lua \
    $(BUILD) $(foreach lua,$(LUAS),'$(lua)=$($(lua))')

## make bench      how long requests take, beside bare libcurl; 11 rounds, or ROUNDS=...
bench:
	@build-aux/setup build demo bench
	$(then) bench-steps

bench-steps: build $(addprefix $(BUILD)/bench/,$(LUAS))
	@$(call bench_with,times)
.PHONY: bench bench-steps

## make bench-loops  how late a ticker comes in each host's loop while the client works; ROUNDS=3
bench-loops:
	@build-aux/setup build demo test
	$(then) bench-loops-steps

bench-loops-steps: build $(addprefix $(BUILD)/bench/,$(LUAS))
	@$(call bench_with,loops)
.PHONY: bench-loops bench-loops-steps

## make bench-instructions  the same in instructions, as valgrind counts them
bench-instructions:
	@build-aux/setup build demo bench-instructions
	$(then) bench-instructions-steps

bench-instructions-steps: build $(addprefix $(BUILD)/bench/,$(LUAS))
	@$(call bench_with,instructions)
.PHONY: bench-instructions bench-instructions-steps

## make test-rock  the rock, packed and installed by LuaRocks into empty trees and used from there
test-rock:
	@build-aux/setup build demo rock
	$(then) test-rock-steps

test-rock-steps:
	@LUAJIT_INCDIR='$(lua_incdir_luajit)' build-aux/test-rock '$(BUILD)/rock'
.PHONY: test-rock test-rock-steps

# A minute unless the command line says otherwise: SECONDS has another default for fuzzing.
soak_seconds = $(if $(filter command%,$(origin SECONDS)),$(SECONDS),60)

## make soak       16 users for a minute, or SECONDS=..., on an account that fails 30 % of the time;
##                 SEED=... plays one again
soak:
	@build-aux/setup build demo
	$(then) soak-steps

soak-steps: build
	@LUA_PATH='./?.lua;;' build-aux/tally -j $(JOBS) $(foreach lua,$(LUAS),lines 'soak: $(lua)' \
	    'build-aux/with-lua $(BUILD)/$(lua) $($(lua)) soak/soak.lua $(soak_seconds) $(SEED)')
.PHONY: soak soak-steps

# --- under memory checkers -------------------------------------------------------------------

sanitized = $(warnings) -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
            -fno-sanitize-recover=all

$(eval $(call variant,$(BUILD)/asan/lua5.4,gcc,$$(sanitized),lua_incdir_5.4))
$(eval $(call variant,$(BUILD)/asan/luajit,gcc,$$(sanitized),lua_incdir_luajit))
$(eval $(call counted,$(BUILD)/asan/lua5.4,gcc,$$(sanitized),lua_incdir_5.4))
$(eval $(call counted,$(BUILD)/asan/luajit,gcc,$$(sanitized),lua_incdir_luajit))
$(eval $(call c_tests,$(BUILD)/asan/c,gcc,$$(sanitized)))

$(BUILD)/asan/preload.so: build-aux/preload.c Makefile
	@mkdir -p $(@D)
	$(call quiet,LD)gcc -shared -fPIC $(sanitized) -o $@ $<

# But for the allocation spec, for cjson leaks a buffer when Lua's memory runs out, and that spec counts
# what is ours by itself; for what runs under faketime, which wants to be loaded first as they do; and for
# the table of failures, which is long and has no failure that other specs do not have.
## make test-asan  the same under gcc's address, leak and undefined-behaviour sanitizers
test-asan:
	@build-aux/setup build demo test asan
	$(then) test-asan-steps

test-asan-steps: $(call tested,$(BUILD)/asan) $(BUILD)/asan/preload.so
	@SPEC_TIME_SCALE=2 SPEC_PRELOAD='$(abspath $(BUILD)/asan/preload.so)' build-aux/tally -j $(JOBS) \
	    $(call suites,$(BUILD)/asan,build-aux/reported build-aux/with-sanitizers,\
	        $(if $(SPEC),,$(call spec_files,allocation limiter/default_limits long_pause failure_table)),\
	        --filter-out="the clock is set")
.PHONY: test-asan test-asan-steps

# Memcheck is slow: those that exercise lifetimes, the wire and hosts, and no case twice that differs
# above the C code only, or in what libcurl does below ours.
valgrind_lua5.4 = $(call spec_files,transport/fork transport/curl lifetime client request)
valgrind_luajit = $(call spec_files,lifetime $(addprefix loop/,loops nginx nginx_timers nginx_callers nginx_phases))
valgrind_cases  = --filter-out=TLS --filter-out=HTTP/2 --filter-out=thousand --filter-out="under load"
with_valgrind   = build-aux/reported build-aux/with-valgrind

# A Lua, and its spec files.
valgrind_suites = $(foreach file,$(2),busted '$(1): $(file)' \
    '$(call busted_with,$(BUILD),$(1),$(with_valgrind),$(valgrind_cases) $(file))')

## make test-valgrind
##                 the C tests, and the specs of lifetimes, of the wire and of hosts, under memcheck
test-valgrind:
	@build-aux/setup build demo test valgrind
	$(then) test-valgrind-steps

test-valgrind-steps: $(call tested,$(BUILD))
	@SPEC_TIME_SCALE=4 build-aux/tally -j $(JOBS) \
	    $(foreach lua,$(LUAS),$(call valgrind_suites,$(lua),$(if $(SPEC),$(lua_chosen),$(valgrind_$(lua))))) \
	    $(call c_suites,$(BUILD),$(with_valgrind))
.PHONY: test-valgrind test-valgrind-steps

# --- fuzzing ---------------------------------------------------------------------------------

# Which targets (all when empty), and how long each. The flags let libFuzzer see what an input
# reaches.
FUZZ    =
SECONDS = 2
fuzzed  = $(warnings) -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
          -fno-sanitize-recover=all

c_targets    = $(filter-out lua,$(patsubst fuzz/%_fuzz.c,%,$(wildcard fuzz/*_fuzz.c)))
lua_targets  = $(patsubst fuzz/%_fuzz.lua,%,$(wildcard fuzz/*_fuzz.lua))
fuzz_sources = $(base_sources) $(engine_sources) src/curl/headers.c

# The targets' objects, in a variant's folder and with its compiler and flags. Those in Lua share a
# C file, which is told their names.
define fuzz_objects
$(1)/%.o: fuzz/%.c $(1)/flags
	$$(call quiet,CC)$(2) $(dialect) $(3) -Isrc $$($(1)_include) $$(CURL_CFLAGS) -MMD -MP -c -o $$@ $$<

$(1)/lua_%_fuzz.o: fuzz/lua_fuzz.c $(1)/flags
	$$(call quiet,CC)$(2) $(dialect) $(3) -DFUZZ_TARGET=$$*_fuzz -Isrc $$($(1)_include) -MMD -MP -c \
	    -o $$@ $$<

$(1)/fuzz: $(c_targets:%=$(1)/%_fuzz.o) $(1)/curl_reading.o $(lua_targets:%=$(1)/lua_%_fuzz.o)

.PHONY: $(1)/fuzz
.SECONDARY: $(c_targets:%=$(1)/%_fuzz.o) $(lua_targets:%=$(1)/lua_%_fuzz.o)
endef

# A Lua, and the name of the variable with its headers.
define fuzz_programs
$(call variant,$(BUILD)/fuzz/$(1),clang,$$(fuzzed),$(2))
$(call fuzz_objects,$(BUILD)/fuzz/$(1),clang,$$(fuzzed))

$(BUILD)/fuzz/$(1)/lua_%_fuzz: $(BUILD)/fuzz/$(1)/lua_%_fuzz.o \
                               $(core_sources:src/%.c=$(BUILD)/fuzz/$(1)/%.o)
	$$(call quiet,LD)clang $$(LDFLAGS) -fsanitize=fuzzer,address,undefined -o $$@ $$^ \
	    $$(or $$(shell pkg-config --libs $(1) 2>/dev/null),-l$(1)) -lm
endef

$(eval $(call fuzz_programs,lua5.4,lua_incdir_5.4))
$(eval $(call fuzz_programs,luajit,lua_incdir_luajit))

# Those in C need no Lua, so one folder's objects will do.
$(BUILD)/fuzz/lua5.4/%_fuzz: $(addprefix $(BUILD)/fuzz/lua5.4/,%_fuzz.o curl_reading.o \
                                                                $(fuzz_sources:src/%.c=%.o))
	$(call quiet,LD)clang $(LDFLAGS) -fsanitize=fuzzer,address,undefined -o $@ $^ $(CURL_LIBS) -lm

chosen_of   = $(if $(FUZZ),$(filter $(FUZZ),$(1)),$(1))
fuzz_chosen = $(patsubst %,$(BUILD)/fuzz/lua5.4/%_fuzz,$(call chosen_of,$(c_targets))) \
              $(foreach lua,$(LUAS),$(patsubst %,$(BUILD)/fuzz/$(lua)/lua_%_fuzz,\
                  $(call chosen_of,$(lua_targets))))

# A program; its target's name is that of the corpus.
fuzz_run    = '$(1): $(3)' 'build-aux/fuzz $(1) \
    fuzz/corpus/$(patsubst lua_%,%,$(patsubst %_fuzz,%,$(notdir $(1)))) $(2)'
fuzz_suites = $(foreach program,$(fuzz_chosen),status $(call fuzz_run,$(program),0,corpus)) \
    $(foreach program,$(fuzz_chosen),status $(call fuzz_run,$(program),$(SECONDS),$(SECONDS) s))

## make fuzz       libFuzzer on whatever reads the wire, or on FUZZ="acl headers"; SECONDS=2 for
##                 each target and Lua, JOBS=2 of them side by side
fuzz:
	@build-aux/setup build fuzz
	$(then) -j$(JOBS) fuzz-steps

fuzz-steps: $(fuzz_chosen)
	@SUITE_TIMEOUT=$$(($(SECONDS) + 300)) build-aux/tally -j $(JOBS) $(fuzz_suites)
.PHONY: fuzz fuzz-steps

# --- lint ------------------------------------------------------------------------------------

strict = $(warnings) -Werror -O2 -g

lint_variants =
define lint_variant
$(call variant,$(BUILD)/lint/$(1)-$(2),$(1),$$(strict),$(3))
$(call fuzz_objects,$(BUILD)/lint/$(1)-$(2),$(1),$$(strict))
$(call bench_programs,$(BUILD)/lint/$(1)-$(2)-bench,$(1),$$(strict),$(3))
lint_variants += $(1)-$(2) $(1)-$(2)/fuzz $(1)-$(2)-bench
endef

$(foreach compiler,gcc clang,\
  $(eval $(call lint_variant,$(compiler),lua5.4,lua_incdir_5.4))\
  $(eval $(call lint_variant,$(compiler),luajit,lua_incdir_luajit))\
  $(if $(lua_incdir_puc5.1),$(eval $(call lint_variant,$(compiler),lua5.1,lua_incdir_puc5.1)))\
  $(eval $(call c_tests,$(BUILD)/lint/$(compiler)-c,$(compiler),$$(strict)))\
  $(eval lint_variants += $(compiler)-c))

lint_modules := $(filter-out %-c %/fuzz %-bench,$(lint_variants))

# musl has no call that only glibc has, and without _GNU_SOURCE each file sees what it asks for.
# Both modules are compiled with it, not linked: the other libraries here are glibc's. The C tests
# need none of them and run.
ifneq ($(shell command -v musl-gcc),)
musl         = $(BUILD)/lint/musl
musl_strict  = $(strict) -U_GNU_SOURCE
musl_tests   = $(filter-out curl/settings_test,$(c_test_names))
musl_modules = $(foreach name,lua5.4 luajit,$(core_sources:src/%.c=$(musl)-$(name)/%.o) \
                                            $(curl_module_sources:src/%.c=$(musl)-$(name)/%.o))
$(eval $(call variant,$(musl)-lua5.4,musl-gcc,$$(musl_strict),lua_incdir_5.4))
$(eval $(call variant,$(musl)-luajit,musl-gcc,$$(musl_strict),lua_incdir_luajit))
$(eval $(call c_tests,$(musl)-c,musl-gcc,$$(musl_strict)))

# Those headers that lie among glibc's: libcurl's, and one that Debian's luaconf.h includes.
$(musl)-headers: always
	@mkdir -p $@/curl
	@printf '#include <%s>\n' curl/curl.h luaconf.h | \
	    $(CC) $(shell pkg-config --cflags libcurl) -I$(lua_incdir_5.4) -M -x c - | tr ' ' '\n' | \
	    while read -r header; do case $$header in \
	        */curl/*.h) ln -sf "$$header" $@/curl ;; \
	        */lua*-multiarch.h) ln -sf "$$header" $@ ;; \
	    esac; done

$(musl)-lua5.4/flags $(musl)-luajit/flags: $(musl)-headers
$(musl)-lua5.4/% $(musl)-luajit/%: CURL_CFLAGS = -I$(musl)-headers

lint-musl: $(musl_modules) $(addprefix $(musl)-c/,$(musl_tests))
.PHONY: lint-musl
musl_suites = status 'warnings: musl' '$(lint_make) lint-musl' \
    $(foreach test,$(musl_tests),lines 'musl: $(test)' '$(musl)-c/$(test)')
endif

lua_folders = lua spec fuzz bench soak examples build-aux .busted .luacheckrc $(wildcard *.rockspec)
c_files     = $(wildcard src/*/*.[ch] spec/c/*.h spec/c/*/*.[ch] spec/host/*.[ch] fuzz/*.[ch] bench/*.[ch] \
                         spec/c/curl/kqueue/sys/*.h)

jobs       := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
lint_make   = $(MAKE) --no-print-directory -s -j$(jobs)
tidy_flags  = $(dialect) -Isrc -Ispec/c -I$(lua_incdir_5.4) $(CURL_CFLAGS)
tidied      = $(wildcard src/*/*.c spec/c/*/*.c fuzz/*.c)
cppcheck    = cppcheck -q --error-exitcode=1 --inline-suppr --std=c11 -Isrc -Ispec/c --suppress=missingInclude
shell_files = $(shell grep -lE '^$(hash)!.*sh$$' build-aux/* .ci/*)

## make lint       formatting, luacheck, clang-tidy, cppcheck, shellcheck, and every warning of two
##                 compilers as an error, of one of them with musl, too
lint:
	@build-aux/setup build lint
	$(then) lint-steps
	@echo 'lint: nothing found'

lint-steps:
	@build-aux/tally \
	    status 'layers' 'build-aux/layers $(layers)' \
	    status 'clang-format' 'clang-format --dry-run -Werror $(c_files)' \
	    status 'luacheck' 'luacheck --no-color --quiet $(wildcard $(lua_folders))' \
	    status 'shellcheck' 'shellcheck $(shell_files)' \
	    status 'cppcheck' '$(cppcheck) --enable=warning,style,performance,portability src spec/c fuzz' \
	    status 'cppcheck: unused functions' '$(cppcheck) --enable=unusedFunction \
	        --suppress=unusedFunction:src/lua/core.c --suppress=unusedFunction:src/curl/module.c src' \
	    status 'clang-tidy' 'build-aux/tidy $(jobs) "$(tidy_flags)" $(tidied)' \
	    status 'clang-tidy: kqueue' 'build-aux/tidy 1 \
	        "$(tidy_flags) -DNGROK_POLLER_KQUEUE -Ispec/c/curl/kqueue" src/curl/poller_kqueue.c' \
	    $(foreach name,$(lint_variants),\
	        status 'warnings: $(name)' '$(lint_make) $(BUILD)/lint/$(name)') \
	    status 'exported names' 'build-aux/exports $(addprefix $(BUILD)/lint/,$(lint_modules))' \
	    $(musl_suites)
.PHONY: lint lint-steps

## make types      writes what is made from data: types for editors, tables in README.md
types: build
	@build-aux/with-lua $(BUILD)/lua5.4 lua5.4 build-aux/types.lua
.PHONY: types

## make format     lets clang-format rewrite the C files
format:
	clang-format -i $(c_files)
.PHONY: format

# --- installing ------------------------------------------------------------------------------

# What LuaRocks builds, too: one Lua, no warnings, the caller's flags.
module: $(BUILD)/module
.PHONY: module

## make install    for LUA_VERSION=5.4, 5.3, 5.2, 5.1 or luajit, below PREFIX=/usr/local
# Through sh, as LuaRocks unpacks below /tmp, where some systems let nothing be executed.
install: installed-files
	@sh build-aux/tell-installed '$(LUADIR)' '$(LIBDIR)' '$(DOCDIR)' '$(DESTDIR)'
.PHONY: install

# What LuaRocks installs. It moves the files on, and says itself where they are.
installed-files: module
	@sh build-aux/install-files '$(BUILD)/module' '$(DESTDIR)$(LUADIR)' '$(DESTDIR)$(LIBDIR)' \
	    '$(DESTDIR)$(DOCDIR)'
.PHONY: installed-files

## make uninstall  removes what `make install` with the same variables has put there
uninstall:
	@sh build-aux/uninstall-files '$(DESTDIR)$(LUADIR)' '$(DESTDIR)$(LIBDIR)' '$(DESTDIR)$(DOCDIR)'
.PHONY: uninstall

## make clean      removes build/
clean:
	rm -rf $(BUILD)
.PHONY: clean
