#include "check/shell.h"

namespace pidns {
namespace {

/// What a script says outside of quotes and comments, one character at a time.
class Bare {
 public:
  explicit Bare(std::string_view script) noexcept : script_(script) {}

  /// The next character that is not quoted; 0 at the end. Quoted text shows as one `"`.
  char next() noexcept {
    while (at_ < script_.size()) {
      const char c = script_[at_++];
      if (c == '\\') {
        if (at_ < script_.size()) ++at_;
        return '"';
      }
      if (c == '\'' || c == '"') {
        skip_quoted(c);
        return last_ = '"';
      }
      if (c == '#' && starts_word()) {
        while (at_ < script_.size() && script_[at_] != '\n') ++at_;
        continue;
      }
      return last_ = c;
    }
    return 0;
  }

 private:
  [[nodiscard]] bool starts_word() const noexcept {
    return std::string_view(" \t\n;&|(").find(last_) != std::string_view::npos;
  }
  void skip_quoted(char quote) noexcept {
    while (at_ < script_.size() && script_[at_] != quote) at_ += quote == '"' && script_[at_] == '\\' ? 2 : 1;
    ++at_;
  }

  std::string_view script_;
  std::size_t at_ = 0;
  char last_ = '\n';
};

}  // namespace

bool has_background_job(std::string_view script) noexcept {
  Bare bare(script);
  char before = '\n';
  char c = bare.next();
  while (c != 0) {
    const char after = bare.next();
    const bool doubled = before == '&' || after == '&';
    const bool redirection = before == '>' || before == '<' || after == '>';
    if (c == '&' && !doubled && !redirection) return true;
    before = c;
    c = after;
  }
  return false;
}

bool has_trap(std::string_view script) noexcept {
  Bare bare(script);
  constexpr std::string_view word = "trap ";
  std::size_t matched = 0;
  bool at_start = true;
  for (char c = bare.next(); c != 0; c = bare.next()) {
    if (matched > 0 || at_start)
      matched = c == word[matched] || (c == '\t' && matched + 1 == word.size()) ? matched + 1 : 0;
    if (matched == word.size()) return true;
    at_start = std::string_view(" \t\n;&|({!").find(c) != std::string_view::npos;
  }
  return false;
}

}  // namespace pidns
