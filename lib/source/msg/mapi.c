#include "source/msg/mapi.h"

#include <stdio.h>

#include "core/buf.h"
#include "core/time.h"
#include "source/msg/codepage.h"

/* What a property holds, MS-OXCDATA 2.11.1. */
enum {
	T_SHORT = 0x0002,
	T_LONG = 0x0003,
	T_TRUTH = 0x000b,
	T_OBJECT = 0x000d,
	T_LONG_LONG = 0x0014,
	T_BYTES_TEXT = 0x001e,
	T_TEXT = 0x001f,
	T_TIME = 0x0040,
	T_BYTES = 0x0102,
};

enum {
	NUMBER = 16, /* bytes of one in the stream */
	VALUE = 8, /* where in it */
	UTF16_PAGE = 1200,
};
/* Of 100 ns between 1601 and 1970. */
#define EPOCH INT64_C(116444736000000000)

void
mapi_fail(struct mapi_file *f, const char *why)
{
	if (!f->bad)
		err_set(&f->why, "%s", why);
	f->bad = true;
}

static struct str
stream(struct mapi_file *f, int entry)
{
	struct str s;
	struct err e;

	if (entry == CFB_NONE)
		return STR_NONE;
	if (cfb_read(&f->cfb, entry, &s, &e) == 0)
		return s;
	mapi_fail(f, e.msg);
	return STR_NONE;
}

static int
find(const struct mapi *m, enum mapi_property id, unsigned type)
{
	char name[32];

	snprintf(
	    name, sizeof(name), "__substg1.0_%04X%04X", (unsigned)id, type);
	return cfb_find(&m->file->cfb, m->storage, str_of(name));
}

void
mapi_open(struct mapi *m, struct mapi_file *f, int storage, enum mapi_kind kind,
    unsigned page)
{
	struct str s = stream(
	    f, cfb_find(&f->cfb, storage, STR("__properties_version1.0")));
	int64_t own;

	*m = (struct mapi){ f, storage, str_sub(s, kind, s.n), page };
	if (kind == MAPI_PART)
		return;
	if (mapi_number(m, MAPI_PAGE, &own) && own > 0 && own < 1 << 16)
		m->page = (unsigned)own;
}

static uint64_t
little(struct str s, size_t at, size_t n)
{
	uint64_t v = 0;

	for (; n > 0; n--)
		v = v << 8 | (unsigned char)s.p[at + n - 1];
	return v;
}

bool
mapi_number(const struct mapi *m, enum mapi_property id, int64_t *out)
{
	struct str s = m->numbers;

	for (size_t i = 0; i + NUMBER <= s.n; i += NUMBER) {
		if (little(s, i + 2, 2) != id)
			continue;
		switch (little(s, i, 2)) {
		case T_SHORT:
		case T_TRUTH:
			*out = (int64_t)little(s, i + VALUE, 2);
			return true;
		case T_LONG:
			*out = (int32_t)little(s, i + VALUE, 4);
			return true;
		case T_LONG_LONG:
		case T_TIME:
			*out = (int64_t)little(s, i + VALUE, 8);
			return true;
		default:
			break;
		}
	}
	return false;
}

int64_t
mapi_time(const struct mapi *m, enum mapi_property id)
{
	int64_t ticks;

	/* Of 1601 is who left it empty. */
	if (!mapi_number(m, id, &ticks) || ticks < EPOCH / 4)
		return TIME_NONE;
	return (ticks - EPOCH) / 10;
}

static struct str
decode(const struct mapi *m, struct str s, unsigned page)
{
	struct buf b;

	if (page == UTF16_PAGE)
		while (s.n >= 2 && s.p[s.n - 1] == '\0' && s.p[s.n - 2] == '\0')
			s.n -= 2;
	else
		while (s.n > 0 && s.p[s.n - 1] == '\0')
			s.n--;
	buf_init(&b, 4 * s.n + 1024);
	codepage_decode(s, page, &b);
	s = arena_dup(m->file->arena, buf_str(&b));
	buf_release(&b);
	return s;
}

struct str
mapi_text(const struct mapi *m, enum mapi_property id)
{
	struct str s = stream(m->file, find(m, id, T_TEXT));

	if (s.p != NULL)
		return decode(m, s, UTF16_PAGE);
	s = stream(m->file, find(m, id, T_BYTES_TEXT));
	return s.p == NULL ? s : decode(m, s, m->page);
}

struct str
mapi_line(const struct mapi *m, enum mapi_property id)
{
	struct str s = mapi_text(m, id);
	char *p = (char *)(uintptr_t)s.p;

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)p[i] < ' ' || p[i] == 0x7f)
			p[i] = ' ';
	s = str_trim(s);
	return s.n == 0 ? STR_NONE : s;
}

struct str
mapi_bytes(const struct mapi *m, enum mapi_property id)
{
	return stream(m->file, find(m, id, T_BYTES));
}

int
mapi_object(const struct mapi *m, enum mapi_property id)
{
	int entry = find(m, id, T_OBJECT);

	return cfb_is_storage(&m->file->cfb, entry) ? entry : CFB_NONE;
}
