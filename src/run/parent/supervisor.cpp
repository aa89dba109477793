#include "run/parent/supervisor.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>

#include "run/parent/failure.h"

namespace pidns {

Supervisor::Supervisor(const ExecutionGraph& graph, const SourceFile& source, const RunOptions& options,
                       InheritedMemory& memory)
    : graph_(graph),
      source_(source),
      options_(options),
      memory_(memory),
      arena_(memory),
      table_(graph),
      name_(graph.name) {
  for (const auto& process : graph.processes)
    if (process.role == Role::command) ++commands_;
  if (!graph.gates.empty()) gates_ = std::make_unique<Gates>(graph);
}

Outcome Supervisor::run() {
  if (!start_events() || !start_stopwatch() || !prepare() || !take_over_signals()) {
    say(message_);
    if (events_) tell_nothing_was_run();
    return {125, 0};
  }
  if (events_) events_->run(name_);
  terminal_.remember();
  make_children();
  watch();
  if (is_detached()) tell_whether_started();
  Outcome outcome = finish();
  if (start_failure_) outcome = {*start_failure_, 0};
  if (is_detached()) tell_last_words();
  claim_.finish(outcome.status);
  return outcome;
}

void Supervisor::watch() {
  while (!table_.children().empty()) {
    if (!listed_ || is_detached()) list_when_due();
    wait_for_news();
  }
}

void Supervisor::wait_for_news() {
  polled_.assign({{signals_, POLLIN, 0}, {reports_, POLLIN, 0}});
  if (events_) polled_.push_back({events_->waits_for(), POLLOUT, 0});
  if (relay_) relay_->sources(polled_);
  const std::size_t of_relays = polled_.size();
  if (relays_) relays_->sources(polled_);
  ::poll(polled_.data(), polled_.size(), milliseconds_to_next_timer());
  if (events_) events_->flush();
  if (relay_) relay_terminal();
  if (relays_) relays_->pump(polled_.data() + of_relays);
  if (polled_[1].revents != 0) read_reports();
  if (polled_[0].revents != 0) {
    signalfd_siginfo news;
    while (::read(signals_, &news, sizeof news) == static_cast<ssize_t>(sizeof news)) {
      if (news.ssi_signo == SIGCHLD)
        reap_children();
      else
        take_signal(news);
    }
  }
  if (has_timers_ || probes_) run_timers();
}

int run(ExecutionGraph&& graph, const SourceFile& source, const RunOptions& options) {
  InheritedMemory memory;
  const Outcome outcome = Supervisor(settle(graph, memory), source, options, memory).run();
  if (outcome.die_of != 0) die_of(outcome.die_of);
  return outcome.status;
}

}  // namespace pidns
