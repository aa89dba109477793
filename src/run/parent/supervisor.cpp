#include "run/parent/supervisor.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>

#include "run/parent/failure.h"

namespace pidns {

Supervisor::Supervisor(const ExecutionGraph& graph, const SourceFile& source, const RunOptions& options)
    : graph_(graph), source_(source), options_(options), table_(graph) {
  for (const auto& process : graph.processes)
    if (process.role == Role::command) ++commands_;
}

Outcome Supervisor::run() {
  if (!start_stopwatch() || !prepare() || !take_over_signals()) {
    say(message_);
    return {125, 0};
  }
  terminal_.remember();
  make_children();
  watch();
  return finish();
}

void Supervisor::watch() {
  while (!table_.children().empty()) wait_for_news();
}

void Supervisor::wait_for_news() {
  pollfd sources[2 + PtyRelay::sources_count] = {{signals_, POLLIN, 0}, {reports_, POLLIN, 0}};
  nfds_t count = 2;
  if (relay_) {
    relay_->sources(sources + count);
    count += PtyRelay::sources_count;
  }
  ::poll(sources, count, milliseconds_to_next_timer());
  if (relay_) relay_terminal();
  if (sources[1].revents != 0) read_reports();
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

int run(const ExecutionGraph& graph, const SourceFile& source, const RunOptions& options) {
  const Outcome outcome = Supervisor(graph, source, options).run();
  if (outcome.die_of != 0) die_of(outcome.die_of);
  return outcome.status;
}

}  // namespace pidns
