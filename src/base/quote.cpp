#include "base/quote.h"

#include "base/utf8.h"

namespace pidns {
namespace {

bool plain_in_sh(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
}

void append_escaped(std::string& out, char c) {
  constexpr char hex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte != 0x7f) {
    out += c;
    return;
  }
  out += "\\u00";
  out += hex[byte >> 4U];
  out += hex[byte & 15U];
}

}  // namespace

std::string sh_quote(std::string_view word) {
  bool plain = !word.empty();
  for (const char c : word) plain = plain && plain_in_sh(c);
  if (plain) return std::string(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out += '\'';
}

void append_json_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (point.length == 0) {
      out += "\xef\xbf\xbd";
      ++at;
    } else if (point.length == 1) {
      append_escaped(out, text[at++]);
    } else {
      out += text.substr(at, point.length);
      at += point.length;
    }
  }
  out += '"';
}

std::string json_quote(std::string_view text) {
  std::string out;
  append_json_quoted(out, text);
  return out;
}

// Every JSON string is a double-quoted scalar of YAML.
std::string yaml_quote(std::string_view text) { return json_quote(text); }

}  // namespace pidns
