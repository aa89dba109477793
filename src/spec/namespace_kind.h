#pragma once

#include <sched.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

namespace pidns {

/// The kinds of namespaces(7), in the order in which the spec language names them.
enum class NamespaceKind : std::uint8_t { pid, mount, uts, ipc, net, user, cgroup, time };

inline constexpr std::size_t namespace_kind_count = 8;

/// What the kernel and unshare(1) call one kind.
struct NamespaceKindInfo {
  NamespaceKind kind;
  std::string_view name;           ///< As in a spec, and as unshare(1)'s long option.
  std::uint64_t clone_flag;        ///< CLONE_NEW…, for clone(2), unshare(2) and setns(2).
  std::string_view proc_name;      ///< The file in /proc/PID/ns that names it.
  std::string_view children_name;  ///< The file that names it for future children.
};

inline constexpr std::array<NamespaceKindInfo, namespace_kind_count> namespace_kinds{{
    {NamespaceKind::pid, "pid", CLONE_NEWPID, "pid", "pid_for_children"},
    {NamespaceKind::mount, "mount", CLONE_NEWNS, "mnt", "mnt"},
    {NamespaceKind::uts, "uts", CLONE_NEWUTS, "uts", "uts"},
    {NamespaceKind::ipc, "ipc", CLONE_NEWIPC, "ipc", "ipc"},
    {NamespaceKind::net, "net", CLONE_NEWNET, "net", "net"},
    {NamespaceKind::user, "user", CLONE_NEWUSER, "user", "user"},
    {NamespaceKind::cgroup, "cgroup", CLONE_NEWCGROUP, "cgroup", "cgroup"},
    {NamespaceKind::time, "time", CLONE_NEWTIME, "time", "time_for_children"},
}};

constexpr const NamespaceKindInfo& info(NamespaceKind kind) noexcept {
  return namespace_kinds[static_cast<std::size_t>(kind)];
}

constexpr std::optional<NamespaceKind> namespace_kind(std::string_view name) noexcept {
  for (const auto& row : namespace_kinds)
    if (row.name == name) return row.kind;
  return std::nullopt;
}

/// A set of kinds; iterated in the table's order.
class NamespaceSet {
 public:
  constexpr NamespaceSet() = default;
  static constexpr NamespaceSet all() noexcept {
    NamespaceSet set;
    set.bits_ = 0xff;
    return set;
  }

  constexpr void add(NamespaceKind kind) noexcept { bits_ |= bit(kind); }
  constexpr void remove(NamespaceKind kind) noexcept { bits_ &= static_cast<std::uint8_t>(~bit(kind)); }
  [[nodiscard]] constexpr bool has(NamespaceKind kind) const noexcept { return (bits_ & bit(kind)) != 0; }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint64_t clone_flags() const noexcept {
    std::uint64_t flags = 0;
    for (const auto& row : namespace_kinds)
      if (has(row.kind)) flags |= row.clone_flag;
    return flags;
  }
  template <class F>
  constexpr void each(F&& f) const {
    for (const auto& row : namespace_kinds)
      if (has(row.kind)) f(row);
  }
  friend constexpr bool operator==(NamespaceSet, NamespaceSet) = default;

 private:
  static constexpr std::uint8_t bit(NamespaceKind kind) noexcept {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
  }
  std::uint8_t bits_ = 0;
};

}  // namespace pidns
