#include "render/schema.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/capability_name.h"
#include "base/signal_name.h"
#include "load/fields.h"
#include "render/patterns.h"
#include "spec/key_need.h"

namespace pidns {
namespace {

using Json = nlohmann::ordered_json;

Json reference(std::string_view to) { return {{"$ref", "#/definitions/" + std::string(to)}}; }

Json required(std::string_view key) { return {{"required", Json::array({key})}}; }

/// The names for completion; whatever case and prefix else is allowed, by a pattern.
Json signal_schema() {
  Json numbers = {{"type", "integer"}, {"minimum", 1}, {"maximum", 64}};
  for (int number = 1; number <= 64; ++number)
    if (!parse_signal(std::to_string(number))) numbers["not"]["enum"].push_back(number);
  Json names;
  for (const auto word : signal_words()) names.push_back("SIG" + std::string(word));
  return {{"anyOf", {{{"enum", names}}, {{"type", "string"}, {"pattern", signal_pattern()}}, numbers}}};
}

Json capability_schema() {
  Json names;
  for (const auto name : capability_names) names.push_back("CAP_" + std::string(name));
  return {{"anyOf", {{{"enum", names}}, {{"type", "string"}, {"pattern", capability_pattern()}}}}};
}

Json time_schema(shape::Least least) {
  Json bare = {{"type", "number"}};
  if (least == shape::Least::zero) bare["minimum"] = 0;
  if (least == shape::Least::positive) bare["exclusiveMinimum"] = 0;
  const std::string pattern = duration_pattern(least == shape::Least::negative);
  return {{"anyOf", {{{"type", "string"}, {"pattern", pattern}}, bare}}};
}

std::string_view definition_of(Level level) noexcept {
  switch (level) {
    case Level::root:
      return "root";
    case Level::node:
      return "node";
    case Level::inherited:
    case Level::process:
      return "process";
    case Level::mount_proc:
      return "mount-proc";
    case Level::root_tree:
      return "root-tree";
    case Level::id_extent:
      return "id-extent";
    case Level::mount:
      return "mount";
    case Level::rlimit:
      return "rlimit";
    case Level::ready:
      return "ready";
    case Level::test:
      return "test";
    case Level::expectation:
      return "expectation";
    case Level::output:
      return "output";
  }
  return "";
}

Json schema_of(const Shape& shape, std::string_view key);

struct Value {
  std::string_view key;

