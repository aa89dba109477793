/// One instance as a tree: its nodes nested as in the spec, a row a process.

#include <algorithm>
#include <string_view>

#include "render/tree.h"
#include "render/tree_parts.h"

namespace pidns {
namespace {

std::string last_part(std::string_view address) {
  const std::size_t slash = address.rfind('/');
  return std::string(slash == std::string_view::npos || address.size() == 1 ? address : address.substr(slash + 1));
}

/// `up 2 min`: rounded to what matters.
std::string up_time(std::int64_t seconds) {
  if (seconds < 60) return std::to_string(seconds < 0 ? 0 : seconds) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min";
  if (seconds < 2 * 86400) return std::to_string(seconds / 3600) + " h";
  return std::to_string(seconds / 86400) + " days";
}

class InstanceTree {
 public:
  InstanceTree(const RunState& state, const Machine& seen)
      : state_(state), seen_(seen), parents_(parents_of(seen)), row_of_node_(state.nodes.size(), 0) {}

  TreePicture draw(std::int64_t now) {
    picture_.instance = state_.name;
    picture_.title = state_.name + ", up " + up_time(now - state_.started);
    supervisor();
    for (std::size_t node = 0; node < state_.nodes.size(); ++node) add(node);
    name_namespaces();
    return std::move(picture_);
  }

 private:
  void supervisor() {
    TreeRow row;
    row.label = "pidns";
    row.role = "supervisor";
    if (!seen_.processes.empty()) fill_row(row, seen_.processes.front(), parents_);
    row.command.clear();
    row.hostname.clear();  // It is the caller's.
    picture_.rows.push_back(std::move(row));
  }

  [[nodiscard]] bool is_empty(std::size_t node) const {
    return std::none_of(state_.processes.begin(), state_.processes.end(),
                        [&](const ProcessRecord& process) { return process.node == node; });
  }

  [[nodiscard]] bool stands_for(std::size_t node, std::size_t process) const {
    const ProcessRecord& first = state_.processes[process];
    return first.node == node && (first.role != "command" || first.address == state_.nodes[node].address);
  }

  /// A node's first process stands beside its name, unless it has one of its own. A root without any is
  /// where pidns itself is.
  void add(std::size_t index) {
    const NodeRecord& node = state_.nodes[index];
    const std::size_t around = node.parent >= index ? 0 : row_of_node_[node.parent];
    if (node.parent == index && is_empty(index)) return;
    row_of_node_[index] = picture_.rows.size();
    TreeRow row;
    row.parent = around;
    row.label = last_part(node.address);
    row.address = node.address;
    row.role = "node";
    const bool first_is_its_own = node.first && *node.first < state_.processes.size() && stands_for(index, *node.first);
    if (first_is_its_own) fill(row, *node.first);
    picture_.rows.push_back(std::move(row));
    for (std::size_t each = 0; each < state_.processes.size(); ++each) {
      if (state_.processes[each].node != index || (first_is_its_own && each == *node.first)) continue;
      TreeRow member;
      member.parent = row_of_node_[index];
      member.label = last_part(state_.processes[each].address);
      fill(member, each);
      picture_.rows.push_back(std::move(member));
    }
  }

  void fill(TreeRow& row, std::size_t index) {
    const ProcessRecord& process = state_.processes[index];
    row.address = process.address;
    row.role = process.role;
    if (index + 1 < seen_.processes.size()) {
      fill_row(row, seen_.processes[index + 1], parents_);
      row.is_waiting = seen_.processes[index + 1].is_waiting;
    }
    if (row.pids.empty())
      row.command = process.role == "command" ? process.command + " (ended)" : process.role + " (ended)";
    else
      row.command = process.role == "command" ? process.command : process.role;
  }

  /// A pid namespace is called after the first node with a process in it.
  std::string title_of(std::uint64_t inode) const {
    if (inode == initial_pid_namespace) return "host";
    if (inode == seen_.own) return "here";
    for (std::size_t i = 0; i < state_.processes.size() && i + 1 < seen_.processes.size(); ++i)
      if (seen_.processes[i + 1].pid_namespace == inode)
        return last_part(state_.nodes[state_.processes[i].node].address);
    return "?";
  }

  void name_namespaces() {
    for (const SeenNamespace& each : seen_.namespaces)
      picture_.namespaces.push_back({each.inode, each.parent, title_of(each.inode), 0});
  }

  const RunState& state_;
  const Machine& seen_;
  NamespaceParents parents_;
  std::vector<std::size_t> row_of_node_;
  TreePicture picture_;
};

}  // namespace

TreePicture tree_of(const RunState& state, const Machine& seen, std::int64_t now) {
  return InstanceTree(state, seen).draw(now);
}

}  // namespace pidns
