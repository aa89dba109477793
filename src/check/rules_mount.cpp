/// /proc, and where mounts can be seen.

#include <algorithm>

#include "check/paths.h"
#include "check/rules.h"

namespace pidns {
namespace {

/// The first process inside the node's pid namespace that looks at a /proc of somewhere else.
const ProcessSpec* sees_outer_proc(const Node& node) {
  if (mounts_proc(node) || node.mount_proc) return nullptr;  // `mount-proc: false` is on purpose.
  if (!node.processes.empty()) return &node.processes[0];
  for (const Node& inner : node.namespaces) {
    if (inner.makes(NamespaceKind::pid)) continue;
    if (const ProcessSpec* process = sees_outer_proc(inner)) return process;
  }
  return nullptr;
}

}  // namespace

// pid_namespaces(7), "/proc and PID namespaces": a procfs shows the pid namespace in which it was mounted.
void pid_shows_in_proc(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (!node.makes(NamespaceKind::pid) || sees_outer_proc(node) == nullptr) return;
  if (unshare_is_unknown(node)) return;
  auto& found = diagnostics.warning(node.unshare.place(), "a new pid namespace without `mount-proc`");
  found.why = "/proc goes on showing the pid namespace around it: ps sees the processes outside, or nothing";
  found.fix = node.makes(NamespaceKind::mount) ? "mount-proc: true"
                                               : unshare_with(node, NamespaceKind::mount) + "\nmount-proc: true";
}

// mount_namespaces(7), "Shared subtrees".
void mounts_stay_inside(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (!node.propagation || !node.makes(NamespaceKind::mount) || node.makes(NamespaceKind::user) || node.root) return;
  const bool shared = *node.propagation == Propagation::shared;
  if (!shared && *node.propagation != Propagation::unchanged) return;
  auto& found = diagnostics.warning(node.propagation.place(),
                                    "what this node mounts can reach the node around it, and outlive the run");
  found.why = shared ? "where `/` is shared outside, the new mount namespace stays in its peer group"
                     : "unchanged leaves `/` shared where it is shared outside";
  found.fix = "propagation: slave, if mounts made outside are to be seen inside";
}

// pivot_root(2): "The propagation type of the parent mount of new_root and the parent mount of the
// current root directory must not be MS_SHARED".
void root_is_not_shared(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (!node.root || !node.propagation) return;
  const bool shared = *node.propagation == Propagation::shared;
  const bool unchanged = *node.propagation == Propagation::unchanged && scope.facts.root_is_shared;
  if (!shared && !unchanged) return;
  auto& found =
      diagnostics.error(node.propagation.place(), shared ? "`root` with `propagation: shared`"
                                                         : "`root` with `propagation: unchanged` where `/` is shared");
  found.labels.push_back({node.root.place().key, "this changes the root"});
  found.why = "pivot_root(2) refuses a root whose mount is shared (EINVAL)";
  found.fix = "propagation: slave";
}

// A later mount at or above an earlier target hides it.
void mounts_do_not_hide_others(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  constexpr std::size_t sensible = 1000;
  if (!node.mounts || node.mounts->size() > sensible) return;
  const auto& mounts = *node.mounts;
  for (std::size_t later = 0; later < mounts.size(); ++later) {
    const Mount& mount = mounts[later].value;
    if (mount.type == "dir" || mount.type == "symlink") continue;
    const bool over_proc =
        node.mount_proc && !node.mount_proc->target.empty() && covers(mount.target, node.mount_proc->target);
    if (over_proc)
      diagnostics.warning(mounts[later].place, "this mount and the procfs of `mount-proc` hide one another")
          .labels.push_back({node.mount_proc.place().key, "the fresh procfs"});
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      if (!covers(mount.target, mounts[earlier].value.target)) continue;
      diagnostics.warning(mounts[later].place, "this mount on `" + mount.target + "` hides an earlier one")
          .labels.push_back({mounts[earlier].place.key, "hidden"});
      break;
    }
  }
}

}  // namespace pidns
