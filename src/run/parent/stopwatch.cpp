#include "run/parent/stopwatch.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

#include "render/render.h"
#include "run/child/timings.h"

namespace pidns {
namespace {

using child::Moment;

}  // namespace

Stopwatch::~Stopwatch() {
  if (times_ != nullptr) ::munmap(times_, size_);
}

int Stopwatch::start(const ExecutionGraph& graph, child::Context& context) {
  std::size_t count = 0;
  for (const Process& process : graph.processes) {
    slots_.push_back(count);
    count += child::moment_count + process.steps.size();
  }
  size_ = count * sizeof *times_;
  void* memory = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return errno;
  times_ = static_cast<std::int64_t*>(memory);
  context.times = times_;
  context.time_slots = slots_.data();
  child::note(context, ProcessId{0}, Moment::entered);
  return 0;
}

Timeline Stopwatch::read(const ExecutionGraph& graph) const {
  Timeline timeline;
  const auto at = [this](ProcessId id, Moment moment) {
    return times_[slots_[index(id)] + static_cast<std::size_t>(moment)];
  };
  const std::int64_t start = at(ProcessId{0}, Moment::entered);
  const auto add = [&](std::vector<TimedStep>& list, const Process& process, std::string words, std::int64_t begin,
                       std::int64_t end) {
    if (begin == 0 || end < begin) return;
    list.push_back({process.address, std::move(words), std::chrono::nanoseconds(begin - start),
                    std::chrono::nanoseconds(end - start)});
  };
  for (const Process& process : graph.processes) {
    if (process.role == Role::supervisor) continue;
    std::int64_t before = at(process.id, Moment::entered);
    add(timeline.steps, process, "create", at(process.id, Moment::made), before);
    for (std::size_t i = 0; i < process.steps.size(); ++i) {
      const std::int64_t done = times_[slots_[index(process.id)] + child::moment_count + i];
      if (done == 0) continue;
      // What a maker waits for stands with the child.
      if (child_of(process.steps[i].action) == no_process)
        add(timeline.steps, process, describe(process.steps[i].action, graph), before, done);
      before = done;
    }
    if (process.role == Role::command) add(timeline.lives, process, "run", before, at(process.id, Moment::ended));
  }
  return timeline;
}

}  // namespace pidns
