#pragma once

#include <cstdint>
#include <string_view>

namespace pidns {

/// One decoded code point. `length` is 0 where the bytes are not UTF-8 (overlong forms, surrogates
/// and what lies beyond U+10FFFF included) or the text is at its end.
struct CodePoint {
  char32_t value = 0;
  unsigned length = 0;
};

CodePoint decode_utf8(std::string_view text, std::size_t at) noexcept;

}  // namespace pidns
