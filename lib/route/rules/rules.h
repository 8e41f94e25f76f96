#ifndef KITH_ROUTE_RULES_RULES_H
#define KITH_ROUTE_RULES_RULES_H
/*
 * The rule file (kith-rules(5)): calendars, teams, service levels, defaults
 * and rules, read from YAML, each knowing the line where it stands.
 */
#include "core/arena.h"
#include "core/err.h"
#include "hours/calendar.h"
#include "jq/expr.h"
#include "route/rules/issues.h"
#include "route/rules/compare.h"
#include "route/rules/paths.h"
#include "route/rules/patterns.h"
#include "route/rules/roster.h"

enum {
	RULES_MAX = 5000,
	RULES_NAMES = 1000, /* calendars, teams, members, levels, each */
	RULES_VALUES = 10000, /* entries of one list */
	RULES_TOGETHER = 100, /* programs that libjq compiles as one */
	RULES_LABELS = 64, /* that one conversation has */
};

struct words {
	struct str *v;
	size_t n;
};

enum tri { TRI_ANY, TRI_NO, TRI_YES };

/* Conditions that compare a member with a list of values, any of which will
 * do.  The order is that of the manual. */
enum equal {
	EQUAL_CHANNEL,
	EQUAL_TYPE,
	EQUAL_ACCOUNT,
	EQUAL_FROM,
	EQUAL_KEYWORD,
	EQUAL_SEGMENT,
	/* These in any case: their words are folded. */
	EQUAL_LABEL,
	EQUAL_LANGUAGE,
	EQUAL_ORG,
	EQUALS,
};
/* Conditions that are yes or no. */
enum flag {
	FLAG_QUARANTINE, /* merge set the record apart */
	FLAG_ANSWERED, /* we answered in this conversation before */
	FLAG_OVERDUE, /* the conversation waits past its due time */
	FLAGS,
};
/* All conditions but `if`, in the order in which they are asked. */
enum ask {
	ASK_FLAG = 0,
	ASK_WAITING = ASK_FLAG + FLAGS,
	ASK_OLDER,
	ASK_WITHIN,
	ASK_OUTSIDE,
	ASK_EQUAL,
	ASK_EXISTS = ASK_EQUAL + EQUALS,
	ASK_PATHS,
	ASK_TEXT, /* match and except */
	ASKS,
};
/* What a rule can decide. */
enum what {
	WHAT_QUEUE,
	WHAT_TEAM,
	WHAT_ASSIGNEE,
	WHAT_PRIORITY,
	WHAT_STAKES,
	WHAT_REPLY_ON,
	WHAT_SERVICE,
	WHATS,
};
extern const char *const equal_names[EQUALS];
extern const char *const flag_names[FLAGS];
extern const char *const what_names[WHATS];

struct outcome {
	struct str what[WHATS]; /* absent: not decided */
	enum tri human;
	enum tri asks; /* of a rule: the record is a request, or is none */
	struct words labels; /* added to those of the conversation */
};

struct named_calendar;

/* Calendars of the file. */
struct calendars {
	struct named_calendar **v;
	size_t n;
};

/* What stands at a path is one of several. */
struct path_test {
	int path; /* its number */
	const struct compare **v;
	size_t n;
	struct str text; /* of all as they were written, to tell them apart */
};

struct rule {
	struct str name; /* "#3" where it has none */
	int line, column;
	unsigned asks; /* a bit for each condition that it has */
	struct words equal[EQUALS];
	enum tri flag[FLAGS];
	int64_t waiting; /* at least so long; -1: not asked */
	int64_t older; /* the record, at least; -1: not asked */
	struct calendars within, outside; /* one is open; all are closed */
	int *exists; /* paths, at one of which something stands */
	size_t n_exists;
	struct path_test *paths;
	size_t n_paths;
	int *match, *except; /* numbers of patterns */
	size_t n_match, n_except;
	struct str program; /* of `if`; absent where there is none */
	int program_line, program_column; /* from 0 */
	size_t number; /* of the program, among all programs */
	struct outcome then;
	bool stop;
};

struct member {
	struct str name;
	int64_t capacity; /* conversations at once; -1: no bound */
};

enum assign { ASSIGN_ROUND_ROBIN, ASSIGN_BALANCED, ASSIGN_NOBODY };

/* An entry of a section: the first member of what it is. */
struct named {
	struct str name;
	size_t number; /* in its section */
	int line, column;
	bool used;
};

struct named_calendar {
	struct named is;
	struct calendar *calendar;
};

struct team {
	struct named is;
	struct member *members;
	size_t n;
	struct named_calendar *calendar; /* or NULL */
	enum assign assign;
};

/* What a service level promises. */
enum promise {
	PROMISE_FIRST, /* the first answer, from the first request */
	PROMISE_NEXT, /* each later one, from the oldest unanswered request */
	PROMISE_RESOLVE, /* that the matter is resolved, from its first request */
	PROMISE_UPDATE, /* to hear of us again, from our last answer */
	PROMISES,
};
extern const char *const promise_names[PROMISES];

/* A service level: how soon we do what. */
struct level {
	struct named is;
	int64_t takes[PROMISES]; /* business time; -1: no promise */
	struct named_calendar *calendar; /* NULL: the team's */
};

/* Levels by priority, and those by name that rules give as a service. */
enum section { CALENDARS, TEAMS, LEVELS, SERVICES, SECTIONS };
/* "calendar", "team", "service level" */
extern const char *const section_names[SECTIONS];
struct names {
	struct named **v; /* in the order of the file */
	size_t n;
};

struct rules {
	const char *path;
	struct yaml *yaml; /* owns most texts */
	struct arena arena;
	struct names sections[SECTIONS];
	struct roster roster; /* of all teams, and whom rules name */
	struct outcome defaults;
	struct rule *v;
	size_t n;
	unsigned asks; /* of all rules */
	bool take_in; /* some rule makes requests of what asks for nothing */
	/* The programs, so many together, and what all of them look at. */
	struct expr **tests;
	size_t n_tests;
	struct expr_input *input;
	struct patterns *patterns;
	struct paths *paths;
};

/*
 * Reads a rule file.  Every fault that is found goes to `is`; with one error
 * among them, or where the file cannot be read at all, the result is NULL and
 * e holds the first.
 */
struct rules *rules_read(const char *path, struct issues *is, struct err *e);
/* The same for who wants no more than the first fault. */
struct rules *rules_open(const char *path, struct err *e);
void rules_free(struct rules *r);
/* Warns of what of the calendars' holidays was left out. */
void rules_say_left_out(const struct rules *r);
/* Warns of rules that can never count and of names that nothing uses.
 * For tests and fuzzing; tools ask rules_check. */
void rules_lint(struct rules *r, struct issues *is);

/* Does a rule's `if` hold for what r->input was set to?  1, 0, -1. */
int rules_test(const struct rules *r, const struct rule *rule, struct err *e);

/* NULL where nothing has that name. */
struct named *
rules_named(const struct rules *r, enum section section, struct str name);
static inline struct team *
rules_team(const struct rules *r, struct str name)
{
	return (struct team *)rules_named(r, TEAMS, name);
}
static inline struct level *
rules_level(const struct rules *r, struct str priority)
{
	return (struct level *)rules_named(r, LEVELS, priority);
}
/* A level that rules name: one of `levels`, else one of `service`. */
static inline struct level *
rules_service(const struct rules *r, struct str name)
{
	struct named *found = rules_named(r, SERVICES, name);

	return found != NULL ? (struct level *)found : rules_level(r, name);
}

#endif
