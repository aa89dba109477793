/// Ranges of ids that the system lends to the caller: subuid(5), subgid(5).

#include "check/rules.h"

namespace pidns {
namespace {

void range_is_there(const Setting<IdMap>& map, const std::vector<IdRange>& ranges, const std::string& key,
                    const std::string& file, const CallerFacts& facts, Diagnostics& diagnostics) {
  if (!map || map->kind != IdMapKind::automatic || !ranges.empty()) return;
  auto& found = diagnostics.error_at_value(
      map.place(), "`" + key + ": auto`: " + file + " has no range for uid " + std::to_string(facts.uid));
  found.why = "auto maps the caller to 0 and the caller's subordinate ids from 1 on";
  found.fix = key + ": root, or a line in " + file + " such as NAME:100000:65536";
}

}  // namespace

void subordinate_ids_exist(const Scope& scope, Diagnostics& diagnostics) {
  // Inside another user namespace the files do not count.
  if (!scope.node.makes(NamespaceKind::user) || scope.user_levels != 1) return;
  range_is_there(scope.node.uid_map, scope.facts.subuid, "uid-map", "/etc/subuid", scope.facts, diagnostics);
  range_is_there(scope.node.gid_map, scope.facts.subgid, "gid-map", "/etc/subgid", scope.facts, diagnostics);
}

}  // namespace pidns
