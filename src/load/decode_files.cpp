/// What a node's file tree is made of, and kernel parameters.

#include <algorithm>

#include "load/decode.h"

namespace pidns {
namespace {

std::optional<Item> entry_of(Reader& reader, const Item& map, std::string_view key) {
  for (const Item entry : reader.each(map))
    if (entry.name == key) return entry;
  return std::nullopt;
}

/// Which keys an entry must or cannot have follows from its type.
bool complete(Reader& reader, const Item& item, const Mount& mount) {
  const auto has = [&](std::string_view key) { return entry_of(reader, item, key).has_value(); };
  bool good = true;
  const auto need = [&](bool wanted, std::string_view key) {
    if (!wanted || has(key)) return;
    good = false;
    const std::string subject = key == "type" || !has("type") ? "this mount" : "a mount of type " + ticked(mount.type);
    reader.refuse(Code::missing_key, item, subject + " needs " + ticked(key));
  };
  for (const Presence& row : presences_of_keys())
    if (row.level == Level::mount) need(row.key.empty() || row.value == mount.type, row.needed);
  const auto misfit = [&](Code code, std::string_view key, const std::string& message) {
    const auto entry = entry_of(reader, item, key);
    if (!entry || mount.type.empty()) return;
    good = false;
    reader.findings().error(code, entry->place, message);
  };
  for (const Belonging& row : belongings_of_keys())
    if (row.level == Level::mount && row.value != mount.type)
      misfit(Code::needs_key, row.key, ticked(row.key) + " belongs to a mount of type " + ticked(row.value));
  for (const Exclusion& row : exclusions_of_keys())
    if (row.level == Level::mount && row.value == mount.type)
      misfit(Code::keys_exclude, row.key, "a mount of type " + ticked(mount.type) + " has no " + ticked(row.key));
  return good;
}

std::optional<Mount> read_mount(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::map) {
    reader.wrong_type(item, "a map").fix = "{type: bind, source: DIR, target: /DIR}";
    return std::nullopt;
  }
  Mount mount;
  Target target;
  target.mount = &mount;
  constexpr Level level[] = {Level::mount};
  const std::size_t before = reader.findings().errors();
  decode_entries(reader, item, level, target);
  const bool good = complete(reader, item, mount);
  return good && reader.findings().errors() == before ? std::optional(std::move(mount)) : std::nullopt;
}

}  // namespace

Read<Root> read_root(Reader& reader, const Item& item) {
  Root root;
  if (item.node->kind != yaml::Kind::map) {
    auto path = read_nonempty(reader, item);
    if (!path) return std::nullopt;
    root.path = std::move(*path);
    return root;
  }
  const auto type = entry_of(reader, item, "type");
  const auto word = type ? read_word(reader, *type, vocabulary::root_type) : std::nullopt;
  if (!type) reader.refuse(Code::missing_key, item, "`root` as a map needs `type`").fix = "root: {type: tmpfs}";
  Target target;
  target.root = &root;
  constexpr Level level[] = {Level::root_tree};
  decode_entries(reader, item, level, target);
  if (!word) return std::nullopt;
  root.type = *word == 0 ? Root::Type::tmpfs : Root::Type::overlay;
  const auto lower = entry_of(reader, item, "lower");
  const auto options = entry_of(reader, item, "options");
  if (root.type == Root::Type::overlay && !lower)
    reader.refuse(Code::missing_key, item, "a root of type `overlay` needs `lower`").fix =
        "root: {type: overlay, lower: DIR}";
  if (root.type == Root::Type::tmpfs && lower)
    reader.findings().error(Code::needs_key, lower->place, "`lower` belongs to a root of type `overlay`");
  if (root.type == Root::Type::overlay && options)
    reader.findings().error(Code::needs_key, options->place, "`options` belongs to a root of type `tmpfs`");
  return root;
}

Read<List<Mount>> read_mounts(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::list) {
    reader.wrong_type(item, "a list of mounts");
    return std::nullopt;
  }
  List<Mount> mounts;
  for (const Item element : reader.each(item))
    if (auto mount = read_mount(reader, element)) mounts.push_back({std::move(*mount), element.place});
  return mounts;
}

Read<List<std::string>> read_absolute_paths(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::list) {
    reader.wrong_type(item, "a list of absolute paths");
    return std::nullopt;
  }
  List<std::string> paths;
  for (const Item element : reader.each(item))
    if (auto path = read_absolute_path(reader, element)) paths.push_back({std::move(*path), element.place});
  return paths;
}

Read<List<Sysctl>> read_sysctls(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::map) {
    reader.wrong_type(item, "a map of names to values");
    return std::nullopt;
  }
  List<Sysctl> sysctls;
  for (const Item entry : reader.each(item)) {
    auto value = read_argument(reader, entry);
    if (!value) continue;
    // sysctl(8) takes both `net.ipv4.ip_forward` and `net/ipv4/ip_forward`; the first sign decides.
    std::string name(entry.name);
    const bool slashes = name.find_first_of("./") != std::string::npos && name[name.find_first_of("./")] == '/';
    if (slashes)
      for (char& c : name) c = c == '/' ? '.' : c == '.' ? '/' : c;
    const bool climbs = name.find("..") != std::string::npos || name.starts_with('.') || name.empty();
    if (climbs)
      reader.findings().error(Code::not_a_parameter, entry.place,
                              ticked(entry.name) + " is not the name of a kernel parameter");
    else
      sysctls.push_back({{std::move(name), std::move(*value)}, entry.place});
  }
  return sysctls;
}

}  // namespace pidns
