#pragma once

/// Readers of single values, strictly as the language has them. Each gives nothing after a finding.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "load/reader.h"
#include "load/words.h"
#include "spec/spec.h"

namespace pidns {

/// What YAML 1.1 or 1.2 takes a plain word for.
enum class PlainType : std::uint8_t { text, null, boolean, number };
PlainType plain_type(std::string_view word) noexcept;

/// Not a scalar: a finding that says what is wanted.
bool is_scalar(Reader& reader, const Item& item, std::string_view wanted);

/// A string; a plain word that YAML reads as something else is refused with its quoted spelling.
std::optional<std::string> read_string(Reader& reader, const Item& item);
std::optional<std::string> read_nonempty(Reader& reader, const Item& item);
/// As a string, but numbers are taken as they are written.
std::optional<std::string> read_argument(Reader& reader, const Item& item);
std::optional<bool> read_bool(Reader& reader, const Item& item);
/// A decimal number; `what` names it in findings about its range.
std::optional<std::int64_t> read_number(Reader& reader, const Item& item, std::int64_t least, std::int64_t most);
inline std::optional<std::int64_t> read_number(Reader& reader, const Item& item, Range range) {
  return read_number(reader, item, range.least, range.most);
}
/// Whether the value is meant as a number (plain, and YAML reads it as one).
bool is_number(const Item& item) noexcept;

std::optional<Duration> read_duration(Reader& reader, const Item& item);  ///< Not negative.
std::optional<Duration> read_positive_duration(Reader& reader, const Item& item);
std::optional<Duration> read_signed_duration(Reader& reader, const Item& item);
std::optional<int> read_signal(Reader& reader, const Item& item);
std::optional<std::string> read_absolute_path(Reader& reader, const Item& item);
std::optional<unsigned> read_octal(Reader& reader, const Item& item);
std::optional<std::vector<std::string>> read_strings(Reader& reader, const Item& item);

/// `[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}`.
bool is_name(std::string_view text) noexcept;
std::optional<std::string> read_name(Reader& reader, const Item& item);

/// A word out of a few; a finding names the nearest, or all of them.
std::optional<std::size_t> read_word(Reader& reader, const Item& item, std::span<const std::string_view> words);

/// What is written in a scalar, wherever no type matters.
inline std::string_view text_of(const Item& item) noexcept { return item.node->text(); }

}  // namespace pidns
