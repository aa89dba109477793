#include "state/address.h"

#include <algorithm>

namespace pidns {
namespace {

std::string_view without_slashes(std::string_view address) {
  while (address.size() > 1 && address.front() == '/') address.remove_prefix(1);
  while (address.size() > 1 && address.back() == '/') address.remove_suffix(1);
  return address;
}

bool is_command(const ProcessRecord& process) { return process.role == "command"; }

/// The only command of a node; nothing where it has none or several.
std::optional<std::uint32_t> only_command(const RunState& state, std::uint32_t node) {
  std::optional<std::uint32_t> found;
  for (std::uint32_t i = 0; i < state.processes.size(); ++i) {
    if (state.processes[i].node != node || !is_command(state.processes[i])) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

std::optional<std::uint32_t> first_of(const RunState& state, std::uint32_t node) {
  const auto first = state.nodes[node].first;
  return first && *first < state.processes.size() ? first : std::nullopt;
}

}  // namespace

std::optional<Located> locate(const RunState& state, std::string_view address) {
  address = without_slashes(address);
  for (std::uint32_t node = 0; node < state.nodes.size(); ++node) {
    if (state.nodes[node].address != address) continue;
    auto process = only_command(state, node);
    if (!process) process = first_of(state, node);
    return Located{node, process};
  }
  for (std::uint32_t i = 0; i < state.processes.size(); ++i)
    if (state.processes[i].address == address && state.processes[i].node < state.nodes.size())
      return Located{state.processes[i].node, i};
  return std::nullopt;
}

std::optional<Located> locate_default(const RunState& state) {
  std::optional<Located> only;
  std::size_t commands = 0;
  for (std::uint32_t i = 0; i < state.processes.size(); ++i) {
    const ProcessRecord& process = state.processes[i];
    if (process.node >= state.nodes.size()) continue;
    if (process.is_main) return Located{process.node, i};
    if (!is_command(process)) continue;
    ++commands;
    only = Located{process.node, i};
  }
  return commands == 1 ? only : std::nullopt;
}

std::optional<std::uint32_t> leader_of(const RunState& state, const Located& place) {
  if (place.process) return place.process;
  return first_of(state, place.node);
}

std::vector<std::string> addresses_of(const RunState& state) {
  std::vector<std::string> all;
  const auto add = [&](const std::string& address) {
    if (std::find(all.begin(), all.end(), address) == all.end()) all.push_back(address);
  };
  for (std::uint32_t node = 0; node < state.nodes.size(); ++node) {
    add(state.nodes[node].address);
    for (const ProcessRecord& process : state.processes)
      if (process.node == node) add(process.address);
  }
  return all;
}

}  // namespace pidns
