#include "json/simd.h"

#include <memory>
#include <new>
#include <simdjson.h>

/*
 * Only stage 1 is used, so the tape and the string buffer of simdjson's DOM
 * are never allocated; the depth given is that of stage 2, which never runs.
 */
struct simd {
	std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

extern "C" struct simd *
simd_new(void)
{
	std::unique_ptr<simd> s(new (std::nothrow) simd);

	if (!s)
		return nullptr;
	if (simdjson::get_active_implementation()
		->create_dom_parser_implementation(4096, 1, s->parser) !=
	    simdjson::SUCCESS)
		return nullptr;
	return s.release();
}

extern "C" void
simd_free(struct simd *s)
{
	delete s;
}

static simdjson::error_code
grow(simdjson::internal::dom_parser_implementation &parser, size_t len)
{
	size_t want = len;

	if (len <= parser.capacity())
		return simdjson::SUCCESS;
	if (want < simdjson::SIMDJSON_MAXSIZE_BYTES / 2)
		want += want / 2;
	return parser.set_capacity(want);
}

extern "C" enum simd_result
simd_index(struct simd *s, const char *p, size_t len, uint32_t **at, size_t *n)
{
	auto &parser = *s->parser;
	auto code = grow(parser, len);

	if (code == simdjson::SUCCESS)
		code = parser.stage1(reinterpret_cast<const uint8_t *>(p), len,
		    simdjson::stage1_mode::regular);
	*at = parser.structural_indexes.get();
	*n = parser.n_structural_indexes;
	switch (code) {
	case simdjson::SUCCESS:
		return SIMD_OK;
	case simdjson::EMPTY:
		return SIMD_EMPTY;
	case simdjson::UTF8_ERROR:
		return SIMD_UTF8;
	case simdjson::UNESCAPED_CHARS:
		return SIMD_CONTROL;
	case simdjson::UNCLOSED_STRING:
		return SIMD_OPEN;
	default:
		return SIMD_BIG;
	}
}
