#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pidns {

/// `250ms`, `1.5s`, `2m`, `1h30m`, `10d`; a bare number is seconds; a leading `-` where allowed by the
/// caller. Nothing for anything else, or beyond 2^63 ns (292 years).
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// The shortest spelling that parse_duration reads back: `1h30m`, `250ms`.
std::string duration_text(std::chrono::nanoseconds duration);

}  // namespace pidns
