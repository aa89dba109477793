#pragma once

#include <string>
#include <string_view>

namespace pidns {

/// A word as a shell would read it back: bare where that is safe, else in quotes; control characters
/// and what is no UTF-8 as `$'\n'`, so that nothing printed moves a terminal's cursor.
std::string shell_word(std::string_view text);

/// The words of a list, quoted where they must be, with blanks between.
template <class Words>
std::string shell_words(const Words& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + shell_word(word);
  return text;
}

}  // namespace pidns
