/*
 * Microsoft Teams: what Graph answers (lists in `value`, single objects, JSON
 * lines), and exports whose members are in PascalCase.
 */
#include "source/teams/teams.h"

#include "source/json/items.h"
#include "source/peek.h"
#include "source/sent.h"

/* What tells a message, or a row of a directory: a bit each. */
enum mark {
	MARK_ID = 1,
	MARK_CREATED = 2,
	MARK_TYPE = 4,
	MARK_PLACE = 8,
	MARK_BODY = 16,
	MARK_PRINCIPAL = 32,
	MARK_PERSON = 64,
	MARK_TEAM = 128,
	MARK_CHANNEL = 256,
	MARK_MEMBER = 512,
	MARK_CONTEXT = 1024,
};

static const struct {
	const char *name; /* without its first letter */
	enum mark mark;
} marks[] = {
	{ "d", MARK_ID },
	{ "reatedDateTime", MARK_CREATED },
	{ "essageType", MARK_TYPE },
	{ "hatId", MARK_PLACE },
	{ "hannelIdentity", MARK_PLACE },
	{ "olicyViolation", MARK_PLACE },
	{ "eplyToId", MARK_PLACE },
	{ "ody", MARK_BODY },
	{ "serPrincipalName", MARK_PRINCIPAL },
	{ "isplayName", MARK_PERSON },
	{ "roupsId", MARK_TEAM },
	{ "embershipType", MARK_CHANNEL },
	{ "hatType", MARK_CHANNEL },
	{ "serId", MARK_MEMBER },
};

static bool
is_context(struct str s)
{
	return str_find(s, STR("/$metadata#chats(")) >= 0 ||
	       str_find(s, STR("/$metadata#Collection(chatMessage)")) >= 0 ||
	       (str_find(s, STR("/$metadata#teams(")) >= 0 &&
		   str_find(s, STR("/messages")) >= 0);
}

static void
see(void *arg, const struct peeked *p)
{
	unsigned *seen = arg;
	char first = p->name.n > 0 ? (char)(p->name.p[0] | 0x20) : '\0';

	if (p->within.n > 0 && !str_is(p->within, "value") &&
	    !str_is(p->within, "messages"))
		return;
	if (str_is(p->name, "@odata.context") && is_context(p->text))
		*seen |= MARK_CONTEXT;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (str_is(str_sub(p->name, 1, p->name.n), marks[i].name) &&
		    (marks[i].mark != MARK_ID || first == 'i'))
			*seen |= marks[i].mark;
}

static bool
has(unsigned seen, unsigned all)
{
	return (seen & all) == all;
}

static int
teams_sniff(const char *base_name, struct str head)
{
	unsigned seen = 0;

	(void)base_name;
	json_peek(head, see, &seen);
	if (has(seen, MARK_CONTEXT))
		return 93;
	if (has(seen, MARK_ID | MARK_CREATED | MARK_TYPE | MARK_PLACE))
		return 92;
	if (has(seen, MARK_ID | MARK_CREATED | MARK_PLACE | MARK_BODY) &&
	    str_find(head, STR("@thread.")) >= 0)
		return 88;
	/* The other files of an export. */
	if (has(seen, MARK_ID | MARK_PRINCIPAL | MARK_PERSON))
		return 84;
	if (has(seen, MARK_ID | MARK_CHANNEL) &&
	    str_find(head, STR("@thread.")) >= 0)
		return 84;
	return has(seen, MARK_TEAM) &&
		       str_find(head, STR("\"StandardChannels\"")) >= 0
		   ? 84
		   : 0;
}

static int
teams_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "value", "messages", "Messages",
		NULL };
	static const char *const repeat[] = { "@odata.context", NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 1024, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

static const struct source_sent sent[] = { { "messages.json", "media" },
	{ NULL, NULL } };

const struct source_format source_teams = {
	.name = "teams",
	.about = "Microsoft Teams: Graph's chatMessage, and exports of it",
	.sniff = teams_sniff,
	.read = teams_read,
	.sent = sent,
	.normalize = teams_normalize,
	.release = teams_release,
};
