/// /proc, and where mounts can be seen.

#include <algorithm>

#include "check/id_ranges.h"
#include "check/paths.h"
#include "check/rules.h"
#include "spec/mount_word.h"

namespace pidns {
namespace {

bool joins_mount(const Node& node) {
  return node.join && std::any_of(node.join->begin(), node.join->end(),
                                  [](const auto& entry) { return entry.value.kind == NamespaceKind::mount; });
}

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

/// Whether `/` is known to be shared in the mount namespace that the node has just made.
bool starts_shared(const Scope& scope) {
  // copy_mnt_ns(): what another user namespace owns gets slaves (CL_SHARED_TO_SLAVE).
  if (scope.node.makes(NamespaceKind::user)) return false;
  for (const Scope* outer = scope.outer; outer != nullptr; outer = outer->outer) {
    const Node& node = outer->node;
    if (joins_mount(node)) return false;  // Only the run will tell.
    if (node.makes(NamespaceKind::mount)) {
      if (!node.propagation || *node.propagation == Propagation::private_) return false;
      if (*node.propagation == Propagation::shared) return true;
      return *node.propagation == Propagation::unchanged && !node.root && starts_shared(*outer);
    }
    if (node.makes(NamespaceKind::user)) return false;
  }
  return !joins_mount(scope.node) && scope.facts.root_is_shared;
}

}  // namespace

// pid_namespaces(7), "/proc and PID namespaces": a procfs shows the pid namespace in which it was mounted.
void pid_shows_in_proc(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (!node.makes(NamespaceKind::pid) || sees_outer_proc(node) == nullptr) return;
  if (unshare_is_unknown(node)) return;
  auto& found = diagnostics.warning(Code::outer_proc, node.unshare.place(), "a new pid namespace without `mount-proc`");
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
  auto& found = diagnostics.warning(Code::mounts_escape, node.propagation.place(),
                                    "what this node mounts can reach the node around it, and outlive the run");
  found.why = shared ? "where `/` is shared outside, the new mount namespace stays in its peer group"
                     : "unchanged leaves `/` shared where it is shared outside";
  found.fix = "propagation: slave, if mounts made outside are to be seen inside";
}

// pivot_root(2): "The propagation type of the parent mount of new_root and the parent mount of the
// current root directory must not be MS_SHARED".
void root_is_not_shared(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (!node.root || !node.propagation || !node.makes(NamespaceKind::mount)) return;
  const bool shared = *node.propagation == Propagation::shared;
  const bool unchanged = *node.propagation == Propagation::unchanged && starts_shared(scope);
  if (!shared && !unchanged) return;
  auto& found = diagnostics.error(
      Code::root_shared, node.propagation.place(),
      shared ? "`root` with `propagation: shared`" : "`root` with `propagation: unchanged` where `/` is shared");
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
      diagnostics
          .warning(Code::mount_hides, mounts[later].place, "this mount and the procfs of `mount-proc` hide one another")
          .labels.push_back({node.mount_proc.place().key, "the fresh procfs"});
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      if (!covers(mount.target, mounts[earlier].value.target)) continue;
      diagnostics
          .warning(Code::mount_hides, mounts[later].place, "this mount on `" + mount.target + "` hides an earlier one")
          .labels.push_back({mounts[earlier].place.key, "hidden"});
      break;
    }
  }
}

// mount(8): a bind shows a filesystem as it is; `rbind` is said of nothing else.
void mount_words_belong(const Scope& scope, Diagnostics& diagnostics) {
  if (!scope.node.mounts) return;
  for (const auto& entry : *scope.node.mounts) {
    const Mount& mount = entry.value;
    for (const std::string& word : mount.options) {
      const bool bind = mount.type == "bind";
      if (bind ? is_mount_word(word) : word != recursive_bind_word) continue;
      auto& found = diagnostics.error(
          Code::wrong_mount_word, entry.place,
          '`' + word + "` is no option of " + (bind ? "a bind" : "a mount of type `" + mount.type + '`'));
      found.why = bind ? "a bind shows what is mounted already, with the options that its filesystem was given"
                       : "only a bind takes what is mounted below along";
    }
  }
}

// inode_init_owner() of a filesystem that a user namespace mounts: its owner must be mapped (EOVERFLOW).
void somebody_makes_files(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  const UserNamespace user = user_namespace(scope);
  if (!user.made || (!node.root && !node.mounts)) return;
  const auto uid = own_id(scope, IdKind::user);
  const auto gid = own_id(scope, IdKind::group);
  const bool no_uid = uid && uid->nobody;
  if (!no_uid && !(gid && gid->nobody)) return;
  const Setting<IdMap>& map = no_uid ? user.node->node.uid_map : user.node->node.gid_map;
  const auto refuse = [&](Place place, const std::string& what) {
    auto& found = diagnostics.error(Code::nobody_makes_files, place, what + " where nobody can own a file");
    found.labels.push_back({map.place().key, "maps neither its maker's id nor 0"});
    found.why = "a file needs an owner that its user namespace maps (EOVERFLOW)";
    found.fix = no_uid ? "uid-map: root" : "gid-map: root";
  };
  if (node.root) refuse(node.root.place(), "a `root`");
  if (!node.mounts) return;
  for (const auto& entry : *node.mounts)
    if (entry.value.type == "dev" || entry.value.type == "file")
      refuse(entry.place, "a mount of type `" + entry.value.type + '`');
}

}  // namespace pidns
