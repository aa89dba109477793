/// Ids, id maps and capabilities.

#include "base/capability_name.h"
#include "base/nearest.h"
#include "load/decode.h"

namespace pidns {
namespace {

std::optional<IdExtent> read_extent(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::map) {
    reader.wrong_type(item, "a map with `inside`, `outside` and `count`");
    return std::nullopt;
  }
  IdExtent extent;
  Target target;
  target.extent = &extent;
  constexpr Level level[] = {Level::id_extent};
  const std::size_t before = reader.findings().errors();
  decode_entries(reader, item, level, target);
  bool missing = false;
  for (const Presence& row : presences_of_keys()) {
    if (row.level != Level::id_extent) continue;
    bool there = false;
    for (const Item entry : reader.each(item)) there = there || entry.name == row.needed;
    if (!there)
      reader.refuse(Code::missing_key, item, ticked(row.needed) + " is missing").fix =
          "{inside: 0, outside: 1000, count: 1}";
    missing = missing || !there;
  }
  return missing || reader.findings().errors() != before ? std::nullopt : std::optional(extent);
}

}  // namespace

Read<std::uint32_t> read_id(Reader& reader, const Item& item) {
  const auto id = read_number(reader, item, range::id);
  return id ? std::optional(static_cast<std::uint32_t>(*id)) : std::nullopt;
}

Read<std::uint32_t> read_id_count(Reader& reader, const Item& item) {
  const auto count = read_number(reader, item, range::id_count);
  return count ? std::optional(static_cast<std::uint32_t>(*count)) : std::nullopt;
}

/// One that could not be read counts as `all`, of which nothing is known before the run.
Read<IdMap> read_id_map(Reader& reader, const Item& item) {
  const IdMap unknown{IdMapKind::all, {}};
  IdMap map;
  if (item.node->kind != yaml::Kind::list) {
    const auto word = read_word(reader, item, vocabulary::id_map);
    if (!word) return unknown;
    map.kind = static_cast<IdMapKind>(*word);
    return map;
  }
  map.kind = IdMapKind::list;
  bool good = true;
  for (const Item element : reader.each(item)) {
    const auto extent = read_extent(reader, element);
    good = good && extent.has_value();
    if (extent) map.extents.push_back({*extent, element.place});
  }
  if (item.node->count() == 0) {
    reader.refuse(Code::empty, item, ticked(item.name) + " maps nothing").fix = spelled(item, "none");
    return unknown;
  }
  return good ? map : unknown;
}

Read<bool> read_setgroups(Reader& reader, const Item& item) {
  const auto word = read_word(reader, item, vocabulary::setgroups);
  return word ? std::optional(*word == 1) : std::nullopt;
}

Read<Identity> read_identity(Reader& reader, const Item& item) {
  if (is_number(item)) {
    const auto id = read_id(reader, item);
    return id ? std::optional(Identity(*id)) : std::nullopt;
  }
  auto name = read_nonempty(reader, item);
  return name ? std::optional(Identity(std::move(*name))) : std::nullopt;
}

Read<List<Identity>> read_groups(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::list) {
    reader.wrong_type(item, "a list of numbers and names");
    return std::nullopt;
  }
  List<Identity> groups;
  for (const Item element : reader.each(item))
    if (auto group = read_identity(reader, element)) groups.push_back({std::move(*group), element.place});
  return groups;
}

Read<Capabilities> read_capabilities(Reader& reader, const Item& item) {
  Capabilities capabilities;
  if (item.node->kind == yaml::Kind::scalar && text_of(item) == "all") {
    capabilities.all = true;
    return capabilities;
  }
  if (item.node->kind != yaml::Kind::list) {
    reader.wrong_type(item, "a list of names, or all").fix = "capabilities: [CAP_NET_RAW]";
    return std::nullopt;
  }
  for (const Item element : reader.each(item)) {
    const auto word = read_nonempty(reader, element);
    if (!word) continue;
    if (const auto number = parse_capability(*word)) {
      capabilities.names.push_back({capability_name(*number), element.place});
      continue;
    }
    Nearest nearest(word->starts_with("CAP_") ? std::string_view(*word).substr(4) : std::string_view(*word));
    for (const auto name : capability_names) nearest.offer(name);
    auto& found = reader.refuse(Code::not_a_capability, element, ticked(*word) + " is not a capability");
    if (!nearest.word().empty()) found.fix = "CAP_" + std::string(nearest.word());
  }
  return capabilities;
}

}  // namespace pidns
