#include <unistd.h>

#include <ctime>
#include <vector>

#include "cli/instances.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "render/tree.h"
#include "run/look/machine.h"
#include "run/look/proc_directory.h"
#include "run/look/translate.h"
#include "run/parent/has_executed.h"
#include "state/store.h"

namespace pidns::cli {
namespace {

int write_tree(const Command& command, const ParsedArguments& parsed, const TreePicture& picture) {
  const std::string_view format = parsed.value(option::tree_format, "text");
  const TextStyle style = text_style(STDOUT_FILENO, color_choice(parsed.value(option::color, "auto")));
  const std::string text = format == "json"  ? tree_json(picture)
                           : format == "dot" ? tree_dot(picture)
                                             : tree_text(picture, style);
  return write_output(text) ? 0 : command.usage_status;
}

int tree_of_machine(const Command& command, const ParsedArguments& parsed) {
  const bool every_process = parsed.has(option::all_processes);
  const Machine machine = look_at_machine(every_process);
  if (machine.namespaces.empty()) {
    complain("tree: no pid namespace can be seen: /proc is not mounted here, or hides all processes");
    return command.defect_status;
  }
  std::vector<RunState> instances = live_instances();
  for (RunState& each : instances) bring_here(each);
  return write_tree(command, parsed, tree_of(machine, instances, every_process));
}

/// What waits for others is there from the start, with its pid, and executes when it need not wait any more.
void mark_waiting(const RunState& state, Machine& seen) {
  ProcDirectory proc;
  for (std::size_t i = 0; i < state.processes.size(); ++i) {
    SeenProcess& process = seen.processes[i + 1];
    if (state.processes[i].role != "command" || process.levels.empty()) continue;
    const std::string& stat = proc.text_of(process.pid, "stat");
    process.is_waiting = !stat.empty() && !has_executed(stat);
  }
}

int tree_of_instance(const Command& command, const ParsedArguments& parsed) {
  if (parsed.has(option::all_processes))
    return refuse_usage(command, "`--all` is of the machine's tree: an instance's has a row for each of its processes");
  const auto state = instance_named(command, parsed.operands.front());
  if (!state) return command.defect_status;
  // Whoever is not the same process any more is left out, and shown as ended.
  std::vector<int> pids{state->supervisor.pid};
  for (const ProcessRecord& process : state->processes)
    pids.push_back(lives(process.identity) ? process.identity.pid : 0);
  Machine seen = look_at_processes(pids);
  mark_waiting(*state, seen);
  return write_tree(command, parsed, tree_of(*state, seen, ::time(nullptr)));
}

}  // namespace

int verb_tree(const Command& command, const ParsedArguments& parsed) {
  return parsed.operands.empty() ? tree_of_machine(command, parsed) : tree_of_instance(command, parsed);
}

}  // namespace pidns::cli
