#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "spec/namespace_kind.h"

namespace pidns {

/// A range of ids, as a line of /proc/PID/uid_map has it.
struct IdRange {
  std::uint32_t inside = 0;
  std::uint32_t outside = 0;
  std::uint32_t count = 0;
};

/// A program as a command names it, and the PATH along which it is looked for (nothing: the caller's).
struct ProgramName {
  std::string name;
  std::optional<std::string> path;
  auto operator<=>(const ProgramName&) const = default;
};

/// What execve(2) would find, as the caller sees its files.
struct FoundProgram {
  ProgramName program;
  std::string file;          ///< Empty where there is none.
  bool executable = false;   ///< A regular file with an execute bit.
  bool has_capabilities = false;               ///< capabilities(7), file capabilities.
  std::optional<std::uint32_t> set_user_id{};  ///< The owner of a set-user-ID program.
  bool set_group_id = false;
};

/// Facts that cost something to find out, and matter to few specs.
struct FactNeeds {
  bool id_maps = false;           ///< For `all` and lists: which ids exist here.
  bool subordinate_ids = false;   ///< For `auto`.
  bool lent_ids = false;          ///< The same where the caller may not map others, for `all` and lists.
  bool root_propagation = false;  ///< For `root` with `propagation: unchanged`.
  bool limits = false;            ///< For `rlimits` and `nice`.
  bool bounding = false;          ///< For `capabilities`.
  bool soft_stack = false;        ///< For arguments and environments that are long.
  int oom_score_adj = 1000;       ///< The least that is asked for.
  std::vector<std::string> paths;  ///< Those of /proc and /sys that are hidden from a user namespace.
  bool map_helpers = false;        ///< newuidmap(1) and newgidmap(1), where the caller may not map ids itself.
  bool user_namespaces = false;    ///< Whether the caller may make one.
  bool namespace_limits = false;   ///< Those of namespaces(7), "The /proc/sys/user directory".
  std::vector<std::string> trees;  ///< That are bound; sorted.
  std::vector<ProgramName> programs;  ///< Sorted.
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
  std::uint64_t soft_stack = std::numeric_limits<std::uint64_t>::max();  ///< Only asked for where it matters.
  std::size_t page_size = 4096;
  int nice = 0;
  std::vector<std::string> missing_paths;  ///< Those of `FactNeeds::paths` that this kernel does not have.
  bool has_map_helpers = true;             ///< newuidmap and newgidmap are on PATH. Only asked for where it matters.
  bool may_make_user = true;               ///< kernel.unprivileged_userns_clone, for a caller without privilege.
  bool user_is_confined = false;           ///< kernel.apparmor_restrict_unprivileged_userns, likewise.
  /// user.max_*_namespaces in the order of the kinds. Only asked for where it matters.
  std::array<std::uint64_t, namespace_kind_count> most_namespaces = no_limits();
  std::vector<std::string> trees_with_mounts;  ///< Those of `FactNeeds::trees` below which something is mounted; sorted.
  std::vector<FoundProgram> programs;          ///< Those of `FactNeeds::programs`, in their order.
  int least_oom_score_adj = -1000;  ///< That the caller may set. Only asked for where it matters.

  [[nodiscard]] bool has_capability(unsigned number) const noexcept { return (capabilities >> number & 1U) != 0; }

 private:
  static constexpr std::array<std::uint64_t, namespace_kind_count> no_limits() noexcept {
    std::array<std::uint64_t, namespace_kind_count> limits{};
    for (auto& limit : limits) limit = std::numeric_limits<std::uint64_t>::max();
    return limits;
  }
  static constexpr std::array<std::uint64_t, 16> unlimited() noexcept {
    std::array<std::uint64_t, 16> limits{};
    for (auto& limit : limits) limit = std::numeric_limits<std::uint64_t>::max();
    return limits;
  }
};

}  // namespace pidns
