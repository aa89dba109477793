#include "check/id_ranges.h"

#include <algorithm>

namespace pidns {
namespace {

const Setting<IdMap>& map_of(const Scope& maker, IdKind kind) noexcept {
  return kind == IdKind::user ? maker.node.uid_map : maker.node.gid_map;
}

IdMapKind map_kind(const Setting<IdMap>& map) noexcept { return map ? map->kind : IdMapKind::root; }

bool joins_user(const Node& node) noexcept {
  return node.join && std::any_of(node.join->begin(), node.join->end(),
                                  [](const auto& entry) { return entry.value.kind == NamespaceKind::user; });
}

/// The surroundings of the user namespace that `maker` makes.
struct Around {
  bool caller = false;
  bool joined = false;
  const Scope* node = nullptr;
};
Around around(const Scope& maker) noexcept {
  const UserNamespace outer = maker.outer != nullptr ? user_namespace(*maker.outer) : UserNamespace{};
  return {outer.node == nullptr, outer.node != nullptr && !outer.made, outer.made ? outer.node : nullptr};
}

std::optional<OwnId> maker_id(const Scope& maker, IdKind kind) {
  const Around outside = around(maker);
  if (outside.joined) return std::nullopt;
  if (outside.caller) return OwnId{kind == IdKind::user ? maker.facts.uid : maker.facts.gid, false};
  return own_id(*outside.node, kind);
}

std::optional<std::vector<IdExtent>> extents_around(const Scope& maker, IdKind kind) {
  std::vector<IdExtent> extents;
  const Around outside = around(maker);
  if (outside.joined) return std::nullopt;
  if (outside.caller) {
    for (const IdRange& range : kind == IdKind::user ? maker.facts.uid_map : maker.facts.gid_map)
      extents.push_back({range.inside, range.inside, range.count});
    return extents;
  }
  auto outer = map_extents(*outside.node, kind);
  if (!outer) return std::nullopt;
  for (const IdExtent& extent : *outer) extents.push_back({extent.inside, extent.inside, extent.count});
  return extents;
}

std::vector<IdExtent> with_subordinates(std::uint32_t own, const std::vector<IdRange>& ranges) {
  std::vector<IdExtent> extents{{0, own, 1}};
  std::uint32_t next = 1;
  for (const IdRange& range : ranges) {
    extents.push_back({next, range.outside, range.count});
    next += range.count;
  }
  return extents;
}

}  // namespace

UserNamespace user_namespace(const Scope& scope) noexcept {
  for (const Scope* node = &scope; node != nullptr; node = node->outer) {
    if (node->node.makes(NamespaceKind::user)) return {node, true};
    if (joins_user(node->node)) return {node, false};
  }
  return {};
}

std::optional<std::vector<IdExtent>> map_extents(const Scope& maker, IdKind kind) {
  const Setting<IdMap>& map = map_of(maker, kind);
  const IdMapKind word = map_kind(map);
  if (word == IdMapKind::none) return std::vector<IdExtent>{};
  if (word == IdMapKind::all) return extents_around(maker, kind);
  if (word == IdMapKind::list) {
    std::vector<IdExtent> extents;
    for (const auto& extent : map->extents) extents.push_back(extent.value);
    return extents;
  }
  const auto own = maker_id(maker, kind);
  if (!own) return std::nullopt;
  if (word == IdMapKind::automatic)
    return with_subordinates(own->id, kind == IdKind::user ? maker.facts.subuid : maker.facts.subgid);
  return std::vector<IdExtent>{{word == IdMapKind::root ? 0 : own->id, own->id, 1}};
}

std::optional<std::vector<IdInterval>> ids_around(const Scope& maker, IdKind kind) {
  const auto extents = extents_around(maker, kind);
  if (!extents) return std::nullopt;
  std::vector<IdInterval> ranges;
  for (const IdExtent& extent : *extents) ranges.push_back({extent.inside, extent.count});
  return ranges;
}

bool may_map_any(const Scope& maker) noexcept {
  constexpr unsigned cap_setgid = 6;
  constexpr unsigned cap_setuid = 7;
  return !around(maker).caller ||
         (maker.facts.has_capability(cap_setuid) && maker.facts.has_capability(cap_setgid));
}

std::optional<std::vector<IdInterval>> known_ids(const Scope& scope, IdKind kind) {
  const UserNamespace user = user_namespace(scope);
  std::vector<IdInterval> ranges;
  if (user.node == nullptr) {
    for (const IdRange& range : kind == IdKind::user ? scope.facts.uid_map : scope.facts.gid_map)
      ranges.push_back({range.inside, range.count});
    return ranges;
  }
  // `root` maps 0 whoever the maker is.
  if (user.made && map_kind(map_of(*user.node, kind)) == IdMapKind::root) return std::vector<IdInterval>{{0, 1}};
  const auto extents = user.made ? map_extents(*user.node, kind) : std::nullopt;
  if (!extents) return std::nullopt;
  for (const IdExtent& extent : *extents) ranges.push_back({extent.inside, extent.count});
  return ranges;
}

bool holds(const std::vector<IdInterval>& ranges, IdInterval wanted) noexcept {
  for (const IdInterval& range : ranges)
    if (wanted.first >= range.first && wanted.first + wanted.count <= range.first + range.count) return true;
  return false;
}

std::optional<OwnId> own_id(const Scope& scope, IdKind kind) {
  const UserNamespace user = user_namespace(scope);
  if (user.node == nullptr) return OwnId{kind == IdKind::user ? scope.facts.uid : scope.facts.gid, false};
  if (!user.made) return std::nullopt;
  const IdMapKind word = map_kind(map_of(*user.node, kind));
  if (word == IdMapKind::root || word == IdMapKind::automatic) return OwnId{0, false};
  if (word == IdMapKind::none) return OwnId{overflow_id, true};
  const auto extents = map_extents(*user.node, kind);
  const auto outside = maker_id(*user.node, kind);
  if (!extents || !outside) return std::nullopt;
  for (const IdExtent& extent : *extents)
    if (outside->id >= extent.outside && outside->id - extent.outside < extent.count)
      return OwnId{extent.inside + (outside->id - extent.outside), false};
  const bool has_root = std::any_of(extents->begin(), extents->end(), [](const auto& one) { return one.inside == 0; });
  return has_root ? OwnId{0, false} : OwnId{overflow_id, true};
}

std::optional<bool> keeps_callers_uid(const Scope& scope) {
  UserNamespace user = user_namespace(scope);
  while (user.node != nullptr) {
    const auto extents = user.made ? map_extents(*user.node, IdKind::user) : std::nullopt;
    const auto outside = user.made ? maker_id(*user.node, IdKind::user) : std::nullopt;
    if (!extents || !outside) return std::nullopt;
    const auto maps = [&](std::uint32_t id, auto member) {
      return std::any_of(extents->begin(), extents->end(),
                         [&](const IdExtent& one) { return id >= one.*member && id - one.*member < one.count; });
    };
    if (!maps(outside->id, &IdExtent::outside) && maps(0, &IdExtent::inside)) return false;
    user = user.node->outer != nullptr ? user_namespace(*user.node->outer) : UserNamespace{};
  }
  return true;
}

// user_namespaces(7), /proc/pid/setgroups: what is denied in a namespace is denied in all below it.
const Scope* denies_setgroups(const Scope& scope) noexcept {
  constexpr unsigned cap_setgid = 6;
  for (const Scope* maker = &scope; maker != nullptr; maker = maker->outer) {
    const Node& node = maker->node;
    if (!node.makes(NamespaceKind::user)) continue;
    if (node.setgroups && !*node.setgroups) return maker;
    const Setting<IdMap>& map = node.gid_map;
    if (maker->facts.has_capability(cap_setgid) || !around(*maker).caller) continue;
    const bool own_id_only = map_kind(map) == IdMapKind::root || map_kind(map) == IdMapKind::current ||
                             (map_kind(map) == IdMapKind::list && map->extents.size() == 1 &&
                              map->extents[0].value.count == 1 && map->extents[0].value.outside == maker->facts.gid);
    if (own_id_only) return maker;
  }
  return nullptr;
}

const Scope* maps_no_group(const Scope& scope) {
  const auto ids = known_ids(scope, IdKind::group);
  return ids && ids->empty() ? user_namespace(scope).node : nullptr;
}

}  // namespace pidns
