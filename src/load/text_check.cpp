#include "load/text_check.h"

#include <cstdint>
#include <cstring>

#include "base/utf8.h"
#include "load/yaml.h"

namespace pidns::yaml {
namespace {

constexpr std::uint64_t ones = 0x0101010101010101;
constexpr std::uint64_t high_bits = 0x8080808080808080;

/// Eight bytes at once: none of them beyond ASCII, below a blank, or DEL.
bool all_printable(const char* bytes) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const std::uint64_t del = word ^ (ones * 0x7f);
  return ((word | (word - ones * 0x20) | (del - ones)) & high_bits) == 0;
}

bool refused_control(unsigned char c) noexcept {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

Place at_byte(std::size_t at) {
  const Span span{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + 1)};
  return {span, span, {}};
}

std::string hex(unsigned char byte) {
  constexpr char digits[] = "0123456789ABCDEF";
  return {'0', 'x', digits[byte >> 4U], digits[byte & 15U]};
}

bool control_character(std::size_t at, unsigned char c, Diagnostics& diagnostics) {
  auto& found = diagnostics.error(Code::control_character, at_byte(at),
                                  c == 0 ? "a NUL byte" : "the control character " + hex(c));
  found.why = "a spec is text: of the control characters it may hold tabs and line breaks only";
  found.fix = "in double quotes YAML spells such a character \"\\x" + hex(c).substr(2) + "\"";
  if (c == 0) found.fix.clear();
  return false;
}

bool wide_encoding(std::string_view text) noexcept {
  return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff") ||
         text.starts_with(std::string_view("\0\0\xfe\xff", 4));
}

}  // namespace

bool check_text(const SourceFile& source, Diagnostics& diagnostics) {
  const std::string_view text = source.text();
  if (text.size() > most_bytes) {
    diagnostics.error(Code::too_much, {}, "the spec is larger than 16 MiB");
    return false;
  }
  if (wide_encoding(text)) {
    diagnostics.error(Code::not_utf8, {}, "the spec is in UTF-16 or UTF-32").fix = "save it as UTF-8";
    return false;
  }
  for (std::size_t at = 0; at < text.size();) {
    if (text.size() - at >= 8 && all_printable(text.data() + at)) {
      at += 8;
      continue;
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    if (refused_control(byte)) return control_character(at, byte, diagnostics);
    const unsigned length = byte < 0x80 ? 1 : decode_utf8(text, at).length;
    if (length == 0) {
      diagnostics.error(Code::not_utf8, at_byte(at), "the byte " + hex(byte) + " here is not UTF-8").fix =
          "save the spec as UTF-8";
      return false;
    }
    at += length;
  }
  return true;
}

}  // namespace pidns::yaml
