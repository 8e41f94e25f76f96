#include "core/io/archive.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/io/file.h"
#include "core/time.h"
#include "tap.h"

static struct err e;

/* A zip file in memory, stored; cd: with its directory. */
struct member {
	const char *name, *text;
	uint16_t flags;
};

static void
le(struct buf *b, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_add_char(b, i < 8 ? (char)(v >> (8 * i)) : 0);
}

static uint32_t
crc(struct str s)
{
	uint32_t c = UINT32_MAX;

	for (size_t i = 0; i < s.n; i++) {
		c ^= (unsigned char)s.p[i];
		for (int k = 0; k < 8; k++)
			c = c >> 1 ^ (c & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~c;
}

static void
zip_common(struct buf *b, const struct member *m)
{
	struct str text = str_of(m->text);

	le(b, 20, 2);
	le(b, m->flags, 2);
	le(b, 0, 2); /* stored */
	le(b, 0, 2); /* 00:00:00 */
	le(b, (44 << 9) | (5 << 5) | 1, 2); /* 2024-05-01 */
	le(b, crc(text), 4);
	le(b, text.n, 4);
	le(b, text.n, 4);
	le(b, strlen(m->name), 2);
	le(b, 0, 2);
}

static void
zip(struct buf *b, const struct member *m, size_t n)
{
	size_t at[16], start;

	buf_init(b, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		at[i] = b->n;
		buf_add_z(b, "PK\x03\x04");
		zip_common(b, &m[i]);
		buf_add_z(b, m[i].name);
		buf_add_z(b, m[i].text);
	}
	start = b->n;
	for (size_t i = 0; i < n; i++) {
		buf_add_z(b, "PK\x01\x02");
		le(b, 20, 2);
		zip_common(b, &m[i]);
		le(b, 0, 10);
		le(b, at[i], 4);
		buf_add_z(b, m[i].name);
	}
	at[0] = b->n;
	buf_add_z(b, "PK\x05\x06");
	le(b, 0, 4);
	le(b, n, 2);
	le(b, n, 2);
	le(b, at[0] - start, 4);
	le(b, start, 4);
	le(b, 0, 2);
}

/* All of an archive as one text: name=bytes; and (what went wrong). */
static struct str
all(struct unpacker *z)
{
	static struct buf out = { .max = 1 << 20 };
	struct unpack_entry entry;
	int rc;

	buf_reset(&out);
	if (z == NULL) {
		buf_printf(&out, "NULL %s", e.msg);
		return buf_str(&out);
	}
	while ((rc = unpack_next(z, &entry, &e)) != 0) {
		char got[7];
		ptrdiff_t n;

		if (rc < 0) {
			buf_printf(&out, "(%s)", e.msg);
			continue;
		}
		buf_printf(&out, "%s=", entry.name);
		while ((n = unpack_read(z, got, sizeof(got), &e)) > 0)
			buf_add(&out, got, (size_t)n);
		if (n < 0)
			buf_printf(&out, "(%s)", e.msg);
		buf_add_char(&out, ';');
	}
	unpack_close(z);
	return buf_str(&out);
}

static void
archives(void)
{
	static const struct member members[] = {
		{ "a.txt", "hello, this is a", 0 },
		{ "dir/", "", 0 },
		{ "dir/\xc3\xa4.txt", "umlaut", 0x800 },
		{ "dir/\xe4.txt", "latin", 0 },
		{ "empty", "", 0 },
	};
	static const struct member bad[] = {
		{ "../../etc/passwd", "x", 0 },
		{ "/etc/passwd", "y", 0 },
		{ "ok/../..", "z", 0 },
		{ "fine..txt", "w", 0 },
	};
	struct unpack_entry entry;
	struct unpacker *z;
	struct buf b;

	zip(&b, members, 5);
	ok(unpack_is(buf_str(&b)) && unpack_is_archive(buf_str(&b)),
	    "told by its first bytes");
	is_str(all(unpack_memory(buf_str(&b), &e)),
	    "a.txt=hello, this is a;dir/\xc3\xa4.txt=umlaut;"
	    "dir/\xef\xbf\xbd.txt=latin;empty=;",
	    "a zip in memory");
	z = unpack_memory(buf_str(&b), &e);
	ok(unpack_next(z, &entry, &e) == 1 && entry.size == 16, "its size");
	ok(entry.mtime > INT64_C(1714400000) * TIME_SECOND &&
		entry.mtime < INT64_C(1714700000) * TIME_SECOND,
	    "and its time");
	unpack_close(z);
	/* Cut in the last text but one: the local heads are left. */
	b.n = 152;
	ok(str_starts(all(unpack_memory(buf_str(&b), &e)),
	       STR("a.txt=hello, this is a;dir/\xc3\xa4.txt=umlaut;")),
	    "cut off: what is there comes out");
	ok(str_find(all(unpack_memory(buf_str(&b), &e)), STR("(the ")) > 0,
	    "and the sentence behind it");
	b.n = 10;
	ok(str_find(all(unpack_memory(buf_str(&b), &e)), STR("the ")) >= 0,
	    "cut in the head");
	buf_release(&b);
	zip(&b, bad, 4);
	is_str(all(unpack_memory(buf_str(&b), &e)),
	    "('../../etc/passwd' is refused: '..' in the name)"
	    "('/etc/passwd' is refused: the name is absolute)"
	    "('ok/../..' is refused: '..' in the name)fine..txt=w;",
	    "names that lead out; the rest comes out");
	buf_release(&b);
	ok(str_find(all(unpack_memory(STR("no archive at all"), &e)),
	       STR("no")) >= 0,
	    "no archive");
	ok(!unpack_is(STR("{\"a\":1}")) && !unpack_is(STR("BZh9 text")) &&
		!unpack_is(STR("")),
	    "text is none");
}

static void
command(const char *dir, const char *text)
{
	char all_of_it[512];

	snprintf(all_of_it, sizeof(all_of_it), "cd %s && %s", dir, text);
	/* NOLINTNEXTLINE */
	if (system(all_of_it) != 0)
		printf("# %s fails\n", text);
}

static void
tars(const char *dir)
{
	char path[128];

	command(dir, "mkdir d && echo one >d/1 && echo two >d/2 && "
		     "ln -s 1 d/link && tar cf t.tar ./d && "
		     "tar czf t.tar.gz d/1 d/2");
	snprintf(path, sizeof(path), "%s/t.tar", dir);
	ok(str_find(all(unpack_archive(path, &e)), STR("d/1=one\n;")) >= 0,
	    "a tar file");
	snprintf(path, sizeof(path), "%s/t.tar.gz", dir);
	is_str(all(unpack_archive(path, &e)), "d/1=one\n;d/2=two\n;",
	    "a compressed one");
	ok(unpack_archive("/nowhere/x.zip", &e) == NULL, "no such file");
	command(dir, "rm -r d t.tar t.tar.gz");
}

/* One tar member of 200 MB of zeros, compressed to some 200 KB. */
static void
bomb(const char *dir)
{
	char path[128];
	struct unpack_entry entry;
	struct unpacker *z;
	static char block[65536];
	ptrdiff_t n = 0;
	int64_t sum = 0;

	command(dir, "truncate -s 200M zeros && head -c 10M zeros | gzip >z && "
		     "{ tar cf - zeros 2>/dev/null | head -c 512 | gzip; "
		     "for i in $(seq 20); do cat z; done; } >bomb.tgz && rm z");
	snprintf(path, sizeof(path), "%s/bomb.tgz", dir);
	z = unpack_archive(path, &e);
	ok(z != NULL && unpack_next(z, &entry, &e) == 1, "it opens");
	while (z != NULL && (n = unpack_read(z, block, sizeof(block), &e)) > 0)
		sum += n;
	ok(n < 0 && sum < 80 << 20, "and is stopped");
	ok(str_find(str_of(e.msg), STR("bomb")) > 0, "with the reason");
	if (z != NULL)
		is_int(unpack_next(z, &entry, &e), 0, "nothing comes after");
	unpack_close(z);
	command(dir, "rm zeros bomb.tgz");
}

int
main(void)
{
	char dir[] = "/tmp/kith-inflate.XXXXXX";

	if (mkdtemp(dir) == NULL)
		abort();
	archives();
	tars(dir);
	bomb(dir);
	ok(rmdir(dir) == 0, "nothing is left");
	return done();
}
