#include "render/tree_parts.h"

namespace pidns {

NamespaceParents parents_of(const Machine& machine) {
  NamespaceParents parents;
  parents.reserve(machine.namespaces.size());
  for (const SeenNamespace& each : machine.namespaces) parents.emplace(each.inode, each.parent);
  return parents;
}

void fill_row(TreeRow& row, const SeenProcess& process, const NamespaceParents& parents) {
  row.pids = process.levels;
  row.counted_in.assign(row.pids.size(), 0);
  // NSpid ends with the innermost: upwards from there.
  std::uint64_t inode = process.pid_namespace;
  for (std::size_t level = row.pids.size(); level > 0 && inode != 0; --level) {
    row.counted_in[level - 1] = inode;
    const auto outer = parents.find(inode);
    inode = outer != parents.end() ? outer->second : 0;
  }
  row.hostname = process.hostname.value_or(row.pids.empty() ? "" : "?");
  row.command = process.command;
}

}  // namespace pidns
