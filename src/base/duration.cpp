#include "base/duration.h"

#include <array>
#include <cstdint>
#include <limits>

namespace pidns {
namespace {

struct Unit {
  std::string_view word;
  std::int64_t nanoseconds;
};
// From the greatest to the least, the order in which they stand in `1h30m`.
constexpr std::array units{Unit{"d", 86'400'000'000'000}, Unit{"h", 3'600'000'000'000}, Unit{"m", 60'000'000'000},
                           Unit{"s", 1'000'000'000}, Unit{"ms", 1'000'000}};
constexpr std::size_t second_unit = 3;

bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// One `1.5h` of a duration, taken off the front of `text`.
struct Part {
  std::int64_t whole = 0;
  std::int64_t fraction = 0;  ///< In billionths.
  bool has_fraction = false;
  std::size_t unit = second_unit;
  bool has_unit = false;
};

bool take_number(std::string_view& text, Part& part) {
  std::size_t at = 0;
  for (; at < text.size() && digit(text[at]); ++at)
    if (__builtin_mul_overflow(part.whole, 10, &part.whole) ||
        __builtin_add_overflow(part.whole, text[at] - '0', &part.whole))
      return false;
  if (at == 0) return false;
  if (at < text.size() && text[at] == '.') {
    const std::size_t begin = ++at;
    std::int64_t scale = 100'000'000;
    for (; at < text.size() && digit(text[at]); ++at, scale /= 10) part.fraction += scale * (text[at] - '0');
    if (at == begin) return false;
    part.has_fraction = true;
  }
  text.remove_prefix(at);
  return true;
}

bool take_unit(std::string_view& text, Part& part) {
  std::size_t length = 0;
  while (length < text.size() && text[length] >= 'a' && text[length] <= 'z') ++length;
  if (length == 0) return text.empty();
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].word != text.substr(0, length)) continue;
    part.unit = i;
    part.has_unit = true;
    text.remove_prefix(length);
    return true;
  }
  return false;
}

std::optional<std::int64_t> nanoseconds(const Part& part) {
  const std::int64_t unit = units[part.unit].nanoseconds;
  std::int64_t sum = 0;
  if (__builtin_mul_overflow(part.whole, unit, &sum)) return std::nullopt;
  // Every unit is a multiple of a millisecond; divided first, so that the product fits.
  const std::int64_t fraction = unit / 1'000'000 * part.fraction / 1000;
  if (__builtin_add_overflow(sum, fraction, &sum)) return std::nullopt;
  return sum;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    Part part;
    const bool first = next_unit == 0;
    if (!take_number(text, part) || !take_unit(text, part)) return std::nullopt;
    if (part.unit < next_unit || (part.has_fraction && !text.empty())) return std::nullopt;
    if (!part.has_unit && !first) return std::nullopt;
    next_unit = part.unit + 1;
    const auto more = nanoseconds(part);
    if (!more || __builtin_add_overflow(sum, *more, &sum)) return std::nullopt;
  }
  return std::chrono::nanoseconds(negative ? -sum : sum);
}

std::string duration_text(std::chrono::nanoseconds duration) {
  std::string out;
  std::uint64_t rest = static_cast<std::uint64_t>(duration.count());
  if (duration.count() < 0) {
    out = "-";
    rest = -rest;
  }
  if (rest == 0) return "0s";
  for (std::size_t i = 0; i < second_unit; ++i) {
    const auto unit = static_cast<std::uint64_t>(units[i].nanoseconds);
    if (rest >= unit) out += std::to_string(rest / unit) + std::string(units[i].word);
    rest %= unit;
  }
  if (rest == 0) return out;
  if (rest < 1'000'000'000 && rest % 1'000'000 == 0) return out + std::to_string(rest / 1'000'000) + "ms";
  out += std::to_string(rest / 1'000'000'000);
  if (const auto fraction = rest % 1'000'000'000; fraction != 0) {
    std::string digits = std::to_string(fraction);
    digits.insert(0, 9 - digits.size(), '0');
    digits.erase(digits.find_last_not_of('0') + 1);
    out += '.' + digits;
  }
  return out + 's';
}

}  // namespace pidns
