#include "base/display_line.h"

#include <algorithm>

#include "base/utf8.h"

namespace pidns {
namespace {

/// C0 and C1 controls, line and paragraph separators, and the marks by which hostile text can show
/// itself in another order than it is read.
bool harmful(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0x200e || c == 0x200f ||
         c == 0x061c || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

unsigned columns(char32_t c) noexcept {
  if ((c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200d) || (c >= 0xfe00 && c <= 0xfe0f)) return 0;
  const bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
                    (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
                    (c >= 0x1f300 && c <= 0x1f64f) || (c >= 0x1f900 && c <= 0x1f9ff) || (c >= 0x20000 && c <= 0x3fffd);
  return wide ? 2 : 1;
}

}  // namespace

DisplayLine::DisplayLine(std::string_view line, bool utf8) {
  for (std::size_t at = 0; at < line.size();) {
    const CodePoint point = decode_utf8(line, at);
    const unsigned length = std::max(point.length, 1U);
    Cell cell{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(width_), 1, "?"};
    if (line[at] == '\t') {
      cell.width = 4 - static_cast<std::uint32_t>(width_ % 4);
      cell.shown.assign(cell.width, ' ');
    } else if (point.length != 0 && !harmful(point.value) && (utf8 || point.length == 1)) {
      cell.width = columns(point.value);
      cell.shown = line.substr(at, length);
    }
    width_ += cell.width;
    cells_.push_back(std::move(cell));
    at += length;
  }
}

std::size_t DisplayLine::column(std::size_t byte) const noexcept {
  const auto after = std::upper_bound(cells_.begin(), cells_.end(), byte,
                                      [](std::size_t b, const Cell& cell) { return b < cell.byte; });
  if (after == cells_.begin()) return 0;
  const Cell& cell = *(after - 1);
  const bool behind = after == cells_.end() && byte >= cell.byte + std::max<std::size_t>(1, cell.shown.size());
  return behind ? width_ : cell.column;
}

std::string DisplayLine::cut(std::size_t begin, std::size_t end) const {
  std::string out;
  for (const Cell& cell : cells_)
    if (cell.column >= begin && cell.column + cell.width <= end) out += cell.shown;
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (point.length == 0 || harmful(point.value))
      out += '?';
    else
      out += text.substr(at, point.length);
    at += std::max(point.length, 1U);
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    width += point.length == 0 ? 1 : columns(point.value);
    at += std::max(point.length, 1U);
  }
  return width;
}

}  // namespace pidns
