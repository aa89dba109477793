/// The tree of nodes and processes: which map is what, which keys may stand beside which.

#include <algorithm>

#include "load/decode.h"
#include "load/load.h"
#include "load/yaml.h"

namespace pidns {
namespace {

constexpr Level root_levels[] = {Level::root, Level::node, Level::inherited, Level::process};
constexpr Level node_levels[] = {Level::node, Level::inherited, Level::process};
constexpr Level process_levels[] = {Level::process, Level::inherited};

const Field* find_field(std::string_view name, std::span<const Level> levels) noexcept {
  for (const Level level : levels)
    if (const Field* field = pidns::find_field(name, level)) return field;
  return nullptr;
}

const Item* find_item(const std::vector<Item>& entries, std::string_view name) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Item& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

void decode_entry(Reader& reader, const Item& entry, std::span<const Level> levels, Target& target) {
  const Field* field = find_field(entry.name, levels);
  if (field == nullptr) {
    report_unknown_key(reader, entry, levels);
  } else if (field->decode != nullptr) {
    field->decode(reader, entry, target);
  }
}

/// Exactly one of `command` and `script`.
void refuse_both(Reader& reader, const Item* command, const Item* script) {
  if (command == nullptr || script == nullptr) return;
  const bool script_last = command->place.key.begin < script->place.key.begin;
  const Item& second = script_last ? *script : *command;
  const Item& first = script_last ? *command : *script;
  auto& found =
      reader.findings().error(Code::keys_exclude, second.place, ticked(second.name) + " beside " + ticked(first.name));
  found.labels.push_back({first.place.key, "one of the two"});
  found.why = "a process runs either a command or a script; several processes go under `processes`";
}

/// A process key where there is no process of the node's own.
void refuse_without_process(Reader& reader, const Item& entry, bool has_processes) {
  auto& found =
      reader.findings().error(Code::no_own_process, entry.place,
                              ticked(entry.name) + " belongs to a process, and this node has none of its own");
  found.why = "of the keys of a process a node hands down only env, clear-env, keep-env, cwd, umask and rlimits";
  found.fix = has_processes ? "write it in the entries of `processes`" : "write it beside a `command` or `script`";
}

void refuse_empty_node(Reader& reader, const Node& node) {
  auto& found =
      reader.findings().error(Code::nothing_in_it, node.place, "the node " + ticked(node.name) + " has nothing in it");
  found.why = "a node has a command, a script, processes or namespaces, since a namespace lives by what is in it";
  found.fix = "command: [sleep, infinity]";
}

ProcessSpec* own_process(const Item* command, const Item* script, Node& node) {
  const Item* first = command != nullptr ? command : script;
  if (first == nullptr) return nullptr;
  ProcessSpec& process = node.processes.emplace_back();
  process.place = first->place;
  return &process;
}

/// Nodes and processes of one node share one set of names.
void refuse_shared_names(Reader& reader, const Node& node) {
  if (node.processes.empty() || node.namespaces.empty()) return;
  std::vector<const ProcessSpec*> sorted;
  for (const ProcessSpec& process : node.processes) sorted.push_back(&process);
  const auto by_name = [](const ProcessSpec* a, const ProcessSpec* b) { return a->name < b->name; };
  std::sort(sorted.begin(), sorted.end(), by_name);
  for (const Node& inner : node.namespaces) {
    const auto same = std::lower_bound(sorted.begin(), sorted.end(), inner.name,
                                       [](const ProcessSpec* a, const std::string& name) { return a->name < name; });
    if (same == sorted.end() || (*same)->name != inner.name || inner.name.empty()) continue;
    auto& found =
        reader.findings().error(Code::name_taken, inner.place, ticked(inner.name) + " is also the name of a process");
    found.labels.push_back({(*same)->place.key, "the process"});
    found.why = "nodes and processes of one node share one set of names, since both are addressed by them";
  }
}

void decode_node(Reader& reader, const std::vector<Item>& entries, std::span<const Level> levels, Spec& spec,
                 Node& node) {
  const Item* command = find_item(entries, "command");
  const Item* script = find_item(entries, "script");
  const Item* processes = find_item(entries, "processes");
  Target target;
  target.spec = &spec;
  target.node = &node;
  target.inherited = &node.defaults;
  target.process = own_process(command, script, node);
  refuse_both(reader, command, script);
  // Nested nodes come last, so that a node's own pointers stay good; findings are sorted later.
  for (const Item& entry : entries) {
    const bool free_text = levels.size() == std::size(root_levels) && entry.name.starts_with("x-");
    if (free_text) continue;
    const Field* field = find_field(entry.name, levels);
    const bool of_process = field != nullptr && field->level == Level::process;
    if (of_process && target.process == nullptr && pidns::find_field(entry.name, Level::node) == nullptr)
      refuse_without_process(reader, entry, processes != nullptr);
    else if (&entry == processes && target.process != nullptr)
      reader.findings()
          .error(Code::keys_exclude, entry.place,
                 "`processes` beside " + ticked((command != nullptr ? command : script)->name))
          .labels.push_back({target.process->place.key, "this is the node's one process"});
    else
      decode_entry(reader, entry, levels, target);
  }
  const bool something =
      target.process != nullptr || processes != nullptr || find_item(entries, "namespaces") != nullptr;
  if (!something && &node == &spec.root)
    spec.root_is_empty = true;
  else if (!something)
    refuse_empty_node(reader, node);
  refuse_shared_names(reader, node);
}

void refuse_bad_name(Reader& reader, const Item& entry) {
  if (is_name(entry.name)) return;
  reader.findings().error(Code::bad_name, entry.place, ticked(entry.name) + " is not a name").why =
      "a name has 1 to 63 letters, digits, `_`, `.` and `-`, and begins with a letter or digit";
}

bool is_filled_map(Reader& reader, const Item& item, std::string_view what) {
  if (item.node->kind != yaml::Kind::map) {
    reader.wrong_type(item, "a map of names to " + std::string(what));
    return false;
  }
  if (item.node->count() == 0) reader.refuse(Code::empty, item, ticked(item.name) + " is empty").fix = "leave it out";
  return item.node->count() != 0;
}

void decode_process(Reader& reader, const Item& item, ProcessSpec& process) {
  process.name = item.name;
  process.place = item.place;
  if (item.node->kind != yaml::Kind::map) {
    reader.wrong_type(item, "a map with `command` or `script`").fix = spelled(item, "{command: [sleep, infinity]}");
    return;
  }
  const auto entries = reader.children(item);
  const Item* command = find_item(entries, "command");
  const Item* script = find_item(entries, "script");
  refuse_both(reader, command, script);
  if (command == nullptr && script == nullptr)
    reader.findings()
        .error(Code::missing_key, item.place,
               "the process " + ticked(item.name) + " has neither `command` nor `script`")
        .fix = "command: [sleep, infinity]";
  Target target;
  target.process = &process;
  target.inherited = &process.own;
  for (const Item& entry : entries) {
    // `replicas` is in the table once, among the keys of a node.
    if (entry.name != "replicas") {
      decode_entry(reader, entry, process_levels, target);
      continue;
    }
    if (const auto number = read_replicas(reader, entry))
      process.replicas = {*number, entry.place};
  }
}

}  // namespace

void decode_entries(Reader& reader, const Item& map, std::span<const Level> levels, Target& target) {
  for (const Item entry : reader.each(map)) decode_entry(reader, entry, levels, target);
}

void decode_pidns(Reader& reader, const Item& item, Target&) {
  constexpr std::int64_t any = 1'000'000'000'000'000'000;
  const auto version = read_number(reader, item, -any, any);
  if (!version || *version == 1) return;
  auto& found = reader.refuse(Code::wrong_version, item,
                              "this program does not read version " + std::to_string(*version) + " of the language");
  found.why = "it reads version 1";
  found.fix = "pidns: 1";
}

void decode_processes(Reader& reader, const Item& item, Target& target) {
  if (!is_filled_map(reader, item, "processes")) return;
  const auto entries = reader.children(item);
  target.node->processes.reserve(entries.size());
  for (const Item& entry : entries) {
    if (!reader.count_member(entry.place)) return;
    refuse_bad_name(reader, entry);
    decode_process(reader, entry, target.node->processes.emplace_back());
  }
}

void decode_namespaces(Reader& reader, const Item& item, Target& target) {
  if (!is_filled_map(reader, item, "nodes")) return;
  const auto entries = reader.children(item);
  target.node->namespaces.reserve(entries.size());
  for (const Item& entry : entries) {
    if (!reader.count_member(entry.place)) return;
    refuse_bad_name(reader, entry);
    Node& node = target.node->namespaces.emplace_back();
    node.name = entry.name;
    node.place = entry.place;
    if (entry.node->kind == yaml::Kind::map) {
      if (!reader.enter_node(entry.place)) return;
      decode_node(reader, reader.children(entry), node_levels, *target.spec, node);
      reader.leave_node();
    } else
      reader.wrong_type(entry, "a map: the node's keys").fix = spelled(entry, "{command: [sleep, infinity]}");
  }
}

std::optional<Spec> load(const SourceFile& source, Diagnostics& diagnostics) {
  const auto document = yaml::parse(source, diagnostics);
  if (!document) return std::nullopt;
  Reader reader(*document, diagnostics);
  const yaml::Node& root = document->node(document->root);
  Item item;
  item.node = &root;
  item.place = {root.span, root.span, {}};
  const auto entries = reader.children(item);
  Spec spec;
  const Item* version = find_item(entries, "pidns");
  if (version != nullptr) {
    spec.root.place = version->place;
  } else {
    spec.root.place = entries.empty() ? item.place : entries.front().place;
    auto& found =
        diagnostics.error(Code::missing_key, spec.root.place, "`pidns` is missing: the version of the language");
    found.why = "this program reads version 1";
    found.fix = "pidns: 1";
  }
  decode_node(reader, entries, root_levels, spec, spec.root);
  return spec;
}

}  // namespace pidns
