
#include "plan/node_shape.h"
#include "plan/step_order.h"
#include "plan/verify_rules.h"

namespace pidns {
namespace {

/// How often each kind of step stands in the processes of a node.
struct Tally {
  NamespaceSet made;
  std::size_t propagation = 0, root = 0, mounts = 0, procfs = 0, masked = 0, read_only = 0, read_only_root = 0;
  std::size_t hostname = 0, domainname = 0, loopback = 0, sysctls = 0;
  std::size_t commands = 0, ties = 0, credentials = 0, capabilities = 0, no_new_privs = 0, nice = 0, oom = 0;
  std::size_t sessions = 0, pass = 0;

  friend bool operator==(const Tally&, const Tally&) = default;
};

struct Count {
  Tally& tally;
  void operator()(const SetPropagation&) const { ++tally.propagation; }
  void operator()(const ChangeRoot&) const { ++tally.root; }
  void operator()(const MountFilesystem&) const { ++tally.mounts; }
  void operator()(const MountProcfs&) const { ++tally.procfs; }
  void operator()(const MaskPath&) const { ++tally.masked; }
  void operator()(const ReadOnlyPath&) const { ++tally.read_only; }
  void operator()(const ReadOnlyRoot&) const { ++tally.read_only_root; }
  void operator()(const SetHostname&) const { ++tally.hostname; }
  void operator()(const SetDomainname&) const { ++tally.domainname; }
  void operator()(const BringUpLoopback&) const { ++tally.loopback; }
  void operator()(const SetSysctl&) const { ++tally.sysctls; }
  void operator()(const SetCredentials&) const { ++tally.credentials; }
  void operator()(const SetCapabilities&) const { ++tally.capabilities; }
  void operator()(const SetNoNewPrivs&) const { ++tally.no_new_privs; }
  void operator()(const SetNice&) const { ++tally.nice; }
  void operator()(const SetOomScoreAdj&) const { ++tally.oom; }
  void operator()(const NewSession&) const { ++tally.sessions; }
  void operator()(const PassDescriptors&) const { ++tally.pass; }
  void operator()(const Exec&) const { ++tally.commands; }
  template <class T>
  void operator()(const T&) const {}
};

Tally wanted_by(const Node& node) {
  Tally tally;
  tally.made = node.unshared();
  tally.propagation = node.makes(NamespaceKind::mount) ? 1 : 0;
  tally.root = node.root ? 1 : 0;
  tally.mounts = node.mounts ? node.mounts->size() : 0;
  tally.procfs = node.mount_proc && !node.mount_proc->target.empty() ? 1 : 0;
  tally.masked = node.masked_paths ? node.masked_paths->size() : 0;
  tally.read_only = node.read_only_paths ? node.read_only_paths->size() : 0;
  tally.read_only_root = node.read_only_root.value_or(false) ? 1 : 0;
  tally.hostname = node.hostname ? 1 : 0;
  tally.domainname = node.domainname ? 1 : 0;
  tally.loopback = node.makes(NamespaceKind::net) && node.loopback.value_or(true) ? 1 : 0;
  tally.sysctls = node.sysctls ? node.sysctls->size() : 0;
  const bool ties = !node.kill_child || node.kill_child->signal != 0 || shape_of(node) == NodeShape::holder;
  tally.ties = shape_of(node) != NodeShape::plain && ties ? 1 : 0;
  for (const auto& process : node.processes) {
    ++tally.commands;
    if (process.uid || process.gid || process.groups) ++tally.credentials;
    if (process.capabilities) ++tally.capabilities;
    if (process.no_new_privs.value_or(false)) ++tally.no_new_privs;
    if (process.nice) ++tally.nice;
    if (process.oom_score_adj) ++tally.oom;
    if (process.terminal && *process.terminal == Terminal::none) ++tally.sessions;
    if (process.pass_fds) ++tally.pass;
  }
  return tally;
}

void flatten(const Node& node, std::vector<const Node*>& nodes) {
  nodes.push_back(&node);
  for (const auto& nested : node.namespaces) flatten(nested, nodes);
}

}  // namespace

void verify_against_spec(const ExecutionGraph& graph, const Spec& spec, std::vector<Violation>& violations) {
  std::vector<const Node*> nodes;
  flatten(spec.root, nodes);
  if (nodes.size() != graph.nodes.size()) {
    violations.push_back({"complete", ProcessId{0}, 0});
    return;
  }
  const std::vector<NamespaceSet> fresh = new_namespaces(graph);
  std::vector<Tally> found(nodes.size());
  std::vector<ProcessId> first(nodes.size(), ProcessId{0});
  for (const auto& process : graph.processes) {
    if (process.role == Role::supervisor) continue;
    Tally& tally = found[index(process.node)];
    if (first[index(process.node)] == ProcessId{0} && process.role != Role::launcher) {
      first[index(process.node)] = process.id;
      // The node's first process, alone of its processes, stands in what is new.
      if (shape_of(*nodes[index(process.node)]) != NodeShape::plain) {
        tally.made = fresh[index(process.id)];
        tally.ties = !process.steps.empty() && std::holds_alternative<TieToMaker>(process.steps.front().action) ? 1 : 0;
      }
    }
    for (const auto& step : process.steps) std::visit(Count{tally}, step.action);
  }
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (found[i] != wanted_by(*nodes[i])) violations.push_back({"complete", first[i], 0});
}

}  // namespace pidns
