#pragma once

/// "Needs X": which keys of a node need which kind in that node's own `unshare`, and why.

#include <array>
#include <string_view>

#include "spec/namespace_kind.h"

namespace pidns {

struct KeyNeed {
  std::string_view key;
  NamespaceKind kind;
  std::string_view why;     ///< What would happen without.
  std::string_view unless;  ///< The value that needs nothing, as it is written; empty where all do.
};

namespace detail {
inline constexpr std::string_view other_tree =
    "without a mount namespace of its own, it would change the file tree of the node around it";
inline constexpr std::string_view maps_once = "the maps of an existing user namespace cannot be written again";
inline constexpr std::string_view offsets_first =
    "offsets are written before the first process enters a new time namespace";
}  // namespace detail

// uts_namespaces(7), mount_namespaces(7), pid_namespaces(7), network_namespaces(7), user_namespaces(7),
// time_namespaces(7)
inline constexpr std::array key_needs{
    KeyNeed{"hostname", NamespaceKind::uts,
            "without a uts namespace of its own, sethostname(2) would rename the node around it", ""},
    KeyNeed{"domainname", NamespaceKind::uts,
            "without a uts namespace of its own, setdomainname(2) would rename the node around it", ""},
    KeyNeed{"mount-proc", NamespaceKind::mount,
            "without a mount namespace of its own, the new procfs would cover another node's /proc", "false"},
    KeyNeed{"propagation", NamespaceKind::mount, "propagation is set on the mounts of a new mount namespace", ""},
    KeyNeed{"root", NamespaceKind::mount, "pivot_root(2) changes the root of the whole mount namespace", ""},
    KeyNeed{"mounts", NamespaceKind::mount, detail::other_tree, ""},
    KeyNeed{"masked-paths", NamespaceKind::mount, detail::other_tree, ""},
    KeyNeed{"read-only-paths", NamespaceKind::mount, detail::other_tree, ""},
    KeyNeed{"read-only-root", NamespaceKind::mount, detail::other_tree, "false"},
    KeyNeed{"init", NamespaceKind::pid, "an init is PID 1 of a new pid namespace", ""},
    KeyNeed{"loopback", NamespaceKind::net, "it is the `lo` of a new net namespace, which begins down", ""},
    KeyNeed{"uid-map", NamespaceKind::user, detail::maps_once, ""},
    KeyNeed{"gid-map", NamespaceKind::user, detail::maps_once, ""},
    KeyNeed{"setgroups", NamespaceKind::user, "it is set once, before the group map of a new user namespace", ""},
    KeyNeed{"monotonic", NamespaceKind::time, detail::offsets_first, ""},
    KeyNeed{"boottime", NamespaceKind::time, detail::offsets_first, ""},
};

/// Nothing for a key that needs no kind.
constexpr const KeyNeed* need_of(std::string_view key) noexcept {
  for (const KeyNeed& row : key_needs)
    if (row.key == key) return &row;
  return nullptr;
}

}  // namespace pidns
