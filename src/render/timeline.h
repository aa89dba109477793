#pragma once

/// Where the time of a run went, for people and for programs.

#include <chrono>
#include <string>
#include <vector>

#include "base/diagnostic.h"

namespace pidns {

/// What one process did for a while; times count from the start of the run.
struct TimedStep {
  std::string process;  ///< Its address.
  std::string words;    ///< `create`, `mount proc on /proc`.
  std::chrono::nanoseconds begin{};
  std::chrono::nanoseconds end{};
};

struct Timeline {
  std::vector<TimedStep> steps;  ///< Until commands execute, process by process, in order.
  std::vector<TimedStep> lives;  ///< Of commands, from their execute to their end.
};

/// A line a step with its duration in milliseconds and a bar, and how long it took as a whole.
std::string waterfall(const Timeline& timeline, TextStyle style);

/// Events that chrome://tracing and Perfetto read, a thread a process.
std::string chrome_trace(const std::string& name, const Timeline& timeline);

}  // namespace pidns
