#!/bin/sh
# tests/torture/write.t with every write from the first to the twentieth and
# each error: some minutes.  Run by scripts/torture, or by hand with KITH_BUILD set.
export FAULTS="1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"
export ERRORS="ENOSPC EIO EPIPE"
exec prove --exec env "${0%/*}/write.t"
