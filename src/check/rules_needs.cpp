/// "Needs X": X stands in the node's own `unshare`; nothing is implied, and `join` does not count.

#include "check/rules.h"
#include "spec/key_need.h"

namespace pidns {
namespace {

template <class T>
void need(const Scope& scope, std::string_view key, const Setting<T>& setting, Diagnostics& diagnostics) {
  const KeyNeed& need = *need_of(key);
  if (!setting || scope.node.makes(need.kind)) return;
  const std::string name(info(need.kind).name);
  auto& found = diagnostics.error(Code::needs_namespace, setting.place(),
                                  '`' + std::string(key) + "` needs a new " + name + " namespace");
  // With merged values the `unshare` may be far away; a label there would still be right.
  if (scope.node.unshare) found.labels.push_back({scope.node.unshare.place().value, '`' + name + "` would go here"});
  found.why = need.why;
  found.fix = unshare_with(scope.node, need.kind);
}

}  // namespace

void needs_uts(const Scope& scope, Diagnostics& diagnostics) {
  need(scope, "hostname", scope.node.hostname, diagnostics);
  need(scope, "domainname", scope.node.domainname, diagnostics);
}

void needs_mount(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (node.mount_proc && !node.mount_proc->target.empty()) need(scope, "mount-proc", node.mount_proc, diagnostics);
  need(scope, "propagation", node.propagation, diagnostics);
  need(scope, "root", node.root, diagnostics);
  need(scope, "mounts", node.mounts, diagnostics);
  need(scope, "masked-paths", node.masked_paths, diagnostics);
  need(scope, "read-only-paths", node.read_only_paths, diagnostics);
  if (node.read_only_root && *node.read_only_root) need(scope, "read-only-root", node.read_only_root, diagnostics);
}

/// `init: false` has a rule of its own.
void needs_pid(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  const bool* written = node.init ? std::get_if<bool>(&*node.init) : nullptr;
  if (written != nullptr && !*written) return;
  need(scope, "init", node.init, diagnostics);
}

void needs_net(const Scope& scope, Diagnostics& diagnostics) {
  need(scope, "loopback", scope.node.loopback, diagnostics);
}

void needs_user(const Scope& scope, Diagnostics& diagnostics) {
  need(scope, "uid-map", scope.node.uid_map, diagnostics);
  need(scope, "gid-map", scope.node.gid_map, diagnostics);
  need(scope, "setgroups", scope.node.setgroups, diagnostics);
}

void needs_time(const Scope& scope, Diagnostics& diagnostics) {
  need(scope, "monotonic", scope.node.monotonic, diagnostics);
  need(scope, "boottime", scope.node.boottime, diagnostics);
}

}  // namespace pidns
