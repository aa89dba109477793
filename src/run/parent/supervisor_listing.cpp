#include "run/parent/run_record.h"
#include "run/parent/supervisor.h"
#include "state/record.h"
#include "state/store.h"

/// How other programs come to know of this run: its name, claimed before the first process is made so
/// that PIDNS_NAME is true, and its state, written while the commands run.

namespace pidns {
namespace {

constexpr std::chrono::milliseconds unlisted_moment(3);

std::string who_has(const std::string& name, pid_t holder) {
  std::string words = holder > 0 ? "by pid " + std::to_string(holder) : "from another pid namespace";
  if (const auto instance = find_instance(name))
    words += ", which runs " + (instance->spec == "-" ? "a spec from standard input" : instance->spec);
  return words;
}

}  // namespace

bool Supervisor::claim_name() {
  switch (claim_.claim(name_, options_.instance.exact)) {
    case ClaimResult::claimed: name_ = claim_.name(); return true;
    case ClaimResult::no_folder: listed_ = true; return true;
    case ClaimResult::in_use: break;
  }
  Diagnostic finding(Code::none);
  finding.place = options_.instance.name_place;
  finding.at_value = true;
  finding.message = "the name `" + name_ + "` is in use " + who_has(name_, claim_.holder());
  finding.why = "a `name` that a spec writes is one instance's at a time; nothing was run";
  finding.fix = "`pidns stop " + name_ + "` first, or leave `name` out: then each run gets one of its own";
  message_ = render_diagnostic(source_, finding, options_.style);
  return false;
}

/// Once every process has a pid: each is made from the start, also what waits for another. A run that
/// ends within the next moment has been seen by nobody, and writes nothing.
void Supervisor::list_when_due() {
  for (; unknown_ < graph_.processes.size(); ++unknown_)
    if (table_[graph_.processes[unknown_].id].phase == Phase::waiting) return;
  if (!list_at_)
    list_at_ = Clock::now() + unlisted_moment;
  else if (*list_at_ <= Clock::now())
    list_instance();
}

void Supervisor::list_instance() {
  listed_ = true;
  list_at_.reset();
  RunState state = record_of(graph_, table_);
  state.name = name_;
  state.spec = options_.instance.spec;
  claim_.publish(state_text(state));
}

}  // namespace pidns