  Json operator()(const shape::Anything&) const { return true; }
  Json operator()(const shape::Boolean&) const { return {{"type", "boolean"}}; }
  Json operator()(const shape::Null&) const { return {{"type", "null"}}; }
  Json operator()(const shape::Number&) const { return {{"type", "number"}}; }
  Json operator()(const shape::SignalWord&) const { return reference("signal"); }
  Json operator()(const shape::CapabilityWord&) const { return reference("capability"); }
  Json operator()(const shape::Time& time) const { return time_schema(time.least); }
  Json operator()(const shape::KeysOf& keys) const { return reference(definition_of(keys.level)); }
  Json operator()(const shape::Whole& whole) const {
    if (whole.range.least == whole.range.most) return {{"const", whole.range.least}};
    return {{"type", "integer"}, {"minimum", whole.range.least}, {"maximum", whole.range.most}};
  }
  Json operator()(const shape::Text& text) const {
    Json schema = {{"type", "string"}};
    if (!text.pattern.empty()) schema["pattern"] = text.pattern;
    if (text.shortest != 0) schema["minLength"] = text.shortest;
    if (text.longest != 0) schema["maxLength"] = text.longest;
    return schema;
  }
  Json operator()(const shape::Word& word) const {
    Json words = Json::array();
    for (const auto one : word.words)
      words.push_back(one);
    return {{"enum", words}};
  }
  Json operator()(const shape::ListOf& list) const {
    Json schema = {{"type", "array"}, {"items", schema_of(*list.element, key)}};
    if (list.shortest != 0) schema["minItems"] = list.shortest;
    if (list.distinct) schema["uniqueItems"] = true;
    return schema;
  }
  Json operator()(const shape::MapOf& map) const {
    Json schema = {{"type", "object"}};
    const Json value = schema_of(*map.value, key);
    for (const auto one : map.keys) schema["properties"][std::string(one)] = value;
    if (!map.key_pattern.empty()) schema["propertyNames"] = {{"pattern", map.key_pattern}};
    schema["additionalProperties"] = map.keys.empty() ? value : Json(false);
    if (map.shortest != 0) schema["minProperties"] = map.shortest;
    return schema;
  }
  Json operator()(const shape::OneOf& one) const {
    Json schemas = Json::array();
    for (const Shape* shape : one.shapes) schemas.push_back(schema_of(*shape, key));
    return {{"anyOf", schemas}};
  }
};

Json schema_of(const Shape& shape, std::string_view key) { return std::visit(Value{key}, shape.is); }

/// What an editor shows while the mouse rests on the key.
std::string hover(const Field& field) {
  std::string text(field.doc);
  if (!field.fallback.empty()) text += " Default: `" + std::string(field.fallback) + "`.";
  const KeyNeed* need = field.level == Level::node ? need_of(field.name) : nullptr;
  if (need != nullptr) text += " Needs `" + std::string(info(need->kind).name) + "` in this node's `unshare`.";
  return text;
}

Json fallback_json(const Field& field) {
  const std::string_view text = field.fallback;
  if (text == "true" || text == "false") return text == "true";
  if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos)
    return std::stoll(std::string(text));
  return text;
}

Json property(const Field& field) {
  Json schema = {{"description", hover(field)}};
  if (!field.fallback.empty()) schema["default"] = fallback_json(field);
  const Json value = schema_of(*field.shape, field.name);
  if (!value.is_object()) return schema;
  // Beside `$ref` draft-07 reads nothing else.
  if (value.contains("$ref"))
    schema["allOf"] = Json::array({value});
  else
    schema.update(value);
  return schema;
}

/// The keys of a level; those whose definition stands among a node's refer to it.
void add_properties(Json& properties, Level level, bool refer) {
  for (const Field& field : fields()) {
    if (field.level != level) continue;
    const std::string name(field.name);
    properties[name] = refer ? reference("node/properties/" + name) : property(field);
  }
}

void add_presences(Json& schema, Level level) {
  for (const Presence& row : presences_of_keys()) {
    if (row.level != level) continue;
    if (row.key.empty()) {
      schema["required"].push_back(row.needed);
      continue;
    }
    const Json is = {{"properties", {{row.key, {{"const", row.value}}}}}, {"required", Json::array({row.key})}};
    schema["allOf"].push_back({{"if", is}, {"then", required(row.needed)}});
  }
}

void add_belongings(Json& schema, Level level) {
  for (const Belonging& row : belongings_of_keys()) {
    if (row.level != level) continue;
    Json beside = required(row.other);
    if (!row.value.empty()) beside["properties"][std::string(row.other)] = {{"const", row.value}};
    schema["dependencies"][std::string(row.key)] = beside;
  }
  for (const Exclusion& row : exclusions_of_keys()) {
    if (row.level != level) continue;
    Json& beside = schema["dependencies"][std::string(row.key)];
    if (row.value.empty())
      beside["not"] = required(row.other);
    else
      beside["properties"][std::string(row.other)]["not"]["enum"].push_back(row.value);
  }
}

Json any_required(std::span<const std::string_view> keys) {
  Json any = Json::array();
  for (const auto key : keys) any.push_back(required(key));
  return {{"anyOf", any}};
}

void add_groups(Json& schema, Level level, bool may_be_empty) {
  for (const Group& group : groups_of_keys()) {
    if (group.level != level) continue;
    if (group.at_least_one && !may_be_empty) schema["allOf"].push_back(any_required(group.keys));
    if (!group.at_most_one) continue;
    for (std::size_t i = 0; i < group.keys.size(); ++i)
      for (std::size_t j = i + 1; j < group.keys.size(); ++j)
        schema["allOf"].push_back({{"not", {{"required", Json::array({group.keys[i], group.keys[j]})}}}});
  }
}

Json closed_map() { return {{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}}; }

Json level_schema(Level level) {
  Json schema = closed_map();
  add_properties(schema["properties"], level, false);
  add_presences(schema, level);
  add_belongings(schema, level);
  add_groups(schema, level, false);
  return schema;
}

Json unshares(NamespaceKind kind) {
  const std::string_view name = info(kind).name;
  const Json has = {{"anyOf", {{{"enum", {name, "all"}}}, {{"type", "array"}, {"contains", {{"const", name}}}}}}};
  return {{"properties", {{"unshare", has}}}, {"required", Json::array({"unshare"})}};
}

/// What holds of the root and of nested nodes.
Json node_rules() {
  Json schema = {{"type", "object"}};
  Json& beside = schema["dependencies"];
  for (const KeyNeed& need : key_needs) {
    const Json unshare = reference("unshares-" + std::string(info(need.kind).name));
    const Json no_need = {{"properties", {{need.key, {{"const", false}}}}}};
    beside[std::string(need.key)] = need.unless == "false" ? Json{{"anyOf", {no_need, unshare}}} : unshare;
  }
  for (const Group& group : groups_of_keys())
    if (group.level == Level::process)
      for (const Field& field : fields())
        if (field.level == Level::process &&
            std::find(group.keys.begin(), group.keys.end(), field.name) == group.keys.end())
          beside[std::string(field.name)] = any_required(group.keys);
  add_belongings(schema, Level::process);
  add_groups(schema, Level::node, true);
  return schema;
}

Json node_schema() {
  Json schema = closed_map();
  for (const Level level : {Level::node, Level::inherited, Level::process})
    add_properties(schema["properties"], level, false);
  schema["allOf"].push_back(reference("node-rules"));
  for (const Group& group : groups_of_keys())
    if (group.level == Level::node && group.at_least_one) schema["allOf"].push_back(any_required(group.keys));
  return schema;
}

Json process_schema() {
  Json schema = closed_map();
  for (const Level level : {Level::process, Level::inherited}) add_properties(schema["properties"], level, true);
  // It is in the table once, among the keys of a node.
  schema["properties"]["replicas"] = reference("node/properties/replicas");
  add_belongings(schema, Level::process);
  add_groups(schema, Level::process, false);
  return schema;
}

Json definitions() {
  Json all;
  all["node"] = node_schema();
  all["node-rules"] = node_rules();
  all["process"] = process_schema();
  for (const Level level : {Level::mount_proc, Level::root_tree, Level::id_extent, Level::mount, Level::rlimit,
                            Level::test, Level::expectation, Level::output})
    all[std::string(definition_of(level))] = level_schema(level);
  all["ready"] = level_schema(Level::ready);
  all["signal"] = signal_schema();
  all["capability"] = capability_schema();
  for (const auto& row : namespace_kinds) all["unshares-" + std::string(row.name)] = unshares(row.kind);
  return all;
}

}  // namespace

std::string spec_schema() {
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "pidns spec, version " + std::to_string(language_version)},
                 {"description", "Commands in nested Linux namespaces, as pidns runs them."}};
  schema.update(closed_map());
  add_properties(schema["properties"], Level::root, false);
  for (const Level level : {Level::node, Level::inherited, Level::process})
    add_properties(schema["properties"], level, true);
  schema["patternProperties"] = {{"^x-", true}};
  add_presences(schema, Level::root);
  // A root that has nothing to run takes the arguments of the command line.
  schema["allOf"].push_back(reference("node-rules"));
  schema["definitions"] = definitions();
  return schema.dump(2) + "\n";
}

}  // namespace pidns
