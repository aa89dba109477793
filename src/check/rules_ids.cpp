/// Id maps and the ids of processes: user_namespaces(7), "User and group ID mappings".

#include "check/id_ranges.h"
#include "check/rules.h"

#include <algorithm>

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
    diagnostics.error(Code::bad_id_map, extent.place, "an extent that goes beyond the last id, 4294967294").why =
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
      auto& found =
          diagnostics.error(Code::bad_id_map, extents[i].place,
                            inside ? "this extent overlaps another inside" : "this extent overlaps another outside");
      found.labels.push_back({extents[j].place.key, "with this one"});
      found.why = "the kernel refuses a map that is not one to one (EINVAL)";
      break;
    }
  }
}

void extents_are_few(const Setting<IdMap>& map, std::string_view key, Diagnostics& diagnostics) {
  constexpr std::size_t most = 340;
  if (map->extents.size() > most)
    diagnostics.error(Code::bad_id_map, map.place(), '`' + std::string(key) + "` has more than 340 extents").why =
        "a map of the kernel holds no more (UID_GID_MAP_MAX_EXTENTS)";
}

/// map_write() takes less than a page at once, and a map is written once.
void extents_fit_a_page(const Scope& scope, const Setting<IdMap>& map, std::string_view key, IdKind kind,
                        Diagnostics& diagnostics) {
  constexpr std::size_t page = 4096;
  constexpr std::size_t shortest_line = sizeof "0 0 1\n" - 1;
  constexpr std::size_t longest_line = sizeof "4294967294 4294967294 4294967295\n" - 1;
  if (map->extents.size() * longest_line < page || map->extents.size() * shortest_line > page) return;
  const auto extents = map_extents(scope, kind);
  std::size_t size = 0;
  for (const IdExtent& extent : *extents)
    size += std::to_string(extent.inside).size() + std::to_string(extent.outside).size() +
            std::to_string(extent.count).size() + 3;
  if (size < page) return;
  diagnostics.error(Code::bad_id_map, map.place(),
                    '`' + std::string(key) + "` has " + std::to_string(size) + " bytes as text")
      .why = "a map is written to /proc in one go, and the kernel takes less than a page of 4096 bytes (EINVAL)";
}

/// What is counted outside must be mapped in the namespace around it.
void extents_exist_outside(const Scope& scope, const Setting<IdMap>& map, IdKind kind, Diagnostics& diagnostics) {
  const auto ids = ids_around(scope, kind);
  if (!ids) return;
  const Scope* parent = scope.outer != nullptr ? user_namespace(*scope.outer).node : nullptr;
  for (const auto& extent : map->extents) {
    if (holds(*ids, {extent.value.outside, extent.value.count})) continue;
    auto& found = diagnostics.error(Code::not_outside, extent.place,
                                    "these ids are not in the map of the user namespace around it");
    found.why = "`outside` is counted in the parent's user namespace, and must lie in one extent of it (EPERM)";
    if (parent == nullptr) continue;
    const Setting<IdMap>& outer = kind == IdKind::user ? parent->node.uid_map : parent->node.gid_map;
    found.labels.push_back({outer ? outer.place().key : parent->node.unshare.place().value,
                            outer ? "the map around it" : "its map holds id 0 only, by default"});
  }
}

/// newuidmap(1), newgidmap(1): one's own id, and what is lent; a range may go over a seam of two that
/// are lent.
bool is_lent(std::uint64_t first, std::uint64_t count, std::uint32_t own, const std::vector<IdRange>& ranges) {
  if (first == own && count == 1) return true;
  while (count > 0) {
    const auto range = std::find_if(ranges.begin(), ranges.end(), [&](const IdRange& one) {
      return first >= one.outside && first - one.outside < one.count;
    });
    if (range == ranges.end()) return false;
    const std::uint64_t taken = std::min<std::uint64_t>(count, range->count - (first - range->outside));
    first += taken;
    count -= taken;
  }
  return true;
}

