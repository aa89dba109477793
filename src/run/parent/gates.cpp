#include "run/parent/gates.h"

#include <map>
#include <utility>

namespace pidns {

Gates::Gates(const ExecutionGraph& graph)
    : graph_(graph),
      watched_(graph.processes.size()),
      missing_(graph.gates.size(), 0),
      decided_(graph.gates.size(), false),
      settled_(graph.processes.size()) {
  std::map<std::pair<std::uint32_t, Condition>, std::uint32_t> known;
  for (const auto& gate : graph.gates) {
    missing_[index(gate.id)] = gate.conditions.size();
    for (std::size_t i = 0; i < gate.conditions.size(); ++i) {
      const Condition condition = gate.conditions[i].value.condition;
      const auto [at, is_new] =
          known.try_emplace({gate.awaited[i], condition}, static_cast<std::uint32_t>(watches_.size()));
      if (is_new) {
        watches_.push_back({condition, 0, {}});
        for (const auto& range : graph.awaited[gate.awaited[i]])
          for (std::size_t member = index(range.first); member < index(range.end); ++member) {
            if (graph.processes[member].role != Role::command) continue;
            watched_[member].push_back(at->second);
            ++watches_.back().missing;
          }
      }
      watches_[at->second].waiting.emplace_back(gate.id, i);
    }
  }
}

void Gates::ended(ProcessId id, bool executed, bool well) {
  settle(id, Condition::exited, true);
  settle(id, Condition::succeeded, executed && well);
  settle(id, Condition::started, false);
  settle(id, Condition::ready, false);
}

void Gates::never_starts(ProcessId id) {
  for (const Condition condition : {Condition::exited, Condition::succeeded, Condition::started, Condition::ready})
    settle(id, condition, false);
}

void Gates::settle(ProcessId id, Condition condition, bool came_true) {
  if (std::exchange(settled_[index(id)][static_cast<std::size_t>(condition)], true)) return;
  for (const std::uint32_t number : watched_[index(id)]) {
    Watch& watch = watches_[number];
    if (asked_of(graph_.process(id), watch.condition) != condition) continue;
    if (came_true && --watch.missing > 0) continue;
    for (const auto& [gate, which] : watch.waiting) {
      if (decided_[index(gate)] || (came_true && --missing_[index(gate)] > 0)) continue;
      decided_[index(gate)] = true;
      changes_.push_back({gate, came_true, which});
    }
  }
}

}  // namespace pidns
