# Builds the extension with PGXS; `make help` lists the other targets.
#
# The house targets (demo, check, bench, help ...) must work on a machine that has neither
# PostgreSQL's nor nginx's development files: they bring their own, so PGXS is left out for them.

EXTENSION   = scim
EXTVERSION := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" scim.control)
MODULE_big  = scim
OBJS        = $(patsubst %.c,%.o,$(filter-out src/bridge/%,$(wildcard src/*.c src/*/*.c)))
PG_CPPFLAGS = -I$(srcdir)/src -DSCIM_VERSION='"$(EXTVERSION)"'
PG_CFLAGS   = -std=gnu11 -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-declaration-after-statement -MMD -MP
SHLIB_LINK += -lcrypto
INSTALL_SQL = sql/$(EXTENSION)--$(EXTVERSION).sql
DATA        = $(wildcard sql/update/*.sql)
DATA_built  = $(INSTALL_SQL)
REGRESS    := $(sort $(patsubst test/sql/%.sql,%,$(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test --load-extension=pgcrypto --load-extension=scim
TAP_TESTS   = 1
PROVE_TESTS = test/t/*.pl
EXTRA_CLEAN = $(OBJS:.o=.d) log src/bridge/build test/core/build test/fuzz/build

PG_CONFIG  ?= pg_config
PGXS       := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)

HOUSE       = help demo demo-stop check check-versions bench bridge fuzz lint format dist

.DEFAULT_GOAL := all

ifneq ($(filter-out $(HOUSE),$(or $(MAKECMDGOALS),all)),)
ifneq ($(wildcard $(PGXS)),)

# Debian's PostgreSQL 13 ships no pg_isolation_regress.
ifneq ($(wildcard $(dir $(PGXS))../test/isolation/pg_isolation_regress),)
ISOLATION  := $(sort $(patsubst test/specs/%.spec,%,$(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test --outputdir=. --load-extension=pgcrypto --load-extension=scim
endif

include $(PGXS)

$(INSTALL_SQL): $(sort $(wildcard sql/[0-9]*.sql))
	cat $^ > $@

# The version is compiled in.
$(OBJS): scim.control

-include $(OBJS:.o=.d)

else

all install installcheck clean:
	@echo 'No PGXS: install postgresql-server-dev-15 (or name PG_CONFIG). "make demo" does that itself.'
	@exit 1

endif
endif

# House targets

.PHONY: $(HOUSE)

help:
	@echo 'make               build the extension (PostgreSQL development files needed)'
	@echo 'make install       install it into the PostgreSQL of PG_CONFIG'
	@echo 'make installcheck  run the tests of PGXS against an installed, running server'
	@echo 'make bridge        build the nginx module into src/bridge/build'
	@echo 'make clean         remove what was built'
	@echo
	@echo 'make demo          start PostgreSQL and nginx under .demo and print a URL and a token;'
	@echo '                   DEMO_DETACH=1 returns when all is ready'
	@echo 'make demo-stop     stop them'
	@echo 'make check         run every test, on private servers under .check'
	@echo 'make check-versions'
	@echo '                   run the tests that depend on the server on PostgreSQL 13, 15, 17 and 18,'
	@echo '                   in chroots under .versions (root needed); VERSIONS="13 17" selects'
	@echo 'make bench         compare speed with plain PostgreSQL, on private servers under .bench;'
	@echo '                   SIZE=1000000 for more users than 10,000; SYNC=100000 fills'
	@echo '                   directories through the bridge instead'
	@echo 'make fuzz          run the fuzzers of test/fuzz, each for a minute (SECONDS=60)'
	@echo
	@echo 'make lint          run the style checks of test/check'
	@echo "make format        format the bridge's sources with clang-format (those of the server"
	@echo "                   follow pgindent's alignment)"
	@echo 'make dist          pack scim-$(EXTVERSION).zip from the last commit'

demo:
	@demo/up

demo-stop:
	@demo/stop

# PGXS has a rule of that name, which says that it does nothing.
ifneq ($(filter check,$(MAKECMDGOALS)),)
check:
	@test/run/check
endif

check-versions:
	@test/run/versions $(VERSIONS)

bench:
	@test/bench/run

bridge:
	$(MAKE) -C src/bridge

fuzz:
	$(MAKE) -C test/fuzz run

lint:
	@test/check/all

format:
	clang-format -i $(wildcard src/bridge/*.[ch])

dist:
	git archive --format=zip --prefix=scim-$(EXTVERSION)/ -o scim-$(EXTVERSION).zip HEAD
