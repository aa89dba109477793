#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>

#include "run/parent/failure.h"
#include "run/parent/supervisor.h"

/// The process with a terminal of its own, and the caller's terminal meanwhile.

namespace pidns {

/// Made before any namespace is changed, where a process asks for it: in the caller's devpts.
bool Supervisor::open_terminal() {
  for (const auto& process : graph_.processes)
    for (std::size_t i = 0; i < process.steps.size(); ++i) {
      if (!std::holds_alternative<NewTerminal>(process.steps[i].action)) continue;
      relayed_ = process.id;
      relay_ = std::make_unique<PtyRelay>();
      const Readiness* readiness = find_readiness(graph_, relayed_);
      if (readiness != nullptr && readiness->ready.probe == Ready::Probe::output)
        relay_->hear(hear_output, this, relayed_);
      const int error = relay_->open();
      context_.terminal = relay_->slave();
      if (error == 0) return true;
      message_ = failure_text(graph_, source_,
                              {child::ReportKind::failed, static_cast<std::uint32_t>(index(process.id)),
                               static_cast<std::uint32_t>(i), error},
                              "", options_.style);
      return false;
    }
  return true;
}

void Supervisor::relay_terminal() {
  const bool hung_up_before = relay_->is_hung_up();
  relay_->pump();
  if (relays_) relays_->raw_terminal = relay_->is_raw();
  // The kernel has told the session; a PID 1 that does not handle SIGHUP would go on for ever.
  if (relay_->is_hung_up() && !hung_up_before && graph_.process(relayed_).is_pid1) deliver(relayed_, SIGHUP, false);
}

}  // namespace pidns
