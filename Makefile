# kith: GNU make.  Everything that is built goes to $(B).
#	make            the programs, in build/bin
#	make demo       install what is missing, build, show the main job
#	make tests      what the tests run
#	make check      install what is missing, build, run every test
#	make quick      stories, golden cases and unit tests: half a minute
#	make torture    the same with many more cases, some minutes
#	make lint       formatting, static checks, manuals, sizes, arrows
#	make fuzz       every parser under libFuzzer, FUZZ_TIME=60 seconds each
#	make bench      ratios against jq, cat, GMime, simdjson; BENCH=--quick
#	make install    PREFIX=/usr/local DESTDIR=; make uninstall takes it away
#	make tags       for editors; build/compile_commands.json for their servers
#	make clean      build/ goes
#	V=1 shows the commands, B=DIR builds there, WERROR=1 stops at warnings

VERSION := 0.1
PREFIX ?= /usr/local
# Not every shell expands it behind a =.
override PREFIX := $(patsubst ~/%,$(HOME)/%,$(PREFIX))
DESTDIR ?=
B ?= build

CC ?= cc
CXX ?= c++
PKG_CONFIG ?= pkg-config
OPT ?= -O2 -g
# SAN=address,undefined builds with sanitizers; give it a B of its own.
SAN ?=
WERROR ?=

PKGS := simdjson libcurl libxml-2.0 libarchive icu-i18n icu-uc libhs \
	libpcre2-8 libfyaml libcmark sqlite3 libcrypto ldns
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)

WARN := -Wall -Wextra -Wvla -Wwrite-strings -Wformat=2 -Wshadow \
	-Wno-missing-field-initializers
CWARN := -Wmissing-prototypes -Wstrict-prototypes
# What the processor has against jumps that nobody wrote.
JUMPS := $(if $(filter x86_64%,$(shell $(CC) -dumpmachine)),-fcf-protection)
HARDEN := -fstack-protector-strong -fstack-clash-protection -fPIE $(JUMPS) \
	$(if $(SAN),,-D_FORTIFY_SOURCE=3)
# No path of this machine is in a program: it is the same wherever it is made.
PLACES := -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(B)=build
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer)
COMMON := $(OPT) $(WARN) $(if $(WERROR),-Werror) $(HARDEN) $(SANFLAGS) \
	$(PLACES) -fno-common -ffunction-sections -fdata-sections -pthread -MMD -MP \
	-Ilib -I$(B)/gen $(patsubst -I%,-isystem %,$(PKG_CFLAGS))
CFLAGS_ALL := -std=c17 -D_GNU_SOURCE $(CWARN) $(COMMON) \
	-DKITH_VERSION='"$(VERSION)"' $(CFLAGS)
CXXFLAGS_ALL := -std=c++17 $(COMMON) $(CXXFLAGS)
LDFLAGS_ALL := -pie -pthread -Wl,-z,relro,-z,now -Wl,--as-needed \
	-Wl,--gc-sections $(SANFLAGS) $(LDFLAGS)
LIBS := -ljq -lphonenumber $(PKG_LIBS) -lssl -lm

