#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pidns {

/// A range of ids, as a line of /proc/PID/uid_map has it.
struct IdRange {
  std::uint32_t inside = 0;
  std::uint32_t outside = 0;
  std::uint32_t count = 0;
};

/// Facts that cost something to find out, and matter to few specs.
struct FactNeeds {
  bool id_maps = false;           ///< For `all`: which ids exist here.
  bool subordinate_ids = false;   ///< For `auto`.
  bool root_propagation = false;  ///< For `root` with `propagation: unchanged`.
};

/// What a plan depends on besides the spec: who asks, and from where. Filled by run/facts for a real
/// run; golden files and tests write their own. `check` and `plan` are pure functions of it.
struct CallerFacts {
  std::uint32_t uid = 0;                           ///< Effective.
  std::uint32_t gid = 0;                           ///< Effective.
  std::uint64_t capabilities = ~std::uint64_t{0};  ///< The effective set, bit n is capability n.
  /// Levels of pid namespace between the initial one and the caller's, as far as /proc shows them;
  /// nothing where it cannot be read.
  std::optional<unsigned> pid_level = 0;
  std::optional<unsigned> user_level = 0;
  /// The caller's own maps: which ids exist here. Asked for only where it matters.
  std::vector<IdRange> uid_map{{0, 0, 0xffffffff}};
  std::vector<IdRange> gid_map{{0, 0, 0xffffffff}};
  /// The caller's ranges of /etc/subuid and /etc/subgid (`inside` is unused). Only asked for where it matters.
  std::vector<IdRange> subuid;
  std::vector<IdRange> subgid;
  std::string cwd = "/";        ///< Empty where the caller's directory has no path.
  bool root_is_shared = false;  ///< `/` is in a shared peer group. Only asked for where it matters.

  [[nodiscard]] bool has_capability(unsigned number) const noexcept { return (capabilities >> number & 1U) != 0; }
};

}  // namespace pidns
