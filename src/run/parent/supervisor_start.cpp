#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "run/child/interpreter.h"
#include "run/child/timings.h"
#include "run/parent/exec_images.h"
#include "run/parent/failure.h"
#include "run/parent/id_map_helper.h"
#include "run/parent/joins.h"
#include "run/parent/leftovers.h"
#include "run/parent/streams.h"
#include "run/parent/supervisor.h"
#include "run/parent/title_area.h"

/// The start: everything opened and prepared, signals taken over, the supervisor's children made.

namespace pidns {
namespace {

/// Whether anybody has something to report: a child in its maker's memory leaves it there.
bool needs_reports(const ExecutionGraph& graph) {
  for (const auto& process : graph.processes)
    for (const auto& step : process.steps) {
      const auto* clone = std::get_if<Clone>(&step.action);
      if (std::holds_alternative<Fork>(step.action) || (clone != nullptr && !child::shares_memory(*clone))) return true;
    }
  return false;
}

/// Whether somebody would drop groups where it may turn out that none can be set.
bool drops_groups(const Step& step) {
  const auto* credentials = std::get_if<SetCredentials>(&step.action);
  return credentials != nullptr && credentials->groups_may_stay;
}

bool needs_procfs(const ExecutionGraph& graph) {
  for (const auto& process : graph.processes)
    for (const auto& step : process.steps)
      if (std::holds_alternative<WriteIdMaps>(step.action) || std::holds_alternative<WriteOwnIdMaps>(step.action) ||
          std::holds_alternative<SetClockOffsets>(step.action) || std::holds_alternative<SetSysctl>(step.action) ||
          std::holds_alternative<SetOomScoreAdj>(step.action) || drops_groups(step))
        return true;
  return false;
}

}  // namespace

bool Supervisor::prepare() {
  message_ = missing_descriptor(graph_, source_, options_.style);
  if (!message_.empty() || !claim_name() || !open_what_is_named()) return false;
  const bool reports = needs_reports(graph_);
  context_.images = make_exec_images(graph_, name_, reports, arena_);
  if (!graph_.readiness.empty()) probes_ = std::make_unique<Probes>(graph_, context_, name_, arena_);
  if (memory_.is_used()) {
    memory_.seal();
    table_.keep_from_children();
  }
  pids_.assign(graph_.processes.size(), 0);
  context_.graph = &graph_;
  context_.pids = pids_.data();
  context_.write_maps_by_helper = map_by_helper;
  if (needs_procfs(graph_)) context_.procfs = ::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  return !reports || open_reports();
}

/// Streams and namespaces, in the caller's tree.
bool Supervisor::open_what_is_named() {
  Streams streams = open_streams(graph_, source_, options_.style);
  if (!streams.problem.empty()) {
    message_ = std::move(streams.problem);
    return false;
  }
  streams_ = std::move(streams.descriptors);
  if (!open_terminal() || !open_output()) return false;
  Joins joined = open_joins(graph_, source_, options_.style);
  if (!joined.problem.empty()) {
    message_ = std::move(joined.problem);
    return false;
  }
  joins_ = std::move(joined.descriptors);
  context_.stream_descriptors = streams_.empty() ? nullptr : streams_.data();
  context_.join_descriptors = joins_.empty() ? nullptr : joins_.data();
  return true;
}

/// Where processes of ours report, by what they know our commands, and what ps shows of them.
bool Supervisor::open_reports() {
  const auto area = find_title_area();
  context_.title = area.begin;
  context_.title_size = area.size;
  // Sixteen random bytes that the kernel gave this process: getauxval(3), AT_RANDOM.
  if (const auto* random = reinterpret_cast<const char*>(::getauxval(AT_RANDOM)))
    std::memcpy(&context_.nonce, random, sizeof context_.nonce);
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
    message_ = "pidns: error: socketpair: " + error_words(errno) + "; nothing was run\n";
    return false;
  }
  const int on = 1;
  ::setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  reports_ = pair[0];
  context_.reports = pair[0];
  context_.supervisor = this;
  context_.hear_reports = [](void* self) { static_cast<Supervisor*>(self)->read_reports(); };
  context_.report_socket = pair[1];
  return true;
}

bool Supervisor::take_over_signals() {
  raw::sigprocmask(SIG_SETMASK, &raw::all_signals, &context_.caller_mask);
  raw::SignalAction standard{SIG_DFL, 0, nullptr, 0};
  raw::SignalAction before{};
  raw::sigaction(SIGCHLD, &standard, &before);
  context_.caller_ignored_sigchld = before.handler == SIG_IGN;
  not_ours_ = children_before();
  // What is left behind by nodes without a pid namespace comes back to us, to be ended.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  sigset_t all;
  sigfillset(&all);
  signals_ = ::signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0) message_ = "pidns: error: signalfd: " + error_words(errno) + "; nothing was run\n";
  return signals_ >= 0;
}

void Supervisor::make_children() {
  const Process& self = graph_.processes.front();
  for (std::size_t i = 0; i < self.steps.size() && !failed_ && !start_failure_; ++i) {
    const ProcessId id = child_of(self.steps[i].action);
    if (id == no_process) continue;
    const child::Made made = child::make_child(context_, ProcessId{0}, i);
    if (made.error != 0) {
      if (made.pid != 0) table_.add_child(id, made.pid);
      if (made.pid != 0 && events_) events_->created(graph_.process(id), made.pid);
      if (reports_ >= 0) read_reports();
      failed({child::ReportKind::failed, 0, static_cast<std::uint32_t>(made.step), made.error});
      break;
    }
    table_.add_child(id, made.pid);
    if (events_) events_->created(graph_.process(id), made.pid);
    if (table_[id].phase == Phase::waiting) table_[id].phase = Phase::created;
    if (reports_ >= 0) read_reports();
    if (made.failure.kind == child::ReportKind::failed)
      failed(made.failure);
    else if (made.executed)
      executed(id);
    if (made.executed) child::note_executed(context_, id);
  }
  close_what_children_have();
}

void Supervisor::close_what_children_have() {
  // Only the processes inside may hold the other end, so that they alone are heard.
  if (context_.report_socket >= 0) ::close(context_.report_socket);
  context_.report_socket = -1;
  if (context_.procfs >= 0) ::close(context_.procfs);
  context_.procfs = -1;
  close_outputs_that_children_have();
  for (const int descriptor : streams_)
    if (descriptor >= 0) ::close(descriptor);
  for (const int descriptor : joins_)
    if (descriptor >= 0) ::close(descriptor);
}

}  // namespace pidns
