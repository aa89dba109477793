#pragma once

/// When each step of a run was done: memory that all its processes share, where it was asked for.

#include "run/child/context.h"

namespace pidns::child {

/// What is noted of a process besides its steps.
enum class Moment : std::uint8_t { made, entered, ended };
inline constexpr std::size_t moment_count = 3;

inline void note(const Context& context, std::size_t slot) {
  timespec now{};
  // The only clock that a new time namespace does not shift: time_namespaces(7).
  raw::clock_gettime(CLOCK_REALTIME, &now);
  context.times[slot] = std::int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
}

inline void note(const Context& context, ProcessId id, Moment moment) {
  if (context.times != nullptr) note(context, context.time_slots[index(id)] + static_cast<std::size_t>(moment));
}

/// The end of a step; what began it is the end of the one before.
inline void note_step(const Context& context, ProcessId id, std::size_t step) {
  if (context.times != nullptr) note(context, context.time_slots[index(id)] + moment_count + step);
}

/// The process has executed: its last step is done, as its maker sees it.
inline void note_executed(const Context& context, ProcessId id) {
  note_step(context, id, context.graph->processes[index(id)].steps.size() - 1);
}

}  // namespace pidns::child
