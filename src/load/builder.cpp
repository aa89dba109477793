#include "load/builder.h"

#include <algorithm>
#include <utility>

#include "load/scalar_span.h"
#include "load/yaml.h"

namespace pidns::yaml {
namespace {

constexpr std::uint32_t heaviest = 0x7fffffff;

Place at(Span span) { return {span, span, {}}; }

bool blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

bool Builder::expects_key() const {
  return !frames_.empty() && frames_.back().key == no_node && document_.node(frames_.back().node).kind == Kind::map;
}

bool Builder::is_merge_key(NodeIndex key) const {
  if (key == no_node) return false;
  const Node& node = document_.node(key);
  return node.kind == Kind::scalar && node.style == Style::plain && node.text() == "<<";
}

bool Builder::in_merge_value() const {
  return !frames_.empty() && (frames_.back().merges || is_merge_key(frames_.back().key));
}

/// Vectors that grow by doubling would hold up to three times what is needed; pages that are reserved
/// and not touched cost nothing.
Builder::Builder(const SourceFile& source, Diagnostics& diagnostics) : source_(source), diagnostics_(diagnostics) {
  std::size_t separators = 1;
  for (const char c : source.text())
    separators += static_cast<std::size_t>(c == ':' || c == ',' || c == '\n' || c == '[' || c == '{' || c == '-');
  document_.nodes.reserve(separators);
  document_.edges.reserve(separators);
  pending_.reserve(separators);
}

std::size_t Builder::depth_below() const {
  if (frames_.empty()) return 1;
  const Frame& around = frames_.back();
  const bool of_nodes = around.key != no_node && document_.node(around.key).text() == "namespaces";
  return around.depth + (of_nodes ? 0 : 1);
}

NodeIndex Builder::add(Node node, std::size_t anchor) {
  const auto index = static_cast<NodeIndex>(document_.nodes.size());
  document_.nodes.push_back(node);
  if (anchor != 0) {
    if (anchors_.size() <= anchor) anchors_.resize(anchor + 1, no_node);
    anchors_[anchor] = index;
  }
  return index;
}

/// Hangs a node into the list or map that is open: as a key, a value, an element, or as the root.
bool Builder::attach(NodeIndex index, Span via) {
  if (frames_.empty()) {
    document_.root = index;
    return true;
  }
  Frame& frame = frames_.back();
  if (document_.node(frame.node).kind == Kind::list) {
    pending_.push_back({no_node, index, via});
  } else if (frame.key == no_node) {
    frame.key = index;
  } else {
    pending_.push_back({std::exchange(frame.key, no_node), index, via});
  }
  return true;
}

/// Where the indentation of a line holds a tab, people see another nesting than YAML does.
void Builder::look_for_tab(std::uint32_t begin) {
  const std::string_view text = source_.text();
  bool tab = false;
  std::uint32_t at_byte = begin;
  while (at_byte > 0 && (text[at_byte - 1] == ' ' || text[at_byte - 1] == '\t')) tab |= text[--at_byte] == '\t';
  const bool line_start = at_byte == 0 || text[at_byte - 1] == '\n';
  if (!tab || !line_start || last_tab_line_ == at_byte) return;
  last_tab_line_ = at_byte;
  diagnostics_.error(Code::tab, at({at_byte, begin}), "a tab in the indentation").fix = "indent with blanks";
}

void Builder::refuse_tag(std::uint32_t begin, std::string_view tag, bool collection) {
  if (tag.empty() || tag == "?" || (tag == "!" && !collection && source_.text()[begin] != '!')) return;
  std::string_view text = source_.text();
  const std::uint32_t value = skip_properties(text, begin);
  const std::size_t sign = text.substr(0, value).find('!', begin);
  const Span span =
      sign == std::string_view::npos ? Span{begin, value} : anchor_span(text, static_cast<std::uint32_t>(sign));
  auto& found = diagnostics_.error(Code::tag, at(span), "the tag `" + std::string(source_.slice(span)) + "`");
  found.why = "the language has no tags: the type of a value follows from its key";
  found.fix = "leave the tag out, and quote what is meant as text";
}

std::string_view Builder::stored(std::string_view text, Span where) {
  const std::string_view source = source_.text();
  if (source.substr(where.begin, text.size()) == text) return source.substr(where.begin, text.size());
  if (source.substr(where.begin + 1, text.size()) == text) return source.substr(where.begin + 1, text.size());
  return document_.texts.emplace_back(text);
}

bool Builder::scalar(std::uint32_t begin, std::string_view tag, std::size_t anchor, std::string_view text) {
  look_for_tab(begin);
  refuse_tag(begin, tag, false);
  const std::string_view source = source_.text();
  begin = skip_properties(source, begin);
  const char first = begin < source.size() ? source[begin] : '\0';
  Node node;
  if (tag != "?" && (first == '"' || first == '\'')) {
    node.style = Style::quoted;
    node.span = quoted_span(source, begin);
    if (node.span.empty()) {
      // yaml-cpp takes the end of the text for the closing quote.
      diagnostics_.error(Code::not_closed, at({begin, begin + 1}), "a quote that is not closed").fix =
          "close the quote";
      return false;
    }
  } else if (tag != "?" && (first == '|' || first == '>')) {
    node.style = Style::block;
    node.span = rest_of_line(source, begin);
  } else {
    node.span = plain_span(source, begin, text);
  }
  node.set_text(stored(text, node.span));
  if (node.text().find('\0') != std::string_view::npos) {
    diagnostics_.error(Code::control_character, at(node.span), "a NUL character").why =
        "no string that the kernel takes can hold one";
    node.set_text("?");
  }
  return attach(add(node, anchor), {});
}

/// An empty value has no place of its own: the key's, or in a list that of the sign before it.
Span Builder::empty_value_span(std::uint32_t begin) const {
  if (!frames_.empty() && frames_.back().key != no_node) return document_.node(frames_.back().key).span;
  const std::string_view source = source_.text();
  std::uint32_t before = std::min(begin, static_cast<std::uint32_t>(source.size()));
  while (before > 0 && blank(source[before - 1])) --before;
  return before > 0 ? Span{before - 1, before} : Span{};
}

bool Builder::null(std::uint32_t begin, std::size_t anchor) {
  const bool as_key = expects_key();
  const Span word = null_word(source_.text(), anchor != 0 ? skip_properties(source_.text(), begin) : begin, as_key);
  Node node;
  node.style = Style::null;
  node.span = word.empty() ? empty_value_span(begin) : word;
  if (!word.empty()) {
    node.set_text(source_.slice(word));
    look_for_tab(begin);
  }
  return attach(add(node, anchor), {});
}

bool Builder::count_added(std::size_t more, Span where) {
  added_ += more;
  if (added_ <= most_added_nodes) return true;
  auto& found =
      diagnostics_.error(Code::too_much, at(where), "aliases and merge keys add more than 100,000 YAML nodes");
  found.why = "a few lines of nested aliases can stand for more than any memory holds";
  return false;
}

bool Builder::alias(std::uint32_t begin, std::size_t anchor) {
  look_for_tab(begin);
  const Span span = anchor_span(source_.text(), begin);
  const NodeIndex target = anchor < anchors_.size() ? anchors_[anchor] : no_node;
  if (target == no_node || document_.node(target).open) {
    const std::string name(source_.slice(span));
    auto& found =
        diagnostics_.error(Code::endless_alias, at(span), "the alias `" + name + "` stands inside what it names");
    found.why = "written out, it would have no end";
    if (target != no_node) found.labels.push_back({document_.node(target).span, "the anchor is here"});
    return false;
  }
  // What `<<` takes in is counted when it is taken.
  if (!in_merge_value() && !count_added(document_.node(target).weight(), span)) return false;
  return attach(target, span);
}

bool Builder::open(Kind kind, std::uint32_t begin, std::string_view tag, std::size_t anchor, bool flow) {
  look_for_tab(begin);
  refuse_tag(begin, tag, true);
  Node node;
  node.kind = kind;
  node.set_edges(0, 0, 1);
  node.open = true;
  const std::uint32_t value = skip_properties(source_.text(), begin);
  node.span = {value, value};
  const std::size_t depth = depth_below();
  if (depth > most_depth + most_in_node || frames_.size() >= most_frames) {
    diagnostics_.error(Code::too_much, at({value, value + 1}), "lists and maps nested more than 200 deep");
    return false;
  }
  const bool merges = kind == Kind::list && in_merge_value();
  frames_.push_back({add(node, anchor), pending_.size(), no_node, flow, merges, depth});
  return true;
}

/// The YAML library gives no place for the end of a list or map; it follows from the last entry.
void Builder::close_span(const Frame& frame, Node& node) const {
  const std::string_view source = source_.text();
  std::uint32_t end = node.span.begin + (frame.flow ? 1 : 0);
  if (pending_.size() > frame.first_pending) {
    const Edge& last = pending_.back();
    const Span value = last.via.empty() ? document_.node(last.value).span : last.via;
    end = std::max(end, value.end);
    if (last.key != no_node) end = std::max(end, document_.node(last.key).span.end);
  }
  if (frame.flow) {
    const char sign = node.kind == Kind::list ? ']' : '}';
    while (end < source.size() && source[end] != sign) {
      if (source[end] == '#')
        end = rest_of_line(source, end).end;
      else
        ++end;
    }
    end = std::min(end + 1, static_cast<std::uint32_t>(source.size()));
  }
  node.span.end = end;
}

bool Builder::close() {
  const Frame frame = frames_.back();
  Node node = document_.node(frame.node);
  close_span(frame, node);
  frames_.pop_back();
  const auto own = pending_.begin() + static_cast<std::ptrdiff_t>(frame.first_pending);
  if (node.kind == Kind::list) return finish(frame, node, {own, pending_.end()});
  std::vector<Edge> edges(own, pending_.end());
  return finish_map(edges) && finish(frame, node, edges);
}

/// The edges leave `pending_` for good, and the node hangs itself into what is around it.
bool Builder::finish(const Frame& frame, Node node, std::span<const Edge> edges) {
  std::uint64_t weight = 1;
  for (const Edge& edge : edges) {
    weight += document_.node(edge.value).weight();
    if (edge.key != no_node) ++weight;
  }
  node.set_edges(static_cast<std::uint32_t>(document_.edges.size()), static_cast<std::uint32_t>(edges.size()),
                 static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, heaviest)));
  node.open = false;
  document_.edges.insert(document_.edges.end(), edges.begin(), edges.end());
  document_.nodes[frame.node] = node;
  pending_.resize(frame.first_pending);
  return attach(frame.node, {});
}

}  // namespace pidns::yaml