/// A caller without privilege maps more than one own id through the helpers of subuid(5).
void extents_are_lent(const Scope& scope, const Setting<IdMap>& map, std::string_view key, IdKind kind,
                      Diagnostics& diagnostics) {
  if (may_map_any(scope) || (map->kind != IdMapKind::list && map->kind != IdMapKind::all)) return;
  const bool user = kind == IdKind::user;
  const std::uint32_t own = user ? scope.facts.uid : scope.facts.gid;
  const auto& lent = user ? scope.facts.subuid : scope.facts.subgid;
  const auto refuse = [&](Place place) {
    auto& found = diagnostics.error(Code::not_lent, place, "ids that the caller may not map");
    found.why = std::string("a caller without CAP_SETUID and CAP_SETGID maps its own id, ") + std::to_string(own) +
                ", and those that " + (user ? "/etc/subuid" : "/etc/subgid") + " lends";
    found.fix = std::string(key) + ": auto";
  };
  if (map->kind == IdMapKind::all) {
    for (const IdRange& range : user ? scope.facts.uid_map : scope.facts.gid_map)
      if (!is_lent(range.inside, range.count, own, lent)) return refuse(map.place());
    return;
  }
  for (const auto& extent : map->extents)
    if (!is_lent(extent.value.outside, extent.value.count, own, lent)) refuse(extent.place);
}

void check_map(const Scope& scope, const Setting<IdMap>& map, std::string_view key, IdKind kind,
               Diagnostics& diagnostics) {
  if (!map || !scope.node.makes(NamespaceKind::user)) return;
  const bool nested = scope.outer != nullptr && scope.outer->under_user;
  if (map->kind == IdMapKind::automatic && nested) {
    auto& found = diagnostics.error(Code::auto_nested, map.place(),
                                    '`' + std::string(key) + ": auto` inside another user namespace");
    found.why = "/etc/subuid and /etc/subgid give ranges of the caller's own namespace";
    found.fix = std::string(key) + ": all, or a list";
  }
  if (map->kind == IdMapKind::none) {
    auto& found = diagnostics.warning(Code::nobody_mapped, map.place(),
                                      '`' + std::string(key) + ": none` leaves every id the overflow id");
    found.why = "nobody inside is root, and no file can be made there";
  }
  extents_fit(map->extents, diagnostics);
  extents_are_few(map, key, diagnostics);
  constexpr std::size_t sensible = 1000;
  if (map->extents.size() <= sensible) extents_differ(map->extents, diagnostics);
  if (map->kind == IdMapKind::list) {
    extents_fit_a_page(scope, map, key, kind, diagnostics);
    extents_exist_outside(scope, map, kind, diagnostics);
  }
  extents_are_lent(scope, map, key, kind, diagnostics);
}

void check_id(const Scope& scope, const Identity& identity, Place place, IdKind kind, Diagnostics& diagnostics) {
  const std::uint32_t* id = std::get_if<std::uint32_t>(&identity);
  if (id == nullptr) return;
  const auto ids = known_ids(scope, kind);
  if (!ids || holds(*ids, {*id, 1})) return;
  const bool user = kind == IdKind::user;
  auto& found = diagnostics.error_at_value(
      Code::id_not_mapped, place,
      (user ? "uid " : "gid ") + std::to_string(*id) + " is not in the map of this node's user namespace");
  found.why = "a process can only take an id that its user namespace maps (EINVAL)";
  const Scope* maker = user_namespace(scope).node;
  if (maker == nullptr) return;
  const Setting<IdMap>& map = user ? maker->node.uid_map : maker->node.gid_map;
  found.labels.push_back(
      {map ? map.place().key : maker->node.unshare.place().value, map ? "the map" : "without a map: id 0 only"});
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
  auto& found =
      diagnostics.error(Code::setgroups_denied, node.setgroups.place(), "`setgroups: allow` where it is denied");
  if (denier != &scope) found.labels.push_back({denier->node.unshare.place().value, "denied from here on"});
  found.why = denier != &scope ? "what a user namespace denies is denied in all below it"
                               : "a caller without CAP_SETGID maps its own group only with setgroups denied";
  found.fix = "leave it out, or gid-map: auto";
}

