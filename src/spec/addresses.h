#pragma once

/// What an address of `depends-on` means in a spec. Nodes and processes stand there once, however many
/// copies there are of them.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "spec/spec.h"

namespace pidns {

/// One name of an address.
struct AddressPart {
  const Node* node = nullptr;            ///< One of the two …
  const ProcessSpec* process = nullptr;  ///< … which can only be the last part.
  std::uint32_t copy = 0;                ///< The one that is meant; 0: all there are.
};

struct FoundAddress {
  /// So many nodes around the asking process, from the root's nested one on, are those it is in itself.
  std::size_t shared = 0;
  std::vector<AddressPart> parts;  ///< What comes behind them; with neither: the root.
};

/// Looks addresses up; keeps the names of each node that it has looked into. The spec must outlive it.
class Addresses {
 public:
  explicit Addresses(const Node& root) : root_(root) {}

  /// `around`: the nodes in which the asking process's siblings stand, from the root's nested one to the
  /// nearest. A bare name is a sibling's first, then one of the root's. Nothing where there is none.
  std::optional<FoundAddress> find(std::span<const Node* const> around, std::string_view address);
  /// Every name in a node, for a suggestion.
  std::vector<std::string_view> names_in(const Node& node);

 private:
  using Names = std::unordered_map<std::string_view, AddressPart>;
  const Names& names_of(const Node& node);
  std::optional<AddressPart> find_part(const Node& node, std::string_view name);
  std::optional<std::vector<AddressPart>> find_below(const Node& node, std::string_view address);

  const Node& root_;
  std::unordered_map<const Node*, Names> names_;
};

}  // namespace pidns
