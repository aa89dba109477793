#include <csignal>

#include "run/child/program.h"
#include "run/parent/failure.h"
#include "run/parent/leftovers.h"
#include "run/parent/supervisor.h"

/// A failure, what it undoes, and the end of a run.

namespace pidns {

void Supervisor::failed(const child::Report& report) {
  const Process& process = graph_.processes[report.process];
  table_[process.id].failed = true;
  if (killed_) return;  // By us: what could not go on then is no news.
  const bool is_exec = std::holds_alternative<Exec>(process.steps[report.step].action);
  if (is_exec && report.number != child::trouble_maker_gone) {
    table_[process.id].exec_error = exec_status(report.number);
    const bool ends_all = is_detached() && !child::has_step<WaitFor>(process);  // Others are not part of the start.
    say(failure_text(graph_, source_, report, ends_all ? undone() : "", options_.style));
    if (ends_all) {
      start_failure_ = exec_status(report.number);
      kill_everything();
    }
    if (events_) events_->failed(process, failure_line(graph_, report));
    return;
  }
  if (events_) events_->failed(process, failure_line(graph_, report));
  if (failed_) return;
  failed_ = true;
  message_ = failure_text(graph_, source_, report, undone(), options_.style);
  kill_everything();
}

std::string Supervisor::undone() const {
  std::string addresses;
  bool any_executed = false;
  NodeId last{0xffffffff};
  std::size_t nodes = 0;
  constexpr std::size_t shown = 5;
  for (const auto& process : graph_.processes) {
    const Phase phase = table_[process.id].phase;
    if (process.role == Role::command && (phase == Phase::executed || phase == Phase::ended)) any_executed = true;
    const GraphNode& node = graph_.node(process.node);
    if (phase == Phase::waiting || node.unshared.empty() || process.node == last) continue;
    last = process.node;
    if (++nodes <= shown) addresses += (addresses.empty() ? "" : ", ") + node.address;
  }
  if (nodes > shown) addresses += " and " + std::to_string(nodes - shown) + " more";
  if (addresses.empty()) addresses = "nothing had been made";
  return addresses + (any_executed ? "; what had started was ended" : "; no command had started");
}

void Supervisor::kill_everything() {
  killed_ = true;
  for (const auto& [pid, id] : table_.children()) {
    // In a joined pid namespace orphans are out of our reach: its holder ends everything there itself.
    const ProcessId elsewhere = holder_elsewhere(id);
    if (elsewhere != no_process)
      send(elsewhere, SIGKILL);
    else
      ::kill(pid, SIGKILL);
  }
}

/// A running holder in a joined pid namespace, at or below `id`; no_process without one.
ProcessId Supervisor::holder_elsewhere(ProcessId id) const {
  for (std::size_t i = index(id); i < graph_.processes.size(); ++i) {
    const Process& process = graph_.processes[i];
    if (i != index(id) && process.maker < id) break;
    const Phase phase = table_[process.id].phase;
    if (ends_what_is_left(process) && phase != Phase::waiting && phase != Phase::ended) return process.id;
  }
  return no_process;
}

Outcome Supervisor::finish() {
  if (reports_ >= 0) read_reports();
  const std::string left = end_leftovers(not_ours_);
  if (relay_ || relays_) drain_output();
  terminal_.give_back();
  if (!left.empty()) say("pidns: " + left + "\n");
  tell_times();
  if (failed_) say(message_);
  const Outcome outcome = failed_ || missed_ready_ ? Outcome{125, 0} : outcome_of(table_, stop_asked_);
  if (events_) events_->end(outcome);
  return outcome;
}

}  // namespace pidns
