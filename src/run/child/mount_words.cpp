#include "run/child/mount_words.h"

#include <string_view>

#include "spec/mount_word.h"

namespace pidns::child {

bool add_word(MountWords& words, const char* text) {
  const std::string_view word = text;
  for (const auto& row : mount_words)
    if (row.word == word) {
      words.set = (words.set & ~row.clear) | row.set;
      words.clear = (words.clear & ~row.set) | row.clear;
      return true;
    }
  if (word == recursive_bind_word) {
    words.recursive_bind = true;
    return true;
  }
  for (const auto& row : propagation_words) {
    const bool recursive = text[0] == 'r' && row.word == std::string_view(text + 1);
    if (!recursive && row.word != word) continue;
    words.propagation = row.type;
    words.recursive_propagation = recursive;
    return true;
  }
  return false;
}

MountWords sort_words(const std::vector<std::string>& options) {
  MountWords words;
  for (const auto& option : options)
    if (!add_word(words, option.c_str())) words.has_filesystem_words = true;
  return words;
}

}  // namespace pidns::child
