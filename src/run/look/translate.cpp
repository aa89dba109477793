#include "run/look/translate.h"

#include <unordered_map>

#include "run/look/machine.h"
#include "state/store.h"

namespace pidns {

bool bring_here(RunState& state) {
  if (is_here(state)) return true;
  const Machine machine = look_at_machine(true);
  const NamespaceParents parents = parents_of(machine);
  std::unordered_map<std::int32_t, std::int32_t> pids;
  for (const SeenProcess& each : machine.processes)
    if (const std::int32_t there = pid_in(each, state.pid_namespace, parents); there != 0) pids[there] = each.pid;
  const auto translate = [&](ProcessIdentity& identity) {
    const auto found = pids.find(identity.pid);
    identity.pid = found == pids.end() ? 0 : found->second;
  };
  ProcessIdentity supervisor = state.supervisor;
  translate(supervisor);
  if (!lives(supervisor)) return false;
  state.supervisor = supervisor;
  for (ProcessRecord& process : state.processes) translate(process.identity);
  state.pid_namespace = machine.own;
  return true;
}

}  // namespace pidns
