#include "text/regex.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "core/alloc.h"
#include "core/text/utf8.h"

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	int groups;
};

/* As long as the thread: all its searches share it, one at a time. */
static pcre2_jit_stack *
jit_stack(void *unused)
{
	static _Thread_local pcre2_jit_stack *stack;

	(void)unused;
	if (stack == NULL)
		stack = pcre2_jit_stack_create(32 << 10, 1 << 20, NULL);
	return stack;
}

static int
compile(struct regex *x, struct str s, struct err *e)
{
	PCRE2_SIZE at = 0;
	int code = 0;

	x->code = pcre2_compile((PCRE2_SPTR)s.p, s.n,
	    PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C,
	    &code, &at, NULL);
	if (x->code == NULL) {
		PCRE2_UCHAR why[200] = { 0 };

		pcre2_get_error_message(code, why, sizeof(why));
		return err_set(e, "'%.*s': %s after '%.*s'", STR_ARG(s),
		    (char *)why, (int)(at < s.n ? at : s.n), s.p);
	}
	/* Where the machine allows no such code, it is interpreted. */
	(void)pcre2_jit_compile(x->code, PCRE2_JIT_COMPLETE);
	return 0;
}

/* Would be found everywhere, or holds more groups than there is room for. */
static int
check(struct regex *x, struct str s, struct err *e)
{
	uint32_t groups = 0, empty = 0;

	pcre2_pattern_info(x->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	pcre2_pattern_info(x->code, PCRE2_INFO_MATCHEMPTY, &empty);
	x->groups = (int)groups;
	if (empty != 0)
		return err_set(e, "'%.*s' is found in every text", STR_ARG(s));
	if (groups >= REGEX_GROUPS)
		return err_set(e, "'%.*s': more than %d groups", STR_ARG(s),
		    REGEX_GROUPS - 1);
	return 0;
}

struct regex *
regex_new(struct str expression, struct err *e)
{
	struct regex *x;

	if (expression.n == 0 || expression.n > REGEX_BYTES ||
	    !utf8_is_valid(expression)) {
		err_set(e, "an expression has 1 to %d bytes of UTF-8",
		    (int)REGEX_BYTES);
		return NULL;
	}
	x = xcalloc(1, sizeof(*x));
	if (compile(x, expression, e) != 0 || check(x, expression, e) != 0) {
		regex_free(x);
		return NULL;
	}
	x->data = pcre2_match_data_create(REGEX_GROUPS, NULL);
	x->context = pcre2_match_context_create(NULL);
	if (x->data == NULL || x->context == NULL)
		alloc_die(sizeof(*x));
	pcre2_set_match_limit(x->context, REGEX_WORK);
	pcre2_set_heap_limit(x->context, REGEX_HEAP);
	pcre2_jit_stack_assign(x->context, jit_stack, NULL);
	return x;
}

void
regex_free(struct regex *x)
{
	if (x == NULL)
		return;
	pcre2_match_context_free(x->context);
	pcre2_match_data_free(x->data);
	pcre2_code_free(x->code);
	free(x);
}

int
regex_groups(const struct regex *x)
{
	return x->groups;
}

int
regex_group(const struct regex *x, const char *name)
{
	int n = pcre2_substring_number_from_name(x->code, (PCRE2_SPTR)name);

	return n > 0 ? n : -1;
}

int
regex_find(struct regex *x, struct str text, size_t from,
    struct str groups[REGEX_GROUPS])
{
	PCRE2_SIZE *at;
	int n;

	n = pcre2_match(x->code, (PCRE2_SPTR)text.p, text.n, from,
	    PCRE2_NO_UTF_CHECK, x->data, x->context);
	if (n <= 0)
		return n == PCRE2_ERROR_NOMATCH ? 0 : -1;
	at = pcre2_get_ovector_pointer(x->data);
	for (int i = 0; i < REGEX_GROUPS; i++)
		groups[i] =
		    i >= n || at[2 * i] == PCRE2_UNSET ||
			    at[2 * i] > at[2 * i + 1]
			? STR_NONE
			: str_sub(text, at[2 * i], at[2 * i + 1] - at[2 * i]);
	return 1;
}
