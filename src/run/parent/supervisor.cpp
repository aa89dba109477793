#include "run/parent/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
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
#include "run/parent/signal_state.h"
#include "run/parent/streams.h"
#include "run/parent/title_area.h"

namespace pidns {

namespace {

bool needs_procfs(const ExecutionGraph& graph) {
  for (const auto& process : graph.processes)
    for (const auto& step : process.steps)
      if (std::holds_alternative<WriteIdMaps>(step.action) || std::holds_alternative<WriteOwnIdMaps>(step.action) ||
          std::holds_alternative<SetClockOffsets>(step.action) || std::holds_alternative<SetSysctl>(step.action) ||
          std::holds_alternative<SetOomScoreAdj>(step.action))
        return true;
  return false;
}

}  // namespace

Supervisor::Supervisor(const ExecutionGraph& graph, const SourceFile& source, const RunOptions& options)
    : graph_(graph), source_(source), options_(options), table_(graph) {
  for (const auto& process : graph.processes)
    if (process.role == Role::command) ++commands_;
}

Outcome Supervisor::run() {
  if (!start_stopwatch() || !prepare()) {
    say(message_);
    return {125, 0};
  }
  take_over_signals();
  terminal_.remember();
  make_children();
  watch();
  return finish();
}

/// Whether anybody has something to report: a child in its maker's memory leaves it there.
bool Supervisor::needs_reports() const {
  for (const auto& process : graph_.processes)
    for (const auto& step : process.steps) {
      const auto* clone = std::get_if<Clone>(&step.action);
      if (std::holds_alternative<Fork>(step.action) || (clone != nullptr && !clone->shares_memory)) return true;
    }
  return false;
}

bool Supervisor::prepare() {
  const bool reports = needs_reports();
  Streams streams = open_streams(graph_, source_, options_.style);
  if (!streams.problem.empty()) {
    message_ = std::move(streams.problem);
    return false;
  }
  streams_ = std::move(streams.descriptors);
  Joins joined = open_joins(graph_, source_, options_.style);
  if (!joined.problem.empty()) {
    message_ = std::move(joined.problem);
    return false;
  }
  joins_ = std::move(joined.descriptors);
  images_ = make_exec_images(graph_, reports, arena_);
  pids_.assign(graph_.processes.size(), 0);
  context_.graph = &graph_;
  context_.images = images_.data();
  context_.stream_descriptors = streams_.empty() ? nullptr : streams_.data();
  context_.join_descriptors = joins_.empty() ? nullptr : joins_.data();
  context_.pids = pids_.data();
  context_.write_maps_by_helper = map_by_helper;
  if (needs_procfs(graph_)) context_.procfs = ::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (!reports) return true;

  const auto area = find_title_area();
  context_.title = area.begin;
  context_.title_size = area.size;
  // Sixteen random bytes that the kernel gave this process: getauxval(3), AT_RANDOM.
  if (const auto* random = reinterpret_cast<const char*>(::getauxval(AT_RANDOM)))
    std::memcpy(&context_.nonce, random, sizeof context_.nonce);
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
    message_ = "pidns: error: socketpair: " + error_words(errno) + "\n";
    return false;
  }
  const int on = 1;
  ::setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  reports_ = pair[0];
  context_.report_socket = pair[1];
  return true;
}

void Supervisor::take_over_signals() {
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
}

void Supervisor::make_children() {
  const Process& self = graph_.processes.front();
  for (std::size_t i = 0; i < self.steps.size() && !failed_; ++i) {
    const Step& step = self.steps[i];
    ProcessId id = no_process;
    if (const auto* clone = std::get_if<Clone>(&step.action)) id = clone->child;
    if (const auto* fork = std::get_if<Fork>(&step.action)) id = fork->child;
    if (id == no_process) continue;
    const child::Made made = child::make_child(context_, ProcessId{0}, i);
    if (made.error != 0) {
      if (made.pid != 0) table_.add_child(id, made.pid);
      if (reports_ >= 0) read_reports();
      failed({child::ReportKind::failed, 0, static_cast<std::uint32_t>(made.step), made.error});
      break;
    }
    table_.add_child(id, made.pid);
    if (table_[id].phase == Phase::waiting) table_[id].phase = Phase::created;
    if (reports_ >= 0) read_reports();
    if (made.failure.kind == child::ReportKind::failed)
      failed(made.failure);
    else if (made.executed)
      executed(id);
    if (made.executed) child::note_executed(context_, id);
  }
  // Only the processes inside may hold the other end, so that they alone are heard.
  if (context_.report_socket >= 0) ::close(context_.report_socket);
  context_.report_socket = -1;
  for (const int descriptor : streams_)
    if (descriptor >= 0) ::close(descriptor);
  for (const int descriptor : joins_)
    if (descriptor >= 0) ::close(descriptor);
}

