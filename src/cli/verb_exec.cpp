#include <unistd.h>

#include <climits>

#include "cli/entering.h"
#include "cli/instances.h"
#include "cli/output.h"
#include "cli/verbs.h"

namespace pidns::cli {
namespace {

/// What the node's processes have, over what the caller has.
void take_from_node(Entry& entry, const NodeRecord& node) {
  auto environment = std::make_shared<EnvironmentPlan>();
  environment->clear = node.clear_env;
  environment->keep = node.keep_env;
  for (const NodeRecord::Variable& variable : node.env) environment->entries.push_back({variable.name, variable.value});
  entry.exec.environment = std::move(environment);
  char directory[PATH_MAX];
  if (node.cwd)
    entry.directory = ChangeDirectory{*node.cwd, false};
  else if (::getcwd(directory, sizeof directory) != nullptr && directory[0] == '/')
    entry.directory = ChangeDirectory{directory, true};
  else
    entry.directory = ChangeDirectory{"/", false};
  if (node.umask) entry.umask = SetUmask{*node.umask};
  entry.kill_child = node.kill_child;
}

}  // namespace

int verb_exec(const Command& command, const ParsedArguments& parsed) {
  auto entry = parse_entry(parsed);
  if (!entry) return refuse_usage(command, entry.error());
  const auto state = instance_named(command, parsed.operands[0]);
  if (!state) return command.defect_status;
  const auto place =
      parsed.operands.size() > 1 ? place_named(command, *state, parsed.operands[1]) : default_place(command, *state);
  if (!place) return command.defect_status;
  const NodeRecord& node = state->nodes[place->node];
  const std::string where = "exec " + state->name + " " + node.address;
  const auto process = living_in(*state, *place);
  if (!process) {
    complain(where + ": it has ended");
    return command.defect_status;
  }
  entry->pid = process->pid;
  entry->start_time = process->start_time;
  entry->name = state->name;
  // What enters a node is none of its processes of ours.
  const bool beside_a_command = place->process && state->processes[*place->process].role == "command";
  entry->address = beside_a_command ? state->processes[*place->process].address : node.address;
  take_from_node(*entry, node);
  return enter_and_report(std::move(*entry), where);
}

}  // namespace pidns::cli
