#include "render/columns.h"

#include <algorithm>

#include "base/display_line.h"

namespace pidns {

std::size_t columns(std::string_view text) { return display_width(text); }

std::string cut_right(std::string_view text, std::size_t width, std::string_view mark) {
  if (columns(text) <= width) return std::string(text);
  const std::size_t kept = width - std::min(width, columns(mark));
  return DisplayLine(text, true).cut(0, kept) + std::string(mark);
}

std::string cut_left(std::string_view text, std::size_t width, std::string_view mark) {
  const std::size_t all = columns(text);
  if (all <= width) return std::string(text);
  const std::size_t kept = width - std::min(width, columns(mark));
  return std::string(mark) + DisplayLine(text, true).cut(all - kept, all);
}

std::string pad(std::string text, std::size_t width) {
  const std::size_t now = columns(text);
  if (now < width) text.append(width - now, ' ');
  return text;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (columns(text) > width) {
    const DisplayLine line(text, true);
    std::size_t end = 1;
    std::size_t blank = 0;
    for (std::size_t at = 1; at < text.size() && line.column(at) <= width; ++at) {
      if (line.column(at) != line.column(at - 1)) end = at;
      if (text[at] == ' ') blank = at;
    }
    const std::size_t cut = blank != 0 ? blank : end;
    lines.emplace_back(text.substr(0, cut));
    text.remove_prefix(cut + (blank != 0 ? 1 : 0));
  }
  lines.emplace_back(text);
  return lines;
}

std::string wrap_message(std::string text) {
  constexpr std::string_view indent = "    ";
  if (columns(text) <= page_width) return text;
  const std::vector<std::string> lines = wrap(text, page_width - indent.size());
  text = lines.front();
  for (std::size_t line = 1; line < lines.size(); ++line) text.append("\n").append(indent).append(lines[line]);
  return text;
}

}  // namespace pidns
