#define JSON_NO_IO
#include <nlohmann/json.hpp>

#include "state/record.h"

namespace pidns {
namespace {

using Json = nlohmann::json;

ProcessIdentity read_identity(const Json& json) {
  return {json.at("pid").get<std::int32_t>(), json.at("start_time").get<std::uint64_t>()};
}

NamespaceSet read_kinds(const Json& json, const char* key) {
  NamespaceSet kinds;
  if (!json.contains(key)) return kinds;
  for (const Json& name : json.at(key))
    if (const auto kind = namespace_kind(name.get_ref<const std::string&>())) kinds.add(*kind);
  return kinds;
}

template <class T>
std::optional<T> read_optional(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() ? std::nullopt : std::optional<T>(found->get<T>());
}

NodeRecord read_node(const Json& json) {
  NodeRecord node;
  node.address = json.at("address").get<std::string>();
  node.parent = json.at("parent").get<std::uint32_t>();
  node.first = read_optional<std::uint32_t>(json, "first");
  node.unshared = read_kinds(json, "unshared");
  node.joined = read_kinds(json, "joined");
  node.hostname = json.value("hostname", "");
  node.kill_child = json.at("kill_child").get<int>();
  node.cwd = read_optional<std::string>(json, "cwd");
  node.umask = read_optional<unsigned>(json, "umask");
  node.clear_env = json.value("clear_env", false);
  if (json.contains("keep_env")) node.keep_env = json.at("keep_env").get<std::vector<std::string>>();
  if (json.contains("env"))
    for (const Json& variable : json.at("env"))
      node.env.push_back({variable.at("name").get<std::string>(), read_optional<std::string>(variable, "value")});
  return node;
}

ProcessRecord read_process(const Json& json) {
  ProcessRecord process;
  process.address = json.at("address").get<std::string>();
  process.node = json.at("node").get<std::uint32_t>();
  process.role = json.at("role").get<std::string>();
  process.identity = read_identity(json.at("identity"));
  process.is_pid1 = json.value("pid1", false);
  process.command = json.value("command", "");
  process.is_main = json.value("main", false);
  return process;
}

/// Indices lead where something is: what reads the state follows them.
bool is_whole(const RunState& state) {
  if (state.nodes.empty()) return false;
  for (const NodeRecord& node : state.nodes)
    if (node.parent >= state.nodes.size() || (node.first && *node.first >= state.processes.size())) return false;
  for (const ProcessRecord& process : state.processes)
    if (process.node >= state.nodes.size()) return false;
  return true;
}

RunState read_members(const Json& json) {
  RunState state;
  state.name = json.at("name").get<std::string>();
  state.spec = json.at("spec").get<std::string>();
  state.started = json.at("started").get<std::int64_t>();
  state.supervisor = read_identity(json.at("supervisor"));
  state.pid_namespace = json.at("pid_namespace").get<std::uint64_t>();
  state.detached = json.at("detached").get<bool>();
  state.log = json.value("log", "");
  for (const Json& node : json.at("nodes")) state.nodes.push_back(read_node(node));
  for (const Json& process : json.at("processes")) state.processes.push_back(read_process(process));
  return state;
}

}  // namespace

std::optional<RunState> read_state(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  const Json json = Json::parse(line.begin(), line.end(), nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    if (json.at("version").get<int>() != RunState::current_version) return std::nullopt;
    RunState state = read_members(json);
    if (!is_whole(state)) return std::nullopt;
    return state;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::optional<int> read_status(std::string_view text) {
  const std::size_t end_of_state = text.find('\n');
  if (end_of_state == std::string_view::npos || end_of_state + 1 == text.size()) return std::nullopt;
  const std::string_view line = text.substr(end_of_state + 1);
  const Json json = Json::parse(line.begin(), line.end(), nullptr, false);
  const auto found = json.is_object() ? json.find("status") : json.end();
  if (!json.is_object() || found == json.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<int>();
}

}  // namespace pidns
