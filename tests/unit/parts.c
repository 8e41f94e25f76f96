/* The small parts of lib/core: buffers, arena, map, slices, escapes, errors,
 * hashes, files. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/hash.h"
#include "core/io/file.h"
#include "core/map.h"
#include "core/text/base64.h"
#include "core/text/terminal.h"
#include "core/text/utf8.h"
#include "json/escape.h"
#include "tap.h"

static void
buffers(void)
{
	struct buf b;

	buf_init(&b, 1000);
	is_str(buf_str(&b), "", "empty, not absent");
	is_str(str_of(buf_cstr(&b)), "", "also as a C string");
	ok(buf_add_z(&b, "abc") == 0 && buf_add(&b, NULL, 0) == 0, "add");
	ok(buf_printf(&b, "%d-%s", 7, "x") == 0, "print");
	is_str(buf_str(&b), "abc7-x", "both");
	buf_cut(&b, 2);
	is_str(str_of(buf_cstr(&b)), "ab", "cut");
	ok(buf_room(&b, 999) == NULL && b.over, "past the ceiling");
	ok(buf_add_char(&b, 'c') < 0 && b.n == 2, "nothing is added then");
	buf_reset(&b);
	ok(buf_room(&b, 1000) != NULL && b.cap == 1000, "up to the ceiling");
	for (int i = 0; i < 1000; i++)
		buf_add_char(&b, 'x');
	ok(b.n == 1000 && !b.over, "full");
	ok(buf_printf(&b, "y") < 0, "one more");
	for (size_t i = 0; i < BUF_PAD; i++)
		ok(b.p[1000 + i] == 0 || i > 0, "the padding is there");
	buf_release(&b);
	ok(b.max == 1000 && b.p == NULL, "released");
}

static void
arenas(void)
{
	struct arena a = { 0 };
	size_t held;
	char *p;

	p = arena_alloc(&a, 0);
	ok(p != NULL && ((uintptr_t)p & 15) == 0, "nothing is something");
	p = arena_calloc(&a, 100, 1000);
	ok(p[0] == 0 && p[99999] == 0, "zeroed and large");
	is_str(arena_printf(&a, "%s", "abc"), "abc", "print");
	for (int i = 0; i < 20000; i++) {
		struct str one = arena_printf(&a, "%d:%0*d", i, i % 100, i);
		char want[128];

		snprintf(want, sizeof(want), "%d:%0*d", i, i % 100, i);
		if (!str_is(one, want) || one.p[one.n] != '\0')
			is_str(one, want, "print, to the end of a block");
	}
	is_str(str_of(arena_cstr(&a, STR("de"))), "de", "C string");
	held = arena_held(&a);
	for (int i = 0; i < 1000; i++) {
		arena_reset(&a);
		arena_alloc(&a, 100000);
		arena_alloc(&a, 10);
	}
	is_int((int64_t)arena_held(&a), (int64_t)held, "resets keep blocks");
	for (size_t n = 0; n < 1 << 20; n += 1000) {
		arena_reset(&a);
		arena_alloc(&a, 10);
		arena_alloc(&a, n);
	}
	ok(arena_held(&a) < 4 << 20, "growing wishes leave no heap behind");
	arena_release(&a);
	is_int((int64_t)arena_held(&a), 0, "released");
}

static void
maps(void)
{
	struct map m = { 0 };
	bool fresh, good = true;
	char key[32];

	ok(map_get(&m, STR("a")) == NULL, "empty");
	ok(map_soon(&m, map_hash(STR("a")), MAP_SLOT) == SIZE_MAX &&
		map_soon(&m, map_hash(STR("a")), MAP_ENTRY) == SIZE_MAX,
	    "nothing to load");
	*map_put(&m, STR(""), &fresh) = 7;
	ok(fresh && *map_get(&m, STR("")) == 7, "the empty key is one");
	ok(map_soon(&m, map_hash(STR("")), MAP_ENTRY) == 0 &&
		map_soon(&m, map_hash(STR("")), MAP_KEY) == 0,
	    "its entry is known");
	for (int round = 0; round < 3; round++) {
		int n = round == 1 ? 10 : 10000;

		map_reset(&m);
		for (int i = 0; i < 2 * n; i++) {
			int k = snprintf(key, sizeof(key), "key%d", i % n);
			uint64_t *v =
			    map_put(&m, str_make(key, (size_t)k), &fresh);

			good &= fresh == (i < n);
			good &= *v == (fresh ? 0 : (uint64_t)(i - n));
			*v = (uint64_t)i;
		}
		ok(good && m.n == (size_t)n, "put and found again");
		ok(map_get(&m, STR("other")) == NULL, "not there");
		is_str(m.entries[9].key, "key9", "in order of insertion");
	}
	map_reset(&m);
	ok(map_get(&m, STR("key1")) == NULL, "reset");
	map_release(&m);
}

static void
slices(void)
{
	struct str rest = STR("a,,b,"), s;
	int64_t n;
	int pieces = 0;

	while (rest.p != NULL) {
		s = str_split(&rest, ',');
		pieces++;
	}
	ok(pieces == 4 && s.n == 0 && s.p != NULL, "split");
	rest = STR("one\r\ntwo\n");
	is_str(str_line(&rest), "one", "CRLF");
	is_str(str_line(&rest), "two", "LF");
	ok(rest.p == NULL, "no empty line behind the last");
	is_str(str_trim(STR(" \t a b \r\n")), "a b", "trim");
	is_str(str_sub(STR("abc"), 5, 1), "", "a part past the end");
	is_str(str_sub(STR_NONE, 0, 1), NULL, "a part of nothing");
	ok(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0,
	    "order");
	ok(str_to_int(STR("-9223372036854775808"), &n) == 0 && n == INT64_MIN,
	    "the least");
	ok(str_to_int(STR("9223372036854775807"), &n) == 0 && n == INT64_MAX,
	    "the greatest");
	ok(str_to_int(STR("9223372036854775808"), &n) < 0, "one more");
	ok(str_to_int(STR("-"), &n) < 0 && str_to_int(STR(""), &n) < 0 &&
		str_to_int(STR("1 "), &n) < 0,
	    "no numbers");
	is_int(str_find(STR("aab"), STR("ab")), 1, "find");
	is_int(str_find_nocase(STR("xAB"), STR("ab")), 1, "without case");
	is_int(str_find_nocase(STR("x"), STR("ab")), -1, "too short");
	ok(utf8_is_valid(STR("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80zzzzzzzz")),
	    "UTF-8");
	ok(!utf8_is_valid(STR("\xc0\xaf")) &&
		!utf8_is_valid(STR("\xed\xa0\x80")) &&
		!utf8_is_valid(STR("aaaaaaaa\xe2\x82")) &&
		!utf8_is_valid(STR("\xf4\x90\x80\x80")) &&
		!utf8_is_valid(STR("\x80")),
	    "overlong, surrogate, cut, too far, alone");
}

static void
escapes(void)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	json_escape(&b, STR("plain text of more than eight bytes"));
	is_str(buf_str(&b), "plain text of more than eight bytes", "plain");
	buf_reset(&b);
	json_escape(&b, STR("\"\\\b\f\n\r\t\x01\x1f\0\x7f/"));
	is_str(buf_str(&b), "\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\\u0000\x7f/",
	    "escaped");
	buf_reset(&b);
	json_escape(&b, STR("a\xff\xc3\xa4\xc3\xe2\x82z\xe2\x82"));
	is_str(buf_str(&b),
	    "a\xef\xbf\xbd\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz"
	    "\xef\xbf\xbd\xef\xbf\xbd",
	    "what is no UTF-8");
	/* Every byte at every place of a word. */
	for (unsigned c = 1; c < 256; c++)
		for (size_t at = 0; at < 16; at++) {
			char text[17] = "0123456789abcdef";
			bool plain =
			    c >= 0x20 && c != '"' && c != '\\' && c < 0x80;

			text[at] = (char)c;
			buf_reset(&b);
			json_escape(&b, str_make(text, 16));
			if ((b.n == 16) != plain || b.p[b.n - 1] == '\0') {
				ok(false, "every byte at every place");
				printf("# %u at %zu\n", c, at);
			}
		}
	buf_reset(&b);
	base64_add(&b, STR(""));
	is_str(buf_str(&b), "", "base64");
	base64_add(&b, STR("f"));
	base64_add(&b, STR("fo"));
	base64_add(&b, STR("foo"));
	base64_add(&b, STR("\xff\xfe\xfd\xfc"));
	is_str(buf_str(&b), "Zg==Zm8=Zm9v//79/A==", "RFC 4648");
	buf_reset(&b);
	terminal_text(
	    &b, STR("a\x1b[1m\xc2\x9b\xe2\x80\xae\xc3\xa4\x9b\xe2\x80"));
	is_str(buf_str(&b),
	    "a\\x1b[1m\\xc2\\x9b\\xe2\\x80\\xae\xc3\xa4\\x9b\\xe2\\x80",
	    "what steers a terminal");
	buf_release(&b);
}

