#!/bin/sh
# Lint fails where one of the programs that it asks fails, whatever that says.
. "${0%/*}/lib.sh"
git -C "$ROOT" ls-files --error-unmatch scripts/lint >/dev/null 2>&1 || {
	echo "1..0 # SKIP lint reads the files that git knows"
	exit
}
mkdir bin
# All packages are there.
cat >bin/dpkg-query <<'END'
#!/bin/sh
for p; do echo "$p install ok installed"; done
END
for p in clang-format shellcheck mandoc cppcheck clang-tidy ctags; do
	printf '#!/bin/sh\necho %s: out of order >&2\nexit 3\n' "$p" >"bin/$p"
done
chmod +x bin/*
PATH=$PWD/bin:$PATH
fails() { # PART MESSAGE
	code "$1 fails with its program" 1 env KITH_BUILD="$BUILD" \
	    "$ROOT/scripts/lint" "$1"
	like "  and says so" "$(cat .err)" "^lint: .*$2"
}
fails format clang-format
fails shell shellcheck
fails cppcheck cppcheck
fails manuals mandoc
fails tidy "clang-tidy failed"
fails sizes ctags
like "  with what the program said" "$(cat .err)" "ctags: out of order"
code "a part that is not there" 2 "$ROOT/scripts/lint" all
done_testing
