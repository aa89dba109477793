#include "plan/dependencies.h"

#include <algorithm>


namespace pidns {
namespace {

/// What the words of the language mean for one member: all `ready`, none, or some.
Condition left_open(const ExecutionGraph& graph, const Awaited& awaited) {
  bool any = false;
  bool all = true;
  for (const auto& range : awaited)
    for (std::size_t i = index(range.first); i < index(range.end); ++i) {
      const Process& process = graph.processes[i];
      if (process.role != Role::command) continue;
      any = any || process.has_ready;
      all = all && process.has_ready;
    }
  return !any ? Condition::started : all ? Condition::ready : Condition::automatic;
}

}  // namespace

bool waits_anywhere(const Node& node) {
  const auto waits = [](const ProcessSpec& process) { return static_cast<bool>(process.depends_on); };
  return std::any_of(node.processes.begin(), node.processes.end(), waits) ||
         std::any_of(node.namespaces.begin(), node.namespaces.end(), waits_anywhere);
}

Dependency Dependencies::from_root(std::span<const Node* const> around, const std::string& address,
                                   const Dependency& written) {
  const auto found = book_.find(around, written.address);
  if (!found || found->shared == 0) return written;
  return {address + "/" + written.address, written.condition};
}

void Dependencies::resolve(ExecutionGraph& graph) {
  ranges_["/"] = {ProcessId{0}, ProcessId{static_cast<std::uint32_t>(graph.processes.size())}};
  for (auto& gate : graph.gates)
    for (auto& condition : gate.conditions) {
      gate.awaited.push_back(awaited_at(graph, condition.value.address));
      if (condition.value.condition == Condition::automatic)
        condition.value.condition = left_open(graph, graph.awaited[gate.awaited.back()]);
    }
}

std::uint32_t Dependencies::awaited_at(ExecutionGraph& graph, const std::string& address) {
  const auto [at, is_new] = known_.try_emplace(address, static_cast<std::uint32_t>(graph.awaited.size()));
  if (is_new) {
    Awaited awaited;
    add_ranges(awaited, "", address);
    graph.awaited.push_back(std::move(awaited));
  }
  return at->second;
}

/// `pod/web`, where there are several pods: web in each of them.
void Dependencies::add_ranges(Awaited& to, const std::string& stem, std::string_view rest) {
  if (const auto whole = ranges_.find(stem + std::string(rest)); whole != ranges_.end()) {
    to.push_back(whole->second);
    return;
  }
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return;
  const std::string name = stem + std::string(rest.substr(0, slash));
  const std::string_view behind = rest.substr(slash + 1);
  if (!ranges_.contains(name + "-1") || ranges_.contains(name + "/" + std::string(behind.substr(0, behind.find('/'))))) {
    add_ranges(to, name + "/", behind);
    return;
  }
  for (std::uint32_t copy = 1; ranges_.contains(name + "-" + std::to_string(copy)); ++copy)
    add_ranges(to, name + "-" + std::to_string(copy) + "/", behind);
}

}  // namespace pidns
