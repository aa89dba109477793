#pragma once

/// What one process does, as values. Every alternative is one kind of step with just its own
/// arguments; a graph is made of them, renderers print them, the executor interprets them.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/source.h"
#include "spec/namespace_kind.h"
#include "spec/spec.h"

namespace pidns {

/// Preorder numbers, dense from 0. Never shown to people: they see addresses.
enum class ProcessId : std::uint32_t {};
enum class NodeId : std::uint32_t {};
enum class GateId : std::uint32_t {};
constexpr std::size_t index(ProcessId id) noexcept { return static_cast<std::size_t>(id); }
constexpr std::size_t index(NodeId id) noexcept { return static_cast<std::size_t>(id); }
constexpr std::size_t index(GateId id) noexcept { return static_cast<std::size_t>(id); }
inline constexpr ProcessId no_process{0xffffffff};

// ── creating ────────────────────────────────────────────────────────────────────────────────────

/// unshare(2). `pid` takes effect for the next child, `time` for the next child or exec.
struct Unshare {
  NamespaceSet kinds;
};
/// fork(2).
struct Fork {
  ProcessId child;
};
/// clone(2): what `fuse` makes of Unshare and Fork. With `shares_memory` the child runs in its
/// maker's memory until it executes, as with vfork(2): only for what does nothing but set up and execute.
/// `by_launcher`: from a holder whose children go into the pid namespace of another of its children a
/// further pid namespace can't be made (EINVAL), so a short-lived process inside makes the child and
/// leaves it to the holder (CLONE_PARENT).
struct Clone {
  NamespaceSet kinds;
  ProcessId child;
  bool shares_memory = false;
  bool by_launcher = false;
};
/// setns(2). What is named is opened before any namespace is changed. A joined pid namespace takes
/// effect for the next child.
struct Join {
  std::vector<Placed<JoinTarget>> targets;
};
/// The process that `init` names is set up, and waits until the node's others have been made: they
/// could not be, once it had ended.
struct AwaitRelease {};
/// Its holder waits for that …
struct AwaitSetUp {
  ProcessId child;
};
/// … and, when the others are made, lets it execute.
struct Release {
  ProcessId child;
};
/// An init of ours makes all its children before any of them executes, or makes children itself: else
/// what the first ones fork would take the pids that are promised to the others. Each waits …
struct AwaitStart {};
/// … until their maker has made the last.
struct StartChildren {};
/// PR_SET_CHILD_SUBREAPER: in a joined pid namespace orphans would go to a foreign init.
struct BecomeSubreaper {};
/// An id map with every word resolved to extents; none for `none`.
struct ResolvedIdMap {
  IdMapKind kind = IdMapKind::root;
  std::vector<IdExtent> extents;

