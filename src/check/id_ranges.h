#pragma once

/// What is known, before anything runs, of the ids that exist where a node's processes are.

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

/// The id that stands for all that are not mapped: /proc/sys/kernel/overflowuid.
inline constexpr std::uint32_t overflow_id = 65534;

/// The node around, or this one, whose user namespace its processes are in; `made` is false for one
/// that was joined. Nothing where that is the caller's.
struct UserNamespace {
  const Scope* node = nullptr;
  bool made = false;
};
UserNamespace user_namespace(const Scope& scope) noexcept;

/// The ids inside the user namespace that the node's processes are in; nothing where only the run will tell.
std::optional<std::vector<IdInterval>> known_ids(const Scope& scope, IdKind kind);

/// The ids in the user namespace in which `maker` makes a new one; nothing where only the run will tell.
std::optional<std::vector<IdInterval>> ids_around(const Scope& maker, IdKind kind);

/// Whether who writes the maps of the node's new user namespace may map whatever exists around it.
bool may_map_any(const Scope& maker) noexcept;

/// Whether one of the ranges holds all of `wanted`: the kernel maps no extent over a seam.
bool holds(const std::vector<IdInterval>& ranges, IdInterval wanted) noexcept;

/// The id with which a node's processes are set up, as their own user namespace sees it. `nobody`: it
/// maps neither the maker's id nor 0. Nothing where only the run will tell.
struct OwnId {
  std::uint32_t id = 0;
  bool nobody = false;
};
std::optional<OwnId> own_id(const Scope& scope, IdKind kind);

/// Whether the node's processes are set up with the caller's own uid, whatever that is called inside:
/// no map on the way lacks it and makes them 0. Nothing where only the run will tell.
std::optional<bool> keeps_callers_uid(const Scope& scope);

/// The extents that a map stands for, as the kernel gets them; nothing where only the run will tell.
std::optional<std::vector<IdExtent>> map_extents(const Scope& maker, IdKind kind);

/// Whether setgroups(2) is known to be denied in the user namespace around this node; gives the node
/// that denies it.
const Scope* denies_setgroups(const Scope& scope) noexcept;

/// The node whose user namespace is known to hold no group at all: setgroups(2) is not possible there
/// either (userns_may_setgroups()).
const Scope* maps_no_group(const Scope& scope);

}  // namespace pidns
