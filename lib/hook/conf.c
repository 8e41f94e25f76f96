#include "hook/conf.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>

#include "core/hash.h"

static const char first[] = "kith-hook 1\n";

const char *const hook_algorithms[] = { "sha256", "sha1", "sha512", "ed25519",
	"equal", NULL };
const char *const hook_codings[] = { "hex", "base64", "text", NULL };
const char *const hook_units[] = { "s", "ms", "rfc3339", NULL };
const char *const hook_places[] = { "query", "json", "unsigned", "post", NULL };
const char *const hook_answers[] = { "query", "json", "header", "text", NULL };

int
hook_word(const char *const *words, struct str s)
{
	for (int i = 0; words[i] != NULL; i++)
		if (str_is(s, words[i]))
			return i;
	return -1;
}

enum kind {
	KIND_TEXT,
	KIND_WORD, /* of a list */
	KIND_FLAG,
	KIND_COUNT,
	KIND_HEX,
	KIND_SECRET,
	KIND_CHALLENGE
};

struct line {
	const char *key;
	enum kind kind;
	size_t at;
	const char *const *words;
};

#define AT(member) offsetof(struct hook_rule, member)

/* In the order in which they are written; `source` begins a rule. */
static const struct line lines[] = {
	{ "source", KIND_TEXT, AT(source), NULL },
	{ "service", KIND_TEXT, AT(service), NULL },
	{ "algorithm", KIND_WORD, AT(algorithm), hook_algorithms },
	{ "header", KIND_TEXT, AT(header), NULL },
	{ "query", KIND_TEXT, AT(query), NULL },
	{ "list", KIND_TEXT, AT(list), NULL },
	{ "member", KIND_TEXT, AT(member), NULL },
	{ "prefix", KIND_TEXT, AT(prefix), NULL },
	{ "several", KIND_FLAG, AT(several), NULL },
	{ "coding", KIND_WORD, AT(coding), hook_codings },
	{ "signed", KIND_TEXT, AT(sign), NULL },
	{ "time", KIND_TEXT, AT(time), NULL },
	{ "unit", KIND_WORD, AT(unit), hook_units },
	{ "tolerance", KIND_COUNT, AT(tolerance), NULL },
	{ "digest", KIND_TEXT, AT(digest), NULL },
	{ "url", KIND_TEXT, AT(url), NULL },
	{ "challenge", KIND_CHALLENGE, 0, NULL },
	{ "word", KIND_HEX, AT(word), NULL },
	{ "secret", KIND_SECRET, 0, NULL },
};

enum { LINES = sizeof(lines) / sizeof(*lines) };

static void
add_hex(struct buf *out, struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i++) {
		buf_add_char(
		    out, ASCII_HEX_LOWER[(unsigned char)bytes.p[i] >> 4]);
		buf_add_char(out, ASCII_HEX_LOWER[bytes.p[i] & 15]);
	}
}

static void
add_line(struct buf *out, const char *key, struct str value)
{
	buf_add_z(out, key);
	buf_add_char(out, ' ');
	buf_add_str(out, value);
	buf_add_char(out, '\n');
}

static void
add_challenge(struct buf *out, const struct hook_challenge *c)
{
	buf_printf(out, "challenge %s %.*s %.*s %.*s %s %.*s\n",
	    hook_places[c->place], STR_ARG(c->name),
	    STR_ARG(c->value.p == NULL ? STR("*") : c->value),
	    STR_ARG(c->word.p == NULL ? STR("-") : c->word),
	    hook_answers[c->from], STR_ARG(c->answer));
}

static void
add(struct buf *out, const struct hook_rule *r, const struct line *l)
{
	const void *at = (const char *)r + l->at;
	const struct str *s = at;

	switch (l->kind) {
	case KIND_TEXT:
		if (s->n > 0)
			add_line(out, l->key, *s);
		break;
	case KIND_WORD:
		add_line(out, l->key, str_of(l->words[*(const int *)at]));
		break;
	case KIND_FLAG:
		if (*(const bool *)at)
			add_line(out, l->key, STR("yes"));
		break;
	case KIND_COUNT:
		if (*(const int64_t *)at > 0)
			buf_printf(out, "%s %" PRId64 "\n", l->key,
			    *(const int64_t *)at);
		break;
	case KIND_CHALLENGE:
		for (size_t i = 0; i < r->challenge_count; i++)
			add_challenge(out, &r->challenges[i]);
		break;
	case KIND_HEX:
		if (s->n == 0)
			break;
		buf_printf(out, "%s ", l->key);
		add_hex(out, *s);
		buf_add_char(out, '\n');
		break;
	case KIND_SECRET:
		for (size_t i = 0; i < r->secret_count; i++) {
			buf_printf(out, "%s ", l->key);
			add_hex(out, r->secrets[i]);
			buf_add_char(out, '\n');
		}
	}
}

void
hook_conf_begin(struct buf *out, struct str workspace)
{
	buf_add_z(out, first);
	add_line(out, "workspace", workspace);
}

void
hook_conf_add(struct buf *out, const struct hook_rule *r)
{
	for (size_t i = 0; i < LINES; i++)
		add(out, r, &lines[i]);
}

static void
add_sum(struct buf *out, struct str text)
{
	uint8_t sum[32];

	hash_sha256(text.p, text.n, sum);
	add_hex(out, str_make((const char *)sum, sizeof(sum)));
}

void
hook_conf_end(struct buf *out)
{
	size_t n = out->n;

	buf_add_z(out, "sum ");
	add_sum(out, str_make(out->p, n));
	buf_add_char(out, '\n');
}

