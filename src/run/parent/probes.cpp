#include "run/parent/probes.h"

#include <unistd.h>

#include <algorithm>
#include <climits>
#include <csignal>
#include <utility>

#include "run/child/program.h"
#include "run/parent/exec_images.h"
#include "sys/raw.h"

namespace pidns {
namespace {

/// The namespaces of a process that some node around it makes or joins.
NamespaceSet kinds_around(const ExecutionGraph& graph, const Process& process) {
  NamespaceSet kinds;
  for (const GraphNode* node = &graph.node(process.node);; node = &graph.node(node->parent)) {
    node->unshared.each([&](const NamespaceKindInfo& row) { kinds.add(row.kind); });
    node->joined.each([&](const NamespaceKindInfo& row) { kinds.add(row.kind); });
    if (node->parent == node->id) return kinds;
  }
}

/// As its innermost user namespace was entered: by itself, or by who made it.
void become_as(const ExecutionGraph& graph, const Process& process, child::ProbeOrder& order) {
  for (const Process* at = &process;; at = &graph.process(at->maker)) {
    for (const auto& step : at->steps) {
      const auto* await = std::get_if<AwaitIdMaps>(&step.action);
      if (await == nullptr) continue;
      order.become_uid_0 = await->become_uid_0;
      order.become_gid_0 = await->become_gid_0;
      return;
    }
    if (at->maker == no_process) return;
  }
}

}  // namespace

Probes::Probes(const ExecutionGraph& graph, child::Context& context, const std::string& name, Arena& arena)
    : graph_(graph), context_(context) {
  char path[PATH_MAX];
  if (::getcwd(path, sizeof path) != nullptr) directory_ = path;
  for (const auto& readiness : graph.readiness) {
    const Process& process = graph.process(readiness.process);
    One one{&readiness, {}, OutputMatch(readiness.ready.text), false, false, 0, {}, {}, {}};
    one.order.readiness = &readiness;
    one.order.kinds = kinds_around(graph, process);
    one.order.directory = directory_.empty() ? nullptr : directory_.c_str();
    become_as(graph, process, one.order);
    if (!readiness.exec.argv.empty()) {
      images_.push_back(make_exec_image(readiness.exec, name, process.address, arena, process.replica));
      one.order.image = &images_.back();
    }
    all_.push_back(std::move(one));
  }
}

Probes::One* Probes::find(ProcessId id) {
  const auto found = std::lower_bound(all_.begin(), all_.end(), id,
                                      [](const One& one, ProcessId wanted) { return one.readiness->process < wanted; });
  return found == all_.end() || found->readiness->process != id ? nullptr : &*found;
}

void Probes::begin(ProcessId id, int pid) {
  One* one = find(id);
  if (one == nullptr || one->match.found()) return;
  one->active = true;
  one->order.pid = pid;
  one->due = Clock::now();
  one->deadline = one->due + one->readiness->ready.within;
}

void Probes::end(One& one) {
  one.active = false;
  // With all that it started outside of a pid namespace; inside it is tied to it.
  if (one.running != 0) {
    ::kill(-one.running, SIGKILL);
    ::kill(one.running, SIGKILL);
  }
}

bool Probes::stop(ProcessId id) {
  One* one = find(id);
  if (one == nullptr || !one->active) return false;
  end(*one);
  return true;
}

void Probes::stop_all() {
  for (One& one : all_) end(one);
}

bool Probes::reaped(int pid, int status, std::optional<ProcessId>& ready) {
  for (One& one : all_) {
    if (one.running != pid) continue;
    one.running = 0;
    one.status = status;
    one.due = Clock::now() + one.readiness->ready.every;
    if (one.active && status == 0) {
      one.active = false;
      one.is_ready = true;
      ready = one.readiness->process;
    }
    return true;
  }
  return false;
}

bool Probes::wrote(ProcessId id, std::string_view text) {
  One* one = find(id);
  if (one == nullptr || one->readiness->ready.probe != Ready::Probe::output) return false;
  return one->match.take(text) && one->active && was_heard(id);
}

bool Probes::was_heard(ProcessId id) {
  One* one = find(id);
  if (one == nullptr || !one->match.found()) return false;
  one->active = false;
  return !std::exchange(one->is_ready, true);
}

bool Probes::is_ready(ProcessId id) {
  const One* one = find(id);
  return one != nullptr && one->is_ready;
}

void Probes::start(One& one) {
  const long pid = raw::fork(0);
  if (pid == 0) child::run_probe(context_, one.order);
  if (pid > 0) one.running = static_cast<int>(pid);
  one.due = Clock::now() + one.readiness->ready.every;  // Where there is no process to be had, later.
}

std::vector<Probes::Missed> Probes::run_due() {
  std::vector<Missed> missed;
  const auto now = Clock::now();
  for (One& one : all_) {
    if (!one.active) continue;
    if (one.deadline <= now) {
      end(one);
      missed.push_back({one.readiness, one.status});
    } else if (one.running == 0 && one.due <= now && one.readiness->ready.probe != Ready::Probe::output) {
      start(one);
    }
  }
  return missed;
}

std::optional<Clock::time_point> Probes::next() const {
  std::optional<Clock::time_point> next;
  for (const One& one : all_) {
    if (!one.active) continue;
    const bool probes = one.running == 0 && one.readiness->ready.probe != Ready::Probe::output;
    const auto at = probes ? std::min(one.due, one.deadline) : one.deadline;
    if (!next || at < *next) next = at;
  }
  return next;
}

}  // namespace pidns
