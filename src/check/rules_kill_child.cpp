/// What the death of a maker does to the processes that it made: PR_SET_PDEATHSIG(2const).

#include "base/signal_name.h"
#include "check/rules.h"
#include "check/shell.h"

namespace pidns {

// pid_namespaces(7): from an ancestor namespace only SIGKILL and SIGSTOP are forced on a PID 1; any
// other signal reaches it only where it has a handler.
void tie_reaches_pid1(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (!node.kill_child || node.kill_child->signal == 0 || node.kill_child->signal == sigkill) return;
  if (!command_is_pid1(node)) return;
  const ProcessSpec& process = node.processes[0];
  if (process.script && has_trap(*process.script)) return;
  const std::string name = signal_name(node.kill_child->signal);
  auto& found = diagnostics.warning(Code::tie_does_nothing, node.kill_child.place(),
                                    "`kill-child: " + name + "` does nothing to a PID 1 that does not handle " + name);
  found.labels.push_back({process.place.key, "this is PID 1"});
  found.why = "the kernel forces only SIGKILL and SIGSTOP on the PID 1 of a pid namespace";
  found.fix = "kill-child: SIGKILL, or init: true, or a `trap` in a script";
}

void tie_is_there(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (!node.kill_child || node.kill_child->signal != 0) return;
  // A pid namespace around it that is tied takes it along.
  for (const Scope* outer = scope.outer; outer != nullptr; outer = outer->outer)
    if (outer->node.makes(NamespaceKind::pid) && kill_child_signal(outer->node) != 0) return;
  auto& found = diagnostics.warning(Code::tie_off, node.kill_child.place(),
                                    "with `kill-child: false` what runs here outlives pidns");
  found.why = "nothing ends it when pidns gets SIGKILL";
}

// SIGKILL of an init takes its whole pid namespace at once.
void tie_arrives_below_init(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (!node.kill_child || node.kill_child->signal == 0 || node.kill_child->signal == sigkill) return;
  for (const Scope* outer = scope.outer; outer != nullptr; outer = outer->outer) {
    if (!outer->node.makes(NamespaceKind::pid) || kill_child_signal(outer->node) != sigkill) continue;
    const std::string name = signal_name(node.kill_child->signal);
    auto& found = diagnostics.warning(Code::tie_cannot_arrive, node.kill_child.place(),
                                      name + " cannot arrive when the init around this node is killed");
    const Setting<KillChild>& around = outer->node.kill_child;
    found.labels.push_back({around ? around.place().key : outer->node.place.key,
                            around ? "that init gets SIGKILL" : "its init gets SIGKILL by default"});
    found.why = "when the PID 1 of a pid namespace dies, the kernel sends SIGKILL to all that is in it";
    found.fix = "kill-child: " + name + " on the outer node too: an init of ours passes it on";
    return;
  }
}

}  // namespace pidns
