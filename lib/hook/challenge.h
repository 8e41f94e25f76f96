#ifndef KITH_HOOK_CHALLENGE_H
#define KITH_HOOK_CHALLENGE_H
/*
 * What a service asks when somebody sets its hook up, before it sends any: is
 * this address yours?
 */
#include "hook/conf.h"
#include "hook/request.h"

enum hook_asked {
	HOOK_NO_CHALLENGE,
	HOOK_ANSWERED, /* the answer is to be given, and nothing to be kept */
	HOOK_WRONG_WORD, /* it does not know the challenge's word */
};

/*
 * Is it one of the rule's challenges, and what is the answer (in the arena)?
 * place says which: those in the query of a GET or a POST, in a body that was
 * verified, or in one that was not.
 */
enum hook_asked
hook_challenged(const struct hook_rule *rule, const struct hook_request *r,
    enum hook_place place, struct arena *a, struct str *answer);

#endif