void Supervisor::watch() {
  while (!table_.children().empty()) wait_for_news();
}

void Supervisor::wait_for_news() {
  pollfd sources[2] = {{signals_, POLLIN, 0}, {reports_, POLLIN, 0}};
  const nfds_t count = reports_ >= 0 ? 2 : 1;
  ::poll(sources, count, milliseconds_to_next_timer());
  if (count == 2 && sources[1].revents != 0) read_reports();
  if (sources[0].revents != 0) {
    signalfd_siginfo news;
    while (::read(signals_, &news, sizeof news) == static_cast<ssize_t>(sizeof news)) {
      if (news.ssi_signo == SIGCHLD)
        reap_children();
      else
        take_signal(news);
    }
  }
  if (has_timers_) run_timers();
}

void Supervisor::read_reports() {
  for (;;) {
    child::Report report{};
    iovec part{&report, sizeof report};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t size = ::recvmsg(reports_, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size == 0 && message.msg_controllen == 0) {
      // Nobody is left who could report.
      ::close(reports_);
      reports_ = -1;
      return;
    }
    if (size != static_cast<ssize_t>(sizeof report)) return;
    int pid = 0;
    for (cmsghdr* part_of = CMSG_FIRSTHDR(&message); part_of != nullptr; part_of = CMSG_NXTHDR(&message, part_of))
      if (part_of->cmsg_level == SOL_SOCKET && part_of->cmsg_type == SCM_CREDENTIALS) {
        ucred sender{};
        std::memcpy(&sender, CMSG_DATA(part_of), sizeof sender);
        pid = sender.pid;
      }
    take_report(report, pid);
  }
}

void Supervisor::take_report(const child::Report& report, int pid) {
  if (report.process >= graph_.processes.size()) return;
  const ProcessId id{report.process};
  switch (report.kind) {
    case child::ReportKind::created:
      table_[id].pid = pid;
      if (table_[id].phase == Phase::waiting) table_[id].phase = Phase::created;
      return;
    case child::ReportKind::executed: executed(id); return;
    case child::ReportKind::failed: failed(report); return;
    case child::ReportKind::ended:
      // By the end of its node, or of itself.
      table_[id].ended_by_us = report.step != 0;
      child_ended(id, report.number);
      return;
    case child::ReportKind::stopped: child_stopped(id, report.number); return;
  }
}

void Supervisor::reap_children() {
  for (;;) {
    siginfo_t news{};
    if (::waitid(P_ALL, 0, &news, WEXITED | WSTOPPED | WNOHANG | __WALL) < 0 || news.si_pid == 0) return;
    // What it, or a process below it, said before its end comes first.
    if (reports_ >= 0) read_reports();
    if (news.si_code == CLD_STOPPED) {
      if (const auto id = table_.child(news.si_pid)) child_stopped(*id, news.si_status);
      continue;
    }
    const int status = news.si_code == CLD_EXITED ? (news.si_status & 0xff) << 8 : news.si_status & 0x7f;
    if (const auto id = table_.take_child(news.si_pid)) child_ended(*id, status);
  }
}

void Supervisor::child_ended(ProcessId id, int status) {
  if (table_[id].phase == Phase::ended) return;
  if (graph_.process(id).role == Role::command) {
    command_ended(id, status);
    return;
  }
  table_[id].phase = Phase::ended;
  subtree_lost(id);
}

void Supervisor::command_ended(ProcessId id, int status) {
  ProcessState& state = table_[id];
  state.phase = Phase::ended;
  state.status = status;
  child::note(context_, id, child::Moment::ended);
  state.times_out.reset();
  state.killed_at.reset();
}

