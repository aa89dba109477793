#include "plan/verify_rules.h"

namespace pidns {
namespace {

void verify_children(const ExecutionGraph& graph, const Process& maker, std::vector<int>& made,
                     std::vector<Violation>& violations) {
  for (std::size_t i = 0; i < maker.steps.size(); ++i) {
    const ProcessId child = child_of(maker.steps[i].action);
    if (child == no_process) continue;
    const bool known = index(child) < graph.processes.size();
    if (!known || graph.process(child).maker != maker.id)
      violations.push_back({"made-once", maker.id, i});
    else
      ++made[index(child)];
  }
}

void verify_end(const Process& process, std::vector<Violation>& violations) {
  const bool executes = process.role == Role::command;
  for (std::size_t i = 0; i < process.steps.size(); ++i) {
    const Action& action = process.steps[i].action;
    const bool last = i + 1 == process.steps.size();
    const bool ends = std::holds_alternative<Exec>(action) || std::holds_alternative<Supervise>(action);
    const bool right = executes ? std::holds_alternative<Exec>(action) : std::holds_alternative<Supervise>(action);
    if (last ? !right : ends) violations.push_back({"ends-once", process.id, i});
  }
  if (process.steps.empty()) violations.push_back({"ends-once", process.id, 0});
}

}  // namespace

void verify_structure(const ExecutionGraph& graph, std::vector<Violation>& violations) {
  std::vector<int> made(graph.processes.size(), 0);
  for (std::size_t i = 0; i < graph.processes.size(); ++i) {
    const Process& process = graph.processes[i];
    const bool first = i == 0;
    const bool supervises = process.role == Role::supervisor;
    const bool made_before = first ? process.maker == no_process : index(process.maker) < i;
    if (index(process.id) != i || first != supervises || !made_before) {
      violations.push_back({"supervisor-first", process.id, 0});
      return;
    }
    if (index(process.node) >= graph.nodes.size()) violations.push_back({"complete", process.id, 0});
    verify_children(graph, process, made, violations);
    verify_end(process, violations);
  }
  for (std::size_t i = 1; i < made.size(); ++i)
    if (made[i] != 1) violations.push_back({"made-once", graph.processes[i].id, 0});
}

std::vector<NamespaceSet> new_namespaces(const ExecutionGraph& graph) {
  std::vector<NamespaceSet> fresh(graph.processes.size());
  auto add = [](NamespaceSet& to, NamespaceSet from) {
    from.each([&](const NamespaceKindInfo& row) { to.add(row.kind); });
  };
  for (const auto& process : graph.processes) {
    NamespaceSet& own = fresh[index(process.id)];
    for (std::size_t i = 0; i < process.steps.size(); ++i) {
      const Step& step = process.steps[i];
      if (const auto* unshare = std::get_if<Unshare>(&step.action)) add(own, unshare->kinds);
      if (const auto* clone = std::get_if<Clone>(&step.action)) add(fresh[index(clone->child)], clone->kinds);
      const ProcessId child = child_of(step.action);
      // A launcher, and a holder around the process that `init` names, set up nothing themselves.
      const bool is_named =
          i + 1 < process.steps.size() && std::holds_alternative<AwaitSetUp>(process.steps[i + 1].action);
      if (child != no_process && (process.role == Role::launcher || is_named)) add(fresh[index(child)], own);
    }
  }
  return fresh;
}

}  // namespace pidns
