#include <array>

#include "cli/entering.h"
#include "cli/instances.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "render/tree.h"
#include "run/look/machine.h"
#include "run/look/translate.h"
#include "state/store.h"

namespace pidns::cli {
namespace {

/// Which instance a process belongs to, by the state of those that live.
ProcessOwner owner_of(int pid) {
  for (RunState& state : live_instances()) {
    if (!bring_here(state)) continue;
    if (state.supervisor.pid == pid) return {state.name, "", "supervisor"};
    for (const ProcessRecord& process : state.processes)
      if (process.identity.pid == pid && lives(process.identity)) return {state.name, process.address, process.role};
  }
  return {};
}

int pids_of_process(const Command& command, const ParsedArguments& parsed, int pid) {
  const Machine machine = look_at_processes(std::array{pid});
  const SeenProcess& process = machine.processes.front();
  if (process.levels.empty()) {
    const std::string number = std::to_string(pid);
    complain("pid: " + (!proc_counts_as_we_do() ? "process " + number + ": " + std::string(proc_counts_others)
                        : is_hidden(pid)        ? "process " + number + " is hidden by /proc (hidepid)"
                                                : "there is no process " + number));
    return command.defect_status;
  }
  const bool as_json = parsed.value(option::pid_format, "text") == "json";
  const ProcessOwner owner = owner_of(pid);
  return write_output(as_json ? pid_json(machine, owner) : pid_text(machine, owner)) ? 0 : command.usage_status;
}

int pid_of_address(const Command& command, const ParsedArguments& parsed) {
  const auto state = instance_named(command, parsed.operands[0]);
  if (!state) return command.defect_status;
  const auto place =
      parsed.operands.size() > 1 ? place_named(command, *state, parsed.operands[1]) : default_place(command, *state);
  if (!place) return command.defect_status;
  const auto index = leader_of(*state, *place);
  if (!index || !lives(state->processes[*index].identity)) {
    complain("pid: `" + parsed.operands.back() + "` has " + (index ? "ended" : "no process of its own"));
    return command.defect_status;
  }
  const std::int32_t pid = state->processes[*index].identity.pid;
  if (!parsed.has(option::in)) return write_output(std::to_string(pid) + "\n") ? 0 : command.usage_status;
  const std::string from(parsed.value(option::in, ""));
  const auto viewer = place_named(command, *state, from);
  if (!viewer) return command.defect_status;
  const auto eye = living_in(*state, *viewer);
  if (!eye) {
    complain("pid: `" + from + "` has ended: there is nobody to see it from there");
    return command.defect_status;
  }
  const Machine machine = look_at_processes(std::array{pid, eye->pid});
  const std::int32_t seen = pid_in(machine.processes[0], machine.processes[1].pid_namespace, parents_of(machine));
  if (seen != 0) return write_output(std::to_string(seen) + "\n") ? 0 : command.usage_status;
  complain("pid: `" + state->processes[*index].address + "` is not in the pid namespace of `" + from +
           "`, nor in one within it: it has no pid there");
  return command.defect_status;
}

}  // namespace

int verb_pid(const Command& command, const ParsedArguments& parsed) {
  const auto pid = parse_pid(parsed.operands[0]);
  if (pid && parsed.operands.size() == 1) {
    if (parsed.has(option::in)) return refuse_usage(command, "`--in` goes with the address of an instance");
    return pids_of_process(command, parsed, *pid);
  }
  return pid_of_address(command, parsed);
}

}  // namespace pidns::cli
