#include "plan/node_steps.h"

namespace pidns {
namespace {

void add_propagation(std::vector<Step>& steps, const Node& node) {
  if (!node.makes(NamespaceKind::mount)) return;
  if (node.propagation)
    steps.push_back({SetPropagation{*node.propagation}, origin("propagation", node.propagation.place())});
  else
    steps.push_back({SetPropagation{Propagation::private_}, default_origin("propagation", node)});
}

bool builds_own_root(const Node& node) { return node.root && node.root->type != Root::Type::directory; }

void add_mount_proc(std::vector<Step>& steps, const Node& node) {
  if (!node.mount_proc || node.mount_proc->target.empty()) return;
  const Origin asked = origin("mount-proc", node.mount_proc.place());
  // Else the procfs would appear in the caller's tree too, and break it when the node ends.
  // (A root of its own hangs in no tree of the caller's.)
  if (node.propagation && *node.propagation != Propagation::private_ && !node.root)
    steps.push_back({MakePrivate{node.mount_proc->target}, asked});
  steps.push_back({MountProcfs{*node.mount_proc, builds_own_root(node)}, asked});
}

void add_mounts(std::vector<Step>& steps, const Node& node, const std::string& spec_directory) {
  if (node.root) {
    Root root = *node.root;
    if (root.type != Root::Type::tmpfs) root.path = from_spec_directory(root.path, spec_directory);
    steps.push_back({ChangeRoot{std::move(root)}, origin("root", node.root.place())});
  }
  if (node.mounts)
    for (const auto& entry : *node.mounts) {
      Mount mount = entry.value;
      if (!mount.create) mount.create = builds_own_root(node);
      if (mount.type == "bind") mount.source = from_spec_directory(mount.source, spec_directory);
      steps.push_back({MountFilesystem{std::move(mount)}, origin("mounts", entry.place)});
    }
  add_mount_proc(steps, node);
  if (node.root) steps.push_back({DetachOldRoot{}, origin("root", node.root.place())});
  if (node.masked_paths)
    for (const auto& path : *node.masked_paths)
      steps.push_back({MaskPath{path.value}, origin("masked-paths", path.place)});
  if (node.read_only_paths)
    for (const auto& path : *node.read_only_paths)
      steps.push_back({ReadOnlyPath{path.value}, origin("read-only-paths", path.place)});
  if (node.read_only_root && *node.read_only_root)
    steps.push_back({ReadOnlyRoot{}, origin("read-only-root", node.read_only_root.place())});
}

void add_names_and_network(std::vector<Step>& steps, const Node& node) {
  if (node.hostname) steps.push_back({SetHostname{*node.hostname}, origin("hostname", node.hostname.place())});
  if (node.domainname)
    steps.push_back({SetDomainname{*node.domainname}, origin("domainname", node.domainname.place())});
  if (node.makes(NamespaceKind::net) && node.loopback.value_or(true))
    steps.push_back({BringUpLoopback{}, node.loopback ? origin("loopback", node.loopback.place())
                                                      : default_origin("loopback", node)});
  if (node.sysctls)
    for (const auto& sysctl : *node.sysctls)
      steps.push_back({SetSysctl{sysctl.value}, origin("sysctls", sysctl.place)});
}

}  // namespace

std::string from_spec_directory(const std::string& path, const std::string& spec_directory) {
  if (!path.empty() && path.front() == '/') return path;
  return spec_directory == "/" ? "/" + path : spec_directory + "/" + path;
}

void add_node_steps(std::vector<Step>& steps, const Node& node, const std::string& spec_directory) {
  add_propagation(steps, node);
  add_mounts(steps, node, spec_directory);
  add_names_and_network(steps, node);
}

}  // namespace pidns
