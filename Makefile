# kith: GNU make.  Everything that is built goes to $(B).
#
#	make            the programs, in build/bin
#	make demo       install what is missing, build, show the main job
#	make check      install what is missing, build, run every test
#	make install    PREFIX=/usr/local DESTDIR=
#	make lint bench uninstall clean

VERSION := 0.1
PREFIX ?= /usr/local
DESTDIR ?=
B ?= build

CC ?= cc
CXX ?= c++
PKG_CONFIG ?= pkg-config
OPT ?= -O2 -g
# SAN=address,undefined builds with sanitizers; give it a B of its own.
SAN ?=
WERROR ?=

PKGS := simdjson libcurl libxml-2.0 ldns gmime-3.0 libarchive icu-i18n \
	icu-uc libhs libpcre2-8 libfyaml libcmark sqlite3 libcrypto
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)

WARN := -Wall -Wextra -Wvla -Wwrite-strings -Wformat=2 -Wshadow \
	-Wno-missing-field-initializers
CWARN := -Wmissing-prototypes -Wstrict-prototypes
HARDEN := -fstack-protector-strong -fstack-clash-protection -fPIE \
	$(if $(SAN),,-D_FORTIFY_SOURCE=3)
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer)
COMMON := $(OPT) $(WARN) $(if $(WERROR),-Werror) $(HARDEN) $(SANFLAGS) \
	-fno-common -ffunction-sections -fdata-sections -pthread -MMD -MP -Ilib \
	$(patsubst -I%,-isystem %,$(PKG_CFLAGS))
CFLAGS_ALL := -std=c17 -D_GNU_SOURCE $(CWARN) $(COMMON) \
	-DKITH_VERSION='"$(VERSION)"' $(CFLAGS)
CXXFLAGS_ALL := -std=c++17 $(COMMON) $(CXXFLAGS)
LDFLAGS_ALL := -pie -pthread -Wl,-z,relro,-z,now -Wl,--as-needed \
	-Wl,--gc-sections $(SANFLAGS) $(LDFLAGS)
LIBS := -ljq -lphonenumber $(PKG_LIBS) -lm

LIB_SRC := $(wildcard lib/*/*.c)
LIB_CXX := $(wildcard lib/*/*.cc)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/obj/%.o) $(LIB_CXX:%.cc=$(B)/obj/%.o)
TOOLS := $(filter-out kith,$(basename $(notdir $(wildcard bin/*.c))))
PROGS := $(if $(wildcard bin/kith.c),$(B)/bin/kith) \
	$(TOOLS:%=$(B)/bin/kith-%)
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,\
	$(wildcard tests/unit/*.c))
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/*.c))
HELP := $(patsubst tests/tools/%.c,$(B)/tests/tools/%,\
	$(wildcard tests/tools/*.c))
MANUALS := $(wildcard man/*.[1-8])
SHARED := $(wildcard lib/dispatch/transports/*.yaml) \
	$(wildcard lib/dispatch/templates/*)

# Where the programs look for them: ../share/kith beside their own folder.
SHARE := $(SHARED:lib/dispatch/%=$(B)/share/kith/%)

all: $(PROGS) $(SHARE)

$(B)/share/kith/%: lib/dispatch/%
	@mkdir -p $(@D)
	@cp $< $@

$(B)/obj/%.o: %.c | need
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -include lib/core/ban.h -c -o $@ $<

$(B)/obj/%.o: %.cc | need
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS_ALL) -c -o $@ $<

$(B)/libkith.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcsP $@ $^

$(B)/bin/kith-%: $(B)/obj/bin/%.o $(B)/libkith.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS_ALL) -o $@ $< $(B)/libkith.a $(LIBS)

$(B)/bin/kith: $(B)/obj/bin/kith.o $(B)/libkith.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS_ALL) -o $@ $< $(B)/libkith.a $(LIBS)

$(B)/tests/%: $(B)/obj/tests/%.o $(B)/libkith.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS_ALL) -o $@ $< $(B)/libkith.a $(LIBS)

# Says what to do before the compiler says what it cannot find.
need:
	@$(PKG_CONFIG) --exists $(PKGS) || { \
	  echo "libraries are missing: run scripts/setup (or 'make check')" >&2; \
	  exit 1; }

tests: all $(UNIT) $(FUZZ) $(HELP)

setup:
	@scripts/setup

check: setup
	@$(MAKE) --no-print-directory -j2 tests
	@KITH_BUILD=$(abspath $(B)) scripts/check

demo: setup
	@$(MAKE) --no-print-directory -j2 all
	@KITH_BUILD=$(abspath $(B)) scripts/demo

lint: setup
	@scripts/lint

bench: setup
	@$(MAKE) --no-print-directory all $(HELP)
	@KITH_BUILD=$(abspath $(B)) scripts/bench $(BENCH)

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/kith
	install -m 755 $(PROGS) $(DESTDIR)$(PREFIX)/bin
	@for m in $(MANUALS); do \
	  d=$(DESTDIR)$(PREFIX)/share/man/man$${m##*.}; \
	  install -d $$d && install -m 644 $$m $$d || exit 1; done
	@for f in $(SHARED); do \
	  d=$(DESTDIR)$(PREFIX)/share/kith/$$(basename $$(dirname $$f)); \
	  install -d $$d && install -m 644 $$f $$d || exit 1; done
	KITH_BUILD=$(abspath $(B)) scripts/completions $(DESTDIR)$(PREFIX)

uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,$(notdir $(PROGS)))
	@for m in $(notdir $(MANUALS)); do \
	  rm -f $(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$$m; done
	rm -rf $(DESTDIR)$(PREFIX)/share/kith
	scripts/completions --remove $(DESTDIR)$(PREFIX)

# What clang-tidy has to know.
print-cflags:
	@echo $(filter-out -MMD -MP -Werror,$(CFLAGS_ALL)) -Wno-unknown-warning-option

clean:
	rm -rf $(B)

.PHONY: all need print-cflags tests setup check demo lint bench install uninstall clean
.SECONDARY:
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
