#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "plan/node_shape.h"
#include "plan/verify_rules.h"
#include "spec/addresses.h"

namespace pidns {
namespace {

std::string within(const std::string& around, const std::string& name) {
  return around.empty() ? name : around + '/' + name;
}

/// What a process waits for as the spec says it, and where its words are looked up.
struct Asking {
  std::vector<const Node*> around;     ///< From the root's nested one to the nearest.
  std::vector<std::string> addresses;  ///< Of the same.
  std::vector<std::string> implied;    ///< Processes that `init` names around it, and that wait themselves.

  [[nodiscard]] std::string address() const { return addresses.empty() ? "" : addresses.back(); }
};

class ConditionRules {
 public:
  ConditionRules(const ExecutionGraph& graph, const Spec& spec, std::vector<Violation>& violations)
      : graph_(graph), spec_(spec), violations_(violations), book_(spec.root), gate_of_(graph.processes.size()) {
    for (const auto& gate : graph.gates) gate_of_[index(gate.waiter)] = &gate;
    for (const auto& process : graph.processes)
      if (process.role == Role::command) commands_.emplace(process.address, process.id);
  }

  void verify() { walk(spec_.root, {}); }

 private:
  void walk(const Node& node, const Asking& outer) {
    Asking inner = outer;
    const std::string* named = names_its_init(node) ? &std::get<std::string>(*node.init) : nullptr;
    for (const auto& process : node.processes)
      if (named != nullptr && process.name == *named && process.depends_on)
        inner.implied.push_back(within(outer.address(), *named));
    for (const auto& process : node.processes)
      each_copy(process, [&](const std::string& name, std::uint32_t) {
        const bool is_named = named != nullptr && process.name == *named;
        compare(process, name, is_named ? outer : inner);
      });
    for (const auto& nested : node.namespaces)
      each_copy(nested, [&](const std::string& name, std::uint32_t) {
        Asking deeper = inner;
        deeper.around.push_back(&nested);
        deeper.addresses.push_back(within(inner.address(), name));
        walk(nested, deeper);
      });
  }

  void compare(const ProcessSpec& process, const std::string& name, const Asking& asking) {
    std::string address = name.empty() ? asking.address() : within(asking.address(), name);
    if (address.empty()) address = "/";
    const auto found = commands_.find(address);
    if (found == commands_.end()) return;  // Another rule's.
    const ProcessId id = found->second;
    if (!is_as_ready(process, id)) violations_.push_back({"ready-as-written", id, 0});
    if (!waits_as_written(process, name.empty(), asking, gate_of_[index(id)]))
      violations_.push_back({"gate-as-written", id, 0});
  }

  bool is_as_ready(const ProcessSpec& process, ProcessId id) const {
    const Readiness* made = find_readiness(graph_, id);
    if ((made != nullptr) != static_cast<bool>(process.ready) || graph_.process(id).has_ready != (made != nullptr))
      return false;
    return made == nullptr || made->ready == *process.ready;
  }

  bool waits_as_written(const ProcessSpec& process, bool is_the_nodes, const Asking& asking, const Gate* gate) {
    const std::size_t written = process.depends_on ? process.depends_on->size() : 0;
    if (gate == nullptr) return written + asking.implied.size() == 0;
    if (gate->conditions.size() != written + asking.implied.size()) return false;
    std::span<const Node* const> around(asking.around);
    // The siblings of a node's own command are the node's.
    if (is_the_nodes && !around.empty()) around = around.first(around.size() - 1);
    for (std::size_t i = 0; i < written; ++i) {
      const Dependency& asked = (*process.depends_on)[i].value;
      const auto target = book_.find(around, asked.address);
      if (!target) return false;
      const std::string stem = target->shared == 0 ? "" : asking.addresses[target->shared - 1];
      const auto addresses = [&] { return meant(*target, stem); };
      if (!awaits(*gate, i, {&asked, stem}, asked.condition, addresses)) return false;
    }
    for (std::size_t i = 0; i < asking.implied.size(); ++i) {
      const auto addresses = [&] { return std::vector<std::string>{asking.implied[i]}; };
      if (!awaits(*gate, written + i, {nullptr, asking.implied[i]}, Condition::started, addresses)) return false;
    }
    return true;
  }

  /// The addresses in the graph of what is found, in the node that asks for it: of each copy where all are
  /// meant.
  static std::vector<std::string> meant(const FoundAddress& found, const std::string& stem_of_all) {
    std::vector<std::string> stems{stem_of_all};
    for (const AddressPart& part : found.parts) {
      if (part.node == nullptr && part.process == nullptr) continue;
      std::vector<std::string> longer;
      const auto add = [&](const auto& one) {
        each_copy(one, [&](const std::string& name, std::uint32_t number) {
          if (part.copy != 0 && part.copy != number) return;
          for (const auto& stem : stems) longer.push_back(within(stem, name));
        });
      };
      if (part.node != nullptr)
        add(*part.node);
      else
        add(*part.process);
      stems = std::move(longer);
    }
    return stems;
  }

  /// What asks, and in which node: of that copies ask for the same, often, and it may be much.
  using Asked = std::pair<const Dependency*, std::string>;

  template <class F>
  bool awaits(const Gate& gate, std::size_t which, const Asked& who, Condition asked, F&& addresses) {
    const Condition made = gate.conditions[which].value.condition;
    const auto [known, is_new] = known_.try_emplace({gate.awaited[which], made, who}, false);
    if (!is_new) return known->second;
    std::set<ProcessId> wanted;
    for (const auto& address : addresses()) add_commands_at(address, wanted);
    std::set<ProcessId> found;
    for (const ProcessRange& range : graph_.awaited[gate.awaited[which]])
      for (std::size_t i = index(range.first); i < index(range.end); ++i)
        if (graph_.processes[i].role == Role::command) found.insert(graph_.processes[i].id);
    bool same = wanted == found;
    for (const ProcessId id : wanted)
      same = same && asked_of(graph_.process(id), made) == asked_of(graph_.process(id), asked);
    return known->second = same;
  }

  void add_commands_at(const std::string& address, std::set<ProcessId>& to) const {
    // The root's address is `/`, and no other begins so.
    const std::string inside = address.empty() ? "" : address + '/';
    if (const auto own = commands_.find(address); own != commands_.end()) to.insert(own->second);
    for (auto at = commands_.lower_bound(inside); at != commands_.end() && at->first.starts_with(inside); ++at)
      to.insert(at->second);
  }

  const ExecutionGraph& graph_;
  const Spec& spec_;
  std::vector<Violation>& violations_;
  Addresses book_;
  std::vector<const Gate*> gate_of_;
  std::map<std::string_view, ProcessId> commands_;  ///< By address.
  std::map<std::tuple<std::uint32_t, Condition, Asked>, bool> known_;
};

bool waits_or_tells(const Node& node) {
  return std::any_of(node.processes.begin(), node.processes.end(),
                     [](const ProcessSpec& process) { return process.depends_on || process.ready; }) ||
         std::any_of(node.namespaces.begin(), node.namespaces.end(), waits_or_tells);
}

}  // namespace

void verify_conditions(const ExecutionGraph& graph, const Spec& spec, std::vector<Violation>& violations) {
  if (graph.gates.empty() && graph.readiness.empty() && !waits_or_tells(spec.root)) return;
  ConditionRules(graph, spec, violations).verify();
}

}  // namespace pidns
