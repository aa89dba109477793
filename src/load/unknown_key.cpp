/// What to say of a key that does not belong where it stands.

#include <algorithm>
#include <array>

#include "base/nearest.h"
#include "load/decode.h"

namespace pidns {
namespace {

struct Foreign {
  std::string_view word;
  std::string_view ours;
};

// What other tools call it: unshare(1), docker and compose, the OCI runtime spec, bubblewrap, nsjail.
constexpr std::array foreign{
    Foreign{"args", "command: [...]"},
    Foreign{"bind", "mounts: [{type: bind, ...}]"},
    Foreign{"cap_add", "capabilities"},
    Foreign{"cap-add", "capabilities"},
    Foreign{"cap_drop", "capabilities"},
    Foreign{"cap-drop", "capabilities"},
    Foreign{"caps", "capabilities"},
    Foreign{"chdir", "cwd"},
    Foreign{"children", "namespaces"},
    Foreign{"chroot", "root"},
    Foreign{"clearenv", "clear-env"},
    Foreign{"clone_newnet", "unshare: [net]"},
    Foreign{"clone_newns", "unshare: [mount]"},
    Foreign{"clone_newpid", "unshare: [pid]"},
    Foreign{"clone_newuser", "unshare: [user]"},
    Foreign{"cmd", "command"},
    Foreign{"container", "namespaces"},
    Foreign{"container_name", "name"},
    Foreign{"containers", "namespaces"},
    Foreign{"depends_on", "depends-on"},
    Foreign{"die-with-parent", "kill-child"},
    Foreign{"dir", "cwd"},
    Foreign{"entrypoint", "command"},
    Foreign{"envar", "env"},
    Foreign{"environment", "env"},
    Foreign{"exec", "command"},
    Foreign{"exec_bin", "command"},
    Foreign{"fork", "unshare: [pid]"},
    Foreign{"gidmap", "gid-map"},
    Foreign{"gidMappings", "gid-map"},
    Foreign{"group", "gid"},
    Foreign{"group_add", "groups"},
    Foreign{"hooks", "script"},
    Foreign{"host", "hostname"},
    Foreign{"idmap", "uid-map"},
    Foreign{"iface_no_lo", "loopback: false"},
    Foreign{"ipc", "unshare: [ipc]"},
    Foreign{"keep_env", "keep-env"},
    Foreign{"kill_child", "kill-child"},
    Foreign{"linux", "unshare"},
    Foreign{"map-auto", "uid-map: auto"},
    Foreign{"map-current-user", "uid-map: current"},
    Foreign{"map-root-user", "uid-map: root"},
    Foreign{"mask", "masked-paths"},
    Foreign{"maskedPaths", "masked-paths"},
    Foreign{"mnt", "unshare: [mount]"},
    Foreign{"mount", "unshare: [mount], or mounts: [...]"},
    Foreign{"mount_proc", "mount-proc"},
    Foreign{"net", "unshare: [net]"},
    Foreign{"netns", "unshare: [net]"},
    Foreign{"network", "unshare: [net]"},
    Foreign{"network_mode", "unshare: [net]"},
    Foreign{"networks", "unshare: [net]"},
    Foreign{"new-session", "terminal: none"},
    Foreign{"no_new_privs", "no-new-privs"},
    Foreign{"nodes", "namespaces"},
    Foreign{"noNewPrivileges", "no-new-privs"},
    Foreign{"nsenter", "join"},
    Foreign{"oom_score_adj", "oom-score-adj"},
    Foreign{"oomScoreAdj", "oom-score-adj"},
    Foreign{"pid", "unshare: [pid]"},
    Foreign{"pids", "unshare: [pid]"},
    Foreign{"proc", "mount-proc"},
    Foreign{"process", "command, or processes"},
    Foreign{"read_only", "read-only-root"},
    Foreign{"readonlyPaths", "read-only-paths"},
    Foreign{"readonlyRootfs", "read-only-root"},
    Foreign{"ro-bind", "mounts: [{type: bind, options: [ro], ...}]"},
    Foreign{"rootfs", "root"},
    Foreign{"rootfsPropagation", "propagation"},
    Foreign{"run", "command, or script"},
    Foreign{"scale", "replicas"},
    Foreign{"services", "processes, or namespaces"},
    Foreign{"setenv", "env"},
    Foreign{"setns", "join"},
    Foreign{"shell", "script"},
    Foreign{"stdin_open", "stdin"},
    Foreign{"stop_grace_period", "stop-timeout"},
    Foreign{"stop_signal", "stop-signal"},
    Foreign{"sysctl", "sysctls"},
    Foreign{"time_limit", "timeout"},
    Foreign{"tmpfs", "mounts: [{type: tmpfs, ...}]"},
    Foreign{"tty", "terminal"},
    Foreign{"uidmap", "uid-map"},
    Foreign{"uidMappings", "uid-map"},
    Foreign{"ulimit", "rlimits"},
    Foreign{"ulimits", "rlimits"},
    Foreign{"unshare-all", "unshare: all"},
    Foreign{"user", "uid"},
    Foreign{"username", "uid"},
    Foreign{"userns", "unshare: [user]"},
    Foreign{"userns_mode", "unshare: [user]"},
    Foreign{"uts", "unshare: [uts]"},
    Foreign{"utsname", "hostname"},
    Foreign{"version", "pidns: 1"},
    Foreign{"wd", "cwd"},
    Foreign{"workdir", "cwd"},
    Foreign{"working_dir", "cwd"},
    Foreign{"working-dir", "cwd"},
    Foreign{"working_directory", "cwd"},
};

constexpr std::array<std::string_view, 48> not_in_version_1{
    "restart", "ports", "expose", "volumes", "volume", "healthcheck", "seccomp", "memory", "mem_limit", "mem-limit",
    "cpus", "cpu", "cpuset", "cpu_shares", "pids_limit", "pids-limit", "cgroups", "resources", "devices", "image",
    "build", "dns", "extra_hosts", "links", "logging", "labels", "annotations", "apparmor", "selinux", "security_opt",
    "privileged", "secrets", "configs", "deploy", "extends", "include", "profiles", "platform", "io", "cgroup_parent",
    "dns_search", "env_file", "mac_address", "mem_reservation", "memswap_limit", "seccomp_string", "shm_size",
    "volumes_from"};

struct ForeignKind {
  std::string_view word;
  std::string_view ours;
};
constexpr std::array foreign_kinds{
    ForeignKind{"mnt", "mount"},    ForeignKind{"fs", "mount"},       ForeignKind{"network", "net"},
    ForeignKind{"netns", "net"},    ForeignKind{"pids", "pid"},       ForeignKind{"process", "pid"},
    ForeignKind{"hostname", "uts"}, ForeignKind{"utsname", "uts"},    ForeignKind{"userns", "user"},
    ForeignKind{"uid", "user"},     ForeignKind{"cgroups", "cgroup"}, ForeignKind{"clock", "time"},
    ForeignKind{"timens", "time"},  ForeignKind{"NEWNS", "mount"},    ForeignKind{"CLONE_NEWNS", "mount"},
};

bool has(std::span<const Level> levels, Level level) {
  return std::find(levels.begin(), levels.end(), level) != levels.end();
}

/// The key is one of ours, of another map.
bool report_other_level(Reader& reader, const Item& entry, std::span<const Level> levels) {
  for (const Field& field : fields()) {
    if (field.name != entry.name || has(levels, field.level)) continue;
    auto& found = reader.findings().error(
        Code::other_level, entry.place,
        ticked(entry.name) + " does not belong here: it is a key of " + std::string(describe(field.level)));
    const bool in_process = has(levels, Level::process) && !has(levels, Level::node);
    if (in_process && field.level == Level::node)
      found.fix = "write it beside `processes`, or in a node under `namespaces`";
    else if (field.level == Level::root)
      found.fix = "write it at the top of the spec, beside `pidns`";
    return true;
  }
  return false;
}

bool report_foreign(Reader& reader, const Item& entry) {
  const auto row =
      std::find_if(foreign.begin(), foreign.end(), [&](const Foreign& one) { return one.word == entry.name; });
  if (row == foreign.end()) return false;
  auto& found = reader.findings().error(Code::unknown_key, entry.place, "unknown key " + ticked(entry.name));
  found.why = "in pidns this is " + ticked(row->ours);
  found.fix = row->ours;
  return true;
}

}  // namespace

void report_unknown_key(Reader& reader, const Item& entry, std::span<const Level> levels) {
  if (reader.findings().is_full()) {
    reader.findings().error(Code::unknown_key, entry.place, {});
    return;
  }
  if (std::find(not_in_version_1.begin(), not_in_version_1.end(), entry.name) != not_in_version_1.end()) {
    reader.findings().error(Code::not_in_version, entry.place,
                            ticked(entry.name) + " is not in version 1 of the language");
    return;
  }
  if (entry.name.starts_with("x-")) {
    reader.findings().error(Code::other_level, entry.place,
                            ticked(entry.name) + " does not belong here: `x-` keys stand at the top of a spec");
    return;
  }
  const bool node_or_process = has(levels, Level::process);
  if (node_or_process && report_foreign(reader, entry)) return;
  if (report_other_level(reader, entry, levels)) return;
  Nearest nearest(entry.name);
  for (const Field& field : fields())
    if (has(levels, field.level)) nearest.offer(field.name);
  auto& found = reader.findings().error(Code::unknown_key, entry.place, "unknown key " + ticked(entry.name));
  if (!nearest.word().empty()) found.fix = std::string(nearest.word()) + ':';
}

std::string_view suggested_kind(std::string_view word) noexcept {
  for (const auto& row : foreign_kinds)
    if (row.word == word) return row.ours;
  Nearest nearest(word);
  for (const auto& row : namespace_kinds) nearest.offer(row.name);
  return nearest.word();
}

}  // namespace pidns
