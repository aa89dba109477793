/// All pid namespaces of a machine as a tree: a row a namespace, or a row a process below it.

#include <map>
#include <unordered_map>

#include "render/tree.h"
#include "render/tree_parts.h"

namespace pidns {
namespace {

std::string counted(std::size_t number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

class MachineTree {
 public:
  MachineTree(const Machine& machine, const std::vector<RunState>& instances, bool every_process)
      : machine_(machine), every_process_(every_process), parents_(parents_of(machine)) {
    for (const SeenNamespace& each : machine.namespaces) inner_[each.parent].push_back(&each);
    if (every_process)
      for (const SeenProcess& each : machine.processes) members_[each.pid_namespace].push_back(&each);
    for (const RunState& state : instances)
      if (state.pid_namespace == machine.own)
        for (const ProcessRecord& process : state.processes)
          if (process.is_pid1 && process.node < state.nodes.size())
            owners_.emplace(process.identity.pid, state.name + ":" + state.nodes[process.node].address);
  }

  TreePicture draw() {
    std::size_t processes = machine_.concealed;
    for (const SeenNamespace& each : machine_.namespaces) {
      processes += each.count;
      picture_.namespaces.push_back({each.inode, each.parent, std::to_string(each.inode), each.count});
    }
    picture_.title = counted(machine_.namespaces.size(), "pid namespace", "pid namespaces") + ", " +
                     counted(processes, "process", "processes");
    const auto outermost = inner_.find(0);
    if (outermost != inner_.end())
      for (const SeenNamespace* each : outermost->second) add(*each, picture_.rows.size());
    note();
    return std::move(picture_);
  }

 private:
  void add(const SeenNamespace& each, std::size_t around) {
    const std::size_t own = picture_.rows.size();
    TreeRow row;
    row.parent = around;
    row.label = std::to_string(each.inode);
    row.processes = each.count;
    if (each.first) {
      const SeenProcess& first = machine_.processes[*each.first];
      fill_row(row, first, parents_);
      if (const auto owner = owners_.find(first.pid); owner != owners_.end()) row.address = owner->second;
    } else {
      row.counted_in = {each.inode};
      row.command = "(its processes are not to be seen from here)";
    }
    picture_.rows.push_back(std::move(row));
    if (every_process_) add_members(each, own);
    const auto inside = inner_.find(each.inode);
    if (inside == inner_.end()) return;
    for (const SeenNamespace* inner : inside->second) add(*inner, own);
  }

  void add_members(const SeenNamespace& each, std::size_t around) {
    for (const SeenProcess* member : members_[each.inode]) {
      if (each.first && member == &machine_.processes[*each.first]) continue;
      TreeRow row;
      row.parent = around;
      fill_row(row, *member, parents_);
      picture_.rows.push_back(std::move(row));
    }
  }

  void note() {
    auto& notes = picture_.notes;
    if (machine_.concealed != 0) {
      notes.push_back("the kernel does not say in which pid namespace " +
                      counted(machine_.concealed, "process is: it belongs", "processes are: they belong") +
                      " to others, and namespaces are shown to whom ptrace(2) would be permitted");
      for (const SeenProcess& each : machine_.concealed_deeper) {
        std::string pids;
        for (const std::int32_t pid : each.levels) pids += (pids.empty() ? "" : " ") + std::to_string(pid);
        notes.push_back("one of them is " + counted(each.levels.size() - 1, "level", "levels") +
                        " further in: its pids are " + pids);
      }
    }
    if (machine_.hides) notes.push_back("/proc hides processes of others (hidepid): there may be more pid namespaces");
    if (machine_.own != initial_pid_namespace)
      notes.push_back(
          "this is not the machine's first pid namespace: what is around it or beside it can't be seen from here");
  }

  const Machine& machine_;
  bool every_process_;
  NamespaceParents parents_;
  std::map<std::uint64_t, std::vector<const SeenNamespace*>> inner_;
  std::unordered_map<std::uint64_t, std::vector<const SeenProcess*>> members_;
  std::map<std::int32_t, std::string> owners_;
  TreePicture picture_;
};

}  // namespace

TreePicture tree_of(const Machine& machine, const std::vector<RunState>& instances, bool every_process) {
  return MachineTree(machine, instances, every_process).draw();
}

}  // namespace pidns
