/// Id maps and the ids of processes: user_namespaces(7), "User and group ID mappings".

#include "check/id_ranges.h"
#include "check/rules.h"

namespace pidns {
namespace {

using Extents = std::vector<Placed<IdExtent>>;

bool overlap(std::uint64_t a, std::uint64_t b, std::uint64_t a_count, std::uint64_t b_count) noexcept {
  return a < b + b_count && b < a + a_count;
}

void extents_fit(const Extents& extents, Diagnostics& diagnostics) {
  constexpr std::uint64_t end_of_ids = 0xffffffff;
  for (const auto& extent : extents) {
    const IdExtent& value = extent.value;
    if (std::uint64_t{value.inside} + value.count <= end_of_ids &&
        std::uint64_t{value.outside} + value.count <= end_of_ids)
      continue;
    diagnostics.error(extent.place, "an extent that goes beyond the last id, 4294967294").why =
        "ids have 32 bits, and the last of them stands for no id";
  }
}

/// At the second of two; each against those before it. A list has 340 extents at most.
void extents_differ(const Extents& extents, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < extents.size(); ++i) {
    const IdExtent& a = extents[i].value;
    for (std::size_t j = 0; j < i; ++j) {
      const IdExtent& b = extents[j].value;
      const bool inside = overlap(a.inside, b.inside, a.count, b.count);
      if (!inside && !overlap(a.outside, b.outside, a.count, b.count)) continue;
      auto& found = diagnostics.error(
          extents[i].place, inside ? "this extent overlaps another inside" : "this extent overlaps another outside");
      found.labels.push_back({extents[j].place.key, "with this one"});
      found.why = "the kernel refuses a map that is not one to one (EINVAL)";
      break;
    }
  }
}

void extents_are_few(const Setting<IdMap>& map, std::string_view key, Diagnostics& diagnostics) {
  constexpr std::size_t most = 340;
  if (map->extents.size() > most)
    diagnostics.error(map.place(), '`' + std::string(key) + "` has more than 340 extents").why =
        "a map of the kernel holds no more (UID_GID_MAP_MAX_EXTENTS)";
}

/// What is counted outside must be mapped in the parent's namespace.
void extents_exist_outside(const Scope& scope, const Extents& extents, IdKind kind, Diagnostics& diagnostics) {
  const Scope* parent = scope.outer != nullptr ? scope.outer->maker(NamespaceKind::user) : nullptr;
  if (parent == nullptr) return;
  const auto ids = known_ids(*parent, kind);
  if (!ids) return;
  for (const auto& extent : extents) {
    if (holds(*ids, {extent.value.outside, extent.value.count})) continue;
    auto& found = diagnostics.error(extent.place, "these ids are not in the map of the user namespace around it");
    const Setting<IdMap>& map = kind == IdKind::user ? parent->node.uid_map : parent->node.gid_map;
    found.labels.push_back({map ? map.place().key : parent->node.unshare.place().value,
                            map ? "the map around it" : "its map holds id 0 only, by default"});
    found.why = "`outside` is counted in the parent's user namespace, and must lie in one extent of it (EPERM)";
  }
}

void check_map(const Scope& scope, const Setting<IdMap>& map, std::string_view key, IdKind kind,
               Diagnostics& diagnostics) {
  if (!map) return;
  const bool nested = scope.outer != nullptr && scope.outer->under_user;
  if (map->kind == IdMapKind::automatic && nested) {
    auto& found = diagnostics.error(map.place(), '`' + std::string(key) + ": auto` inside another user namespace");
    found.why = "/etc/subuid and /etc/subgid give ranges of the caller's own namespace";
    found.fix = std::string(key) + ": all, or a list";
  }
  if (map->kind == IdMapKind::none) {
    auto& found = diagnostics.warning(map.place(), '`' + std::string(key) + ": none` leaves every id the overflow id");
    found.why = "nobody inside is root, and no file can be made there";
  }
  extents_fit(map->extents, diagnostics);
  extents_are_few(map, key, diagnostics);
  constexpr std::size_t sensible = 1000;
  if (map->extents.size() <= sensible) extents_differ(map->extents, diagnostics);
  if (map->kind == IdMapKind::list) extents_exist_outside(scope, map->extents, kind, diagnostics);
}

void check_id(const Scope& scope, const Identity& identity, Place place, IdKind kind, Diagnostics& diagnostics) {
  const std::uint32_t* id = std::get_if<std::uint32_t>(&identity);
  const Scope* maker = scope.maker(NamespaceKind::user);
  if (id == nullptr || maker == nullptr) return;
  const auto ids = known_ids(*maker, kind);
  if (!ids || holds(*ids, {*id, 1})) return;
  const bool user = kind == IdKind::user;
  auto& found = diagnostics.error_at_value(
      place, (user ? "uid " : "gid ") + std::to_string(*id) + " is not in the map of this node's user namespace");
  const Setting<IdMap>& map = user ? maker->node.uid_map : maker->node.gid_map;
  found.labels.push_back(
      {map ? map.place().key : maker->node.unshare.place().value, map ? "the map" : "without a map: id 0 only"});
  found.why = "a process can only take an id that its user namespace maps (EINVAL)";
}

}  // namespace

void id_maps_are_legal(const Scope& scope, Diagnostics& diagnostics) {
  check_map(scope, scope.node.uid_map, "uid-map", IdKind::user, diagnostics);
  check_map(scope, scope.node.gid_map, "gid-map", IdKind::group, diagnostics);
}

void setgroups_is_possible(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (!node.setgroups || !*node.setgroups || !node.makes(NamespaceKind::user)) return;
  const Scope* denier = denies_setgroups(scope);
  if (denier == nullptr) return;
  auto& found = diagnostics.error(node.setgroups.place(), "`setgroups: allow` where it is denied");
  if (denier != &scope) found.labels.push_back({denier->node.unshare.place().value, "denied from here on"});
  found.why = denier != &scope ? "what a user namespace denies is denied in all below it"
                               : "a caller without CAP_SETGID maps its own group only with setgroups denied";
  found.fix = "leave it out, or gid-map: auto";
}

void ids_are_mapped(const Scope& scope, Diagnostics& diagnostics) {
  for (const ProcessSpec& process : scope.node.processes) {
    if (process.uid) check_id(scope, *process.uid, process.uid.place(), IdKind::user, diagnostics);
    if (process.gid) check_id(scope, *process.gid, process.gid.place(), IdKind::group, diagnostics);
    if (!process.groups) continue;
    for (const auto& group : *process.groups) check_id(scope, group.value, group.place, IdKind::group, diagnostics);
  }
}

void groups_can_be_set(const Scope& scope, Diagnostics& diagnostics) {
  const Scope* denier = denies_setgroups(scope);
  if (denier == nullptr) return;
  const Span where = denier->node.setgroups ? denier->node.setgroups.place().key : denier->node.unshare.place().value;
  for (const ProcessSpec& process : scope.node.processes) {
    if (process.groups) {
      auto& found = diagnostics.error(process.groups.place(), "`groups` where setgroups(2) is denied");
      found.labels.push_back({where, "denied here"});
      found.why = "a user namespace that denies it lets nobody change or drop supplementary groups";
    } else if (process.uid || process.gid) {
      const Place place = process.uid ? process.uid.place() : process.gid.place();
      auto& found = diagnostics.warning(place, "the supplementary groups stay, since setgroups(2) is denied");
      found.labels.push_back({where, "denied here"});
    }
  }
}

}  // namespace pidns
