#include <algorithm>
#include <csignal>
#include <utility>

#include "render/words.h"
#include "run/child/program.h"
#include "run/parent/failure.h"
#include "run/parent/supervisor.h"

/// Who waits for whom: gates open, or never will.

namespace pidns {

void Supervisor::open_gates() {
  if (!gates_) return;
  // What gives up is a change itself.
  for (auto changes = gates_->take_changes(); !changes.empty(); changes = gates_->take_changes())
    for (const auto& change : changes) {
      const Gate& gate = graph_.gates[index(change.gate)];
      ProcessState& state = table_[gate.waiter];
      if (state.phase == Phase::ended || state.gave_up != GaveUp::no || killed_) continue;
      if (change.opens) {
        state.gate_is_open = true;
        tell_waiter(gate.waiter, child::gate_opens);
        continue;
      }
      state.gave_up = GaveUp::condition_lost;
      say(lost_text(gate, change.lost));
      tell_waiter(gate.waiter, child::gate_gives_up);
      gates_->never_starts(gate.waiter);
    }
}

std::string Supervisor::lost_text(const Gate& gate, std::size_t lost) const {
  const auto& condition = gate.conditions[lost];
  Diagnostic finding(Code::none);
  finding.place = condition.place;
  if (finding.place.key.empty()) finding.place.key = finding.place.value;
  const std::string& who = condition.value.address;
  finding.message = graph_.process(gate.waiter).address + ": not started: " + who + " can no longer be `" +
                    condition_word(condition.value.condition) + "`";
  for (const auto& range : graph_.awaited[gate.awaited[lost]])
    for (std::size_t i = index(range.first); i < index(range.end); ++i) {
      const Process& process = graph_.processes[i];
      const ProcessState& state = table_[process.id];
      if (process.role != Role::command || !finding.why.empty()) continue;
      if (state.gave_up == GaveUp::condition_lost)
        finding.why = process.address + " was not started either";
      else if (state.phase == Phase::ended && (ending_of(state).status != 0 || who == process.address))
        finding.why = process.address + " ended with status " + std::to_string(ending_of(state).status);
    }
  return render_diagnostic(source_, finding, options_.style);
}

bool Supervisor::waits_at_gate(ProcessId id) const {
  if (!gates_) return false;
  const ProcessState& state = table_[id];
  return (state.phase == Phase::waiting || state.phase == Phase::created) && !state.gate_is_open &&
         child::has_step<WaitFor>(graph_.process(id));
}

/// A process that is not there yet hears it when it is.
void Supervisor::tell_waiter(ProcessId id, int word) {
  if (table_[id].phase == Phase::waiting || !command(id, word)) untold_.emplace_back(id, word);
  if (!untold_.empty()) {
    retell_at_ = Clock::now() + std::chrono::milliseconds(5);
    has_timers_ = true;
  }
}

void Supervisor::tell_again() {
  if (!retell_at_ || *retell_at_ > Clock::now()) return;
  retell_at_.reset();
  for (const auto& [id, word] : std::exchange(untold_, {}))
    if (table_[id].phase != Phase::ended) tell_waiter(id, word);
}

/// Nobody tells when a process that says it itself has really executed: where something waits for that,
/// it is looked up.
void Supervisor::started(ProcessId id) {
  if (!gates_ && !probes_) return;
  if (child::runs_on_its_own(graph_.process(id)) && !has_really_executed(table_[id].pid)) {
    unconfirmed_.push_back(id);
    confirm_at_ = Clock::now() + std::chrono::milliseconds(1);
    has_timers_ = true;
    return;
  }
  if (probes_ && !stopping_) {
    probes_->begin(id, table_[id].pid);
    look_whether_ready();
  }
  if (gates_) {
    gates_->started(id);
    open_gates();
  }
  if (probes_ && probes_->was_heard(id)) is_ready(id);
}

void Supervisor::confirm_starts() {
  if (!confirm_at_ || *confirm_at_ > Clock::now()) return;
  confirm_at_.reset();
  for (const ProcessId id : std::exchange(unconfirmed_, {}))
    if (table_[id].phase == Phase::executed && !table_[id].failed) started(id);
}

/// One that ended faster than it was looked at has executed unless it said otherwise.
void Supervisor::settle_end(ProcessId id, bool had_executed) {
  ended_before_ready(id);
  if (!gates_) return;
  const ProcessState& state = table_[id];
  if (had_executed && !state.failed) gates_->started(id);
  if (state.gave_up != GaveUp::no)
    gates_->never_starts(id);
  else
    gates_->ended(id, had_executed && !state.failed, ending_of(state).status == 0);
  open_gates();
}

}  // namespace pidns
