#include "render/diff_renames.h"

#include <deque>
#include <string_view>
#include <vector>

#include "render/words.h"

namespace pidns {
namespace {

using Addresses = std::map<std::string, std::string>;

/// The root's own is empty.
std::string_view parent_of(std::string_view address) {
  const std::size_t slash = address.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : address.substr(0, slash);
}

std::string mapped(const Addresses& addresses, const std::string& address) {
  for (std::string_view around = address; !around.empty(); around = parent_of(around))
    if (const auto found = addresses.find(std::string(around)); found != addresses.end())
      return found->second + address.substr(around.size());
  return address;
}

/// What a process does; not whom it waits for, who may have been renamed too, or be others around another node.
std::string signature_of(const DiffSide& side, const Process& process) {
  std::string text = std::string(describe(process.role)) + (process.is_pid1 ? " 1\n" : "\n");
  for (const ComparedStep& step : side.steps(process))
    if (!std::holds_alternative<WaitFor>(step.step->action) && !std::holds_alternative<AwaitStart>(step.step->action))
      text += step.words + "\n";
  return text;
}

template <class Map, class F>
void each_in(const Map& map, const std::string& address, F&& use) {
  if (const auto own = map.find(address); own != map.end()) use(std::string(), *own->second);
  const std::string inside = address + "/";
  for (auto one = map.lower_bound(inside); one != map.end() && one->first.starts_with(inside); ++one)
    use(one->first.substr(address.size()), *one->second);
}

/// What a node is and does, with all that is in it.
std::string signature_of(const DiffSide& side, const GraphNode& node) {
  std::string text;
  each_in(side.nodes, node.address, [&text](const std::string& inside, const GraphNode& one) {
    text += "node " + inside + ": " + node_words(one) + "\n";
  });
  each_in(side.processes, node.address, [&](const std::string& inside, const Process& one) {
    text += "process " + inside + ": " + signature_of(side, one);
  });
  return text;
}

bool is_renamed_with_its_node(const DiffSide& side, const Process& process) {
  return process.role != Role::command || side.nodes.contains(process.address);
}

}  // namespace

Renames::Renames(const DiffSide& before, const DiffSide& after) {
  match_nodes(before, after);
  match_processes(before, after);
}

std::string Renames::before(const std::string& address) const { return mapped(old_, address); }
std::string Renames::after(const std::string& address) const { return mapped(new_, address); }

void Renames::note(const std::string& before, const std::string& after) {
  old_[after] = before;
  new_[before] = after;
}

void Renames::match_nodes(const DiffSide& before, const DiffSide& after) {
  // By what they do, and by that and the node around them. Of thousands of copies each is looked at once.
  struct Candidates {
    std::vector<std::string> addresses;
    std::size_t next = 0;
  };
  std::map<std::string, Candidates> come;
  const auto beside = [](const std::string& signature, std::string_view parent) {
    return signature + "in " + std::string(parent);
  };
  for (const GraphNode& node : after.graph.nodes) {
    if (before.nodes.contains(node.address)) continue;
    const std::string signature = signature_of(after, node);
    come[beside(signature, parent_of(node.address))].addresses.push_back(node.address);
    come[signature].addresses.push_back(node.address);
  }
  if (come.empty()) return;
  const auto first = [&](const std::string& key) -> const std::string* {
    const auto found = come.find(key);
    if (found == come.end()) return nullptr;
    auto& [addresses, next] = found->second;
    while (next < addresses.size() && before.nodes.contains(this->before(addresses[next]))) ++next;
    return next < addresses.size() ? &addresses[next] : nullptr;
  };
  for (const GraphNode& node : before.graph.nodes) {
    if (after.nodes.contains(this->after(node.address))) continue;
    const std::string signature = signature_of(before, node);
    const std::string* found = first(beside(signature, this->after(std::string(parent_of(node.address)))));
    if (found == nullptr) found = first(signature);
    if (found != nullptr) note(node.address, *found);
  }
}

void Renames::match_processes(const DiffSide& before, const DiffSide& after) {
  std::map<std::string, std::deque<std::string>> come;
  const auto key = [](const DiffSide& side, const Process& process, const std::string& address) {
    return std::string(parent_of(address)) + "\n" + signature_of(side, process);
  };
  for (const Process& process : after.graph.processes)
    if (!is_renamed_with_its_node(after, process) && !before.processes.contains(this->before(process.address)))
      come[key(after, process, process.address)].push_back(process.address);
  if (come.empty()) return;
  for (const Process& process : before.graph.processes) {
    const std::string address = this->after(process.address);
    if (is_renamed_with_its_node(before, process) || after.processes.contains(address)) continue;
    const auto found = come.find(key(before, process, address));
    if (found == come.end() || found->second.empty()) continue;
    note(process.address, found->second.front());
    found->second.pop_front();
  }
}

}  // namespace pidns
