#include "base/json_text.h"
#include "state/record.h"

namespace pidns {
namespace {

void write_identity(JsonText& json, std::string_view key, const ProcessIdentity& identity) {
  json.open_object(key);
  json.number("pid", static_cast<std::uint64_t>(identity.pid));
  json.number("start_time", identity.start_time);
  json.close();
}

void write_kinds(JsonText& json, std::string_view key, NamespaceSet kinds) {
  if (kinds.empty()) return;
  json.open_list(key);
  kinds.each([&](const NamespaceKindInfo& kind) { json.text({}, kind.name); });
  json.close();
}

void write_environment(JsonText& json, const NodeRecord& node) {
  if (node.clear_env) json.boolean("clear_env", true);
  if (!node.keep_env.empty()) {
    json.open_list("keep_env");
    for (const std::string& name : node.keep_env) json.text({}, name);
    json.close();
  }
  if (node.env.empty()) return;
  json.open_list("env");
  for (const NodeRecord::Variable& variable : node.env) {
    json.open_object();
    json.text("name", variable.name);
    if (variable.value) json.text("value", *variable.value);
    json.close();
  }
  json.close();
}

void write_node(JsonText& json, const NodeRecord& node) {
  json.open_object();
  json.text("address", node.address);
  json.number("parent", node.parent);
  if (node.first) json.number("first", *node.first);
  write_kinds(json, "unshared", node.unshared);
  write_kinds(json, "joined", node.joined);
  if (!node.hostname.empty()) json.text("hostname", node.hostname);
  json.number("kill_child", static_cast<std::uint64_t>(node.kill_child));
  if (node.cwd) json.text("cwd", *node.cwd);
  if (node.umask) json.number("umask", *node.umask);
  write_environment(json, node);
  json.close();
}

void write_process(JsonText& json, const ProcessRecord& process) {
  json.open_object();
  json.text("address", process.address);
  json.number("node", process.node);
  json.text("role", process.role);
  write_identity(json, "identity", process.identity);
  if (process.is_pid1) json.boolean("pid1", true);
  if (!process.command.empty()) json.text("command", process.command);
  if (process.is_main) json.boolean("main", true);
  json.close();
}

}  // namespace

std::string state_text(const RunState& state) {
  JsonText json(JsonLayout::one_line);
  json.open_object();
  json.number("version", RunState::current_version);
  json.text("name", state.name);
  json.text("spec", state.spec);
  json.number("started", static_cast<std::uint64_t>(state.started));
  write_identity(json, "supervisor", state.supervisor);
  json.number("pid_namespace", state.pid_namespace);
  json.boolean("detached", state.detached);
  if (!state.log.empty()) json.text("log", state.log);
  json.open_list("nodes");
  for (const NodeRecord& node : state.nodes) write_node(json, node);
  json.close();
  json.open_list("processes");
  for (const ProcessRecord& process : state.processes) write_process(json, process);
  json.close();
  json.close();
  return json.take();
}

std::string status_record(int status) { return "{\"status\":" + std::to_string(status) + "}\n"; }

}  // namespace pidns
