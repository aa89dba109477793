/// What happens to a map when its end is seen: keys must be words and differ, merge keys take in
/// what they name.

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "load/builder.h"

namespace pidns::yaml {
namespace {

Place at(Span span) { return {span, span, {}}; }

}  // namespace

/// Keys already there, by their text. Small maps, nearly all, are searched in a line.
class Builder::KeyIndex {
 public:
  explicit KeyIndex(const Document& document) : document_(document) {}

  /// The entry with the same text, or nothing.
  const Edge* find(std::string_view text, const std::vector<Edge>& edges) {
    constexpr std::size_t small = 16;
    if (edges.size() <= small) {
      for (const Edge& edge : edges)
        if (document_.node(edge.key).text() == text) return &edge;
      return nullptr;
    }
    for (; indexed_ < edges.size(); ++indexed_) by_text_.emplace(document_.node(edges[indexed_].key).text(), indexed_);
    const auto found = by_text_.find(text);
    return found == by_text_.end() ? nullptr : &edges[found->second];
  }

 private:
  const Document& document_;
  std::unordered_map<std::string_view, std::size_t> by_text_;
  std::size_t indexed_ = 0;
};

/// Takes out what cannot be a key, or stands twice.
void Builder::refuse_bad_keys(std::vector<Edge>& edges) {
  std::vector<Edge> kept;
  kept.reserve(edges.size());
  KeyIndex known(document_);
  for (const Edge& edge : edges) {
    const Node& key = document_.node(edge.key);
    const bool word = key.kind == Kind::scalar && !(key.style == Style::null && key.text().empty());
    if (!word) {
      diagnostics_.error(Code::not_a_key, at(key.span),
                         key.kind == Kind::scalar ? "a value without a key" : "a key that is not a word");
      continue;
    }
    if (const Edge* first = known.find(key.text(), kept)) {
      auto& found = diagnostics_.error(Code::key_twice, at(key.span),
                                       '`' + std::string(key.text().substr(0, 60)) + "` stands twice in this map");
      found.labels.push_back({document_.node(first->key).span, "first here"});
      if (is_merge_key(edge.key)) found.fix = "<<: [*a, *b]";
      continue;
    }
    kept.push_back(edge);
  }
  edges = std::move(kept);
}

/// The language document: `<<` is shallow, so an own `env` replaces the merged one, which surprises.
void Builder::warn_of_replaced(const Edge& own, const Edge& merged, Span via) {
  const Node& key = document_.node(own.key);
  const bool both_maps = document_.node(own.value).kind == Kind::map && document_.node(merged.value).kind == Kind::map;
  if (key.text() != "env" || !both_maps || !own.via.empty()) return;
  for (const Edge& inner : document_.edges_of(document_.node(own.value)))
    if (!inner.via.empty()) return;  // It merges what it replaces, or something like it.
  auto& found = diagnostics_.warning(Code::replaced_env, at(key.span), "this `env` replaces the merged one");
  found.labels.push_back({via, "merged here"});
  found.labels.push_back({document_.node(merged.key).span, "replaced"});
  found.why = "`<<` is shallow: a key that stands in the map itself wins as a whole";
  found.fix = "give the merged `env` an anchor (`env: &e`) and write env: {<<: *e, B: 2}";
}

bool Builder::merge_map(NodeIndex from, Span via, KeyIndex& known, std::vector<Edge>& edges) {
  const Node source = document_.node(from);
  for (std::uint32_t i = 0; i < source.count(); ++i) {
    const Edge entry = document_.edges[source.first() + i];
    if (const Edge* own = known.find(document_.node(entry.key).text(), edges)) {
      warn_of_replaced(*own, entry, via);
      continue;
    }
    if (!count_added(1 + std::size_t{document_.node(entry.value).weight()}, via)) return false;
    edges.push_back({entry.key, entry.value, via});
  }
  return true;
}

bool Builder::merge_value(NodeIndex value, Span via, std::vector<Edge>& edges) {
  KeyIndex known(document_);
  const Node& node = document_.node(value);
  if (node.kind == Kind::map) return merge_map(value, via, known, edges);
  if (node.kind == Kind::list) {
    for (std::uint32_t i = 0; i < node.count(); ++i) {
      const NodeIndex element = document_.edges[node.first() + i].value;
      if (document_.node(element).kind != Kind::map) break;
      if (!merge_map(element, via, known, edges)) return false;
      if (i + 1 == node.count()) return true;
    }
    if (node.count() == 0) return true;
  }
  auto& found = diagnostics_.error(Code::merge_of_no_map, {via, document_.node(value).span, {}},
                                   "`<<` takes a map or a list of maps");
  found.fix = "<<: *level";
  return true;
}

bool Builder::finish_map(std::vector<Edge>& edges) {
  refuse_bad_keys(edges);
  const auto merge = std::find_if(edges.begin(), edges.end(), [&](const Edge& edge) { return is_merge_key(edge.key); });
  if (merge == edges.end()) return true;
  const Edge taken = *merge;
  edges.erase(merge);
  return merge_value(taken.value, document_.node(taken.key).span, edges);
}

}  // namespace pidns::yaml
