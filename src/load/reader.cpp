#include "load/reader.h"

#include "base/utf8.h"
#include "load/yaml.h"

namespace pidns {
namespace {

std::string_view describe(const yaml::Node& node) noexcept {
  switch (node.kind) {
    case yaml::Kind::list:
      return "a list";
    case yaml::Kind::map:
      return "a map";
    case yaml::Kind::scalar:
      break;
  }
  switch (node.style) {
    case yaml::Style::null:
      return node.text().empty() ? "nothing" : "null";
    case yaml::Style::plain:
    case yaml::Style::quoted:
    case yaml::Style::block:
      break;
  }
  return "a single value";
}

}  // namespace

std::vector<Item> Reader::children(const Item& parent) const {
  std::vector<Item> items;
  items.reserve(parent.node->count());
  for (const Item item : each(parent)) items.push_back(item);
  return items;
}

Item Reader::child(const Item& parent, const yaml::Edge& edge) const {
  Item item;
  item.node = &document_.node(edge.value);
  item.element = edge.key == yaml::no_node;
  item.name = item.element ? parent.name : document_.node(edge.key).text();
  const Span merge = parent.place.merge.empty() ? edge.via : parent.place.merge;
  item.place = {item.element ? item.node->span : document_.node(edge.key).span, item.node->span, merge};
  return item;
}

Diagnostic& Reader::refuse(Code code, const Item& item, std::string message) {
  return findings_.error_at_value(code, item.place, std::move(message));
}

Diagnostic& Reader::wrong_type(const Item& item, std::string_view wanted) {
  const std::string subject = item.element ? "an element of " + ticked(item.name) : ticked(item.name);
  return refuse(Code::wrong_type, item,
                subject + (item.element ? " is " : " takes ") + std::string(wanted) + ", not " +
                    std::string(describe(*item.node)));
}

bool Reader::count_member(Place place) {
  constexpr std::size_t most = 200'000;
  if (++members_ == most + 1) findings_.error(Code::too_much, place, "more than 200,000 processes and nodes");
  return members_ <= most;
}

bool Reader::enter_node(Place place) {
  if (depth_ < yaml::most_depth) {
    ++depth_;
    return true;
  }
  if (!too_deep_) findings_.error(Code::too_much, place, "nodes nested more than 200 deep");
  too_deep_ = true;
  return false;
}

std::string spelled(const Item& item, std::string_view value) {
  return item.element ? std::string(value) : std::string(item.name) + ": " + std::string(value);
}

std::string ticked(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string out = "`";
  if (text.size() <= longest) return out.append(text) + '`';
  std::size_t end = 0;
  while (end < longest - 3) {
    const unsigned length = decode_utf8(text, end).length;
    end += length == 0 ? 1 : length;
  }
  return out.append(text.substr(0, end)) + "...`";
}

}  // namespace pidns
