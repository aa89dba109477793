#include "render/guides.h"

#include "render/columns.h"

namespace pidns {
namespace {

const char* glyph(char guide, std::size_t step, bool utf8) {
  switch (guide) {
    case '|':
      return utf8 ? "│" : "|";
    case '+':
      return utf8 ? (step > 2 ? "├─" : "├") : (step > 2 ? "|-" : "|");
    case '`':
      return utf8 ? (step > 2 ? "└─" : "└") : (step > 2 ? "`-" : "`");
    default:
      return "";
  }
}

}  // namespace

std::string draw_guides(std::string_view guides, std::size_t step, bool utf8) {
  std::string drawn;
  for (const char guide : guides) drawn += pad(glyph(guide, step, utf8), step);
  return drawn;
}

}  // namespace pidns
