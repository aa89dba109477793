#pragma once

/// A node together with what stands around it: all that a rule may look at.

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

struct Scope {
  const Spec& spec;
  const CallerFacts& facts;
  const Node& node;
  const Scope* outer = nullptr;  ///< Of the node around it; nothing for the root.
  unsigned pid_levels = 0;       ///< New pid namespaces from the root to this node, its own included.
  unsigned user_levels = 0;      ///< New user namespaces, likewise.
  bool under_user = false;       ///< At or below a `user` level.
  NamespaceSet owned;            ///< Made at or below the nearest `user` level (or from the root, without one).

  /// The nearest node, this one included, that makes a new namespace of the kind; nothing without one.
  [[nodiscard]] const Scope* maker(NamespaceKind kind) const noexcept;
};

/// A rule adds its findings about one node.
using Rule = void (*)(const Scope& scope, Diagnostics& diagnostics);

inline constexpr int sigkill = 9;

// How the language's defaults turn out for a node.
/// Exactly one process and nothing nested.
bool is_single(const Node& node) noexcept;
/// `init: false`, written or by default: the only command is PID 1 itself.
bool command_is_pid1(const Node& node) noexcept;
/// The signal of `kill-child`, 0 for `false`.
int kill_child_signal(const Node& node) noexcept;
bool mounts_proc(const Node& node) noexcept;

/// The `unshare` could not be read; it counts as all kinds.
bool unshare_is_unknown(const Node& node) noexcept;
/// Where the kind stands in `unshare`.
Span unshare_word(const Node& node, NamespaceKind kind);

/// `pid, mount and uts`.
std::string kind_words(NamespaceSet kinds);
/// `unshare: [pid, mount]`, for a `try:`; with one more kind.
std::string unshare_with(const Node& node, NamespaceKind more);

}  // namespace pidns
