/// What belongs to a namespace, and who owns that: at or below a `user` level only what was made there.

#include <algorithm>
#include <array>
#include <optional>

#include "check/id_ranges.h"
#include "check/paths.h"
#include "check/rules.h"

namespace pidns {
namespace {

/// A filesystem that shows a namespace, and so is mounted by that namespace's owner.
std::optional<NamespaceKind> shown_by(std::string_view type) noexcept {
  if (type == "proc") return NamespaceKind::pid;
  if (type == "sysfs") return NamespaceKind::net;
  if (type == "mqueue") return NamespaceKind::ipc;
  if (type == "cgroup2" || type == "cgroup") return NamespaceKind::cgroup;
  return std::nullopt;
}

/// Those without FS_USERNS_MOUNT that people might try.
bool never_in_user_namespace(std::string_view type) noexcept {
  constexpr std::array<std::string_view, 22> types{
      "devtmpfs", "ext2",       "ext3",     "ext4",      "xfs",      "btrfs", "vfat", "exfat",
      "iso9660",  "squashfs",   "udf",      "nfs",       "nfs4",     "cifs",  "9p",   "debugfs",
      "tracefs",  "securityfs", "configfs", "hugetlbfs", "efivarfs", "f2fs"};
  return std::find(types.begin(), types.end(), type) != types.end();
}

std::string with_article(const std::string& kind) { return (kind == "ipc" ? "an " : "a ") + kind; }

void owned_filesystem(const Scope& scope, std::string_view type, Place place, Diagnostics& diagnostics) {
  if (!scope.under_user) return;
  const Scope* user = scope.maker(NamespaceKind::user);
  const Span where = user->node.unshare.place().value;
  const auto kind = shown_by(type);
  if (kind && !scope.owned.has(*kind)) {
    const std::string name(info(*kind).name);
    auto& found = diagnostics.error(
        Code::not_owned, place,
        "a new " + std::string(type) + " needs " + with_article(name) + " namespace made at or below the `user` level");
    found.labels.push_back({where, user == &scope ? '`' + name + "` would go here" : "the `user` level"});
    found.why = "it shows " + with_article(name) +
                " namespace, and only the user namespace that owns that one may mount it (EPERM)";
    found.fix = unshare_with(scope.node, *kind);
  } else if (never_in_user_namespace(type)) {
    auto& found = diagnostics.error(Code::never_in_user, place,
                                    '`' + std::string(type) + "` cannot be mounted at or below a `user` level");
    found.labels.push_back({where, "the `user` level"});
    found.why = "the kernel lets only the initial user namespace mount it (EPERM)";
    found.fix = type == "devtmpfs" ? "{type: dev, target: /dev}" : "bind what is mounted outside";
  }
}

/// The id of `uid=1000` or `gid=5`; nothing for another option.
std::optional<std::uint32_t> id_option(const std::string& option, std::string_view key) {
  constexpr std::size_t most_digits = 10;
  if (!option.starts_with(key) || option.size() == key.size() || option.size() > key.size() + most_digits)
    return std::nullopt;
  std::uint64_t id = 0;
  for (const char c : std::string_view(option).substr(key.size())) {
    if (c < '0' || c > '9') return std::nullopt;
    id = id * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return id < 0xffffffff ? std::optional(static_cast<std::uint32_t>(id)) : std::nullopt;
}

/// A filesystem's options of which the kernel takes only ids that are mapped.
struct IdOption {
  std::string_view type;
  std::string_view key;
  IdKind kind;
};
constexpr std::array id_options{
    IdOption{"devpts", "uid=", IdKind::user}, IdOption{"devpts", "gid=", IdKind::group},
    IdOption{"tmpfs", "uid=", IdKind::user},  IdOption{"tmpfs", "gid=", IdKind::group},
    IdOption{"proc", "gid=", IdKind::group},
};

void check_id_options(const Scope& scope, std::string_view type, const std::vector<std::string>& options, Place place,
                      Diagnostics& diagnostics) {
  for (const IdOption& row : id_options) {
    if (row.type != type) continue;
    for (const std::string& option : options) {
      const auto id = id_option(option, row.key);
      if (!id) continue;
      const auto ids = known_ids(scope, row.kind);
      if (!ids || holds(*ids, {*id, 1})) continue;
      auto& found = diagnostics.error(Code::unmapped_option, place,
                                      std::string(type) + " with `" + option + "`, which is not mapped");
      found.why = "the kernel refuses an id that the user namespace does not hold (EINVAL)";
      const Scope* maker = user_namespace(scope).node;
      if (maker == nullptr) continue;
      const Setting<IdMap>& map = row.kind == IdKind::user ? maker->node.uid_map : maker->node.gid_map;
      found.labels.push_back({map ? map.place().key : maker->node.unshare.place().value, "by this map"});
    }
  }
}

struct SysctlOwner {
  std::string_view prefix;
  NamespaceKind kind;
};
// namespaces(7), ipc_namespaces(7), pid_namespaces(7), network_namespaces(7), and proc(5) on user/.
constexpr std::array owners{
    SysctlOwner{"net.", NamespaceKind::net},       SysctlOwner{"kernel.shm", NamespaceKind::ipc},
    SysctlOwner{"kernel.msg", NamespaceKind::ipc}, SysctlOwner{"fs.mqueue.", NamespaceKind::ipc},
    SysctlOwner{"user.max_", NamespaceKind::user},
};
constexpr std::array exact_owners{
    SysctlOwner{"kernel.sem", NamespaceKind::ipc},
    SysctlOwner{"kernel.pid_max", NamespaceKind::pid},
    SysctlOwner{"kernel.ns_last_pid", NamespaceKind::pid},
};

std::optional<NamespaceKind> owner_of(std::string_view name) noexcept {
  for (const auto& row : exact_owners)
    if (row.prefix == name) return row.kind;
  for (const auto& row : owners)
    if (name.starts_with(row.prefix)) return row.kind;
  return std::nullopt;
}

/// A filesystem that a user namespace mounts only where one like it is mounted around it, and whole:
/// SB_I_USERNS_VISIBLE.
struct Visible {
  std::string_view type;
  std::string_view path;
  Code code;
};
constexpr std::array visibles{Visible{"proc", "/proc", Code::proc_hidden}, Visible{"sysfs", "/sys", Code::sysfs_hidden}};

/// One that no later mount of the node covers.
bool mounts_one(const Node& node, const Visible& what) {
  if (what.type == "proc" && node.mount_proc && !node.mount_proc->target.empty()) return true;
  if (!node.mounts) return false;
  const auto& mounts = *node.mounts;
  const auto is_covered = [&](auto mount) {
    return std::any_of(mount + 1, mounts.end(), [&](const auto& later) {
      return covers(later.value.target, mount->value.target);
    });
  };
  for (auto mount = mounts.begin(); mount != mounts.end(); ++mount)
    if (mount->value.type == what.type && !is_covered(mount)) return true;
  return false;
}

bool makes_files_only(const Mount& mount) { return mount.type == "dir" || mount.type == "symlink"; }

/// A place at which an outer node hides a part of it. What is not there is passed over.
Span hides(const Node& node, const Visible& what, const CallerFacts& facts) {
  const auto is_there = [&](const std::string& path) {
    return std::find(facts.missing_paths.begin(), facts.missing_paths.end(), path) == facts.missing_paths.end();
  };
  const auto among = [&](const Setting<std::vector<Placed<std::string>>>& paths) {
    if (paths)
      for (const auto& path : *paths)
        if (covers(what.path, path.value) && is_there(path.value)) return path.place.key;
    return Span{};
  };
  if (const Span masked = among(node.masked_paths); !masked.empty()) return masked;
  if (const Span fixed = among(node.read_only_paths); !fixed.empty()) return fixed;
  if (node.mounts)
    for (const auto& mount : *node.mounts) {
      const Mount& value = mount.value;
      // A bind at the place itself may be of another that is whole.
      const bool may_show = value.type == what.type || (value.type == "bind" && value.target == what.path);
      if (!may_show && !makes_files_only(value) && covers(what.path, value.target)) return mount.place.key;
    }
  return {};
}

/// Its root is known to be without: an overlay takes no mounts along. A directory may have one.
bool is_without(const Node& node, const Visible& what) {
  if (!node.root || node.root->type == Root::Type::directory || mounts_one(node, what)) return false;
  return !node.mounts || std::none_of(node.mounts->begin(), node.mounts->end(), [&](const auto& mount) {
    const std::string& source = mount.value.source;
    return mount.value.type == "bind" && (!source.starts_with('/') || covers(source, what.path) || covers(what.path, source));
  });
}

void check_visible(const Scope& scope, const Visible& what, Place place, Diagnostics& diagnostics) {
  for (const Scope* outer = scope.outer; outer != nullptr; outer = outer->outer) {
    const Span hidden = hides(outer->node, what, scope.facts);
    const bool gone = is_without(outer->node, what);
    if (!hidden.empty() || gone) {
      const std::string type(what.type);
      const std::string path(what.path);
      auto& found =
          diagnostics.error(what.code, place,
                            "a new " + type + " in a user namespace where " +
                                (gone ? "the root around it has none" : "a part of " + path + " is hidden around it"));
      found.labels.push_back(
          {gone ? outer->node.root.place().key : hidden, gone ? "a root without " + type : "hidden here"});
      found.why = "the kernel gives a user namespace no fuller view of " + path + " than is mounted around it (EPERM)";
      return;
    }
    if (mounts_one(outer->node, what)) return;
  }
}

}  // namespace

// mount_namespaces(7), "Restrictions on mount namespaces"; mount(2), EPERM.
void filesystems_are_owned(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (node.mount_proc && !node.mount_proc->target.empty())
    owned_filesystem(scope, "proc", node.mount_proc.place(), diagnostics);
  if (!node.mounts) return;
  for (const auto& mount : *node.mounts) owned_filesystem(scope, mount.value.type, mount.place, diagnostics);
}

// mount_too_revealing(): a user namespace gets no fuller view of /proc or /sys than is mounted around it.
void proc_is_visible_outside(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  // A joined one is hardly the caller's own.
  if (user_namespace(scope).node == nullptr) return;
  if (node.mount_proc && !node.mount_proc->target.empty())
    check_visible(scope, visibles[0], node.mount_proc.place(), diagnostics);
  if (!node.mounts) return;
  for (const auto& mount : *node.mounts)
    for (const Visible& what : visibles)
      if (mount.value.type == what.type) check_visible(scope, what, mount.place, diagnostics);
}

// devpts(5), tmpfs(5), proc(5): an id must mean something in the user namespace that mounts.
void option_ids_are_mapped(const Scope& scope, Diagnostics& diagnostics) {
  const Node& node = scope.node;
  if (node.root && node.root->type == Root::Type::tmpfs)
    check_id_options(scope, "tmpfs", node.root->options, node.root.place(), diagnostics);
  if (!node.mounts) return;
  for (const auto& mount : *node.mounts)
    check_id_options(scope, mount.value.type, mount.value.options, mount.place, diagnostics);
}

// ipc_permissions(), mq_permissions(): root of the user namespace that owns the ipc namespace, whatever
// the capabilities.
void ipc_sysctls_are_set_by_root(const Scope& scope, Diagnostics& diagnostics) {
  if (!scope.node.sysctls || !scope.node.makes(NamespaceKind::ipc)) return;
  const auto uid = own_id(scope, IdKind::user);
  if (!uid || (uid->id == 0 && !uid->nobody)) return;
  // Below a joined user namespace it is not known which ids there are; with a map of none it does not matter.
  const bool maps_none = scope.node.makes(NamespaceKind::user) && scope.node.uid_map &&
                         scope.node.uid_map->kind == IdMapKind::none;
  const bool surely_nobody = maps_none && scope.facts.uid != 0;
  // Where 0 is not mapped, root of the machine counts as root (ipc_set_ownership()).
  const auto ids = known_ids(scope, IdKind::user);
  const auto callers = keeps_callers_uid(scope);
  const bool is_root = scope.facts.uid == 0 && scope.facts.user_level == 0U;
  if (!surely_nobody && (!ids || !callers || (!holds(*ids, {0, 1}) && *callers && is_root))) return;
  for (const auto& sysctl : *scope.node.sysctls) {
    if (owner_of(sysctl.value.name) != NamespaceKind::ipc) continue;
    auto& found = diagnostics.error(Code::sysctl_of_root, sysctl.place,
                                    '`' + sysctl.value.name + "` is set by uid 0 only, and this node's is " +
                                        std::to_string(uid->id));
    if (scope.node.uid_map) found.labels.push_back({scope.node.uid_map.place().key, "by this map"});
    found.why = "the kernel looks at the uid here, not at capabilities (EACCES)";
    found.fix = "uid-map: root";
  }
}

void sysctls_belong_inside(const Scope& scope, Diagnostics& diagnostics) {
  if (!scope.node.sysctls) return;
  for (const auto& sysctl : *scope.node.sysctls) {
    const std::string name = '`' + sysctl.value.name + '`';
    const auto kind = owner_of(sysctl.value.name);
    if (!kind) {
      auto& found = diagnostics.error(Code::sysctl_of_machine, sysctl.place,
                                      name + " belongs to no namespace: it would change the whole machine");
      found.why = "a node may set what belongs to a net, ipc, pid or user namespace of its own";
    } else if (!scope.node.makes(*kind)) {
      const std::string word(info(*kind).name);
      auto& found =
          diagnostics.error(Code::needs_namespace, sysctl.place, name + " needs a new " + word + " namespace");
      if (scope.node.unshare)
        found.labels.push_back({scope.node.unshare.place().value, '`' + word + "` would go here"});
      found.why = "it belongs to the " + word + " namespace, and this node lives in somebody else's";
      found.fix = unshare_with(scope.node, *kind);
    }
  }
}

}  // namespace pidns
