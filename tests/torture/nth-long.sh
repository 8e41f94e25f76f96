#!/bin/sh
# tests/torture/nth.t and nth-send.t with each n-th call, or with each STEP-th:
#	tests/torture/nth-long.sh [STEP]
# All take hours on one processor, every 31st some minutes.  KITH_BUILD names the build.
export NTH_FIRST=1 NTH_STEP="${1:-1}" NTH_ONLY=.
exec prove -j2 --exec env "${0%/*}/nth.t" "${0%/*}/nth-send.t"