# In the order of their names, so that programs are linked alike.
LIB_SRC := $(sort $(wildcard lib/*/*.c lib/*/*/*.c lib/*/*/*/*.c))
LIB_CXX := $(sort $(wildcard lib/*/*.cc))
LIB_OBJ := $(LIB_SRC:%.c=$(B)/obj/%.o) $(LIB_CXX:%.cc=$(B)/obj/%.o)
TOOLS := $(filter-out kith main hook,$(basename $(notdir $(wildcard bin/*.c))))
PROGS := $(B)/bin/kith $(B)/bin/kith-hook $(TOOLS:%=$(B)/bin/kith-%)
UNIT := $(patsubst %.c,$(B)/%,$(wildcard tests/unit/*.c))
# What GMime is asked for comparison, where it is installed.
GMIME := $(shell $(PKG_CONFIG) --libs gmime-3.0 2>/dev/null)
oracle = $(filter-out $(if $(GMIME),,%/gmime.c $(wildcard tests/*/gmime-*.c)),$1)
FUZZ := $(patsubst %.c,$(B)/%,$(call oracle,$(wildcard tests/fuzz/*.c)))
PRELOAD := $(patsubst tests/tools/preload/%.c,$(B)/tests/tools/%.so,$(wildcard tests/tools/preload/*.c))
HELP := $(addprefix $(B)/,$(basename $(call oracle,$(wildcard tests/tools/*.c tests/tools/*.cc))))
MANUALS := $(wildcard man/*.[1-8])
# A format is a folder with its part of the manual in it.
FORMATS := $(sort $(wildcard lib/source/*/manual))
SHARED := $(wildcard lib/reply/transports/*.yaml lib/reply/templates/* lib/source/maps/*.jq lib/source/services/*.*)

# Lists of words: text files, which a program of ours makes into tables.
WORDS := $(patsubst lib/%,$(B)/gen/%.h,$(wildcard lib/*/words/* lib/*/*/words/*))
WORDLIST_OBJ := $(patsubst %,$(B)/obj/%.o,scripts/wordlist lib/text/wordfile lib/text/phraselist \
	lib/text/unicode $(addprefix lib/core/,alloc malloc arena buf err str text/utf8))

# Where the programs look for them: ../share beside their own folder.
SHARE := $(patsubst lib/reply/%,$(B)/share/kith/%,$(SHARED:lib/source/%=lib/reply/%)) \
	$(foreach m,$(MANUALS),$(B)/share/man/man$(subst .,,$(suffix $m))/$(notdir $m))

# A line a step; V=1 shows the commands.
Q := $(if $(V),,@)
step = @mkdir -p $(@D)$(if $(V),, && echo "$(1) $(@:$(B)/%=%)")
# As many jobs as processors, where -j says nothing.
JOBS = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))
INSTALLED = $(patsubst $(B)/%,%,$(PROGS) $(SHARE))
quoted = $(subst ','\'',$(1))
BUILD := "$(if $(filter /%,$(B)),,$(CURDIR)/)$(B)"
TO := "$(DESTDIR)$(PREFIX)"

all: $(PROGS) $(SHARE)

$(B)/obj/%.o: %.c | need
	$(call step,cc)
	$(Q)$(CC) $(CFLAGS_ALL) -include lib/core/ban.h -c -o $@ $<

$(B)/obj/%.o: %.cc | need
	$(call step,c++)
	$(Q)$(CXX) $(CXXFLAGS_ALL) -c -o $@ $<

$(filter-out $(WORDLIST_OBJ),$(LIB_OBJ)): | $(WORDS) $(B)/gen/source/formats.h

$(B)/gen/%.h: lib/% $(B)/gen/wordlist
	$(call step,words)
	$(Q)$(B)/gen/wordlist $< >$@

$(B)/gen/source/formats.h: $(FORMATS) $(if $(filter-out $(FORMATS),$(shell cat $(B)/gen/source/formats 2>&-)),gone)
	$(call step,table)
	$(Q)scripts/formats table $(FORMATS) >$@ && echo $(FORMATS) >$(@:.h=)

$(B)/libkith.a: $(LIB_OBJ)
	@rm -f $@
	$(call step,ar)
	$(Q)$(AR) rcsP $@ $^

$(B)/bin/kith-%: $(B)/obj/bin/%.o $(B)/obj/bin/main.o $(B)/libkith.a
	$(call step,link)
	$(Q)$(CXX) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) $(B)/libkith.a $(LIBS)

# Started for each request: of others it links libcrypto alone, static if it can.
CRYPTO := $(if $(SAN),,-Wl,-Bstatic $(shell $(PKG_CONFIG) --static --libs-only-l libcrypto) -Wl,-Bdynamic)
$(B)/bin/kith-hook: $(B)/obj/bin/hook.o $(B)/libkith.a
	$(call step,link)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(CRYPTO) 2>/dev/null || $(CC) $(LDFLAGS_ALL) -o $@ $^ -lcrypto
# Before the libraries: some linkers heed only the first mention of one.
$(B)/bin/kith-ingest: private LDFLAGS_ALL += \
	-Wl,--no-as-needed -larchive -Wl,--as-needed
$(B)/bin/kith: $(B)/obj/bin/kith.o $(B)/libkith.a
$(B)/gen/wordlist: $(WORDLIST_OBJ)
$(B)/bin/kith $(B)/gen/wordlist:
	$(call step,link)
	$(Q)$(CXX) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(B)/tests/%: $(B)/obj/tests/%.o $(B)/libkith.a
	$(call step,link)
	$(Q)$(CXX) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) $(B)/libkith.a $(LIBS)

# Says what to do before the compiler says what it cannot find.
need:
	@$(PKG_CONFIG) --exists $(PKGS) 2>/dev/null || { echo "kith: libraries" \
	  "are missing: 'make setup' installs them (as root, or with sudo)" >&2; \
	  exit 1; }

# What `make fuzz` links a harness with instead of the main that replays.
$(FUZZ): private LDFLAGS_ALL += $(ENGINE)

$(B)/obj/tests/tools/gmime-%.o $(B)/obj/tests/fuzz/gmime.o: \
	CFLAGS_ALL += $(shell $(PKG_CONFIG) --cflags gmime-3.0 2>/dev/null)
$(B)/tests/tools/gmime-% $(B)/tests/fuzz/gmime: LIBS += $(GMIME)

# Tools of the tests that are stages.
$(B)/tests/tools/copy $(B)/tests/tools/splice: $(B)/obj/bin/main.o

# Loaded before the programs by the tests of what fails and what is lost, and
# before a shell, which has no runtime of sanitizers.
$(B)/tests/tools/%.so: tests/tools/preload/%.c | need
	$(call step,cc)
	$(Q)$(CC) $(filter-out -fsanitize=%,$(CFLAGS_ALL)) -fPIC -shared -o $@ $<

tests: all $(UNIT) $(FUZZ) $(HELP) $(PRELOAD) $(B)/compile_commands.json

setup:; @scripts/setup
check quick lint torture demo bench fuzz: setup
WANTED = tests
demo: WANTED = all
bench: WANTED = all $(HELP)
check quick lint torture demo bench:
	+@$(MAKE) --no-print-directory $(JOBS) $(WANTED)
	@KITH_BUILD=$(BUILD) scripts/$(if $(filter quick,$@),check --quick,$@ $(BENCH))

fuzz:; +@scripts/fuzz $(BUILD)/fuzz $(notdir $(FUZZ))

help:; @sed -n 's/^#	//p' Makefile
tags:; @ctags -R -f $(B)/tags bin lib tests && echo "kith: $(B)/tags"

install: all
	@KITH_BUILD=$(BUILD) scripts/install $(TO) $(INSTALLED)
uninstall:; @scripts/install --remove $(TO) $(INSTALLED)

# For clangd and clang-tidy: how each file is compiled.
$(B)/compile_commands.json: Makefile $(LIB_SRC) $(LIB_CXX) $(wildcard bin/*.c)
	@mkdir -p $(@D)
	@scripts/compile-commands '$(call quoted,$(CFLAGS_ALL))' \
	  '$(call quoted,$(CXXFLAGS_ALL))' $(filter-out Makefile,$^) \
	  $(wildcard tests/*/*.c) >$@
clean:; rm -rf $(B)

.SECONDEXPANSION:
$(SHARE): $$(wildcard man/$$(@F) lib/reply/$$(notdir $$(@D))/$$(@F) lib/source/$$(notdir $$(@D))/$$(@F))
	@mkdir -p $(@D) && scripts/formats page $< >$@
$(B)/share/man/man7/kith-formats.7: $(FORMATS)

.PHONY: gone all need tests setup check quick demo lint torture fuzz help tags bench install uninstall clean
.SECONDARY:
.DELETE_ON_ERROR:
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
