#pragma once

/// What is known, before anything runs, of the ids that a node's user namespace holds.

#include <cstdint>
#include <optional>
#include <vector>

#include "check/scope.h"

namespace pidns {

struct IdInterval {
  std::uint64_t first;
  std::uint64_t count;
};

enum class IdKind : std::uint8_t { user, group };

/// The ids inside the user namespace that `maker` makes; nothing where only the run will tell.
std::optional<std::vector<IdInterval>> known_ids(const Scope& maker, IdKind kind);

/// Whether one of the ranges holds all of `wanted`: the kernel maps no extent over a seam.
bool holds(const std::vector<IdInterval>& ranges, IdInterval wanted) noexcept;

/// Whether setgroups(2) is known to be denied in the user namespace around this node; gives the node
/// that denies it.
const Scope* denies_setgroups(const Scope& scope) noexcept;

}  // namespace pidns