static void
errors(void)
{
	struct err e;
	char big[3000];

	ok(err_set(&e, "a %d", 1) == -1 && e.code == ERR_FAIL, "set");
	err_prefix(&e, "%s", "b");
	is_str(str_of(e.msg), "b: a 1", "prefix");
	err_again(&e, "later");
	ok(e.code == ERR_AGAIN, "again");
	err_prefix(&e, "x");
	ok(e.code == ERR_AGAIN, "a prefix keeps the code");
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	err_sys(&e, 2, "%s", big);
	is_int((int64_t)strlen(e.msg), sizeof(e.msg) - 1, "cut, not over");
	err_prefix(&e, "%s", big);
	is_int((int64_t)strlen(e.msg), sizeof(e.msg) - 1, "likewise");
}

static void
hashes(void)
{
	/* The vectors of the SipHash reference, with 1 and 3 rounds. */
	static const uint8_t key[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
		12, 13, 14, 15 };
	struct str ab[] = { { "a", 1 }, { "b", 1 } }, a_b[] = { { "ab", 2 } };
	char id[ID_SIZE], other[ID_SIZE], again[ID_SIZE];
	uint8_t digest[32], mac[HASH_MOST];

	ok(hash_sip13(key, "", 0) != hash_sip13(key, "\0", 1), "length counts");
	ok(hash_keyed("x", 1) == hash_keyed("x", 1), "the same in a process");
	ok(hash_sip13(key, "abcdefgh", 8) == hash_sip13(key, "abcdefgh", 8) &&
		hash_sip13(key, "abcdefgh", 8) !=
		    hash_sip13(key, "abcdefgi", 8),
	    "whole words");
	hash_sha256("abc", 3, digest);
	ok(memcmp(digest, "\xba\x78\x16\xbf\x8f\x01\xcf\xea", 8) == 0,
	    "SHA-256 of abc (FIPS 180-4)");
	hash_mac(
	    HASH_SHA256, STR("Jefe"), STR("what do ya want for nothing?"), mac);
	ok(memcmp(mac, "\x5b\xdc\xc1\x46\xbf\x60\x75\x4e", 8) == 0,
	    "HMAC-SHA-256 (RFC 4231, case 2)");
	hash_mac(HASH_SHA256, STR(""), STR(""), mac);
	ok(memcmp(mac, "\xb6\x13\x67\x9a\x08\x14\xd9\xec", 8) == 0,
	    "HMAC of nothing under nothing");
	id_make(id, 'm', ab, 2);
	id_make(other, 'm', a_b, 1);
	id_make(again, 'm', ab, 2);
	ok(strlen(id) == 27 && id[0] == 'm' && strcmp(id, other) != 0 &&
		strcmp(id, again) == 0,
	    "ids");
}

