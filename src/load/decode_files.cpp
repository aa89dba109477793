/// What a node's file tree is made of, and kernel parameters.

#include <algorithm>

#include "load/decode.h"

namespace pidns {
namespace {

std::optional<Item> entry_of(Reader& reader, const Item& map, std::string_view key) {
  for (const Item& entry : reader.children(map))
    if (entry.name == key) return entry;
  return std::nullopt;
}

bool reads_source(std::string_view type) noexcept { return type == "bind" || type == "symlink"; }

/// What pidns makes itself is no filesystem, and knows less.
bool has_no_use_for(std::string_view type, std::string_view key) noexcept {
  const bool made = type == "symlink" || type == "dir" || type == "file";
  if (key == "content") return type != "file";
  if (key == "options") return made;
  if (key == "mode") return type == "symlink";
  if (key == "source") return type == "dir" || type == "file" || type == "dev";
  return key == "optional" && (made || type == "dev");
}

/// Which keys an entry must or cannot have follows from its type.
bool complete(Reader& reader, const Item& item, const Mount& mount) {
  const auto has = [&](std::string_view key) { return entry_of(reader, item, key).has_value(); };
  bool good = true;
  const auto need = [&](bool wanted, std::string_view key) {
    if (!wanted || has(key)) return;
    good = false;
    const std::string subject = key == "type" || !has("type") ? "this mount" : "a mount of type " + ticked(mount.type);
    reader.refuse(item, subject + " needs " + ticked(key));
  };
  need(true, "type");
  need(true, "target");
  need(reads_source(mount.type), "source");
  need(mount.type == "file", "content");
  for (const std::string_view key : {"content", "options", "mode", "source", "optional"}) {
    const auto entry = entry_of(reader, item, key);
    if (!entry || mount.type.empty() || !has_no_use_for(mount.type, key)) continue;
    good = false;
    reader.findings().error(entry->place, key == "content"
                                              ? "`content` belongs to a mount of type `file`"
                                              : "a mount of type " + ticked(mount.type) + " has no " + ticked(key));
  }
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
  constexpr std::string_view words[] = {"tmpfs", "overlay"};
  const auto word = type ? read_word(reader, *type, words) : std::nullopt;
  if (!type) reader.refuse(item, "`root` as a map needs `type`").fix = "root: {type: tmpfs}";
  Target target;
  target.root = &root;
  constexpr Level level[] = {Level::root_tree};
  decode_entries(reader, item, level, target);
  if (!word) return std::nullopt;
  root.type = *word == 0 ? Root::Type::tmpfs : Root::Type::overlay;
  const auto lower = entry_of(reader, item, "lower");
  const auto options = entry_of(reader, item, "options");
  if (root.type == Root::Type::overlay && !lower)
    reader.refuse(item, "a root of type `overlay` needs `lower`").fix = "root: {type: overlay, lower: DIR}";
  if (root.type == Root::Type::tmpfs && lower)
    reader.findings().error(lower->place, "`lower` belongs to a root of type `overlay`");
  if (root.type == Root::Type::overlay && options)
    reader.findings().error(options->place, "`options` belongs to a root of type `tmpfs`");
  return root;
}

Read<List<Mount>> read_mounts(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::list) {
    reader.wrong_type(item, "a list of mounts");
    return std::nullopt;
  }
  List<Mount> mounts;
  for (const Item& element : reader.children(item))
    if (auto mount = read_mount(reader, element)) mounts.push_back({std::move(*mount), element.place});
  return mounts;
}

Read<List<std::string>> read_absolute_paths(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::list) {
    reader.wrong_type(item, "a list of absolute paths");
    return std::nullopt;
  }
  List<std::string> paths;
  for (const Item& element : reader.children(item))
    if (auto path = read_absolute_path(reader, element)) paths.push_back({std::move(*path), element.place});
  return paths;
}

Read<List<Sysctl>> read_sysctls(Reader& reader, const Item& item) {
  if (item.node->kind != yaml::Kind::map) {
    reader.wrong_type(item, "a map of names to values");
    return std::nullopt;
  }
  List<Sysctl> sysctls;
  for (const Item& entry : reader.children(item)) {
    auto value = read_argument(reader, entry);
    if (!value) continue;
    // sysctl(8) takes both `net.ipv4.ip_forward` and `net/ipv4/ip_forward`; the first sign decides.
    std::string name(entry.name);
    const bool slashes = name.find_first_of("./") != std::string::npos && name[name.find_first_of("./")] == '/';
    if (slashes)
      for (char& c : name) c = c == '/' ? '.' : c == '.' ? '/' : c;
    const bool climbs = name.find("..") != std::string::npos || name.starts_with('.') || name.empty();
    if (climbs)
      reader.findings().error(entry.place, ticked(entry.name) + " is not the name of a kernel parameter");
    else
      sysctls.push_back({{std::move(name), std::move(*value)}, entry.place});
  }
  return sysctls;
}

}  // namespace pidns
