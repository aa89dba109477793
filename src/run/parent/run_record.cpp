#include "run/parent/run_record.h"

#include <unistd.h>

#include <ctime>

#include "render/render.h"
#include "state/store.h"

namespace pidns {
namespace {

constexpr std::size_t longest_command = 4096;  // A command may be as long as the kernel takes.

bool is_recorded(Role role) { return role != Role::supervisor && role != Role::launcher; }

std::string command_text(const Process& process, const ExecutionGraph& graph) {
  if (process.steps.empty()) return {};
  const Action& last = process.steps.back().action;
  if (!std::holds_alternative<Exec>(last)) return {};
  constexpr std::string_view verb = "execute ";
  std::string words = describe(last, graph);
  if (words.starts_with(verb)) words.erase(0, verb.size());
  if (words.size() > longest_command) words.resize(longest_command);
  for (char& letter : words)
    if (letter >= 0 && letter < ' ') letter = ' ';
  return words;
}

std::string hostname_set_by(const Process& process) {
  for (const Step& step : process.steps)
    if (const auto* set = std::get_if<SetHostname>(&step.action)) return set->name;
  return {};
}

NodeRecord node_record(const GraphNode& node) {
  NodeRecord record;
  record.address = node.address;
  record.parent = static_cast<std::uint32_t>(index(node.parent));
  record.unshared = node.unshared;
  record.joined = node.joined;
  record.kill_child = node.kill_child;
  record.cwd = node.cwd;
  record.umask = node.umask;
  if (node.environment) {
    record.clear_env = node.environment->clear;
    record.keep_env = node.environment->keep;
    for (const EnvironmentEntry& entry : node.environment->entries) record.env.push_back({entry.name, entry.value});
  }
  return record;
}

/// Which process leads into a node: its PID 1, else the first that was made for it.
bool leads_into(const RunState& state, const NodeRecord& node, const ProcessRecord& process) {
  return !node.first || (process.is_pid1 && !state.processes[*node.first].is_pid1);
}

}  // namespace

RunState record_of(const ExecutionGraph& graph, const ProcessTable& table) {
  RunState state;
  state.started = std::time(nullptr);
  state.supervisor = {::getpid(), start_time_of(::getpid())};
  state.pid_namespace = own_pid_namespace();
  for (const GraphNode& node : graph.nodes) state.nodes.push_back(node_record(node));
  for (const Process& process : graph.processes) {
    if (!is_recorded(process.role)) continue;
    ProcessRecord record;
    record.address = process.address;
    record.node = static_cast<std::uint32_t>(index(process.node));
    record.role = describe(process.role);
    record.identity = {table[process.id].pid, start_time_of(table[process.id].pid)};
    record.is_pid1 = process.is_pid1;
    record.is_main = process.is_main;
    record.command = command_text(process, graph);
    NodeRecord& node = state.nodes[record.node];
    if (node.hostname.empty()) node.hostname = hostname_set_by(process);
    if (leads_into(state, node, record)) node.first = static_cast<std::uint32_t>(state.processes.size());
    state.processes.push_back(std::move(record));
  }
  return state;
}

}  // namespace pidns