// user_namespaces(7), "ID mappings": create_user_ns() refuses a maker without ids (EPERM).
void somebody_makes_user(const Scope& scope, Diagnostics& diagnostics) {
  if (!scope.node.makes(NamespaceKind::user) || scope.outer == nullptr) return;
  const UserNamespace around = user_namespace(*scope.outer);
  if (!around.made) return;
  const auto uid = own_id(*scope.outer, IdKind::user);
  const auto gid = own_id(*scope.outer, IdKind::group);
  const bool no_uid = uid && uid->nobody;
  if (!no_uid && !(gid && gid->nobody)) return;
  auto& found = diagnostics.error(Code::nobody_makes_user, scope.node.unshare.place(),
                                  std::string("a user namespace made by a process without a ") + (no_uid ? "uid" : "gid"));
  const Setting<IdMap>& map = no_uid ? around.node->node.uid_map : around.node->node.gid_map;
  found.labels.push_back({map.place().key, "maps neither its maker's id nor 0"});
  found.why = "the kernel lets nobody make one who has no ids in the namespace around it (EPERM)";
  found.fix = no_uid ? "uid-map: root" : "gid-map: root";
}

// setresuid(2), setresgid(2), setgroups(2). A user namespace of the spec's gives every capability.
void ids_can_be_taken(const Scope& scope, Diagnostics& diagnostics) {
  constexpr unsigned cap_setgid = 6;
  constexpr unsigned cap_setuid = 7;
  const CallerFacts& facts = scope.facts;
  if (user_namespace(scope).node != nullptr) return;
  const auto refuse = [&](Place place, std::string_view what, std::string_view capability) {
    auto& found = diagnostics.error(Code::ids_need_privilege, place,
                                    std::string(what) + " needs " + std::string(capability) +
                                        ", which the caller does not have");
    found.why = "`uid` and `gid` clear the supplementary groups, too, where `groups` does not name them";
    found.fix = "run as root, or " + unshare_with(scope.node, NamespaceKind::user);
  };
  const auto differs = [](const Identity& identity, std::uint32_t own) {
    const std::uint32_t* id = std::get_if<std::uint32_t>(&identity);
    return id == nullptr || *id != own;
  };
  for (const ProcessSpec& process : scope.node.processes) {
    const Place place = process.uid    ? process.uid.place()
                        : process.gid  ? process.gid.place()
                                       : process.groups.place();
    if (process.uid && differs(*process.uid, facts.uid) && !facts.has_capability(cap_setuid))
      refuse(place, "another uid", "CAP_SETUID");
    else if ((process.uid || process.gid || process.groups) && !facts.has_capability(cap_setgid))
      refuse(place, process.groups ? "`groups`" : "a process without the caller's groups", "CAP_SETGID");
  }
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
  if (denier == nullptr) denier = maps_no_group(scope);
  if (denier == nullptr) return;
  const Span where = denier->node.setgroups && !*denier->node.setgroups ? denier->node.setgroups.place().key
                     : denier->node.gid_map                             ? denier->node.gid_map.place().key
                                                                        : denier->node.unshare.place().value;
  for (const ProcessSpec& process : scope.node.processes) {
    if (process.groups) {
      auto& found =
          diagnostics.error(Code::groups_denied, process.groups.place(), "`groups` where setgroups(2) is denied");
      found.labels.push_back({where, "denied here"});
      found.why = "a user namespace that denies it lets nobody change or drop supplementary groups";
    } else if (process.uid || process.gid) {
      const Place place = process.uid ? process.uid.place() : process.gid.place();
      auto& found =
          diagnostics.warning(Code::groups_stay, place, "the supplementary groups stay, since setgroups(2) is denied");
      found.labels.push_back({where, "denied here"});
    }
  }
}

}  // namespace pidns
