#pragma once

#include <cstdint>
#include <string_view>

#include "base/source.h"

namespace pidns::yaml {

/// The first byte behind anchors, tags, blanks and comments that stand before a value.
std::uint32_t skip_properties(std::string_view source, std::uint32_t at) noexcept;

/// From the quote at `at` to behind the one that closes it; empty where none does.
Span quoted_span(std::string_view source, std::uint32_t at) noexcept;

/// A plain scalar: as long as `text` where the source says just that, else its first line.
Span plain_span(std::string_view source, std::uint32_t at, std::string_view text) noexcept;

/// A name behind `*` or `&`, with that sign.
Span anchor_span(std::string_view source, std::uint32_t at) noexcept;

/// To the end of the line, without trailing blanks.
Span rest_of_line(std::string_view source, std::uint32_t at) noexcept;

/// The word `null`, `Null`, `NULL` or `~` at `at`, if it is a scalar of its own there and not the
/// next key; empty else.
Span null_word(std::string_view source, std::uint32_t at, bool as_key) noexcept;

}  // namespace pidns::yaml
