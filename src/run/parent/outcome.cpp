#include "run/parent/outcome.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "run/parent/signal_state.h"

namespace pidns {

Ending ending_of(const ProcessState& state) {
  if (state.gave_up == GaveUp::condition_lost) return {125, 0};
  if (state.timed_out) return {124, 0};
  if (state.exec_error != 0) return {state.exec_error, 0};
  if (WIFEXITED(state.status)) return {WEXITSTATUS(state.status), 0};
  const int signal = state.asked != 0 && WTERMSIG(state.status) == SIGKILL ? state.asked : WTERMSIG(state.status);
  return {128 + signal, signal};
}

Outcome outcome_of(ProcessTable& table, bool stop_was_asked) {
  std::size_t commands = 0;
  std::optional<Ending> only;
  std::optional<Ending> of_main;
  std::optional<Ending> first_bad;
  table.each_command([&](const Process& process, const ProcessState& state) {
    ++commands;
    if (state.phase != Phase::ended || state.gave_up == GaveUp::run_ends) return;
    const Ending ending = ending_of(state);
    only = ending;
    if (process.is_main) of_main = ending;
    const bool counts = !state.ended_by_us || stop_was_asked || state.timed_out;
    if (counts && ending.status != 0 && !first_bad) first_bad = ending;
  });
  const std::optional<Ending>& decides = commands == 1 ? only : of_main;
  if (decides) {
    const bool may_die_of_it = decides->signal != 0 && decides->signal != SIGKILL && !dumps_core(decides->signal);
    return {decides->status, may_die_of_it ? decides->signal : 0};
  }
  return {first_bad ? first_bad->status : 0, 0};
}

void die_of(int signal) {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  ::sigaction(signal, &action, nullptr);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  ::raise(signal);
  ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
}

}  // namespace pidns
