#include "base/regular_expression.h"

#include <regex>

namespace pidns {
namespace {

std::string_view words(std::regex_constants::error_type error) noexcept {
  using namespace std::regex_constants;
  if (error == error_brack) return "a `[` that is not closed";
  if (error == error_paren) return "a `(` that is not closed, or a `)` that closes nothing";
  if (error == error_brace) return "a `{` that is not closed";
  if (error == error_badbrace) return "what stands in `{}` is no number of times";
  if (error == error_badrepeat) return "a `*`, `+`, `?` or `{` with nothing to repeat before it";
  if (error == error_range) return "a range in `[]` that ends before it begins";
  if (error == error_escape) return "a `\\` before what cannot be escaped";
  if (error == error_backref) return "a back reference to a group that is not there";
  if (error == error_ctype) return "an unknown class in `[: :]`";
  if (error == error_collate) return "an unknown element in `[. .]`";
  if (error == error_space || error == error_complexity || error == error_stack) return "it is too complex";
  return "it cannot be read";
}

}  // namespace

std::string regex_mistake(std::string_view text) {
  if (text.size() > longest_regex) return "it is longer than " + std::to_string(longest_regex) + " bytes";
  try {
    const std::regex compiled(text.begin(), text.end(), std::regex::ECMAScript);
    return {};
  } catch (const std::regex_error& error) {
    return std::string(words(error.code()));
  }
}

}  // namespace pidns
