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

/// 24 bytes: a spec may have millions, and what a scalar needs no list or map does.
struct Node {
  Span span;
  Kind kind = Kind::scalar;
  Style style = Style::plain;
  bool open = false;  ///< Only while reading: a list or map whose end has not been seen.

  /// Of a scalar; empty for others.
  [[nodiscard]] std::string_view text() const noexcept {
    return kind == Kind::scalar ? std::string_view(characters_, size_) : std::string_view();
  }
  void set_text(std::string_view text) noexcept {
    characters_ = text.data();
    size_ = static_cast<std::uint32_t>(text.size());
  }

  /// Of a list or map: its edges, and the nodes in it when all aliases are written out.
  [[nodiscard]] std::uint32_t first() const noexcept { return kind == Kind::scalar ? 0 : edges_.first; }
  [[nodiscard]] std::uint32_t count() const noexcept { return kind == Kind::scalar ? 0 : edges_.count; }
  [[nodiscard]] std::uint32_t weight() const noexcept { return kind == Kind::scalar ? 1 : size_; }
  void set_edges(std::uint32_t first, std::uint32_t count, std::uint32_t weight) noexcept {
    edges_ = {first, count};
    size_ = weight;
  }

 private:
  struct Edges {
    std::uint32_t first;
    std::uint32_t count;
  };
  std::uint32_t size_ = 0;  ///< Bytes of a scalar's text; the weight of others.
  union {
    const char* characters_ = nullptr;
    Edges edges_;
  };
};
static_assert(sizeof(Node) == 24);

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
    return {edges.data() + node.first(), node.count()};
  }
};

}  // namespace pidns::yaml
