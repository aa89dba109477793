#include <sys/syscall.h>

#include <cerrno>
#include <csignal>
#include <vector>

#include "base/signal_name.h"
#include "cli/instances.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "run/look/identified.h"
#include "run/parent/failure.h"
#include "run/parent/signal_state.h"
#include "sys/raw.h"

namespace pidns::cli {
namespace {

/// Indexes of the processes that are meant; empty after a message.
std::vector<std::uint32_t> meant(const Command& command, const ParsedArguments& parsed, const RunState& state) {
  std::vector<std::uint32_t> found;
  if (parsed.has(option::all_commands)) {
    for (std::uint32_t i = 0; i < state.processes.size(); ++i)
      if (state.processes[i].role == "command" && state.processes[i].identity.pid != 0) found.push_back(i);
    if (found.empty()) complain("kill: no command of `" + state.name + "` runs");
    return found;
  }
  std::vector<Located> places;
  if (parsed.operands.size() == 1) {
    if (const auto place = default_place(command, state)) places.push_back(*place);
  }
  for (std::size_t i = 1; i < parsed.operands.size(); ++i) {
    const auto place = place_named(command, state, parsed.operands[i]);
    if (!place) return {};
    places.push_back(*place);
  }
  for (const Located& place : places) {
    const auto process = leader_of(state, place);
    if (!process) {
      complain("kill: `" + state.nodes[place.node].address + "` has no process of its own");
      return {};
    }
    found.push_back(*process);
  }
  return found;
}

/// pid_namespaces(7): from outside a PID 1 gets, but for SIGKILL and SIGSTOP, only what it handles.
bool will_be_dropped(const ProcessRecord& process, int signal) {
  if (!process.is_pid1 || signal == SIGKILL || signal == SIGSTOP) return false;
  if (!ends_by_default(signal) && !stops_by_default(signal)) return false;
  return handling_of(process.identity.pid, signal) == Handling::unhandled;
}

/// By its pidfd, so that nobody who has its pid by now can be hit.
bool send(const RunState& state, const ProcessRecord& process, int signal) {
  const std::string who = state.name + " " + process.address;
  const UniqueFd target = open_identified(process.identity);
  const bool dropped = target && will_be_dropped(process, signal);
  const int error = target ? raw::error_of(raw::call(SYS_pidfd_send_signal, target.get(), signal)) : errno;
  if (error == ESRCH) {
    complain("kill: " + who + " has ended");
  } else if (error != 0) {
    complain("kill: " + who + ": send " + signal_name(signal) + ": " + error_words(error));
  } else if (dropped) {
    complain("kill: warning: " + who + ": a PID 1 that does not handle " + signal_name(signal));
    write_error("The kernel has dropped it; what it can't drop is `-s KILL`.\n");
  }
  return error == 0;
}

}  // namespace

int verb_kill(const Command& command, const ParsedArguments& parsed) {
  const std::string word(parsed.value(option::signal, "SIGTERM"));
  const auto signal = parse_signal(word);
  if (!signal) {
    const auto nearest = nearest_signal(word);
    return refuse_usage(command,
                        "there is no signal `" + word + "`" + (nearest ? "; did you mean `" + *nearest + "`?" : ""));
  }
  if (parsed.has(option::all_commands) && parsed.operands.size() > 1)
    return refuse_usage(command, "`--all` means all commands: no address goes with it");
  const auto state = instance_named(command, parsed.operands[0]);
  if (!state) return command.defect_status;
  const std::vector<std::uint32_t> processes = meant(command, parsed, *state);
  bool all_sent = !processes.empty();
  for (const std::uint32_t index : processes) all_sent &= send(*state, state->processes[index], *signal);
  return all_sent ? 0 : command.defect_status;
}

}  // namespace pidns::cli
