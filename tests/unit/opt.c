#include "core/opt.h"

#include "core/time.h"
#include "tap.h"

struct own {
	bool flag;
	int count, choice;
	const char *text;
	struct opt_list list;
	int64_t number, size, duration, when;
};

struct common {
	int verbose;
	const char *state;
};

static const char *const colours[] = { "red", "green", "blue", NULL };

static const struct opt own_opts[] = {
	{ 'f', "flag", OPT_FLAG, offsetof(struct own, flag), NULL, "f", 0, 0,
	    NULL },
	{ 'c', "count", OPT_COUNT, offsetof(struct own, count), NULL, "c", 0, 0,
	    NULL },
	{ 't', "text", OPT_TEXT, offsetof(struct own, text), "TEXT", "t", 0, 0,
	    NULL },
	{ 0, "text-file", OPT_TEXT, offsetof(struct own, text), "FILE", "t", 0,
	    0, NULL },
	{ 'l', "list", OPT_LIST, offsetof(struct own, list), "X", "l", 0, 0,
	    NULL },
	{ 'n', "number", OPT_INT, offsetof(struct own, number), "N", "n", -5,
	    100, NULL },
	{ 0, "size", OPT_SIZE, offsetof(struct own, size), "SIZE", "s", 0, 0,
	    NULL },
	{ 0, "older", OPT_DURATION, offsetof(struct own, duration), "D", "d", 0,
	    0, NULL },
	{ 0, "when", OPT_TIME, offsetof(struct own, when), "T", "w", 0, 0,
	    NULL },
	{ 0, "colour", OPT_CHOICE, offsetof(struct own, choice), "C", "c", 0, 0,
	    colours },
	{ 0 },
};

static const struct opt common_opts[] = {
	{ 'v', "verbose", OPT_COUNT, offsetof(struct common, verbose), NULL,
	    "v", 0, 0, NULL },
	{ 'S', "state", OPT_TEXT, offsetof(struct common, state), "DIR", "s", 0,
	    0, NULL },
	{ 0 },
};

static struct own own;
static struct common common;
static struct err e;
static int operands;
static char *args[16];

static int
parse(const char *const *words)
{
	int n = 1;

	args[0] = (char[]){ "tool" };
	for (; words[n - 1] != NULL; n++)
		args[n] = (char *)(uintptr_t)words[n - 1];
	args[n] = NULL;
	opt_release(own_opts, &own);
	own = (struct own){ 0 };
	common = (struct common){ 0 };
	e.msg[0] = '\0';
	return opt_parse(
	    n, args, own_opts, &own, common_opts, &common, &operands, &e);
}

#define PARSE(...) parse((const char *const[]){ __VA_ARGS__, NULL })

static void
good(void)
{
	ok(PARSE("-fcc", "a", "--text=x=y", "-", "-n", "-5", "--", "-q") == 0,
	    "a mix of options and operands");
	ok(own.flag && own.count == 2 && own.number == -5, "values");
	is_str(str_of(own.text), "x=y", "all behind the first =");
	is_int(operands, 3, "operands");
	is_str(str_of(args[1]), "a", "the first");
	is_str(str_of(args[2]), "-", "a dash is one");
	is_str(str_of(args[3]), "-q", "so is what stands behind --");
	ok(args[4] == NULL, "NULL behind them");
	ok(PARSE("-lone", "--list", "two", "--li=three") == 0, "a list");
	ok(own.list.n == 3 && str_is(str_of(own.list.v[2]), "three"),
	    "every occurrence, in order");
	ok(PARSE("--verb", "-vS", "dir") == 0, "cut short and clustered");
	ok(common.verbose == 2 && str_is(str_of(common.state), "dir"),
	    "in the common struct");
	ok(PARSE("--text", "exact") == 0, "a name that begins another");
	ok(PARSE("--size", "64K", "--older", "1h30m") == 0, "units");
	is_int(own.size, 65536, "64K");
	is_int(own.duration, 90 * TIME_MINUTE, "1h30m");
	ok(PARSE("--when", "2024-05-01T12:00:00Z", "--colour=blue") == 0,
	    "time and choice");
	is_int(own.choice, 2, "blue");
	ok(PARSE("--text=") == 0 && str_is(str_of(own.text), ""),
	    "an empty value is one");
}

static void
bad(const char *want)
{
	ok(str_find(str_of(e.msg), str_of(want)) >= 0, want);
	if (str_find(str_of(e.msg), str_of(want)) < 0)
		printf("# %s\n", e.msg);
}

static void
wrong(void)
{
	ok(PARSE("--stat") == 0 || true, "unique");
	ok(PARSE("--tex") < 0, "not unique");
	bad("--text or --text-file");
	ok(PARSE("--vrebose") < 0, "a slip");
	bad("did you mean --verbose?");
	ok(PARSE("--zzzzzzzzz") < 0, "nothing near");
	bad("--help lists them");
	ok(PARSE("-x") < 0, "no such letter");
	bad("-x");
	ok(PARSE("--flag=yes") < 0, "a flag with a value");
	bad("takes no value");
	ok(PARSE("--text") < 0, "the value is missing");
	bad("TEXT is missing");
	ok(PARSE("-t") < 0, "likewise");
	ok(PARSE("-n", "101") < 0, "past the range");
	bad("out of range (-5 to 100)");
	ok(PARSE("-n", "1x") < 0, "no number");
	bad("'1x' is not a whole number");
	ok(PARSE("--size", "K") < 0, "no size");
	ok(PARSE("--size", "99999999999G") < 0, "too large a size");
	ok(PARSE("--size=-1") < 0, "a size below zero");
	ok(PARSE("--older", "12") < 0, "no unit");
	ok(PARSE("--when", "yesterday") < 0, "no time");
	ok(PARSE("--colour", "gren") < 0, "no such choice");
	bad("none of red, green, blue; did you mean green?");
	ok(PARSE("--=x") < 0, "no name at all");
}

static void
sizes(void)
{
	int64_t n;

	ok(opt_size(STR("0"), &n) == 0 && n == 0, "0");
	ok(opt_size(STR("10MB"), &n) == 0 && n == 10 << 20, "10MB");
	ok(opt_size(STR("2t"), &n) == 0 && n == INT64_C(2) << 40, "2t");
	ok(opt_size(STR(""), &n) < 0, "nothing");
	ok(opt_size(STR("B"), &n) < 0, "a unit alone");
	ok(opt_size(STR("1 K"), &n) < 0, "a space");
}

int
main(void)
{
	good();
	wrong();
	sizes();
	opt_release(own_opts, &own);
	return done();
}
