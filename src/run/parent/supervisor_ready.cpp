#include <sys/wait.h>

#include <csignal>

#include "base/duration.h"
#include "base/signal_name.h"
#include "run/child/probe.h"
#include "run/parent/failure.h"
#include "run/parent/supervisor.h"

/// When processes are ready, and what follows where one is not in time.

namespace pidns {
namespace {

/// What a probe's command did, which nobody has seen: its output is thrown away.
std::string why_no_probe_held(const std::optional<int>& status) {
  if (!status) return "its first probe had not ended";
  if (WIFSIGNALED(*status)) return "its last probe was ended by " + signal_name(WTERMSIG(*status));
  const int number = WEXITSTATUS(*status);
  return "its last probe ended with status " + std::to_string(number) +
         (number == 127               ? ": not found"
          : number == 126             ? ": not executable"
          : number == child::no_probe ? ", or could not be started in its namespaces"
                                      : "");
}

std::string why_not_ready(const Ready& ready, const std::optional<int>& status) {
  const bool found_none = status && WIFEXITED(*status) && WEXITSTATUS(*status) == 1;
  switch (ready.probe) {
    case Ready::Probe::output:
      return "nothing that it wrote matched";
    case Ready::Probe::path:
      if (found_none) return "`" + ready.text + "` did not appear";
      break;
    case Ready::Probe::tcp:
      if (found_none) return "nothing listened on port " + std::to_string(ready.port) + " of 127.0.0.1 or ::1";
      break;
    case Ready::Probe::command:
    case Ready::Probe::script:
      break;
  }
  return why_no_probe_held(status);
}

}  // namespace

void Supervisor::is_ready(ProcessId id) {
  if (events_) events_->ready(graph_.process(id));
  if (!gates_) return;
  gates_->ready(id);
  open_gates();
}

void Supervisor::look_whether_ready() {
  if (!probes_) return;
  for (const auto& [readiness, status] : probes_->run_due())
    miss_ready(*readiness, "not ready within " + duration_text(readiness->ready.within),
               why_not_ready(readiness->ready, status));
}

void Supervisor::hear_output(void* self, ProcessId id, std::string_view text) {
  auto& supervisor = *static_cast<Supervisor*>(self);
  if (supervisor.probes_->wrote(id, text)) supervisor.is_ready(id);
}

/// What it wrote before its end may make it ready before its end.
void Supervisor::hear_rest_of(ProcessId id) {
  if (!probes_ || !is_ready_by_output(graph_, id)) return;
  if (id == relayed_)
    relay_->pump();
  else
    relays_->hear_rest_of(id);
  if (table_[id].phase != Phase::executed || table_[id].failed || !probes_->was_heard(id)) return;
  if (gates_) gates_->started(id);
  is_ready(id);
}

/// One that ended before it was ready never will be. That is a failure where the end itself was not asked
/// for, and was none with 0.
void Supervisor::ended_before_ready(ProcessId id) {
  if (!probes_ || !probes_->stop(id)) return;
  const ProcessState& state = table_[id];
  if (stopping_ || killed_ || state.ended_by_us || state.timed_out || state.asked_to_end || state.sent != 0) return;
  const Ending ending = ending_of(state);
  if (ending.status == 0) return;
  if (const Readiness* readiness = find_readiness(graph_, id))
    miss_ready(*readiness, "ended with status " + std::to_string(ending.status) + " before it was ready", {});
}

void Supervisor::miss_ready(const Readiness& readiness, const std::string& words, const std::string& why) {
  if (missed_ready_ || killed_) return;
  missed_ready_ = true;
  Diagnostic finding(Code::none);
  finding.place = readiness.place;
  if (finding.place.key.empty()) finding.place.key = finding.place.value;
  finding.message = graph_.process(readiness.process).address + ": " + words;
  finding.why = why;
  if (!why.empty()) finding.fix = "a longer `within`, where it needs more time";
  say(render_diagnostic(source_, finding, options_.style));
  if (!stopping_) ask_in_order();
}

}  // namespace pidns
