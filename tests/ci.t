#!/bin/sh
# What .ci/run promises, with a house of two lines in the place of this one; and
# what .ci/debian13 says where it cannot begin.
. "${0%/*}/lib.sh"
command -v git >/dev/null || {
	echo '1..0 # SKIP no git'
	exit
}
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM
commit() {
	git add -A && git -c user.name=Kim -c user.email=kim@example.com \
	    commit -q -m "$1"
}
mkdir -p house/.ci
cp "$ROOT/.ci/run" house/.ci
cd house || exit 1
git init -q .
echo /build/ >.gitignore
printf 'check:\n\t@ls; echo WERROR is $$WERROR\n' >Makefile
commit first
echo dirt >uncommitted
.ci/run "test command" >../out 2>&1
is "the README's test command: exit code" $? 0
like "  runs" "$(cat ../out)" "^WERROR is 1$"
is "  on what is committed" "$(grep -c uncommitted ../out)" 0
like "  its budget is said first" "$(cat ../out)" \
    "^== the README's test command \(budget [0-9]+ min\)"
like "  and what it took" "$(cat ../out)" \
    "^== the README's test command: [0-9]+ s of [0-9]+ min"
is "nothing of the folder has changed" "$(git status --short)" "?? uncommitted"
printf 'check:\n\tfalse\n' >Makefile
commit second
code "a step that fails fails all" 1 .ci/run "test command"
like "  and is named" "$(cat "$SCRATCH/.err")" \
    "^CI: 'the README's test command' failed: exit 2"
sed 's/^step 15 "the README/step 0.02 "the README/; s/%2d min/%s min/; s/%d min/%s min/g
  s/\$((budget \* 60))/1/' .ci/run >run && mv run .ci/run && chmod +x .ci/run
printf 'check:\n\tsleep 60\n' >Makefile
commit third
code "a step over its budget" 1 .ci/run "test command"
like "  says so" "$(cat "$SCRATCH/.err")" "takes more than its 0.02 minutes"
cd ..
is "every step has a budget" "$("$ROOT/.ci/run" --list | grep -cv '^ *[1-9][0-9]* min  .')" 0

# --- a test that hangs --------------------------------------------------------
printf '#!/bin/sh\necho ok 1\nsleep 100\n' >hangs
chmod +x hangs
code "a test that hangs has failed" 1 \
    env KITH_TEST_SECONDS=1 "$ROOT/scripts/check" "$PWD/hangs"
like "  and is named" "$(cat .out .err)" "/hangs .*Wstat: 31744 .exited 124"

# --- Debian 13 ----------------------------------------------------------------
mkdir bin
echo 'echo 0' >bin/id
for p in unshare debootstrap apt-get; do : >bin/$p; done
sed -i '1i #!/bin/sh' bin/id
for p in unshare debootstrap apt-get; do echo '#!/bin/sh' >bin/$p; done
chmod +x bin/*
PATH=$PWD/bin:$PATH
is "Debian 13 without a source" "$("$ROOT/.ci/debian13" cache 2>&1; echo $?)" \
    "Debian 13: skipped: apt has no source of Debian packages (/etc/apt/sources.list)
0"
printf '#!/bin/sh\necho http://security.debian.org/debian-security\n' >bin/apt-get
like "  with none but that of security updates" \
    "$("$ROOT/.ci/debian13" cache 2>&1)" "skipped: apt has no source"
printf '#!/bin/sh\nexit 100\n' >bin/apt-get
like "  where apt fails" "$("$ROOT/.ci/debian13" cache 2>&1)" \
    "skipped: apt does not say"
done_testing
