#include "render/diff_side.h"

#include "base/display_line.h"
#include "render/words.h"

namespace pidns {

std::string node_words(const GraphNode& node) {
  std::string words;
  if (!node.unshared.empty()) words = "new " + kinds_text(node.unshared);
  if (!node.joined.empty()) words += (words.empty() ? "joins " : ", joins ") + kinds_text(node.joined);
  return words.empty() ? "in the namespaces around it" : words;
}

DiffSide::DiffSide(const PlanSide& side) : graph(side.graph), source(side.source) {
  for (const Process& process : graph.processes) {
    processes[address(process)] = &process;
    for (const Step& step : process.steps)
      if (const ProcessId child = child_of(step.action); child != no_process) makers_[child] = &step;
  }
  for (const GraphNode& node : graph.nodes) nodes[node.address] = &node;
}

std::string DiffSide::address(const Process& process) {
  return process.role == Role::supervisor ? "pidns" : process.address;
}

std::vector<ComparedStep> DiffSide::steps(const Process& process) const {
  std::vector<ComparedStep> list;
  if (const auto made = makers_.find(process.id); made != makers_.end()) add(list, *made->second);
  for (const Step& step : process.steps)
    if (child_of(step.action) == no_process && !std::holds_alternative<Supervise>(step.action)) add(list, step);
  return list;
}

std::vector<std::string> DiffSide::children(const Process& process) const {
  std::vector<std::string> list;
  for (const Step& step : process.steps)
    if (const ProcessId child = child_of(step.action); child != no_process)
      list.push_back(graph.process(child).address);
  return list;
}

std::string DiffSide::origin(const Step& step) const {
  std::string key = step.origin.key;
  if (step.origin.is_default) return key.empty() ? "" : "  [" + key + " (default)]";
  const Span span = step.origin.place.value.empty() ? step.origin.place.key : step.origin.place.value;
  if (span.empty()) return key.empty() ? "" : "  [" + key + "]";
  const Position at = source.position(span.begin);
  return "  [" + key + ", " + std::to_string(at.line) + ":" + std::to_string(at.column) + "]";
}

void DiffSide::add(std::vector<ComparedStep>& list, const Step& step) const {
  list.push_back({&step, printable(describe(step.action, graph)), step_arguments(step.action)});
}

}  // namespace pidns
