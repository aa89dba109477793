#include "plan/graph.h"

#include <algorithm>

namespace pidns {

const char* describe(Limit limit) noexcept {
  switch (limit) {
    case Limit::grandchildren: return "if pidns is killed with SIGKILL, grandchildren live on: no pid namespace around them";
    case Limit::clears_tie:
      return "if the first process changes its ids (su, setpriv, set-uid), it outlives a SIGKILL of pidns; `init: true` helps";
    case Limit::may_not_signal: return "processes that change their ids may not be signalled by an unprivileged pidns";
    case Limit::kill_child_false: return "kill-child: false: what runs here outlives a SIGKILL of pidns";
    case Limit::unhandled_signal:
      return "the first process outlives a SIGKILL of pidns unless it handles the kill-child signal";
  }
  return "";
}

const Readiness* find_readiness(const ExecutionGraph& graph, ProcessId id) noexcept {
  const auto& all = graph.readiness;
  const auto found = std::lower_bound(all.begin(), all.end(), id, [](const Readiness& one, ProcessId wanted) {
    return one.process < wanted;
  });
  return found == all.end() || found->process != id ? nullptr : &*found;
}

Condition asked_of(const Process& process, Condition condition) noexcept {
  if (condition != Condition::automatic && condition != Condition::ready) return condition;
  return process.has_ready ? Condition::ready : Condition::started;
}

bool ends_what_is_left(const Process& process) noexcept {
  for (const auto& step : process.steps)
    if (std::holds_alternative<BecomeSubreaper>(step.action)) return true;
  return false;
}

const char* describe(Role role) noexcept {
  switch (role) {
    case Role::supervisor: return "supervisor";
    case Role::launcher: return "launcher";
    case Role::init: return "init";
    case Role::holder: return "holder";
    case Role::command: return "command";
  }
  return "";
}

}  // namespace pidns