/// A process of ours is gone. What had not ended below it has been killed with it. Ids are preorder
/// numbers: what is below it stands right behind it.
void Supervisor::subtree_lost(ProcessId id) {
  for (std::size_t i = index(id) + 1; i < graph_.processes.size() && graph_.processes[i].maker >= id; ++i) {
    const ProcessId below{static_cast<std::uint32_t>(i)};
    if (table_[below].phase == Phase::ended) continue;
    if (table_[id].ended_by_us) table_[below].ended_by_us = true;
    if (graph_.processes[i].role == Role::command)
      command_ended(below, SIGKILL);
    else
      table_[below].phase = Phase::ended;
  }
}

void Supervisor::child_stopped(ProcessId id, int signal) {
  // As a shell sees a job stop: mirrored where there is a terminal, whose shell can continue us.
  if (commands_ != 1 || !terminal_.present() || graph_.process(id).role != Role::command) return;
  if (signal == SIGSTOP && graph_.process(id).is_pid1) return;  // By ourselves, or from outside.
  if (Clock::now() < ignore_stops_until_ || !is_stopped(table_[id].pid)) return;
  stop_ourselves();
}

void Supervisor::executed(ProcessId id) {
  ProcessState& state = table_[id];
  if (state.phase == Phase::ended || state.failed) return;
  state.phase = Phase::executed;
  const Process& process = graph_.process(id);
  if (process.timeout.count() > 0) {
    state.times_out = Clock::now() + process.timeout;
    has_timers_ = true;
  }
  if (held_.empty()) return;
  const auto held = std::move(held_);
  held_.clear();
  for (const auto& [target, signal] : held) {
    if (target == id)
      deliver(target, signal, false);
    else
      held_.emplace_back(target, signal);
  }
}

void Supervisor::failed(const child::Report& report) {
  const Process& process = graph_.processes[report.process];
  table_[process.id].failed = true;
  const bool is_exec = std::holds_alternative<Exec>(process.steps[report.step].action);
  if (is_exec && report.number != child::trouble_maker_gone) {
    table_[process.id].exec_error = exec_status(report.number);
    say(failure_text(graph_, source_, report, "", options_.style));
    return;
  }
  if (failed_) return;
  failed_ = true;
  message_ = failure_text(graph_, source_, report, undone(), options_.style);
  kill_everything();
}

std::string Supervisor::undone() const {
  std::string addresses;
  bool any_executed = false;
  NodeId last{0xffffffff};
  for (const auto& process : graph_.processes) {
    const Phase phase = table_[process.id].phase;
    if (process.role == Role::command && (phase == Phase::executed || phase == Phase::ended)) any_executed = true;
    const GraphNode& node = graph_.node(process.node);
    if (phase == Phase::waiting || node.unshared.empty() || process.node == last) continue;
    last = process.node;
    addresses += (addresses.empty() ? "" : ", ") + node.address;
  }
  if (addresses.empty()) addresses = "nothing had been made";
  return addresses + (any_executed ? "; what had started was ended" : "; no command had started");
}

void Supervisor::kill_everything() {
  for (const auto& [pid, id] : table_.children())
    if (!reaches_elsewhere(id)) ::kill(pid, SIGKILL);
  // In a joined pid namespace orphans are out of our reach: its holder ends everything there itself.
  for (const auto& process : graph_.processes)
    if (process.role == Role::holder && table_[process.id].phase != Phase::ended && ends_what_is_left(process))
      send(process.id, SIGKILL);
}

bool Supervisor::reaches_elsewhere(ProcessId id) const {
  for (std::size_t i = index(id); i < graph_.processes.size(); ++i) {
    if (i != index(id) && graph_.processes[i].maker < id) break;
    if (ends_what_is_left(graph_.processes[i])) return true;
  }
  return false;
}

Outcome Supervisor::finish() {
  if (reports_ >= 0) read_reports();
  const std::string left = end_leftovers(not_ours_);
  terminal_.give_back();
  if (!left.empty()) say("pidns: " + left + "\n");
  tell_times();
  if (failed_) {
    say(message_);
    return {125, 0};
  }
  return outcome_of(table_, stopping_);
}

int run(const ExecutionGraph& graph, const SourceFile& source, const RunOptions& options) {
  const Outcome outcome = Supervisor(graph, source, options).run();
  if (outcome.die_of != 0) die_of(outcome.die_of);
  return outcome.status;
}

}  // namespace pidns
