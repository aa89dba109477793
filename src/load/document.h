#pragma once

/// A YAML document as we need it: nodes in one vector, the edges of lists and maps in another, each
/// node with its bytes in the source. Aliases share the node of their anchor; merge keys are
/// resolved. Texts are views into the source where they stand there as they are.

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace pidns::yaml {

using NodeIndex = std::uint32_t;
inline constexpr NodeIndex no_node = 0xffffffff;

enum class Kind : std::uint8_t { scalar, list, map };

/// How a scalar was written. `null` is a plain `null`, `~` or nothing at all: its text tells which.
enum class Style : std::uint8_t { plain, null, quoted, block };

struct Node {
  Kind kind = Kind::scalar;
  Style style = Style::plain;
  bool open = false;         ///< Only while reading: a list or map whose end has not been seen.
  std::uint32_t weight = 1;  ///< Nodes in it when all aliases are written out.
  std::uint32_t first = 0;   ///< Of its edges.
  std::uint32_t count = 0;
  Span span;
  std::string_view text;  ///< Of a scalar.
};

/// An element of a list (without key), or an entry of a map.
struct Edge {
  NodeIndex key = no_node;
  NodeIndex value = no_node;
  Span via;  ///< The `<<` or `*alias` by which the value came here; empty where it stands here.
};

struct Document {
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  std::deque<std::string> texts;  ///< Scalars that are not written as they are meant.
  NodeIndex root = no_node;

  [[nodiscard]] const Node& node(NodeIndex index) const { return nodes[index]; }
  [[nodiscard]] std::span<const Edge> edges_of(const Node& node) const {
    return {edges.data() + node.first, node.count};
  }
};

}  // namespace pidns::yaml