/* The text without its sum; absent where that is not right. */
static struct str
summed(struct str text)
{
	struct str body = str_sub(text, 0, text.n < 69 ? 0 : text.n - 69);
	struct buf want;
	bool good;

	buf_init(&want, 128);
	buf_add_z(&want, "sum ");
	add_sum(&want, body);
	buf_add_char(&want, '\n');
	good =
	    body.n > 0 && str_eq(str_sub(text, body.n, text.n), buf_str(&want));
	buf_release(&want);
	return good ? body : STR_NONE;
}

/* Absent where it is none. */
static struct str
unhex(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n / 2 + 1);

	if (s.n == 0 || s.n % 2 != 0)
		return STR_NONE;
	for (size_t i = 0; i < s.n / 2; i++) {
		int high = ascii_hex(s.p[2 * i]);
		int low = ascii_hex(s.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return STR_NONE;
		to[i] = (char)(high * 16 + low);
	}
	return str_make(to, s.n / 2);
}

static int
read_challenge(struct str value, struct hook_rule *r)
{
	struct str part[5], rest = value;
	struct hook_challenge *c = &r->challenges[r->challenge_count];
	int place, from;

	for (int i = 0; i < 5; i++)
		part[i] = rest.p == NULL ? STR_NONE : str_split(&rest, ' ');
	place = hook_word(hook_places, part[0]);
	from = hook_word(hook_answers, part[4]);
	if (place < 0 || from < 0 || part[1].n == 0 || rest.n == 0 ||
	    r->challenge_count == HOOK_CHALLENGES)
		return -1;
	*c = (struct hook_challenge){ .place = (enum hook_place)place,
		.name = part[1],
		.value = str_is(part[2], "*") ? STR_NONE : part[2],
		.word = str_is(part[3], "-") ? STR_NONE : part[3],
		.from = (enum hook_answer)from,
		.answer = rest };
	r->challenge_count++;
	return 0;
}

static int
read_value(const struct line *l, struct str value, struct arena *a,
    struct hook_rule *r)
{
	void *at = (char *)r + l->at;
	struct str bytes;

	switch (l->kind) {
	case KIND_TEXT:
		*(struct str *)at = value;
		return 0;
	case KIND_WORD:
		*(int *)at = hook_word(l->words, value);
		return *(int *)at < 0 ? -1 : 0;
	case KIND_FLAG:
		return (*(bool *)at = str_is(value, "yes")) ? 0 : -1;
	case KIND_COUNT:
		return str_to_int(value, at);
	case KIND_CHALLENGE:
		return read_challenge(value, r);
	default:
		bytes = unhex(value, a);
		if (bytes.p == NULL || r->secret_count == HOOK_SECRETS)
			return -1;
		if (l->kind == KIND_HEX)
			*(struct str *)at = bytes;
		else
			r->secrets[r->secret_count++] = bytes;
		return 0;
	}
}

/* One line into the rule in hand.  0, or -1 where it is none of ours. */
static int
read_line(struct str line, struct arena *a, struct hook_rule *r)
{
	struct str value = line, key = str_split(&value, ' ');

	for (size_t i = 0; i < LINES; i++)
		if (str_is(key, lines[i].key))
			return value.n == 0
				   ? -1
				   : read_value(&lines[i], value, a, r);
	return -1;
}

int
hook_conf_read(struct str text, struct str source, struct arena *a,
    struct hook_rule *out, struct str *workspace, struct err *e)
{
	struct str rest, line;
	struct hook_rule r = { 0 };
	int found = 0;

	if (!str_starts(text, str_of(first)))
		return err_set(e, "it is of another version of kith; run 'kith "
				  "ingest --hook-setup' again");
	rest = summed(text);
	if (rest.p == NULL)
		return err_set(e, "it is damaged: its sum is wrong; run 'kith "
				  "ingest --hook-setup' again");
	rest = str_sub(rest, sizeof(first) - 1, rest.n);
	line = str_split(&rest, '\n');
	if (!str_starts(line, STR("workspace /")))
		return err_set(e, "it does not name its workspace file");
	*workspace = str_sub(line, strlen("workspace "), line.n);
	while (rest.n > 0) {
		line = str_split(&rest, '\n');
		if (str_starts(line, STR("source "))) {
			if (found == 0 && source.n > 0 &&
			    str_eq(r.source, source)) {
				*out = r;
				found = 1;
			}
			r = (struct hook_rule){ 0 };
		}
		if (read_line(line, a, &r) < 0)
			return err_set(e, "'%.*s' is no line of it",
			    STR_ARG(str_sub(line, 0, 40)));
	}
	if (found == 0 && source.n > 0 && str_eq(r.source, source)) {
		*out = r;
		found = 1;
	}
	return found;
}

int
hook_conf_check_age(
    const char *conf, struct str workspace, struct arena *a, struct err *e)
{
	struct stat made, of;

	if (stat(conf, &made) < 0)
		return err_sys(e, errno, "%s", conf);
	if (stat(arena_cstr(a, workspace), &of) < 0)
		return 0;
	if (of.st_mtim.tv_sec < made.st_mtim.tv_sec ||
	    (of.st_mtim.tv_sec == made.st_mtim.tv_sec &&
		of.st_mtim.tv_nsec <= made.st_mtim.tv_nsec))
		return 0;
	return err_set(e,
	    "%s is older than %.*s; run 'kith ingest --hook-setup' again", conf,
	    STR_ARG(workspace));
}
