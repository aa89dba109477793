#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/display_line.h"
#include "render/columns.h"
#include "run/child/program.h"
#include "run/parent/failure.h"
#include "run/parent/has_executed.h"
#include "run/parent/run_record.h"
#include "run/parent/supervisor.h"
#include "state/record.h"
#include "state/store.h"

/// How other programs come to know of this run: its name, claimed before the first process is made so
/// that PIDNS_NAME is true, and its state, written while the commands run.

namespace pidns {
namespace {

constexpr std::chrono::milliseconds unlisted_moment(3);
constexpr auto folder_of_ones_own = "XDG_RUNTIME_DIR with a folder of your own";
constexpr std::chrono::milliseconds longest_until_listed(1000);  // Between tries.

std::string who_has(const std::string& name, pid_t holder) {
  std::string words = holder > 0 ? "by pid " + std::to_string(holder) : "from another pid namespace";
  if (const auto instance = find_instance(name))
    words += ", which runs " + (instance->spec == "-" ? "a spec from standard input" : instance->spec);
  return words;
}

}  // namespace

bool Supervisor::claim_name() {
  if (is_detached() && !proc_counts_as_we_do())
    return refuse_unlisted(std::string(proc_counts_others), "a /proc of this pid namespace");
  switch (claim_.claim(name_, options_.instance.exact, is_detached())) {
    case ClaimResult::claimed:
      name_ = claim_.name();
      return !is_detached() || open_log();
    case ClaimResult::no_folder:
      listed_ = true;
      return !is_detached() || refuse_unlisted(claim_.problem(), folder_of_ones_own);
    case ClaimResult::in_use:
      break;
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

/// What nobody could find again must not be left alone.
bool Supervisor::refuse_unlisted(const std::string& why, const std::string& fix) {
  message_ = wrap_message("pidns: error: --detach: nobody could find the instance again: " + why) +
             "\n   = try: " + fix + ", or run it without --detach\n";
  return false;
}

/// A detached run's standard output and error.
bool Supervisor::open_log() {
  const UniqueFd log = claim_.open_log();
  if (log && ::dup2(log.get(), 1) == 1 && ::dup2(log.get(), 2) == 2) return true;
  message_ = "pidns: error: " + claim_.log_path() + ": " + error_words(errno) + "; nothing was run\n";
  return false;
}

/// Once every process has a pid: each is made from the start, also what waits for another. A run that
/// ends within the next moment has been seen by nobody, and writes nothing. A detached one is listed while
/// its caller waits, too: that may be long.
void Supervisor::list_when_due() {
  for (; unknown_ < graph_.processes.size(); ++unknown_)
    if (table_[graph_.processes[unknown_].id].phase == Phase::waiting) return;
  if (listed_)
    list_at_.reset();
  else if (!list_at_)
    list_at_ = Clock::now() + unlisted_moment;
  else if (*list_at_ <= Clock::now())
    list_instance();
  if (is_detached() && has_started()) tell_started();
}

/// Whether every process that waits for no other has executed and, where it says when it is, is ready.
/// One that has ended has started: what was wrong with its end says so itself.
bool Supervisor::has_started() {
  if (failed_ || killed_ || stop_asked_ || missed_ready_) return false;
  if (stopping_) return true;  // `main` has ended, and with it the run: nobody else is waited for.
  for (; unstarted_ < graph_.processes.size(); ++unstarted_) {
    const Process& process = graph_.processes[unstarted_];
    const ProcessState& state = table_[process.id];
    if (process.role != Role::command || child::has_step<WaitFor>(process)) continue;
    const bool is_late = process.has_ready && !probes_->is_ready(process.id);
    if (state.phase == Phase::ended) {
      if (is_late && state.sent != 0 && !state.timed_out) return false;  // By a signal that was meant for it.
      continue;
    }
    if (state.phase != Phase::executed) return false;
    if (child::has_step<AwaitStart>(process) && !has_really_executed(state.pid)) {
      list_at_ = Clock::now() + std::chrono::milliseconds(1);  // To look again: nobody will tell.
      return false;
    }
    if (is_late) return false;
  }
  return true;
}

/// One that waits for the start of others says so just before it tries. Where /proc does not show it,
/// that is all there is to know.
bool Supervisor::has_really_executed(int pid) {
  if (!proc_) proc_.emplace();
  return !proc_->is_open() || proc_->self() != ::getpid() || has_executed(proc_->text_of(pid, "stat"));
}

/// From here on the run is nobody's but its own.
void Supervisor::tell_started() {
  if (!listed_) list_instance();
  if (failed_) return;
  const int starter = options_.instance.starter;
  ::prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
  say_to(2);
  const std::string word = std::string(1, '\0') + name_ + std::string(1, '\0');
  [[maybe_unused]] const ssize_t told = ::write(starter, word.data(), word.size());
  ::close(starter);
  options_.instance.starter = -1;
}

/// All has ended before the caller was told. Where somebody asked for that, nothing has said so yet.
void Supervisor::tell_whether_started() {
  if (has_started())
    tell_started();
  else if (!failed_ && !missed_ready_ && !start_failure_)
    say("pidns: " + name_ + ": stopped before it had started\n");
}

/// What was written last, perhaps why all is undone: the log goes with the instance.
void Supervisor::tell_last_words() {
  if (!failed_ && !missed_ready_ && !start_failure_) return;
  const UniqueFd log(::open(claim_.log_path().c_str(), O_RDONLY | O_CLOEXEC));
  const off_t size = log ? ::lseek(log.get(), 0, SEEK_END) : 0;
  if (size <= 0) return;
  constexpr off_t most = 4096;
  constexpr int lines_shown = 10;
  std::string text(static_cast<std::size_t>(std::min(size, most)), '\0');
  const ssize_t got = ::pread(log.get(), text.data(), text.size(), size - static_cast<off_t>(text.size()));
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (text.ends_with('\n')) text.pop_back();
  std::size_t begin = text.size();
  for (int line = 0; line < lines_shown && begin != 0 && begin != std::string::npos; ++line)
    begin = text.rfind('\n', begin - 1);
  if (begin != std::string::npos) text.erase(0, begin == 0 ? 0 : begin + 1);
  std::string words = "pidns: its log ended with\n";
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    words += "  " + cut_right(printable(text.substr(at, end - at)), page_width - 2, "...") + "\n";
    at = end + 1;
  }
  say(words);
}

/// Later where the file is somebody's for a moment.
void Supervisor::list_instance() {
  RunState state = record_of(graph_, table_);
  state.name = name_;
  state.spec = options_.instance.spec;
  state.detached = is_detached();
  if (state.detached) state.log = claim_.log_path();
  // Without a /proc nobody could tell what its pids mean.
  const ClaimResult result = state.pid_namespace == 0 ? ClaimResult::claimed : claim_.publish(state_text(state));
  const int error = errno;
  listed_ = result != ClaimResult::in_use;
  list_at_.reset();
  if (result == ClaimResult::no_folder && is_detached() && !table_.children().empty()) {
    refuse_unlisted(claim_.state_path() + ": " + error_words(error), folder_of_ones_own);
    failed_ = true;
    kill_everything();
  }
  if (listed_) return;
  list_at_ = Clock::now() + list_pause_;
  list_pause_ = std::min(2 * list_pause_, longest_until_listed);
}

}  // namespace pidns
