/// What processes wait for: it is there, it can be ready, and nobody waits for himself in the end.

#include <algorithm>
#include <unordered_map>

#include "base/nearest.h"
#include "check/rules.h"
#include "spec/addresses.h"

namespace pidns {
namespace {

bool waits_anywhere(const Node& node) {
  const auto waits = [](const ProcessSpec& process) { return static_cast<bool>(process.depends_on); };
  return std::any_of(node.processes.begin(), node.processes.end(), waits) ||
         std::any_of(node.namespaces.begin(), node.namespaces.end(), waits_anywhere);
}

bool has_ready(const Node& node) {
  const auto ready = [](const ProcessSpec& process) { return static_cast<bool>(process.ready); };
  return std::any_of(node.processes.begin(), node.processes.end(), ready) ||
         std::any_of(node.namespaces.begin(), node.namespaces.end(), has_ready);
}

/// Processes and nodes as they stand in the spec, and which waits for which. A circle of them is one of
/// the copies too: from each copy there is a way on.
class Waiting {
 public:
  Waiting(const Node& root, Diagnostics& diagnostics) : root_(root), book_(root), diagnostics_(diagnostics) {
    add_node(root, "/");
    look_up(root);
  }

  void refuse_circles() {
    std::vector<unsigned char> seen(vertices_.size(), 0);  // 1: on the path, 2: done.
    for (std::size_t start = 0; start < vertices_.size(); ++start)
      if (seen[start] == 0 && walk(start, seen)) return;
  }

 private:
  struct Edge {
    std::size_t to;
    Place place;  ///< Nowhere, where a node holds what it waits for.
  };
  struct Vertex {
    std::string address;
    bool is_process = false;
    std::vector<Edge> edges;
    std::size_t next = 0;  ///< Edge to be walked.
  };

  std::size_t add(const void* key, std::string address, bool is_process) {
    const std::size_t number = vertices_.size();
    vertices_.push_back({std::move(address), is_process, {}, 0});
    numbers_.emplace(key, number);
    return number;
  }

  void add_node(const Node& node, const std::string& address) {
    const std::size_t self = add(&node, address, false);
    const std::string stem = address == "/" ? "" : address + "/";
    for (const auto& process : node.processes) {
      const std::size_t member = add(&process, process.name.empty() ? address : stem + process.name, true);
      vertices_[self].edges.push_back({member, {}});
    }
    for (const auto& nested : node.namespaces) {
      const std::size_t number = vertices_.size();
      add_node(nested, stem + nested.name);
      vertices_[self].edges.push_back({number, {}});
    }
  }

  /// `around_` are the nodes from the root's nested one to this one.
  void look_up(const Node& node) {
    const ProcessSpec* named = named_init(node);
    for (const auto& process : node.processes) {
      for (const auto& [init, place] : inits_)
        vertices_[numbers_[&process]].edges.push_back({numbers_[init], place});
      if (named != nullptr && named != &process)
        vertices_[numbers_[&process]].edges.push_back({numbers_[named], node.init.place()});
      look_up(node, process);
    }
    if (named != nullptr) inits_.emplace_back(named, node.init.place());
    for (const auto& nested : node.namespaces) {
      around_.push_back(&nested);
      look_up(nested);
      around_.pop_back();
    }
    if (named != nullptr) inits_.pop_back();
  }

  static const ProcessSpec* named_init(const Node& node) {
    const std::string* name = node.init ? std::get_if<std::string>(&*node.init) : nullptr;
    if (name == nullptr) return nullptr;
    const auto found = std::find_if(node.processes.begin(), node.processes.end(),
                                    [&](const ProcessSpec& one) { return one.name == *name; });
    return found == node.processes.end() ? nullptr : &*found;
  }

