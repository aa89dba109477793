#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/error_text.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "cli/watched.h"
#include "run/parent/signal_state.h"
#include "state/address.h"
#include "state/stop_request.h"
#include "state/store.h"
#include "sys/raw.h"

namespace pidns::cli {
namespace {

constexpr int patience = 1000;  // Milliseconds before, and between, words about who is waited for.
constexpr std::size_t most_named = 8;

/// By the pidfd of who was looked at. 0 or an errno.
int ask(const Watched& watched, StopRequest how) {
  siginfo_t request{};
  request.si_signo = SIGTERM;
  request.si_code = SI_QUEUE;
  request.si_pid = ::getpid();
  request.si_uid = ::getuid();
  request.si_value.sival_int = static_cast<int>(how);
  return raw::error_of(raw::call(SYS_pidfd_send_signal, watched.supervisor.get(), SIGTERM, raw::ptr(&request)));
}

/// One that ^Z or SIGSTOP has stopped answers nothing, and its commands are stopped with it.
void wake(const Watched& watched) {
  if (is_stopped(watched.instance.state.supervisor.pid))
    raw::call(SYS_pidfd_send_signal, watched.supervisor.get(), SIGCONT);
}

std::string who_is_left(const RunState& state) {
  std::string words;
  std::size_t left = 0;
  for (const ProcessRecord& process : state.processes) {
    if (process.role != "command" || !lives(process.identity)) continue;
    if (++left <= most_named) words += (words.empty() ? "" : ", ") + process.address;
  }
  if (left > most_named) words += " and " + std::to_string(left - most_named) + " more";
  return words;
}

bool stop(const Command& command, const std::string& name, StopRequest how) {
  const auto watched = watch(command, name);
  if (!watched) return false;
  if (const int error = ask(*watched, how); error != 0 && error != ESRCH) {
    complain("stop: `" + name + "`: signal its supervisor: " + error_text(error));
    return false;
  }
  std::string said;
  for (wake(*watched); !has_ended(*watched, patience); wake(*watched)) {
    const std::string left = who_is_left(watched->instance.state);
    if (left.empty() || left == said) continue;
    write_error("pidns: stop: `" + name + "` waits for " + left + "\n");
    said = left;
  }
  return true;
}

/// As with `kill`, one might mean a part of an instance: then nothing is stopped. True after a message.
bool means_an_address(const ParsedArguments& parsed) {
  const auto whole = parsed.operands.size() > 1 ? find_instance(parsed.operands[0]) : std::nullopt;
  for (std::size_t i = 1; whole && i < parsed.operands.size(); ++i) {
    const std::string& word = parsed.operands[i];
    if (!locate(*whole, word) || find_instance(word)) continue;
    complain("stop: `" + word + "` is an address in `" + whole->name +
             "`, and `stop` ends whole instances; nothing was stopped. To signal a part: `pidns kill " + whole->name +
             " " + word + "`");
    return true;
  }
  return false;
}

}  // namespace

int verb_stop(const Command& command, const ParsedArguments& parsed) {
  if (means_an_address(parsed)) return command.defect_status;
  const StopRequest how = parsed.has(option::now) ? StopRequest::now : StopRequest::in_order;
  bool all = true;
  for (const std::string& name : parsed.operands) all &= stop(command, name, how);
  return all ? 0 : command.defect_status;
}

}  // namespace pidns::cli
