#include "render/columns.h"

#include <algorithm>

namespace pidns {
namespace {

bool continues(char letter) { return (static_cast<unsigned char>(letter) & 0xc0) == 0x80; }

/// Where column `column` begins, in bytes.
std::size_t byte_at(std::string_view text, std::size_t column) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if (!continues(text[at]) && column-- == 0) break;
  return at;
}

}  // namespace

std::size_t columns(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
}

std::string cut_right(std::string_view text, std::size_t width, std::string_view mark) {
  if (columns(text) <= width) return std::string(text);
  const std::size_t kept = width - std::min(width, columns(mark));
  return std::string(text.substr(0, byte_at(text, kept))) + std::string(mark);
}

std::string cut_left(std::string_view text, std::size_t width, std::string_view mark) {
  const std::size_t all = columns(text);
  if (all <= width) return std::string(text);
  const std::size_t kept = width - std::min(width, columns(mark));
  return std::string(mark) + std::string(text.substr(byte_at(text, all - kept)));
}

std::string pad(std::string text, std::size_t width) {
  const std::size_t now = columns(text);
  if (now < width) text.append(width - now, ' ');
  return text;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (columns(text) > width) {
    const std::size_t end = byte_at(text, width);
    const std::size_t blank = text.rfind(' ', end);
    const std::size_t cut = blank == std::string_view::npos || blank == 0 ? end : blank;
    lines.emplace_back(text.substr(0, cut));
    text.remove_prefix(std::min(text.size(), cut + (cut == blank ? 1 : 0)));
  }
  lines.emplace_back(text);
  return lines;
}

}  // namespace pidns
