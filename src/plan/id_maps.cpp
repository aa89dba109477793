#include "plan/id_maps.h"

#include <algorithm>

namespace pidns {
namespace {

std::vector<IdExtent> identity_of(const std::vector<IdRange>& ids) {
  std::vector<IdExtent> extents;
  for (const auto& range : ids) extents.push_back({range.inside, range.inside, range.count});
  return extents;
}

std::vector<IdExtent> with_subordinates(std::uint32_t own, const std::vector<IdRange>& ranges) {
  std::vector<IdExtent> extents{{0, own, 1}};
  std::uint32_t next = 1;
  for (const auto& range : ranges) {
    extents.push_back({next, range.outside, range.count});
    next += range.count;
  }
  return extents;
}

ResolvedIdMap resolve(const Setting<IdMap>& map, std::uint32_t own, const std::vector<IdRange>& ids,
                      const std::vector<IdRange>& subordinates) {
  ResolvedIdMap resolved;
  if (map) resolved.kind = map->kind;
  switch (resolved.kind) {
    case IdMapKind::root: resolved.extents = {{0, own, 1}}; break;
    case IdMapKind::current: resolved.extents = {{own, own, 1}}; break;
    case IdMapKind::all: resolved.extents = identity_of(ids); break;  // None where only the run will tell.
    case IdMapKind::automatic: resolved.extents = with_subordinates(own, subordinates); break;
    case IdMapKind::none: break;
    case IdMapKind::list:
      for (const auto& extent : map->extents) resolved.extents.push_back(extent.value);
      break;
  }
  return resolved;
}

bool is_own_id_alone(const ResolvedIdMap& map, std::uint32_t own) {
  return map.extents.empty() ||
         (map.extents.size() == 1 && map.extents.front().count == 1 && map.extents.front().outside == own);
}

/// What the maker's id is inside; nothing where it is not mapped.
std::optional<std::uint32_t> seen_inside(const ResolvedIdMap& map, std::uint32_t own) {
  for (const auto& extent : map.extents)
    if (own >= extent.outside && own - extent.outside < extent.count) return extent.inside + (own - extent.outside);
  return std::nullopt;
}

bool maps_zero(const ResolvedIdMap& map) {
  return std::any_of(map.extents.begin(), map.extents.end(),
                     [](const IdExtent& extent) { return extent.inside == 0 && extent.count > 0; });
}

struct Inside {
  std::uint32_t id;
  bool become_0;
};

Inside take_id(const ResolvedIdMap& map, std::uint32_t own) {
  if (map.takes_all_at_run_time()) return {own, false};
  if (auto seen = seen_inside(map, own)) return {*seen, false};
  if (maps_zero(map)) return {0, true};
  return {overflow_id, false};
}

std::vector<IdRange> ranges_of(const ResolvedIdMap& map) {
  std::vector<IdRange> ranges;
  for (const auto& extent : map.extents) ranges.push_back({extent.inside, extent.outside, extent.count});
  return ranges;
}

}  // namespace

IdScope caller_scope(const CallerFacts& facts) {
  constexpr unsigned cap_setgid = 6;
  constexpr unsigned cap_setuid = 7;
  IdScope scope;
  scope.uid = facts.uid;
  scope.gid = facts.gid;
  scope.uids = facts.uid_map;
  scope.gids = facts.gid_map;
  scope.privileged = facts.has_capability(cap_setuid) && facts.has_capability(cap_setgid);
  return scope;
}

IdMapPlan plan_id_maps(const Node& node, const IdScope& outside, const CallerFacts& facts) {
  ResolvedIdMap uid = resolve(node.uid_map, outside.uid, outside.uids, facts.subuid);
  ResolvedIdMap gid = resolve(node.gid_map, outside.gid, outside.gids, facts.subgid);
  const Inside as_uid = take_id(uid, outside.uid);
  const Inside as_gid = take_id(gid, outside.gid);

  IdMapPlan result;
  // Inside, the first process has every capability until it executes.
  result.inside = {as_uid.id, as_gid.id, ranges_of(uid), ranges_of(gid), true, true};
  result.await = {as_uid.become_0, as_gid.become_0};
  const bool alone = is_own_id_alone(uid, outside.uid) && is_own_id_alone(gid, outside.gid);
  const bool asks = node.setgroups && *node.setgroups;
  if (!outside.privileged && alone) {
    if (!uid.extents.empty() || !gid.extents.empty()) result.own = WriteOwnIdMaps{std::move(uid), std::move(gid), asks};
    return result;
  }
  // newgidmap(1) has CAP_SETGID for a caller without it.
  const bool allow = !node.setgroups || *node.setgroups;
  result.maker = WriteIdMaps{no_process, std::move(uid), std::move(gid), !allow, asks, !outside.privileged};
  return result;
}

}  // namespace pidns
