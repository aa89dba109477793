#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "plan/graph.h"
#include "render/timeline.h"
#include "run/child/context.h"

namespace pidns {

/// Measures a run where it was asked to: memory that all its processes write their times into.
class Stopwatch {
 public:
  Stopwatch() = default;
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch();

  /// From now on. An error number, or 0.
  int start(const ExecutionGraph& graph, child::Context& context);
  [[nodiscard]] Timeline read(const ExecutionGraph& graph) const;

 private:
  std::int64_t* times_ = nullptr;
  std::size_t size_ = 0;
  std::vector<std::size_t> slots_;
};

}  // namespace pidns
