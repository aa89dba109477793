#include "run/parent/output_match.h"

#include <regex>

namespace pidns {
namespace {

// The standard library's matcher uses the stack for each character: of longer lines the end is looked at.
constexpr std::size_t longest_line = 4096;

/// A matcher that tries one way after the other may need longer than the run lasts for a line of forty
/// letters, while nobody hears signals. This one goes all ways at once, which back-references don't allow.
std::regex compiled(const std::string& expression) {
#ifdef __GLIBCXX__
  try {
    return std::regex(expression, std::regex::ECMAScript | std::regex_constants::__polynomial);
  } catch (const std::regex_error&) {
  }
#endif
  return std::regex(expression, std::regex::ECMAScript);
}

}  // namespace

struct OutputMatch::Compiled {
  std::regex expression;
};

bool OutputMatch::take(std::string_view text) {
  while (!found_ && !text.empty()) {
    const std::size_t end = text.find('\n');
    line_.append(text.substr(0, end));
    if (line_.size() > longest_line) line_.erase(0, line_.size() - longest_line);
    // A prompt has no end of line. A terminal ends one with both.
    if (end != std::string_view::npos && line_.ends_with('\r')) line_.pop_back();
    found_ = matches(line_);
    if (end == std::string_view::npos) break;
    line_.clear();
    text.remove_prefix(end + 1);
  }
  return found_;
}

bool OutputMatch::matches(const std::string& line) {
  try {
    if (!compiled_) compiled_ = std::make_shared<const Compiled>(Compiled{compiled(expression_)});
    return std::regex_search(line, compiled_->expression);
  } catch (const std::regex_error&) {
    return false;  // Too hard for this line; the expression itself was checked.
  }
}

}  // namespace pidns
