#include "check/fact_needs.h"

namespace pidns {
namespace {

bool maps_by(const Node& node, IdMapKind kind) noexcept {
  return (node.uid_map && node.uid_map->kind == kind) || (node.gid_map && node.gid_map->kind == kind);
}

void add_needs(FactNeeds& needs, const Node& node) noexcept {
  needs.id_maps = needs.id_maps || maps_by(node, IdMapKind::all);
  needs.subordinate_ids = needs.subordinate_ids || maps_by(node, IdMapKind::automatic);
  if (node.root && node.propagation && *node.propagation == Propagation::unchanged) needs.root_propagation = true;
  for (const Node& nested : node.namespaces) add_needs(needs, nested);
}

}  // namespace

FactNeeds needed_facts(const Spec& spec) noexcept {
  FactNeeds needs;
  add_needs(needs, spec.root);
  return needs;
}

}  // namespace pidns
