#pragma once

/// The words of mount(8) that every mount has. What is none of them belongs to a filesystem.

#include <linux/mount.h>
#include <sys/mount.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace pidns {

/// An attribute, as mount_setattr(2) takes it.
struct MountWord {
  std::string_view word;
  std::uint64_t set;
  std::uint64_t clear;
};
inline constexpr std::array mount_words{
    MountWord{"ro", MOUNT_ATTR_RDONLY, 0},
    MountWord{"rw", 0, MOUNT_ATTR_RDONLY},
    MountWord{"nosuid", MOUNT_ATTR_NOSUID, 0},
    MountWord{"suid", 0, MOUNT_ATTR_NOSUID},
    MountWord{"nodev", MOUNT_ATTR_NODEV, 0},
    MountWord{"dev", 0, MOUNT_ATTR_NODEV},
    MountWord{"noexec", MOUNT_ATTR_NOEXEC, 0},
    MountWord{"exec", 0, MOUNT_ATTR_NOEXEC},
    MountWord{"nodiratime", MOUNT_ATTR_NODIRATIME, 0},
    MountWord{"diratime", 0, MOUNT_ATTR_NODIRATIME},
    MountWord{"noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME},
    MountWord{"relatime", MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME},
    MountWord{"strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME},
    MountWord{"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0},
    MountWord{"symfollow", 0, MOUNT_ATTR_NOSYMFOLLOW},
    MountWord{"defaults", 0, 0},
    MountWord{"bind", 0, 0},
};

struct PropagationWord {
  std::string_view word;
  std::uint64_t type;
};
/// Each also with an `r` before it: recursive.
inline constexpr std::array propagation_words{
    PropagationWord{"private", MS_PRIVATE},
    PropagationWord{"shared", MS_SHARED},
    PropagationWord{"slave", MS_SLAVE},
    PropagationWord{"unbindable", MS_UNBINDABLE},
};

inline constexpr std::string_view recursive_bind_word = "rbind";

constexpr bool is_mount_word(std::string_view word) noexcept {
  for (const MountWord& row : mount_words)
    if (row.word == word) return true;
  for (const PropagationWord& row : propagation_words)
    if (row.word == word || (word.starts_with('r') && row.word == word.substr(1))) return true;
  return word == recursive_bind_word;
}

}  // namespace pidns
