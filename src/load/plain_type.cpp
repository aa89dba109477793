/// The plain words that YAML 1.1 and 1.2 resolve to something else than text.

#include "load/values.h"

namespace pidns {
namespace {

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool same(std::string_view word, std::string_view lower_case) noexcept {
  if (word.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (lower(word[i]) != lower_case[i]) return false;
  return true;
}

bool all(std::string_view text, bool (*fits)(char)) noexcept {
  for (const char c : text)
    if (!fits(c)) return false;
  return !text.empty();
}

/// 0x1F, 0o17, 0b1.
bool prefixed_integer(std::string_view word) noexcept {
  if (word.size() < 3 || word[0] != '0') return false;
  const std::string_view digits = word.substr(2);
  switch (word[1]) {
    case 'x':
      return all(digits, [](char c) { return digit(c) || c == '_' || (lower(c) >= 'a' && lower(c) <= 'f'); });
    case 'o':
      return all(digits, [](char c) { return (c >= '0' && c <= '7') || c == '_'; });
    case 'b':
      return all(digits, [](char c) { return c == '0' || c == '1' || c == '_'; });
    default:
      return false;
  }
}

/// 1:30 and 1:30:00.5 count in sixties in YAML 1.1.
bool sexagesimal(std::string_view word) noexcept {
  std::size_t at = 0;
  while (at < word.size() && (digit(word[at]) || word[at] == '_')) ++at;
  if (at == 0 || at == word.size() || word[at] != ':') return false;
  while (at < word.size() && word[at] == ':') {
    std::size_t digits = 0;
    for (++at; at < word.size() && digit(word[at]); ++at) ++digits;
    if (digits == 0 || digits > 2) return false;
  }
  if (at < word.size() && word[at] == '.')
    for (++at; at < word.size() && (digit(word[at]) || word[at] == '_');) ++at;
  return at == word.size();
}

/// 12, 1_000, 1.5, .5, 1., 1e3.
bool decimal(std::string_view word) noexcept {
  std::size_t at = 0;
  bool digits = false;
  for (; at < word.size() && (digit(word[at]) || (word[at] == '_' && digits)); ++at) digits |= digit(word[at]);
  if (at < word.size() && word[at] == '.')
    for (++at; at < word.size() && (digit(word[at]) || (word[at] == '_' && digits)); ++at) digits |= digit(word[at]);
  if (!digits) return false;
  if (at == word.size()) return true;
  if (lower(word[at]) != 'e') return false;
  ++at;
  if (at < word.size() && (word[at] == '+' || word[at] == '-')) ++at;
  return all(word.substr(at), digit);
}

bool number(std::string_view word) noexcept {
  if (!word.empty() && (word[0] == '-' || word[0] == '+')) word.remove_prefix(1);
  if (word.empty() || !(digit(word[0]) || word[0] == '.')) return false;
  if (same(word, ".inf") || same(word, ".nan")) return true;
  return decimal(word) || prefixed_integer(word) || sexagesimal(word);
}

}  // namespace

PlainType plain_type(std::string_view word) noexcept {
  if (word.empty() || word == "~" || same(word, "null")) return PlainType::null;
  if (number(word)) return PlainType::number;
  if (word.size() > 5) return PlainType::text;
  for (const std::string_view boolean : {"true", "false", "yes", "no", "on", "off"})
    if (same(word, boolean)) return PlainType::boolean;
  return PlainType::text;
}

}  // namespace pidns
