#pragma once

#include <sys/mount.h>

#include <cstdint>
#include <string>
#include <vector>

namespace pidns::child {

/// mount(8)'s words for a mount's attributes, as mount_setattr(2) takes them. What is none of them
/// goes to the filesystem.
struct MountWords {
  std::uint64_t set = 0;
  std::uint64_t clear = 0;
  std::uint64_t propagation = 0;
  bool recursive_bind = false;
  bool recursive_propagation = false;
  bool has_filesystem_words = false;
};

/// Adds one word; false where it belongs to the filesystem.
bool add_word(MountWords& words, const char* word);

MountWords sort_words(const std::vector<std::string>& options);

}  // namespace pidns::child