  void look_up(const Node&, const ProcessSpec& process) {
    if (!process.depends_on) return;
    // The siblings of a node's own command are the node's.
    std::span<const Node* const> around(around_);
    if (process.name.empty() && !around.empty()) around = around.first(around.size() - 1);
    for (const auto& [dependency, place] : *process.depends_on) {
      const auto found = book_.find(around, dependency.address);
      if (!found) {
        refuse_unknown(dependency.address, around, place);
        continue;
      }
      const Node* node = found->parts.empty() ? &root_ : found->parts.back().node;
      const void* key = node != nullptr ? static_cast<const void*>(node) : found->parts.back().process;
      if (dependency.condition == Condition::ready &&
          !(node != nullptr ? has_ready(*node) : static_cast<bool>(found->parts.back().process->ready)))
        refuse_never_ready(dependency.address, place);
      vertices_[numbers_[&process]].edges.push_back({numbers_[key], place});
    }
  }

  void refuse_unknown(const std::string& address, std::span<const Node* const> around, Place place) {
    auto& found = diagnostics_.error(Code::no_such_address, place, "`" + address + "` is no process or node of this spec");
    std::vector<std::string_view> names = book_.names_in(root_);
    if (!around.empty())
      for (const std::string_view name : book_.names_in(*around.back())) names.push_back(name);
    std::sort(names.begin(), names.end());
    Nearest near(address);
    for (const std::string_view name : names) near.offer(name);
    found.fix = std::string(near.word());
    found.why = "a bare name is a sibling's, or one of the root's; what is further in is called `ns1/ns2/web`";
  }

  void refuse_never_ready(const std::string& address, Place place) {
    auto& found = diagnostics_.error(Code::never_ready, place, "`" + address + "` has no `ready`, and is never known to be");
    found.why = "when a process is ready, only its probe can tell";
    found.fix = "`started`, or a `ready` there";
  }

  /// Depth first, without recursion: chains may be as long as a spec. True where a circle was found.
  bool walk(std::size_t start, std::vector<unsigned char>& seen) {
    std::vector<std::size_t> path{start};
    seen[start] = 1;
    while (!path.empty()) {
      Vertex& here = vertices_[path.back()];
      if (here.next == here.edges.size()) {
        seen[path.back()] = 2;
        path.pop_back();
        continue;
      }
      const Edge edge = here.edges[here.next++];
      if (seen[edge.to] == 1) {
        refuse_circle(path, edge.to);
        return true;
      }
      if (seen[edge.to] != 0) continue;
      seen[edge.to] = 1;
      path.push_back(edge.to);
    }
    return false;
  }

  /// A node in the circle stands for the one in it that waits on.
  void refuse_circle(const std::vector<std::size_t>& path, std::size_t again) {
    std::vector<std::pair<std::size_t, Place>> waiters;
    const auto from = std::find(path.begin(), path.end(), again);
    for (auto at = from; at != path.end(); ++at) {
      const Vertex& vertex = vertices_[*at];
      if (vertex.is_process) waiters.emplace_back(*at, vertex.edges[vertex.next - 1].place);
    }
    constexpr std::size_t shown = 8;
    std::string drawn;
    for (std::size_t i = 0; i < waiters.size() && i < shown; ++i) drawn += vertices_[waiters[i].first].address + " -> ";
    if (waiters.size() > shown) drawn += "(" + std::to_string(waiters.size() - shown) + " more) -> ";
    drawn += vertices_[waiters.front().first].address;
    auto& found = diagnostics_.error(Code::circle, waiters.front().second, "these wait for each other: " + drawn);
    for (std::size_t i = 1; i < waiters.size() && i < shown; ++i)
      found.labels.push_back({waiters[i].second.key.empty() ? waiters[i].second.value : waiters[i].second.key,
                              "`" + vertices_[waiters[i].first].address + "` waits here"});
    found.why = "none of them would ever start";
  }

  const Node& root_;
  Addresses book_;
  Diagnostics& diagnostics_;
  std::vector<Vertex> vertices_;
  std::unordered_map<const void*, std::size_t> numbers_;
  std::vector<const Node*> around_;
  std::vector<std::pair<const ProcessSpec*, Place>> inits_;
};

}  // namespace

void dependencies_come_true(const Scope& scope, Diagnostics& diagnostics) {
  if (scope.outer == nullptr && waits_anywhere(scope.node)) Waiting(scope.node, diagnostics).refuse_circles();
}

}  // namespace pidns
