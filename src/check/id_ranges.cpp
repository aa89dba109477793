#include "check/id_ranges.h"

namespace pidns {
namespace {

constexpr unsigned cap_setgid = 6;

bool outermost_user(const Scope& maker) noexcept {
  return maker.outer == nullptr || maker.outer->maker(NamespaceKind::user) == nullptr;
}

IdMapKind map_kind(const Setting<IdMap>& map) noexcept { return map ? map->kind : IdMapKind::root; }

}  // namespace

std::optional<std::vector<IdInterval>> known_ids(const Scope& maker, IdKind kind) {
  const Setting<IdMap>& map = kind == IdKind::user ? maker.node.uid_map : maker.node.gid_map;
  std::vector<IdInterval> ranges;
  switch (map_kind(map)) {
    case IdMapKind::root:
      ranges.push_back({0, 1});
      return ranges;
    case IdMapKind::none:
      return ranges;
    case IdMapKind::current:
      if (!outermost_user(maker)) return std::nullopt;
      ranges.push_back({kind == IdKind::user ? maker.facts.uid : maker.facts.gid, 1});
      return ranges;
    case IdMapKind::list:
      for (const auto& extent : map->extents) ranges.push_back({extent.value.inside, extent.value.count});
      return ranges;
    case IdMapKind::all:
    case IdMapKind::automatic:
      break;
  }
  return std::nullopt;
}

bool holds(const std::vector<IdInterval>& ranges, IdInterval wanted) noexcept {
  for (const IdInterval& range : ranges)
    if (wanted.first >= range.first && wanted.first + wanted.count <= range.first + range.count) return true;
  return false;
}

// user_namespaces(7), /proc/pid/setgroups: what is denied in a namespace is denied in all below it.
const Scope* denies_setgroups(const Scope& scope) noexcept {
  for (const Scope* maker = &scope; maker != nullptr; maker = maker->outer) {
    const Node& node = maker->node;
    if (!node.makes(NamespaceKind::user)) continue;
    if (node.setgroups && !*node.setgroups) return maker;
    const IdMapKind kind = map_kind(node.gid_map);
    const bool own_id_only = kind == IdMapKind::root || kind == IdMapKind::current;
    if (outermost_user(*maker) && own_id_only && !maker->facts.has_capability(cap_setgid)) return maker;
  }
  return nullptr;
}

}  // namespace pidns
