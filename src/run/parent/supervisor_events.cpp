#include <sys/wait.h>

#include <algorithm>
#include <csignal>

#include "run/child/program.h"
#include "run/parent/failure.h"
#include "run/parent/supervisor.h"

/// What `--events` is told, and why a process has ended.

namespace pidns {

bool Supervisor::start_events() {
  if (options_.events.empty()) return true;
  auto events = std::make_unique<EventLog>(graph_);
  int error = events->open(options_.events);
  if (error == 0) error = events->await_each(context_);
  if (error != 0) {
    message_ = "pidns: error: --events " + options_.events + ": " + error_words(error) + "; nothing was run\n";
    return false;
  }
  events_ = std::move(events);
  return true;
}

void Supervisor::tell_nothing_was_run() {
  raw::sigprocmask(SIG_SETMASK, &raw::all_signals, nullptr);  // SIGPIPE above all.
  events_->run(name_);
  events_->end({125, 0});
}

void Supervisor::tell_executed(ProcessId id) {
  const Process& process = graph_.process(id);
  // One that waits for the start of others tells it itself, just before it tries.
  if (child::runs_on_its_own(process))
    events_->executes(process, table_[id].pid);
  else
    events_->executed(process);
}

void Supervisor::tell_ended(ProcessId id, int status) {
  const Process& process = graph_.process(id);
  Ending ending = ending_of(table_[id]);
  if (process.role != Role::command)
    ending = WIFEXITED(status) ? Ending{WEXITSTATUS(status), 0} : Ending{128 + WTERMSIG(status), WTERMSIG(status)};
  events_->ended(process, ending, cause_of(id));
}

EndCause Supervisor::cause_of(ProcessId id) const {
  const ProcessState& state = table_[id];
  if (state.failed) return EndCause::failed;
  if (state.gave_up == GaveUp::condition_lost) return EndCause::condition;
  if (state.gave_up == GaveUp::run_ends) return EndCause::stop;
  if (state.timed_out) return EndCause::timeout;
  if (state.ended_by_us) return EndCause::node;
  if (killed_) return EndCause::run;
  if (losing_) return EndCause::lost;
  if (state.asked_to_end) return EndCause::stop;
  if (!WIFSIGNALED(state.status)) return EndCause::exit;
  const int signal = ending_of(state).signal;
  return signal == state.sent || state.asked != 0 ? EndCause::forwarded : EndCause::signal;
}

}  // namespace pidns
