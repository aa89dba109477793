#include "spec/addresses.h"

#include <charconv>

namespace pidns {

const Addresses::Names& Addresses::names_of(const Node& node) {
  const auto [at, is_new] = names_.try_emplace(&node);
  if (is_new) {
    for (const auto& process : node.processes)
      if (!process.name.empty()) at->second.emplace(process.name, AddressPart{nullptr, &process, 0});
    for (const auto& nested : node.namespaces) at->second.emplace(nested.name, AddressPart{&nested, nullptr, 0});
  }
  return at->second;
}

std::vector<std::string_view> Addresses::names_in(const Node& node) {
  std::vector<std::string_view> names;
  for (const auto& [name, part] : names_of(node)) names.push_back(name);
  return names;
}

/// `web`, or one of its copies: `web-2`.
std::optional<AddressPart> Addresses::find_part(const Node& node, std::string_view name) {
  const Names& names = names_of(node);
  if (const auto found = names.find(name); found != names.end()) return found->second;
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || dash + 1 == name.size() || name[dash + 1] == '0') return std::nullopt;
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(name.data() + dash + 1, name.data() + name.size(), number);
  const auto found = names.find(name.substr(0, dash));
  if (parsed.ec != std::errc{} || parsed.ptr != name.data() + name.size() || found == names.end()) return std::nullopt;
  AddressPart part = found->second;
  const auto& replicas = part.node != nullptr ? part.node->replicas : part.process->replicas;
  if (!replicas || number > *replicas) return std::nullopt;
  part.copy = number;
  return part;
}

std::optional<std::vector<AddressPart>> Addresses::find_below(const Node& node, std::string_view address) {
  std::vector<AddressPart> parts;
  const Node* in = &node;
  for (;;) {
    const std::size_t slash = address.find('/');
    if (in == nullptr) return std::nullopt;
    const auto part = find_part(*in, address.substr(0, slash));
    if (!part) return std::nullopt;
    parts.push_back(*part);
    if (slash == std::string_view::npos) return parts;
    address.remove_prefix(slash + 1);
    in = part->node;
  }
}

std::optional<FoundAddress> Addresses::find(std::span<const Node* const> around, std::string_view address) {
  if (address == "/") return FoundAddress{};
  if (address.find('/') == std::string_view::npos && !around.empty())
    if (auto parts = find_below(*around.back(), address)) return FoundAddress{around.size(), std::move(*parts)};
  if (auto parts = find_below(root_, address)) return FoundAddress{0, std::move(*parts)};
  return std::nullopt;
}

}  // namespace pidns
