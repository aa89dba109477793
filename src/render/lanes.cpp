#include "render/lanes.h"

#include "base/display_line.h"
#include "render/render.h"
#include "render/words.h"

namespace pidns {
namespace {

std::string title_of(const ExecutionGraph& graph, const Process& process) {
  if (process.role == Role::supervisor) return "pidns";
  const bool is_command = process.role == Role::command;
  std::string title = is_command ? process.address : graph.node(process.node).address + ": " + describe(process.role);
  if (process.is_pid1) title += ", PID 1";
  return printable(title);
}

std::vector<LaneWait> waits_of(const ExecutionGraph& graph, const Action& action) {
  std::vector<LaneWait> waits;
  const auto* wait = std::get_if<WaitFor>(&action);
  if (wait == nullptr) return waits;
  const Gate& gate = graph.gates[index(wait->gate)];
  for (std::size_t i = 0; i < gate.conditions.size(); ++i)
    for (const ProcessRange& range : graph.awaited[gate.awaited[i]])
      for (std::size_t at = index(range.first); at < index(range.end); ++at) {
        const Process& awaited = graph.processes[at];
        if (awaited.role != Role::command) continue;
        waits.push_back({awaited.id, condition_word(asked_of(awaited, gate.conditions[i].value.condition))});
      }
  return waits;
}

Lane lane_of(const ExecutionGraph& graph, const Process& process) {
  Lane lane{process.id, title_of(graph, process), {}};
  for (const Step& step : process.steps) {
    if (std::holds_alternative<Supervise>(step.action)) continue;  // The role says it.
    LaneRow row{printable(describe(step.action, graph)), step.origin.key, child_of(step.action), step.origin.is_default,
                waits_of(graph, step.action)};
    if (row.is_default && !row.key.empty()) row.key += " (default)";
    lane.rows.push_back(std::move(row));
  }
  if (const Readiness* readiness = find_readiness(graph, process.id))
    lane.rows.push_back({printable(ready_text(readiness->ready)), "ready"});
  for (const EndWords& end : end_texts(process)) lane.rows.push_back({end.words, end.key});
  return lane;
}

std::string box_title(const GraphNode& node) {
  std::string title = node.address;
  if (!node.unshared.empty()) title += ": new " + kinds_text(node.unshared);
  if (!node.joined.empty()) title += (node.unshared.empty() ? ": joins " : "; joins ") + kinds_text(node.joined);
  return title;
}

/// A launcher stands where its maker stands, and lets its child into what is new.
bool is_outside(const ExecutionGraph& graph, const Process& process) {
  if (process.role == Role::supervisor) return true;
  const GraphNode& node = graph.node(process.node);
  return process.role == Role::launcher && node.parent == node.id;
}

NodeId box_of(const ExecutionGraph& graph, const Process& process) {
  return process.role == Role::launcher ? graph.node(process.node).parent : process.node;
}

Box build(const ExecutionGraph& graph, NodeId id, const std::vector<std::vector<NodeId>>& nested,
          std::vector<std::vector<Lane>>& lanes) {
  const GraphNode& node = graph.node(id);
  Box box{id, box_title(node), node.unshared.empty() && node.joined.empty(), {}, std::move(lanes[index(id)])};
  for (const NodeId inner : nested[index(id)]) box.boxes.push_back(build(graph, inner, nested, lanes));
  return box;
}

}  // namespace

Picture picture_of(const ExecutionGraph& graph) {
  Picture picture;
  std::vector<std::vector<Lane>> lanes(graph.nodes.size());
  std::vector<std::vector<NodeId>> nested(graph.nodes.size());
  for (const Process& process : graph.processes) {
    if (is_outside(graph, process))
      picture.outside.push_back(lane_of(graph, process));
    else
      lanes[index(box_of(graph, process))].push_back(lane_of(graph, process));
  }
  for (const GraphNode& node : graph.nodes)
    if (node.parent != node.id) nested[index(node.parent)].push_back(node.id);
  if (!graph.nodes.empty()) picture.root = build(graph, NodeId{0}, nested, lanes);
  return picture;
}

}  // namespace pidns
