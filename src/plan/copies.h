#pragma once

#include <cstdint>
#include <string>

#include "spec/setting.h"

namespace pidns {

/// How many there are of a process or node.
inline std::uint32_t copies(const Setting<std::uint32_t>& replicas) { return replicas.value_or(1); }

/// `web-2`; just the name without `replicas`.
inline std::string copy_name(const std::string& name, const Setting<std::uint32_t>& replicas, std::uint32_t number) {
  return replicas ? name + '-' + std::to_string(number) : name;
}

/// Calls `f` with the name and number of each copy; 0 is the number of what has no copies.
template <class T, class F>
void each_copy(const T& one, F&& f) {
  for (std::uint32_t number = 1; number <= copies(one.replicas); ++number)
    f(copy_name(one.name, one.replicas, number), one.replicas ? number : 0U);
}

/// The address of what has a name in the node `around`; the root's address is empty here.
inline std::string join_address(const std::string& around, const std::string& name) {
  return around.empty() ? name : around + "/" + name;
}

}  // namespace pidns