static void
files(void)
{
	char dir[] = "/tmp/kith-unit.XXXXXX", path[64], state[48];
	struct buf b;
	struct err e;
	struct stat st;
	int lock;

	if (mkdtemp(dir) == NULL)
		abort();
	snprintf(path, sizeof(path), "%s/f", dir);
	snprintf(state, sizeof(state), "%s/state", dir);
	ok(file_write_durable(path, STR("hello"), 0600, &e) == 0, "write");
	ok(file_write_durable(path, STR("hello2"), 0600, &e) == 0, "again");
	buf_init(&b, 6);
	ok(file_read(path, &b, &e) == 0, "read up to the ceiling");
	is_str(buf_str(&b), "hello2", "what was written");
	buf_release(&b);
	buf_init(&b, 5);
	ok(file_read(path, &b, &e) < 0, "past the ceiling");
	ok(file_read(dir, &b, &e) < 0, "a folder");
	buf_release(&b);
	lock = file_lock(state, "x", &e);
	ok(lock >= 0 && stat(state, &st) == 0 && (st.st_mode & 0777) == 0700,
	    "a lock makes its folder");
	ok(file_lock(state, "x", &e) < 0 && e.code == ERR_AGAIN, "held");
	close(lock);
	lock = file_lock(state, "x", &e);
	ok(lock >= 0, "given back");
	close(lock);
	ok(file_make_dir(path, &e) < 0, "a file is no folder");
	ok(file_write_durable("/nowhere/at/all", STR(""), 0600, &e) < 0,
	    "no such folder");
	unlink(path);
	snprintf(path, sizeof(path), "%s/x.lock", state);
	unlink(path);
	rmdir(state);
	ok(rmdir(dir) == 0, "nothing is left behind");
}

int
main(void)
{
	buffers();
	arenas();
	maps();
	slices();
	escapes();
	errors();
	hashes();
	files();
	return done();
}
