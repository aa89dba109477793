#include "base/json_text.h"
#include "render/tree.h"
#include "render/tree_parts.h"

namespace pidns {
namespace {

constexpr std::uint64_t tree_version = 1;
constexpr std::uint64_t pid_version = 1;

void write_namespace(JsonText& json, const TreeNamespace& each, bool of_instance) {
  json.open_object();
  json.number("inode", each.inode);
  if (each.parent != 0) json.number("parent", each.parent);
  if (of_instance) json.text("name", each.title);
  if (each.processes != 0) json.number("processes", each.processes);
  json.close();
}

void write_members(JsonText& json, const TreeRow& row) {
  if (!row.address.empty()) json.text("address", row.address);
  if (!row.role.empty()) json.text("role", row.role);
  if (!row.command.empty()) json.text("command", row.command);
  if (row.is_waiting) json.boolean("waiting", true);
  if (!row.hostname.empty() && row.hostname != "?") json.text("hostname", row.hostname);
  json.open_list("pids");
  for (std::size_t level = 0; level < row.pids.size(); ++level) {
    json.open_object();
    json.number("pid", static_cast<std::uint64_t>(row.pids[level]));
    if (row.counted_in[level] != 0) json.number("pid_namespace", row.counted_in[level]);
    json.close();
  }
  json.close();
}

void write_process(JsonText& json, const TreeRow& row) {
  json.open_object();
  write_members(json, row);
  json.close();
}

}  // namespace

std::string tree_json(const TreePicture& picture) {
  JsonText json;
  json.open_object();
  json.number("pidns_tree", tree_version);
  if (!picture.instance.empty()) json.text("instance", picture.instance);
  json.open_list("pid_namespaces");
  for (const TreeNamespace& each : picture.namespaces) write_namespace(json, each, !picture.instance.empty());
  json.close();
  json.open_list("processes");
  for (const TreeRow& row : picture.rows)
    if (!row.pids.empty()) write_process(json, row);
  json.close();
  json.open_list("notes");
  for (const std::string& note : picture.notes) json.text({}, note);
  json.close();
  json.close();
  return json.take();
}

std::string pid_json(const Machine& machine, const ProcessOwner& owner) {
  TreeRow row;
  fill_row(row, machine.processes.front(), parents_of(machine));
  row.address = owner.address;
  row.role = owner.role;
  JsonText json;
  json.open_object();
  json.number("pidns_pid", pid_version);
  if (!owner.instance.empty()) json.text("instance", owner.instance);
  write_members(json, row);
  json.close();
  return json.take();
}

}  // namespace pidns
