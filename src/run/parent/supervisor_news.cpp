#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <utility>

#include "run/child/timings.h"
#include "run/parent/signal_state.h"
#include "run/parent/supervisor.h"

/// What becomes of processes: reported by those further in, or seen by wait(2).

namespace pidns {

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
      if (events_) events_->created(graph_.process(id), pid);
      return;
    case child::ReportKind::executed:
      executed(id);
      return;
    case child::ReportKind::failed:
      failed(report);
      return;
    case child::ReportKind::ended:
      // By the end of its node, or of itself.
      table_[id].ended_by_us = report.step != 0;
      child_ended(id, report.number);
      return;
    case child::ReportKind::stopped:
      child_stopped(id, report.number);
      return;
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
    if (const auto id = table_.take_child(news.si_pid)) {
      child_ended(*id, status);
    } else if (std::optional<ProcessId> ready; probes_ && probes_->reaped(news.si_pid, status, ready) && ready) {
      is_ready(*ready);
    }
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
  if (events_) tell_ended(id, status);
}

void Supervisor::command_ended(ProcessId id, int status) {
  hear_rest_of(id);
  ProcessState& state = table_[id];
  const bool had_executed = state.phase == Phase::executed;
  state.phase = Phase::ended;
  state.status = status;
  child::note(context_, id, child::Moment::ended);
  if (events_) tell_ended(id, status);
  if (id == relayed_) relay_->end();
  state.times_out.reset();
  state.killed_at.reset();
  if (stopping_)
    stop_what_waited_for(id);
  else if (graph_.process(id).is_main && commands_ > 1 && !killed_)
    ask_in_order();  // The run ends with it.
  settle_end(id, had_executed);
}

/// A process of ours is gone. What had not ended below it has been killed with it. Ids are preorder
/// numbers: what is below it stands right behind it. Where the end of a node around ended it, that
/// ended them too.
void Supervisor::subtree_lost(ProcessId id) {
  const bool before = std::exchange(losing_, true);
  for (std::size_t i = index(id) + 1; i < graph_.processes.size() && graph_.processes[i].maker >= id; ++i) {
    const ProcessId below{static_cast<std::uint32_t>(i)};
    if (table_[below].phase == Phase::ended) continue;
    table_[below].ended_by_us = table_[id].ended_by_us;
    if (graph_.processes[i].role == Role::command)
      command_ended(below, SIGKILL);
    else if (table_[below].phase = Phase::ended; events_)
      tell_ended(below, SIGKILL);
  }
  losing_ = before;
}

void Supervisor::child_stopped(ProcessId id, int signal) {
  if (events_) events_->stopped(graph_.process(id), signal);
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
  if (id == relayed_) relay_->begin();
  if (events_) tell_executed(id);
  const Process& process = graph_.process(id);
  if (process.timeout.count() > 0) {
    state.times_out = Clock::now() + process.timeout;
    has_timers_ = true;
  }
  started(id);
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

}  // namespace pidns