  /// `all` in a user namespace that was joined: the writer finds out which ids there are.
  [[nodiscard]] bool takes_all_at_run_time() const { return kind == IdMapKind::all && extents.empty(); }
};
/// The maker writes uid_map, gid_map and setgroups of `child`, which waits for it in AwaitIdMaps.
/// With `by_helper` newuidmap(1) and newgidmap(1) do, for a maker without privilege.
struct WriteIdMaps {
  ProcessId child;
  ResolvedIdMap uid;
  ResolvedIdMap gid;
  bool deny_setgroups = false;
  bool allow_setgroups = false;  ///< Asked for; without either the kernel's default stays.
  bool by_helper = false;
};
/// The child waits until its maker has written its id maps. Where its own id is not mapped and 0 is,
/// it becomes 0.
struct AwaitIdMaps {
  bool become_uid_0 = false;
  bool become_gid_0 = false;
};
/// The child writes its own maps of one extent, its own id, with setgroups denied: user_namespaces(7)
/// allows it without privilege.
struct WriteOwnIdMaps {
  ResolvedIdMap uid;
  ResolvedIdMap gid;
  bool allow_setgroups = false;  ///< Asked for, and refused by the kernel.
};
/// Offsets of a new time namespace, counted from the initial one. `enter`: by setns(2), for a process
/// that does not execute; one that does enters as it executes.
struct SetClockOffsets {
  std::optional<Duration> monotonic;
  std::optional<Duration> boottime;
  bool enter = false;
};

// ── setting up ──────────────────────────────────────────────────────────────────────────────────

/// PR_SET_PDEATHSIG, then a look whether the maker is still there. Again after a change of ids,
/// which clears it.
struct TieToMaker {
  int signal;
};
/// mount(2) of `/` with MS_REC and the propagation type.
struct SetPropagation {
  Propagation mode;
};
/// The mount that holds `target` made private, so that what is mounted there stays in the node.
struct MakePrivate {
  std::string target;
};
struct ChangeRoot {
  Root root;
};
struct MountFilesystem {
  Mount mount;
};
/// A fresh procfs, nosuid, nodev, noexec, of the pid namespace the process is in.
/// `create`: its folder is made where it is missing, in a root that is the node's own to write.
struct MountProcfs {
  MountProc mount;
  bool create = false;
};
struct DetachOldRoot {};
struct MaskPath {
  std::string path;
};
struct ReadOnlyPath {
  std::string path;
};
struct ReadOnlyRoot {};
struct SetHostname {
  std::string name;
};
struct SetDomainname {
  std::string name;
};
/// `lo` of a new net namespace set up.
struct BringUpLoopback {};
struct SetSysctl {
  Sysctl sysctl;
};
/// chdir(2); with `or_root`, `/` where it does not exist.
struct ChangeDirectory {
  std::string path;
  bool or_root = false;
};
struct SetUmask {
  unsigned mask;
};
struct SetRlimit {
  Rlimit limit;
};
struct SetNice {
  int value;
};
struct SetOomScoreAdj {
  int value;
};
/// setgroups(2), setresgid(2), setresuid(2), in this order.
struct SetCredentials {
  std::optional<Identity> uid;
  std::optional<Identity> gid;
  std::optional<std::vector<Identity>> groups;  ///< Nothing: unchanged.
  bool groups_may_stay = false;                 ///< Dropped by default only: not where setgroups(2) is denied.
};
struct SetCapabilities {
  std::uint64_t keep;  ///< Bit n is capability n.
};
struct SetNoNewPrivs {};
/// setsid(2).
struct NewSession {};
/// setpgid(2). A terminal sends ^C to its whole foreground group: of several processes those that do not
/// read it leave that group, so that they are stopped in order by who started them, and once.
struct OwnGroup {};
/// setsid(2), and the terminal that was made for this process as its controlling one and its 0, 1 and 2:
/// ioctl_tty(2), TIOCSCTTY. What it writes comes out of the caller's terminal.
struct NewTerminal {};
/// One of 0, 1, 2 replaced by what was opened before any namespace was changed.
struct RedirectStream {
  int descriptor;
  Stream stream;
};
/// Descriptors of the caller that stay open in the command.
struct PassDescriptors {
  std::vector<int> numbers;
};
struct WaitFor {
  GateId gate;
};

// ── ending ──────────────────────────────────────────────────────────────────────────────────────

/// What a command's environment is made of: the caller's (or what `keep` names of it, with `clear`),
/// then the entries, a later one winning. Shared by all processes that inherit it unchanged.
struct EnvironmentPlan {
  bool clear = false;
  std::vector<std::string> keep;
  std::vector<EnvironmentEntry> entries;
};
/// execve(2), found on the PATH of its environment. PIDNS_NAME and PIDNS_PATH are added.
struct Exec {
  std::vector<std::string> argv;
  std::optional<std::string> argv0;
  std::shared_ptr<const EnvironmentPlan> environment;
};
/// Reap, forward, end. Always last, in processes of ours.
struct Supervise {};

using Action =
    std::variant<Unshare, Fork, Clone, Join, AwaitRelease, AwaitSetUp, Release, AwaitStart, StartChildren,
                 BecomeSubreaper, WriteIdMaps, AwaitIdMaps, WriteOwnIdMaps, SetClockOffsets, TieToMaker, SetPropagation,
                 MakePrivate, ChangeRoot, MountFilesystem, MountProcfs, DetachOldRoot, MaskPath, ReadOnlyPath,
                 ReadOnlyRoot, SetHostname, SetDomainname, BringUpLoopback, SetSysctl, ChangeDirectory, SetUmask,
                 SetRlimit, SetNice, SetOomScoreAdj, SetCredentials, SetCapabilities, SetNoNewPrivs, NewSession,
                 OwnGroup, NewTerminal, RedirectStream, PassDescriptors, WaitFor, Exec, Supervise>;

/// The child of a Fork or Clone; no_process for any other step.
inline ProcessId child_of(const Action& action) noexcept {
  if (const auto* clone = std::get_if<Clone>(&action)) return clone->child;
  if (const auto* fork = std::get_if<Fork>(&action)) return fork->child;
  return no_process;
}

/// The key that asked for a step. `key` is its name for people (`mount-proc`); `place` is nowhere and
/// `is_default` set where a default asked, and the place is then that of the node.
struct Origin {
  const char* key = "";
  Place place;
  bool is_default = false;
};

struct Step {
  Action action;
  Origin origin;
};

}  // namespace pidns
