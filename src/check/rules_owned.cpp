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
    auto& found = diagnostics.error(place, "a new " + std::string(type) + " needs " + with_article(name) +
                                               " namespace made at or below the `user` level");
    found.labels.push_back({where, user == &scope ? '`' + name + "` would go here" : "the `user` level"});
    found.why = "it shows " + with_article(name) +
                " namespace, and only the user namespace that owns that one may mount it (EPERM)";
    found.fix = unshare_with(scope.node, *kind);
  } else if (never_in_user_namespace(type)) {
    auto& found = diagnostics.error(place, '`' + std::string(type) + "` cannot be mounted at or below a `user` level");
    found.labels.push_back({where, "the `user` level"});
    found.why = "the kernel lets only the initial user namespace mount it (EPERM)";
    found.fix = type == "devtmpfs" ? "{type: dev, target: /dev}" : "bind what is mounted outside";
  }
}

std::optional<std::uint32_t> gid_option(const std::vector<std::string>& options) {
  for (const std::string& option : options) {
    if (!option.starts_with("gid=") || option.size() < 5 || option.size() > 13) continue;
    std::uint64_t id = 0;
    bool digits = true;
    for (const char c : option.substr(4)) {
      digits = digits && c >= '0' && c <= '9';
      id = id * 10 + static_cast<std::uint64_t>(c - '0');
    }
    if (digits && id < 0xffffffff) return static_cast<std::uint32_t>(id);
  }
  return std::nullopt;
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

/// A place at which an outer node hides a part of /proc.
Span hides_proc(const Node& node) {
  const auto below_proc = [](const std::string& path) { return covers("/proc", path); };
  const auto among = [&](const Setting<std::vector<Placed<std::string>>>& paths) {
    if (paths)
      for (const auto& path : *paths)
        if (below_proc(path.value)) return path.place.key;
    return Span{};
  };
  if (const Span masked = among(node.masked_paths); !masked.empty()) return masked;
  if (const Span fixed = among(node.read_only_paths); !fixed.empty()) return fixed;
  if (node.mounts)
    for (const auto& mount : *node.mounts)
      if (mount.value.type != "proc" && mount.value.target != "/proc" && below_proc(mount.value.target))
        return mount.place.key;
  return {};
}

bool has_no_proc(const Node& node) {
  // An overlay takes no mounts along: /proc is an empty folder there. A directory may have one.
  if (!node.root || node.root->type == Root::Type::directory || mounts_proc(node)) return false;
  return !node.mounts || std::none_of(node.mounts->begin(), node.mounts->end(),
                                      [](const auto& mount) { return covers(mount.value.target, "/proc"); });
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

// mount_too_revealing(): a user namespace gets no fuller view of /proc than is mounted around it.
void proc_is_visible_outside(const Scope& scope, Diagnostics& diagnostics) {
  if (!scope.under_user || !mounts_proc(scope.node)) return;
  for (const Scope* outer = scope.outer; outer != nullptr; outer = outer->outer) {
    const Span hidden = hides_proc(outer->node);
    const bool gone = has_no_proc(outer->node);
    if (!hidden.empty() || gone) {
      const Place place = scope.node.mount_proc ? scope.node.mount_proc.place() : scope.node.mounts.place();
      auto& found =
          diagnostics.error(place, gone ? "a new proc in a user namespace where the root around it has none"
                                        : "a new proc in a user namespace where a part of /proc is hidden around it");
      found.labels.push_back(
          {gone ? outer->node.root.place().key : hidden, gone ? "a root without proc" : "hidden here"});
      found.why = "the kernel gives a user namespace no fuller view of /proc than is mounted around it (EPERM)";
      return;
    }
    if (mounts_proc(outer->node)) return;
  }
}

// devpts(5): the gid must mean something in the user namespace that mounts it.
void devpts_gid_is_mapped(const Scope& scope, Diagnostics& diagnostics) {
  const Scope* maker = scope.maker(NamespaceKind::user);
  if (maker == nullptr || !scope.node.mounts) return;
  const auto ids = known_ids(*maker, IdKind::group);
  if (!ids) return;
  for (const auto& mount : *scope.node.mounts) {
    const auto gid = mount.value.type == "devpts" ? gid_option(mount.value.options) : std::nullopt;
    if (!gid || holds(*ids, {*gid, 1})) continue;
    auto& found = diagnostics.error(mount.place, "devpts with `gid=" + std::to_string(*gid) + "`, which is not mapped");
    found.labels.push_back(
        {maker->node.gid_map ? maker->node.gid_map.place().key : maker->node.unshare.place().value, "by this map"});
    found.why = "the kernel refuses an id that the user namespace does not hold (EINVAL)";
  }
}

void sysctls_belong_inside(const Scope& scope, Diagnostics& diagnostics) {
  if (!scope.node.sysctls) return;
  for (const auto& sysctl : *scope.node.sysctls) {
    const std::string name = '`' + sysctl.value.name + '`';
    const auto kind = owner_of(sysctl.value.name);
    if (!kind) {
      auto& found =
          diagnostics.error(sysctl.place, name + " belongs to no namespace: it would change the whole machine");
      found.why = "a node may set what belongs to a net, ipc, pid or user namespace of its own";
    } else if (!scope.node.makes(*kind)) {
      const std::string word(info(*kind).name);
      auto& found = diagnostics.error(sysctl.place, name + " needs a new " + word + " namespace");
      if (scope.node.unshare)
        found.labels.push_back({scope.node.unshare.place().value, '`' + word + "` would go here"});
      found.why = "it belongs to the " + word + " namespace, and this node lives in somebody else's";
      found.fix = unshare_with(scope.node, *kind);
    }
  }
}

}  // namespace pidns
