#pragma once

/// From events to a Document. Knows nothing of the YAML library: yaml.cpp hands its events over as
/// byte offsets and texts.

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "load/document.h"

namespace pidns::yaml {

class Builder {
 public:
  Builder(const SourceFile& source, Diagnostics& diagnostics);

  // Each event: where its token (with its anchor and tag) begins; anchors count from 1, 0 is none.
  // False where reading must stop; the finding has been made.
  bool scalar(std::uint32_t at, std::string_view tag, std::size_t anchor, std::string_view text);
  bool null(std::uint32_t at, std::size_t anchor);
  bool alias(std::uint32_t at, std::size_t anchor);
  bool open(Kind kind, std::uint32_t at, std::string_view tag, std::size_t anchor, bool flow);
  bool close();

  [[nodiscard]] Document take() { return std::move(document_); }

 private:
  /// A list or map whose end has not been seen. Its edges wait at the end of `pending_`.
  struct Frame {
    NodeIndex node;
    std::size_t first_pending;
    NodeIndex key = no_node;  ///< Of the map entry whose value comes next.
    bool flow = false;
    bool merges = false;  ///< A list that is the value of `<<`.
    std::size_t depth = 1;  ///< In lists and maps, `namespaces` not counted.
  };

  NodeIndex add(Node node, std::size_t anchor);
  bool attach(NodeIndex index, Span via);
  [[nodiscard]] bool expects_key() const;
  [[nodiscard]] std::size_t depth_below() const;
  [[nodiscard]] bool is_merge_key(NodeIndex key) const;
  [[nodiscard]] bool in_merge_value() const;
  [[nodiscard]] Span empty_value_span(std::uint32_t at) const;
  void look_for_tab(std::uint32_t at);
  void refuse_tag(std::uint32_t at, std::string_view tag, bool collection);
  bool finish(const Frame& frame, Node node, std::span<const Edge> edges);
  void close_span(const Frame& frame, Node& node) const;
  bool count_added(std::size_t more, Span where);
  std::string_view stored(std::string_view text, Span where);

  // map_end.cpp
  class KeyIndex;
  bool finish_map(std::vector<Edge>& edges);
  void refuse_bad_keys(std::vector<Edge>& edges);
  bool merge_value(NodeIndex value, Span via, std::vector<Edge>& edges);
  bool merge_map(NodeIndex from, Span via, KeyIndex& known, std::vector<Edge>& edges);
  void warn_of_replaced(const Edge& own, const Edge& merged, Span via);

  const SourceFile& source_;
  Diagnostics& diagnostics_;
  Document document_;
  std::vector<Frame> frames_;
  std::vector<Edge> pending_;
  std::vector<NodeIndex> anchors_;  ///< By anchor number.
  std::size_t added_ = 0;           ///< Nodes that aliases and merge keys stand for.
  std::uint32_t last_tab_line_ = 0xffffffff;
};

}  // namespace pidns::yaml
