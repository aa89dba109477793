#include "run/child/mount_words.h"

#include <linux/mount.h>

namespace pidns::child {
namespace {

struct Row {
  const char* word;
  std::uint64_t set;
  std::uint64_t clear;
};

constexpr Row attributes[] = {
    {"ro", MOUNT_ATTR_RDONLY, 0},
    {"rw", 0, MOUNT_ATTR_RDONLY},
    {"nosuid", MOUNT_ATTR_NOSUID, 0},
    {"suid", 0, MOUNT_ATTR_NOSUID},
    {"nodev", MOUNT_ATTR_NODEV, 0},
    {"dev", 0, MOUNT_ATTR_NODEV},
    {"noexec", MOUNT_ATTR_NOEXEC, 0},
    {"exec", 0, MOUNT_ATTR_NOEXEC},
    {"nodiratime", MOUNT_ATTR_NODIRATIME, 0},
    {"diratime", 0, MOUNT_ATTR_NODIRATIME},
    {"noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME},
    {"relatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
    {"strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME},
    {"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0},
    {"symfollow", 0, MOUNT_ATTR_NOSYMFOLLOW},
    {"defaults", 0, 0},
    {"bind", 0, 0},
};

struct PropagationRow {
  const char* word;
  std::uint64_t type;
};

// Each also with an `r` before it: recursive.
constexpr PropagationRow propagations[] = {
    {"private", MS_PRIVATE}, {"shared", MS_SHARED}, {"slave", MS_SLAVE}, {"unbindable", MS_UNBINDABLE}};

bool equal(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) ++a, ++b;
  return *a == *b;
}

}  // namespace

bool add_word(MountWords& words, const char* word) {
  for (const auto& row : attributes)
    if (equal(row.word, word)) {
      words.set = (words.set & ~row.clear) | row.set;
      words.clear = (words.clear & ~row.set) | row.clear;
      return true;
    }
  if (equal(word, "rbind")) {
    words.recursive_bind = true;
    return true;
  }
  for (const auto& row : propagations) {
    const bool recursive = word[0] == 'r' && equal(row.word, word + 1);
    if (!recursive && !equal(row.word, word)) continue;
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
