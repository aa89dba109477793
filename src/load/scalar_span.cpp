#include "load/scalar_span.h"

#include <algorithm>

namespace pidns::yaml {
namespace {

bool blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool flow_sign(char c) noexcept { return c == ',' || c == '[' || c == ']' || c == '{' || c == '}'; }

std::uint32_t end_of_word(std::string_view source, std::uint32_t at) noexcept {
  while (at < source.size() && !blank(source[at]) && !flow_sign(source[at])) ++at;
  return at;
}

}  // namespace

std::uint32_t skip_properties(std::string_view source, std::uint32_t at) noexcept {
  bool after_property = false;
  while (at < source.size()) {
    const char c = source[at];
    if (c == '&' || c == '!') {
      at = end_of_word(source, at + 1);
      after_property = true;
    } else if (after_property && blank(c)) {
      ++at;
    } else if (after_property && c == '#') {
      while (at < source.size() && source[at] != '\n') ++at;
    } else {
      break;
    }
  }
  return at;
}

Span quoted_span(std::string_view source, std::uint32_t at) noexcept {
  const char quote = at < source.size() ? source[at] : '"';
  std::uint32_t end = at + 1;
  for (; end < source.size(); ++end) {
    if (quote == '"' && source[end] == '\\') {
      ++end;
    } else if (source[end] == quote) {
      const bool doubled = quote == '\'' && end + 1 < source.size() && source[end + 1] == quote;
      if (!doubled) return {at, end + 1};
      ++end;
    }
  }
  return {};
}

Span rest_of_line(std::string_view source, std::uint32_t at) noexcept {
  std::uint32_t end = at;
  while (end < source.size() && source[end] != '\n') ++end;
  while (end > at && blank(source[end - 1])) --end;
  return {at, end};
}

Span plain_span(std::string_view source, std::uint32_t at, std::string_view text) noexcept {
  if (source.substr(std::min<std::size_t>(at, source.size()), text.size()) == text)
    return {at, at + static_cast<std::uint32_t>(text.size())};
  return rest_of_line(source, at);
}

Span anchor_span(std::string_view source, std::uint32_t at) noexcept { return {at, end_of_word(source, at + 1)}; }

Span null_word(std::string_view source, std::uint32_t at, bool as_key) noexcept {
  for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
    if (source.substr(std::min<std::size_t>(at, source.size()), word.size()) != word) continue;
    const auto end = at + static_cast<std::uint32_t>(word.size());
    std::uint32_t next = end;
    while (next < source.size() && (source[next] == ' ' || source[next] == '\t')) ++next;
    const bool is_key = next < source.size() && source[next] == ':';
    return as_key || !is_key ? Span{at, end} : Span{};
  }
  return {};
}

}  // namespace pidns::yaml
