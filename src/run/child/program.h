#pragma once

#include "run/child/context.h"

namespace pidns::child {

inline const Process& process_of(const Context& context, ProcessId id) { return context.graph->processes[index(id)]; }

/// Processes of ours stay; a command executes.
inline bool is_resident(Role role) { return role != Role::command; }

template <class T>
bool has_step(const Process& process) {
  for (const auto& step : process.steps)
    if (std::holds_alternative<T>(step.action)) return true;
  return false;
}

/// The step's action where it is there and of that kind; null otherwise.
template <class T>
const T* step_at(const Process& process, std::size_t step) {
  return step < process.steps.size() ? std::get_if<T>(&process.steps[step].action) : nullptr;
}

/// Whether its maker does not wait until it executes: it tells so itself.
inline bool runs_on_its_own(const Process& process) {
  return has_step<AwaitStart>(process) || has_step<WaitFor>(process);
}

}  // namespace pidns::child
