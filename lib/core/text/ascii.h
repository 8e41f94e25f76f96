#ifndef KITH_CORE_TEXT_ASCII_H
#define KITH_CORE_TEXT_ASCII_H
/*
 * Classes of ASCII characters, which are the same in every locale.  Bytes from
 * 128 on are in none of them and have no other case.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline bool
ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool
ascii_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool
ascii_is_letter(char c)
{
	return ascii_is_lower((char)(c | 0x20));
}

static inline bool
ascii_is_alnum(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c);
}

/* One of the characters of the set, which is a C string.  NUL is in none, though
 * strchr finds it in each. */
static inline bool
ascii_is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/*
 * Of eight bytes, a bit each, the first byte's the lowest: letters and all beyond
 * ASCII, which is what words are made of at a glance.
 */
static inline uint64_t
ascii_first_bits(uint64_t x)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	return (x >> 7 & ones) * UINT64_C(0x0102040810204080) >> 56;
}

static inline uint64_t
ascii_letters_of(uint64_t x)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t low = (x | ones * 0x20) & ones * 0x7f;

	return ascii_first_bits(((low + ones * 0x1f) & ~(low + ones * 5)) | x);
}

/* Space and tab. */
static inline bool
ascii_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Space, tab, LF, VT, FF, CR. */
static inline bool
ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Below space, and DEL. */
static inline bool
ascii_is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static inline char
ascii_lower(char c)
{
	return ascii_is_upper(c) ? (char)(c + 32) : c;
}

static inline char
ascii_upper(char c)
{
	return ascii_is_lower(c) ? (char)(c - 32) : c;
}

/* What a hexadecimal digit says, or -1. */
static inline int
ascii_hex(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hexadecimal digits of 0 to 15. */
#define ASCII_HEX_UPPER "0123456789ABCDEF"
#define ASCII_HEX_LOWER "0123456789abcdef"

#endif
