#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "run/child/program.h"
#include "run/parent/signal_state.h"
#include "run/parent/supervisor.h"

namespace pidns {
namespace {
// A shell in a loop of short commands blocks nearly all the time: often at first, then for long.
constexpr int relooks = 1000;
constexpr int often = 800;
std::chrono::milliseconds relook_pause(int left) { return std::chrono::milliseconds(left > often ? 5 : 50); }

/// Whether it executes outside the caller's process group, where the caller's terminal does not reach it.
bool leaves_group(const Process& process) {
  return child::has_step<OwnGroup>(process) || child::has_step<NewSession>(process) ||
         child::has_step<NewTerminal>(process);
}
}  // namespace

void Supervisor::take_signal(const signalfd_siginfo& news) {
  const int signal = static_cast<int>(news.ssi_signo);
  const bool from_terminal = news.ssi_code == SI_KERNEL;
  switch (signal) {
    case SIGPIPE:
      return;
    case SIGTERM:
      if (news.ssi_code == SI_QUEUE && obey(static_cast<StopRequest>(news.ssi_int))) return;
      [[fallthrough]];
    case SIGINT:
    case SIGHUP:
      told_to_end_ = true;
      if (commands_ > 1)
        stop_in_order(from_terminal ? signal : 0);
      else
        forward_to_all(signal, from_terminal);
      return;
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
      forward_to_all(signal, from_terminal);
      stop_ourselves();
      return;
    case SIGCONT:
      terminal_.after_continue();
      if (relay_) relay_->resume(told_to_end_);
      break;
    case SIGWINCH:
      if (relay_) relay_->take_size();
      break;
    default:
      break;
  }
  forward_to_all(signal, from_terminal);
}

/// `pidns stop`: also of a single process an orderly end. False where it is none of its values.
bool Supervisor::obey(StopRequest request) {
  told_to_end_ = true;
  switch (request) {
    case StopRequest::in_order:
      if (!stopping_) stop_in_order(0);
      return true;
    case StopRequest::now:
      if (!stopping_) begin_stop();
      stop_asked_ = true;
      kill_everything();
      return true;
  }
  return false;
}

void Supervisor::forward_to_all(int signal, bool from_terminal) {
  for (const auto& process : graph_.processes) {
    if (process.role != Role::command || table_[process.id].phase == Phase::ended) continue;
    const int sent = signal == SIGTERM && process.stop_signal_written ? process.stop_signal : signal;
    deliver(process.id, sent, from_terminal);
  }
}

/// The first signal asks each process to end and gives it its time; the second ends them all.
/// `from_terminal`: the signal, where a terminal sent it; who stands in its foreground group has had it.
void Supervisor::stop_in_order(int from_terminal) {
  if (stopping_) {
    kill_everything();
    return;
  }
  stop_from_terminal_ = from_terminal;
  stop_asked_ = true;
  ask_in_order();
}

void Supervisor::ask_in_order() {
  begin_stop();
  table_.each_command([&](const Process& process, const ProcessState& state) {
    if (waits_at_gate(process.id)) {
      table_[process.id].gave_up = GaveUp::run_ends;
      tell_waiter(process.id, child::gate_gives_up);
    } else if (state.phase != Phase::ended && stopping_->is_due(process.id)) {
      request_end(process.id);
    }
  });
}

/// From here on what ends has been asked to. Nothing is sent yet.
void Supervisor::begin_stop() {
  std::vector<bool> alive;
  for (const auto& process : graph_.processes) alive.push_back(table_[process.id].phase != Phase::ended);
  stopping_.emplace(graph_, alive);
  if (probes_) probes_->stop_all();
}

/// In an orderly stop, the end of one may be what another has waited for.
void Supervisor::stop_what_waited_for(ProcessId id) {
  for (const ProcessId due : stopping_->ended(id))
    if (table_[due].phase != Phase::ended && !table_[due].asked_to_end) request_end(due);
}

void Supervisor::request_end(ProcessId id) {
  ProcessState& state = table_[id];
  const Process& process = graph_.process(id);
  state.asked_to_end = true;
  state.killed_at = Clock::now() + process.stop_timeout;
  has_timers_ = true;
  deliver(id, process.stop_signal, stop_from_terminal_ == process.stop_signal);
}

void Supervisor::deliver(ProcessId id, int signal, bool from_terminal) {
  const Phase phase = table_[id].phase;
  if (phase == Phase::ended) return;
  if (phase != Phase::executed) {
    if (!from_terminal || graph_.process(id).is_pid1 || leaves_group(graph_.process(id)))
      held_.emplace_back(id, signal);
    return;
  }
  if (graph_.process(id).is_pid1) {
    const int for_it = for_pid1(id, signal);
    if (for_it != signal) {
      send(id, for_it);
      return;
    }
  }
  if (!has_had_it(id, signal, from_terminal)) send(id, signal);
}

/// pid_namespaces(7): from outside only SIGKILL and SIGSTOP are forced on a PID 1, any other signal
/// reaches it only if it handles it. What would end or stop an ordinary process shall end or stop it too.
int Supervisor::for_pid1(ProcessId id, int signal) {
  ProcessState& state = table_[id];
  const bool ends = ends_by_default(signal);
  const bool stops = stops_by_default(signal) && signal != SIGSTOP;
  if ((!ends && !stops) || signal == SIGKILL) return signal;
  switch (handling_of(state.pid, signal)) {
    case Handling::handled:
      return signal;
    case Handling::blocked:
      if (ends) {
        relooks_.push_back({id, signal, relooks});
        relook_at_ = Clock::now() + relook_pause(relooks);
        has_timers_ = true;
      }
      return signal;
    case Handling::unknown:
      if (std::exchange(state.forwarded, signal) != signal) return signal;
      break;
    case Handling::unhandled:
      break;
  }
  if (stops) return SIGSTOP;
  state.asked = signal;
  return SIGKILL;
}

/// What a PID 1 blocks is queued, and dropped if it is unblocked without a handler. Shells block
/// everything for a moment around each fork; who takes signals with sigwait(3) blocks them always.
void Supervisor::look_again() {
  if (!relook_at_ || *relook_at_ > Clock::now()) return;
  relook_at_.reset();
  auto relooks = std::exchange(relooks_, {});
  for (auto& look : relooks) {
    if (table_[look.id].phase == Phase::ended) continue;
    const Handling now = handling_of(table_[look.id].pid, look.signal);
    if (now == Handling::unhandled) {
      table_[look.id].asked = look.signal;
      send(look.id, SIGKILL);
    } else if (now == Handling::blocked && --look.left > 0) {
      relooks_.push_back(look);
    }
  }
  if (!relooks_.empty()) relook_at_ = Clock::now() + relook_pause(relooks_.back().left);
}

/// A terminal sends its signals to the whole foreground group: who is still in ours has had it.
/// A hang-up comes to the session's leader alone.
bool Supervisor::has_had_it(ProcessId id, int signal, bool from_terminal) const {
  if (!from_terminal) return false;
  if (signal == SIGWINCH && id == relayed_) return true;  // From its own, whose size was changed with it.
  if (signal == SIGHUP && ::getsid(0) == ::getpid()) return false;
  const int pid = table_[id].pid;
  return pid == 0 || ::getpgid(pid) == ::getpgrp();
}

void Supervisor::send(ProcessId id, int signal) {
  table_[id].sent = signal;
  const int pid = pids_[index(id)];
  if (table_.first_hop(id) != id)
    command(id, signal);
  else if (table_.child(pid))
    ::kill(pid, signal);
}

/// Through the process of ours that reaps it: a pid further in could have been given to another. False where
/// it has to be said again.
bool Supervisor::command(ProcessId id, int signal) {
  const int pid = pids_[index(table_.first_hop(id))];
  if (!table_.child(pid)) return true;
  siginfo_t command{};
  command.si_signo = child::command_signal;
  command.si_code = SI_QUEUE;
  const std::uint64_t value = std::uint64_t{context_.nonce} << 32 | static_cast<std::uint64_t>(signal) << 24 |
                              static_cast<std::uint64_t>(index(id));
  command.si_value.sival_ptr = reinterpret_cast<void*>(value);
  return raw::error_of(raw::sigqueueinfo(pid, child::command_signal, &command)) != EAGAIN;
}

/// As the shell expects of a job: stop, and go on when it says so.
void Supervisor::stop_ourselves() {
  pid_t group = 0;
  table_.each_command([&](const Process&, const ProcessState& state) {
    if (commands_ == 1 && state.pid > 0 && state.phase != Phase::ended) group = ::getpgid(state.pid);
  });
  terminal_.before_stop(group);
  if (relay_) relay_->suspend();
  told_to_end_ = false;
  ::kill(::getpid(), SIGSTOP);
  // Going on. A stop of before, which an init has yet to tell of, must not stop us again.
  ignore_stops_until_ = Clock::now() + std::chrono::milliseconds(300);
}

void Supervisor::run_timers() {
  look_again();
  tell_again();
  confirm_starts();
  look_whether_ready();
  const auto now = Clock::now();
  table_.each_command([&](const Process& process, ProcessState& state) {
    if (state.phase == Phase::ended) return;
    if (state.times_out && *state.times_out <= now) {
      state.times_out.reset();
      state.timed_out = true;
      request_end(process.id);
    }
    if (state.killed_at && *state.killed_at <= now) {
      state.killed_at.reset();
      state.asked = 0;
      send(process.id, SIGKILL);
    }
  });
}

int Supervisor::milliseconds_to_next_timer() const {
  int pause = relay_ ? relay_->pause() : -1;
  if (events_)
    if (const int look = events_->look(); look >= 0) pause = look;
  if (!has_timers_ && !list_at_ && !probes_) return pause;
  std::optional<Clock::time_point> next = list_at_;
  const auto sooner = [&next](const std::optional<Clock::time_point>& timer) {
    if (timer && (!next || *timer < *next)) next = timer;
  };
  for (const auto& timer : {relook_at_, retell_at_, confirm_at_}) sooner(timer);
  if (probes_) sooner(probes_->next());
  if (has_timers_)
    for (const auto& process : graph_.processes) {
      sooner(table_[process.id].times_out);
      sooner(table_[process.id].killed_at);
    }
  if (!next) return pause;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - Clock::now()).count();
  return static_cast<int>(std::clamp<long>(left, 0, pause >= 0 ? pause : 3600 * 1000));
}

}  // namespace pidns
