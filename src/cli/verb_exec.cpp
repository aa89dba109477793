#include <unistd.h>

#include <climits>

#include "cli/entering.h"
#include "cli/instances.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "state/store.h"

namespace pidns::cli {
namespace {

/// A living process in whose namespaces the node's processes are: the one that is meant, the node's
/// PID 1, or another of it; for a node that lives in its parent's namespaces, the parent's likewise.
std::optional<ProcessIdentity> way_in(const RunState& state, const Located& place) {
  if (place.process && state.processes[*place.process].role == "command" &&
      lives(state.processes[*place.process].identity))
    return state.processes[*place.process].identity;
  for (std::uint32_t node = place.node;;) {
    const NodeRecord& record = state.nodes[node];
    const ProcessRecord* found = nullptr;
    for (const ProcessRecord& each : state.processes)
      if (each.node == node && (found == nullptr || (each.is_pid1 && !found->is_pid1)) && lives(each.identity))
        found = &each;
    if (found != nullptr) return found->identity;
    if (!record.unshared.empty() || !record.joined.empty()) return std::nullopt;
    if (record.parent >= state.nodes.size() || record.parent == node) return state.supervisor;
    node = record.parent;
  }
}

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
  const auto process = way_in(*state, *place);
  if (!process) {
    complain(where + ": it has ended");
    return command.defect_status;
  }
  entry->pid = process->pid;
  entry->start_time = process->start_time;
  entry->name = state->name;
  entry->address = place->process ? state->processes[*place->process].address : node.address;
  take_from_node(*entry, node);
  return enter_and_report(std::move(*entry), where);
}

}  // namespace pidns::cli
