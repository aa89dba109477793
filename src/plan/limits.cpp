#include "plan/limits.h"

#include <csignal>

#include "plan/node_shape.h"

namespace pidns {

std::vector<Limit> limits_of(const Node& node, bool in_pid_namespace, const CallerFacts& facts) {
  constexpr unsigned cap_kill = 5;
  std::vector<Limit> limits;
  const bool own_pid_namespace = node.makes(NamespaceKind::pid);
  const bool free_standing = !own_pid_namespace && !in_pid_namespace && !node.processes.empty();
  if (free_standing) limits.push_back(Limit::grandchildren);
  const int signal = node.kill_child ? node.kill_child->signal : SIGKILL;
  const bool runs_as_first = own_pid_namespace && shape_of(node) == NodeShape::leaf;
  if (runs_as_first && signal != 0) limits.push_back(Limit::clears_tie);
  if (free_standing && !facts.has_capability(cap_kill)) limits.push_back(Limit::may_not_signal);
  if (signal == 0) limits.push_back(Limit::kill_child_false);
  if (runs_as_first && signal != 0 && signal != SIGKILL) limits.push_back(Limit::unhandled_signal);
  return limits;
}

}  // namespace pidns
