#include "text/phone.h"

#include <cstring>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>

#include <phonenumbers/phonenumberutil.h>

#include "text/trunks.h"

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace
{

/* An international number without its plus has at least so many: of the
 * region itself, of any other. */
constexpr size_t OWN_DIGITS = 10, BARE_DIGITS = 11;

bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* International numbers in plain ASCII need no library but for a trunk zero
 * in parentheses, which only it knows to drop. */
bool
plain_international(struct str s, char out[PHONE_SIZE])
{
	size_t n = 0;

	if (s.n == 0 || s.p[0] != '+')
		return false;
	out[n++] = '+';
	for (size_t i = 1; i < s.n; i++) {
		if (is_digit(s.p[i])) {
			if (n == PHONE_SIZE - 1)
				return false;
			out[n++] = s.p[i];
		} else if (std::strchr(" -./", s.p[i]) == nullptr) {
			return false;
		}
	}
	out[n] = '\0';
	return phone_is_e164(str_make(out, n));
}

std::string
parse(const std::string &raw, const std::string &region, bool in_use)
{
	const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
	PhoneNumber number;
	std::string e164;

	if (util.Parse(raw, region, &number) !=
	    PhoneNumberUtil::NO_PARSING_ERROR)
		return e164;
	if (in_use ? !util.IsValidNumber(number)
		   : !util.IsPossibleNumber(number))
		return e164;
	util.Format(number, PhoneNumberUtil::E164, &e164);
	return e164;
}

bool
all_digits(const std::string &s)
{
	for (char c : s)
		if (!is_digit(c))
			return false;
	return true;
}

bool
starts(const std::string &s, const std::string &prefix)
{
	return s.compare(0, prefix.size(), prefix) == 0;
}

std::string
country_code(const std::string &region)
{
	return std::to_string(
	    PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(region));
}

/*
 * Digits alone that begin with the region's own country code: "4915112345678"
 * in DE, as exports and switchboards write it.  libphonenumber would take it
 * for +49 4915112345678, which is valid and nobody's; but where a national
 * number has a trunk digit, people write that.
 */
bool
lost_its_plus(const std::string &text, const std::string &region)
{
	const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
	std::string trunk;

	util.GetNddPrefixForRegion(region, true, &trunk);
	return text.size() >= OWN_DIGITS && !trunk.empty() &&
	       starts(text, country_code(region));
}

/*
 * Without the trunk prefix of its country, where it has two digits or more:
 * newer metadata of libphonenumber has forgotten those of older plans.
 */
std::string
without_trunk(const std::string &text, const std::string &region)
{
	const std::string code = country_code(region);
	std::istringstream all(
	    phone_trunks(str_make(code.data(), code.size())));
	std::string trunk;

	while (all >> trunk)
		if (trunk.size() > 1 && starts(text, trunk))
			return text.substr(trunk.size());
	return std::string();
}

std::string
number_of(const std::string &text, const std::string &region, bool in_use)
{
	bool bare =
	    !in_use && !text.empty() && text[0] != '0' && all_digits(text);
	std::string e164;

	if (bare && lost_its_plus(text, region))
		e164 = parse("+" + text, region, true);
	/* Or of any other country, where it is nobody's at home. */
	if (e164.empty() && bare && text.size() >= BARE_DIGITS &&
	    parse(text, region, true).empty())
		e164 = parse("+" + text, region, true);
	/* In Brazil two digits of a carrier stand behind 00, which might be our
	 * own country's. */
	if (e164.empty() && starts(text, "00" + country_code(region)))
		e164 = parse("+" + text.substr(2), region, true);
	if (e164.empty())
		e164 = parse(text, region, in_use);
	if (e164.empty())
		e164 = parse(without_trunk(text, region), region, in_use);
	/* 00 is what most of the world dials before a country code. */
	if (e164.empty() && starts(text, "00"))
		e164 = parse("+" + text.substr(2), region, in_use);
	return e164;
}

bool
remembered(
    struct str raw, const char *region, bool in_use, char out[PHONE_SIZE])
{
	/*
	 * It may outlive a stage and serve another: what a text means in a
	 * region, both in the key, hangs on nothing else.  PHONE_CACHE entries
	 * of PHONE_TEXT bytes are its bound.
	 */
	static thread_local std::unordered_map<std::string, std::string> cache;

	if (raw.n == 0 || raw.n > PHONE_TEXT)
		return false;

	std::string text(raw.p, raw.n),
	    where(region == nullptr ? "ZZ" : region);
	std::string key = (in_use ? "!" : "?") + where + text;
	auto known = cache.find(key);

	if (known == cache.end()) {
		std::string e164 = number_of(text, where, in_use);

		if (cache.size() >= PHONE_CACHE)
			cache.clear();
		known = cache.emplace(std::move(key), std::move(e164)).first;
	}
	if (known->second.empty() || known->second.size() >= PHONE_SIZE)
		return false;
	std::memcpy(out, known->second.c_str(), known->second.size() + 1);
	return phone_is_e164(str_make(out, known->second.size()));
}

} // namespace

extern "C" bool
phone_is_e164(struct str s)
{
	if (s.n < 8 || s.n > 16 || s.p[0] != '+' || s.p[1] == '0')
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return true;
}

extern "C" bool
phone_e164(struct str raw, const char *region, char out[PHONE_SIZE])
{
	if (raw.n > PHONE_TEXT)
		return false;
	return plain_international(raw, out) ||
	       remembered(raw, region, false, out);
}

extern "C" bool
phone_in_text(struct str raw, const char *region, char out[PHONE_SIZE])
{
	return remembered(raw, region, true, out);
}

extern "C" bool
phone_region_known(const char *region)
{
	return PhoneNumberUtil::GetInstance()->GetCountryCodeForRegion(
		   region) != 0;
}

extern "C" const char *
phone_region(struct str e164, char out[PHONE_REGION])
{
	std::string region;
	const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
	PhoneNumber number;

	if (util.Parse(std::string(e164.p, e164.n), "ZZ", &number) ==
	    PhoneNumberUtil::NO_PARSING_ERROR)
		util.GetRegionCodeForNumber(number, &region);
	if (region.size() != PHONE_REGION - 1 || region == "ZZ")
		region.clear();
	std::memcpy(out, region.c_str(), region.size() + 1);
	return out;
}
