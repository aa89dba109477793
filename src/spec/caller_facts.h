#pragma once

#include <array>
#include <cstdint>
#include <limits>
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
  bool id_maps = false;           ///< For `all` and lists: which ids exist here.
  bool subordinate_ids = false;   ///< For `auto`.
  bool lent_ids = false;          ///< The same where the caller may not map others, for `all` and lists.
  bool root_propagation = false;  ///< For `root` with `propagation: unchanged`.
  bool limits = false;            ///< For `rlimits` and `nice`.
  bool bounding = false;          ///< For `capabilities`.
  int oom_score_adj = 1000;       ///< The least that is asked for.
  std::vector<std::string> paths;  ///< Those of /proc and /sys that are hidden from a user namespace.
};

/// What a plan depends on besides the spec: who asks, and from where. Filled by run/facts for a real
/// run; golden files and tests write their own. `check` and `plan` are pure functions of it.
struct CallerFacts {
  std::uint32_t uid = 0;                           ///< Effective.
  std::uint32_t gid = 0;                           ///< Effective.
  std::uint64_t capabilities = ~std::uint64_t{0};  ///< The effective set, bit n is capability n.
  std::uint64_t permitted = ~std::uint64_t{0};
  std::uint64_t bounding = ~std::uint64_t{0};      ///< Only asked for where it matters.
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
  /// The hard limits by their RLIMIT_ numbers, fs.nr_open, the soft limit `nice`, and the nice value.
  /// Only asked for where it matters.
  std::array<std::uint64_t, 16> hard_limits = unlimited();
  std::uint64_t most_files = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t nice_limit = 0;
  int nice = 0;
  std::vector<std::string> missing_paths;  ///< Those of `FactNeeds::paths` that this kernel does not have.
  int least_oom_score_adj = -1000;  ///< That the caller may set. Only asked for where it matters.

  [[nodiscard]] bool has_capability(unsigned number) const noexcept { return (capabilities >> number & 1U) != 0; }

 private:
  static constexpr std::array<std::uint64_t, 16> unlimited() noexcept {
    std::array<std::uint64_t, 16> limits{};
    for (auto& limit : limits) limit = std::numeric_limits<std::uint64_t>::max();
    return limits;
  }
};

}  // namespace pidns
