#pragma once

#include "plan/copies.h"
#include "spec/spec.h"

namespace pidns {

/// Which process stands for a node, as the language document says under "Processes of our own".
enum class NodeShape : std::uint8_t {
  plain,   ///< Neither `unshare` nor `join`: served by the nearest process of ours.
  leaf,    ///< Exactly one process and nothing nested: that process is the node's first.
  init,    ///< `pid`: our init is PID 1.
  holder,  ///< No `pid`, or `init: NAME`: our holder stands in the node's other namespaces.
};

inline bool is_sole(const Node& node) { 
  return node.processes.size() == 1 && node.namespaces.empty() && copies(node.processes.front().replicas) == 1;
}

inline bool names_its_init(const Node& node) { return node.init && std::holds_alternative<std::string>(*node.init); }

inline bool joins(const Node& node, NamespaceKind kind) {
  if (node.join)
    for (const auto& entry : *node.join)
      if (entry.value.kind == kind) return true;
  return false;
}

/// Whether a node's mounts may stand over a directory: `root` and `mounts` anywhere, a procfs at its
/// target. Over one without a path, anything may.
inline bool may_cover(const Node& node, const std::string& directory) {
  if (directory.empty() || node.root || node.mounts) return true;
  if (!node.mount_proc || node.mount_proc->target.empty()) return false;
  return directory.starts_with(node.mount_proc->target);
}

inline NodeShape shape_of(const Node& node) {
  if (!node.unshare && !node.join) return NodeShape::plain;
  if (joins(node, NamespaceKind::pid) || names_its_init(node)) return NodeShape::holder;
  if (!node.makes(NamespaceKind::pid)) return is_sole(node) ? NodeShape::leaf : NodeShape::holder;
  const bool ours = node.init ? std::get<bool>(*node.init) : !is_sole(node);
  return ours ? NodeShape::init : NodeShape::leaf;
}

}  // namespace pidns
