#pragma once

/// The addresses of a spec: `/` is the root, `ns1/ns2` a node, `ns1/web` a process of ns1.

#include <string>
#include <string_view>
#include <vector>

#include "spec/spec.h"

namespace pidns {

/// What an address without the number of a copy names. At most one of the two is there.
struct Addressed {
  const Node* node = nullptr;
  const ProcessSpec* process = nullptr;
  bool copies = false;  ///< One of the names on the way has replicas, and no number stands behind it.
};

/// Looks an address up from the root. A copy, `web-2` of a `web` with replicas, is what it is a copy of.
Addressed find_address(const Node& root, std::string_view address) noexcept;

/// The address of each node and process, copies written out, in document order.
struct Address {
  std::string text;
  Place place;  ///< Of the name.
};
std::vector<Address> all_addresses(const Node& root);

/// Processes and nodes in a spec, after replicas.
inline constexpr std::uint64_t most_members = 200'000;
/// Those in a node; of hostile specs some number beyond any limit.
std::uint64_t count_members(const Node& node) noexcept;

/// How often the node or process stands there.
template <class T>
std::uint32_t copies_of(const T& one) noexcept {
  return one.replicas ? *one.replicas : 1;
}

/// A process of ours belongs to this node: its init or holder, by the address `NODE/.init`.
bool has_own_resident(const Node& node) noexcept;

}  // namespace pidns
