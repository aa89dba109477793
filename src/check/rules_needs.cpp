/// "Needs X": X stands in the node's own `unshare`; nothing is implied, and `join` does not count.

#include "check/rules.h"

namespace pidns {
namespace {

/// What a key needs, and what would happen without.
struct Need {
  std::string_view key;
  Place place;
  NamespaceKind kind;
  std::string_view why;
};

void need(const Scope& scope, const Need& need, Diagnostics& diagnostics) {
  if (scope.node.makes(need.kind)) return;
  const std::string name(info(need.kind).name);
  auto& found = diagnostics.error(need.place, '`' + std::string(need.key) + "` needs a new " + name + " namespace");
  // With merged values the `unshare` may be far away; a label there would still be right.
  if (scope.node.unshare) found.labels.push_back({scope.node.unshare.place().value, '`' + name + "` would go here"});
  found.why = need.why;
  found.fix = unshare_with(scope.node, need.kind);
}

template <class T>
void need(const Scope& scope, std::string_view key, const Setting<T>& setting, NamespaceKind kind, std::string_view why,
          Diagnostics& diagnostics) {
  if (setting) need(scope, Need{key, setting.place(), kind, why}, diagnostics);
}

constexpr std::string_view covers =
    "without a mount namespace of its own, it would change the file tree of the node around it";

}  // namespace

// uts_namespaces(7)
void needs_uts(const Scope& scope, Diagnostics& diagnostics) {
  need(scope, "hostname", scope.node.hostname, NamespaceKind::uts,
       "without a uts namespace of its own, sethostname(2) would rename the node around it", diagnostics);
  need(scope, "domainname", scope.node.domainname, NamespaceKind::uts,
       "without a uts namespace of its own, setdomainname(2) would rename the node around it", diagnostics);
}

// mount_namespaces(7)
void needs_mount(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  constexpr auto kind = NamespaceKind::mount;
  if (node.mount_proc && !node.mount_proc->target.empty())
    need(scope, "mount-proc", node.mount_proc, kind,
         "without a mount namespace of its own, the new procfs would cover another node's /proc", diagnostics);
  need(scope, "propagation", node.propagation, kind, "propagation is set on the mounts of a new mount namespace",
       diagnostics);
  need(scope, "root", node.root, kind, "pivot_root(2) changes the root of the whole mount namespace", diagnostics);
  need(scope, "mounts", node.mounts, kind, covers, diagnostics);
  need(scope, "masked-paths", node.masked_paths, kind, covers, diagnostics);
  need(scope, "read-only-paths", node.read_only_paths, kind, covers, diagnostics);
  if (node.read_only_root && *node.read_only_root)
    need(scope, "read-only-root", node.read_only_root, kind, covers, diagnostics);
}

// pid_namespaces(7). `init: false` has a rule of its own.
void needs_pid(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  const bool* written = node.init ? std::get_if<bool>(&*node.init) : nullptr;
  if (written != nullptr && !*written) return;
  need(scope, "init", node.init, NamespaceKind::pid, "an init is PID 1 of a new pid namespace", diagnostics);
}

// network_namespaces(7)
void needs_net(const Scope& scope, Diagnostics& diagnostics) {
  need(scope, "loopback", scope.node.loopback, NamespaceKind::net,
       "it is the `lo` of a new net namespace, which begins down", diagnostics);
}

// user_namespaces(7)
void needs_user(const Scope& scope, Diagnostics& diagnostics) {
  constexpr auto kind = NamespaceKind::user;
  constexpr std::string_view why = "the maps of an existing user namespace cannot be written again";
  need(scope, "uid-map", scope.node.uid_map, kind, why, diagnostics);
  need(scope, "gid-map", scope.node.gid_map, kind, why, diagnostics);
  need(scope, "setgroups", scope.node.setgroups, kind, "it is set once, before the group map of a new user namespace",
       diagnostics);
}

// time_namespaces(7)
void needs_time(const Scope& scope, Diagnostics& diagnostics) {
  constexpr std::string_view why = "offsets are written before the first process enters a new time namespace";
  need(scope, "monotonic", scope.node.monotonic, NamespaceKind::time, why, diagnostics);
  need(scope, "boottime", scope.node.boottime, NamespaceKind::time, why, diagnostics);
}

}  // namespace pidns
