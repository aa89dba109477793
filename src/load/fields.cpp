#include "load/fields.h"

#include <array>

#include "load/decode.h"
#include "load/shapes.h"

namespace pidns {
namespace {

Spec& owner(Target& target, Spec*) { return *target.spec; }
Node& owner(Target& target, Node*) { return *target.node; }
Inherited& owner(Target& target, Inherited*) { return *target.inherited; }
ProcessSpec& owner(Target& target, ProcessSpec*) { return *target.process; }
MountProc& owner(Target& target, MountProc*) { return *target.mount_proc; }
Root& owner(Target& target, Root*) { return *target.root; }
IdExtent& owner(Target& target, IdExtent*) { return *target.extent; }
Mount& owner(Target& target, Mount*) { return *target.mount; }
Rlimit& owner(Target& target, Rlimit*) { return *target.rlimit; }
Test& owner(Target& target, Test*) { return *target.test; }
Expectation& owner(Target& target, Expectation*) { return *target.expectation; }
TextExpectation& owner(Target& target, TextExpectation*) { return *target.output; }

template <class Owner, class T>
void store(Setting<T> Owner::*member, T value, const Item& item, Target& target) {
  owner(target, static_cast<Owner*>(nullptr)).*member = Setting<T>(std::move(value), item.place);
}
template <class Owner, class T, class U>
void store(T Owner::*member, U value, const Item&, Target& target) {
  owner(target, static_cast<Owner*>(nullptr)).*member = std::move(value);
}

/// The value that `read` gives, if any, into a member of the spec.
template <auto member, auto read>
void into(Reader& reader, const Item& item, Target& target) {
  if (auto value = read(reader, item)) store(member, std::move(*value), item, target);
}

constexpr auto root_ = Level::root;
constexpr auto node_ = Level::node;
constexpr auto down = Level::inherited;
constexpr auto proc = Level::process;
constexpr auto mproc = Level::mount_proc;
constexpr auto tree = Level::root_tree;
constexpr auto extent = Level::id_extent;
constexpr auto mount = Level::mount;
constexpr auto limit = Level::rlimit;
constexpr auto ready_ = Level::ready;
constexpr auto test = Level::test;
constexpr auto expect = Level::expectation;
constexpr auto output = Level::output;

// clang-format off
constexpr Field table[] = {
  // name, level, type, default, decoder, shape,
  // what an editor shows
  {"pidns", root_, "1", "", decode_pidns, &shapes::version,
   "The version of the spec language; this program reads 1."},
  {"name", root_, "name", "", into<&Spec::name, read_name>, &shapes::name,
   "The instance's name for `ps`, `exec`, `kill` and `stop`. Without it: the file's name, made different where that is in use."},
  {"description", root_, "string", "", into<&Spec::description, read_string>, &shapes::text,
   "Free text, for people."},
  {"tests", root_, "list of tests", "", into<&Spec::tests, read_tests>, &shapes::tests,
   "What is run in the nodes, and what is expected of it. `run` ignores it."},

  {"unshare", node_, "kind, list of kinds, or all", "", decode_unshare, &shapes::unshare,
   "The namespaces made new for this node: one kind, a list of kinds, or `all`. Nothing is implied by other keys."},
  {"join", node_, "map kind to pid or path", "", into<&Node::join, read_join>, &shapes::join,
   "Namespaces entered instead of made: a kind to a pid, or to the path of a namespace file."},
  {"hostname", node_, "string", "", into<&Node::hostname, read_hostname>, &shapes::hostname,
   "The host name, 1 to 64 bytes."},
  {"domainname", node_, "string", "", into<&Node::domainname, read_hostname>, &shapes::hostname,
   "The NIS domain name, 1 to 64 bytes."},
  {"mount-proc", node_, "bool, path, or map", "false", into<&Node::mount_proc, read_mount_proc>, &shapes::mount_proc,
   "A fresh procfs (nosuid, nodev, noexec) of the pid namespace that the node's processes are in: `true` for /proc, an absolute path, or a map. Without it ps shows the processes outside."},
  {"propagation", node_, "private, slave, shared or unchanged", "private", into<&Node::propagation, read_propagation>, &shapes::propagation,
   "Of `/`, recursively, when the mount namespace is made: `private` keeps mounts apart, `slave` lets those made outside in, `shared` and `unchanged` let those made inside out."},
  {"kill-child", node_, "signal or bool", "true", into<&Node::kill_child, read_kill_child>, &shapes::kill_child,
   "The signal that the kernel sends to the node's first process when the pidns process that made it dies; `true` is SIGKILL. A PID 1 without a handler gets only SIGKILL."},
  {"init", node_, "bool or name", "", into<&Node::init, read_init>, &shapes::init,
   "Who is PID 1. `true`: pidns's own init, which reaps, forwards signals and starts the rest. `false`: the node's only command itself. A name: that process of this node. Default: `false` for exactly one process and nothing nested, else `true`."},
  {"uid-map", node_, "word or list of extents", "root", into<&Node::uid_map, read_id_map>, &shapes::id_map,
   "User ids of the new user namespace. `root`: the caller is 0 inside; `current`: the same id; `auto`: root and the caller's ranges of /etc/subuid from 1; `all`: every id of the parent; `none`; or a list of extents."},
  {"gid-map", node_, "word or list of extents", "root", into<&Node::gid_map, read_id_map>, &shapes::id_map,
   "Group ids of the new user namespace, in the words of `uid-map`; `auto` reads /etc/subgid."},
  {"setgroups", node_, "allow or deny", "", into<&Node::setgroups, read_setgroups>, &shapes::setgroups,
   "Whether setgroups(2) is allowed in the new user namespace. Default: `allow` where the writer of the map has CAP_SETGID outside, else `deny`."},
  {"monotonic", node_, "duration", "", into<&Node::monotonic, read_signed_duration>, &shapes::signed_time,
   "Offset of CLOCK_MONOTONIC, counted from the initial time namespace; may be negative."},
  {"boottime", node_, "duration", "", into<&Node::boottime, read_signed_duration>, &shapes::signed_time,
   "Offset of CLOCK_BOOTTIME, counted from the initial time namespace; may be negative."},
  {"loopback", node_, "bool", "true", into<&Node::loopback, read_bool>, &shapes::boolean,
   "Bring `lo` up in the new net namespace, where it begins down."},
  {"root", node_, "directory or map", "", into<&Node::root, read_root>, &shapes::root,
   "What becomes `/` of this node (pivot_root): a directory, an empty tmpfs, or a throw-away overlay of a directory. Relative paths count from the spec's directory."},
  {"read-only-root", node_, "bool", "false", into<&Node::read_only_root, read_bool>, &shapes::boolean,
   "Make the mount at `/`, and that alone, read-only."},
  {"mounts", node_, "list of mounts", "", into<&Node::mounts, read_mounts>, &shapes::mounts,
   "What is mounted or made, in the order written, after `root`."},
  {"masked-paths", node_, "list of absolute paths", "", into<&Node::masked_paths, read_absolute_paths>, &shapes::absolute_paths,
   "Covered by something empty, as in the OCI runtime spec. A path that does not exist is passed over."},
  {"read-only-paths", node_, "list of absolute paths", "", into<&Node::read_only_paths, read_absolute_paths>, &shapes::absolute_paths,
   "Made read-only, as in the OCI runtime spec. A path that does not exist is passed over."},
  {"sysctls", node_, "map name to value", "", into<&Node::sysctls, read_sysctls>, &shapes::sysctls,
   "Kernel parameters, written inside. Only what belongs to a namespace of this node: net.* to `net`; kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.* to `ipc`; kernel.pid_max, kernel.ns_last_pid to `pid`; user.max_* to `user`."},
  {"processes", node_, "map name to process", "", decode_processes, &shapes::processes,
   "Several processes, by name. Not beside `command` or `script`."},
  {"namespaces", node_, "map name to node", "", decode_namespaces, &shapes::namespaces,
   "Nested nodes, by name, started in the order written."},
  {"replicas", node_, "1 to 10000", "1", into<&Node::replicas, read_replicas>, &shapes::replicas,
   "So many copies: `web` becomes web-1 to web-N, and PIDNS_REPLICA holds the number."},

  {"env", down, "map name to value", "", into<&Inherited::env, read_env>, &shapes::env,
   "Variables added to the caller's environment. Values are kept as written; `null` removes a variable. Holds for everything nested."},
  {"clear-env", down, "bool", "false", into<&Inherited::clear_env, read_clear_env>, &shapes::boolean,
   "Start from nothing but `env` and what `keep-env` names."},
  {"keep-env", down, "list of names", "", into<&Inherited::keep_env, read_keep_env>, &shapes::keep_env,
   "The caller's variables that survive `clear-env`; `*` matches at the end (`LC_*`). Needs `clear-env`."},
  {"cwd", down, "absolute path", "", into<&Inherited::cwd, read_absolute_path>, &shapes::absolute_path,
   "Working directory, never created. Default: the caller's where it exists inside, else `/`."},
  {"umask", down, "octal string", "", into<&Inherited::umask, read_octal>, &shapes::umask,
   "File mode creation mask: octal digits in quotes, `\"0027\"`."},
  {"rlimits", down, "map name to value", "", into<&Inherited::rlimits, read_rlimits>, &shapes::rlimits,
   "Resource limits by their names in prlimit(1): a number, `unlimited`, or soft and hard."},

  {"command", proc, "list of strings", "", into<&ProcessSpec::command, read_command>, &shapes::command,
   "The argument vector. The program is found on the PATH of `env`; nothing is split or expanded."},
  {"script", proc, "string", "", into<&ProcessSpec::script, read_script>, &shapes::filled,
   "Run by `/bin/sh -eu -c`; arguments after `--` are \"$@\"."},
  {"argv0", proc, "string", "", into<&ProcessSpec::argv0, read_string>, &shapes::text,
   "What the program sees as argv[0]. Needs `command`."},
  {"uid", proc, "number or name", "", into<&ProcessSpec::uid, read_identity>, &shapes::identity,
   "User id, or a name of the node's /etc/passwd, which brings its gid. Clears the supplementary groups unless `groups` is there."},
  {"gid", proc, "number or name", "", into<&ProcessSpec::gid, read_identity>, &shapes::identity,
   "Group id, or a name of the node's /etc/group. Clears the supplementary groups unless `groups` is there."},
  {"groups", proc, "list of numbers and names", "", into<&ProcessSpec::groups, read_groups>, &shapes::identities,
   "Supplementary groups, by number or name."},
  {"capabilities", proc, "list of names, or all", "", into<&ProcessSpec::capabilities, read_capabilities>, &shapes::capabilities,
   "Capabilities to keep, in every set: a list of names, or `all`. Default: unchanged."},
  {"no-new-privs", proc, "bool", "false", into<&ProcessSpec::no_new_privs, read_bool>, &shapes::boolean,
   "No exec gains privileges from here on (PR_SET_NO_NEW_PRIVS)."},
  {"nice", proc, "-20 to 19", "", into<&ProcessSpec::nice, read_nice>, &shapes::nice,
   "The nice value itself, not an increment."},
  {"oom-score-adj", proc, "-1000 to 1000", "", into<&ProcessSpec::oom_score_adj, read_oom_score_adj>, &shapes::oom_score_adj,
   "Who goes first when memory is short: the value itself, not an increment."},
  {"stdin", proc, "inherit, null or path", "inherit", into<&ProcessSpec::stdin_, read_stream>, &shapes::stream,
   "`inherit`, `null`, or a path, opened before any namespace changes. Where a spec has several processes: `null`."},
  {"stdout", proc, "inherit, null or path", "inherit", into<&ProcessSpec::stdout_, read_stream>, &shapes::stream,
   "`inherit`, `null`, or a path, created and appended to, opened before any namespace changes."},
  {"stderr", proc, "inherit, null or path", "inherit", into<&ProcessSpec::stderr_, read_stream>, &shapes::stream,
   "`inherit`, `null`, or a path, created and appended to, opened before any namespace changes."},
  {"terminal", proc, "inherit, none or new", "inherit", into<&ProcessSpec::terminal, read_terminal>, &shapes::terminal,
   "`inherit`; `none`: a session of its own without a controlling terminal; `new`: a pseudo-terminal of its own."},
  {"pass-fds", proc, "list of numbers from 3", "", into<&ProcessSpec::pass_fds, read_pass_fds>, &shapes::descriptors,
   "Descriptors of the caller that this process keeps under the same numbers, from 3."},
  {"timeout", proc, "duration", "", into<&ProcessSpec::timeout, read_positive_duration>, &shapes::positive_time,
   "Ended after this time: `stop-signal`, then SIGKILL; the status is 124."},
  {"stop-signal", proc, "signal", "SIGTERM", into<&ProcessSpec::stop_signal, read_signal>, &shapes::signal,
   "How this process is asked to end. Where it is written, a SIGTERM to pidns becomes it."},
  {"stop-timeout", proc, "duration", "10s", into<&ProcessSpec::stop_timeout, read_duration>, &shapes::time,
   "How long it has before SIGKILL."},
  {"depends-on", proc, "list of addresses, or map", "", into<&ProcessSpec::depends_on, read_depends_on>, &shapes::depends_on,
   "What must be there first: a list of addresses, or addresses to `started`, `ready`, `exited`, `succeeded`."},
  {"ready", proc, "map with one probe", "", into<&ProcessSpec::ready, read_ready>, &shapes::ready,
   "When this process counts as ready: one probe, with `within` and `every`."},
  {"main", proc, "bool", "false", into<&ProcessSpec::main, read_bool>, &shapes::boolean,
   "The run ends when this process ends, with its status."},

  {"target", mproc, "absolute path", "/proc", into<&MountProc::target, read_absolute_path>, &shapes::absolute_path,
   "Where it is mounted."},
  {"hidepid", mproc, "off, noaccess, invisible or ptraceable", "off", into<&MountProc::hidepid, read_hidepid>, &shapes::hidepid,
   "Whose processes are seen: `noaccess` hides what is in them, `invisible` hides them, `ptraceable` shows what one may trace."},
  {"subset", mproc, "pid", "", into<&MountProc::subset_pid, read_subset>, &shapes::subset,
   "Only the part about processes."},

  {"type", tree, "tmpfs or overlay", "", nullptr, &shapes::root_type,
   "`tmpfs`: an empty one. `overlay`: a throw-away copy of `lower`."},
  {"lower", tree, "directory", "", into<&Root::path, read_nonempty>, &shapes::filled,
   "The directory below the overlay; what is written goes to a tmpfs and vanishes with the node."},
  {"options", tree, "list of mount words", "", into<&Root::options, read_strings>, &shapes::texts,
   "Mount options of the tmpfs, such as `size=10m`."},

  {"inside", extent, "id", "", into<&IdExtent::inside, read_id>, &shapes::id,
   "The first id inside."},
  {"outside", extent, "id", "", into<&IdExtent::outside, read_id>, &shapes::id,
   "The first id in the parent's user namespace."},
  {"count", extent, "number from 1", "", into<&IdExtent::count, read_id_count>, &shapes::id_count,
   "How many ids."},

  {"type", mount, "bind, tmpfs, proc, … or any filesystem", "", into<&Mount::type, read_nonempty>, &shapes::mount_type,
   "What is mounted: `bind`, a filesystem, or what pidns makes: `dev` (a small /dev), `symlink`, `dir` (an empty folder), `file` (with `content`)."},
  {"source", mount, "string", "", into<&Mount::source, read_nonempty>, &shapes::filled,
   "What a bind shows, a symlink's text, or a filesystem's device. Relative paths count from the spec's directory."},
  {"target", mount, "absolute path", "", into<&Mount::target, read_absolute_path>, &shapes::absolute_path,
   "Where it is mounted or made."},
  {"options", mount, "list of mount words", "", into<&Mount::options, read_strings>, &shapes::texts,
   "Words of mount(8): `ro`, `nosuid`, `rbind`, `size=10m`, …"},
  {"content", mount, "string", "", into<&Mount::content, read_string>, &shapes::text,
   "What a `file` holds, read-only."},
  {"create", mount, "bool", "", into<&Mount::create, read_bool>, &shapes::boolean,
   "Make a missing target: a file for a file, else a folder. Default: `true` where `root` is a tmpfs or overlay."},
  {"mode", mount, "octal string", "", into<&Mount::mode, read_octal>, &shapes::octal,
   "Mode of what is made: octal digits in quotes, `\"0755\"`."},
  {"optional", mount, "bool", "false", into<&Mount::optional, read_bool>, &shapes::boolean,
   "Skip this mount where its source does not exist."},

  {"soft", limit, "number or unlimited", "", into<&Rlimit::soft, read_limit>, &shapes::limit,
   "The soft limit, which the kernel enforces."},
  {"hard", limit, "number or unlimited", "", into<&Rlimit::hard, read_limit>, &shapes::limit,
   "The hard limit, up to which the soft one can be raised."},

  {"command", ready_, "list of strings", "", nullptr, &shapes::command,
   "Ready when it exits with 0."},
  {"script", ready_, "string", "", nullptr, &shapes::filled,
   "Ready when it exits with 0."},
  {"path", ready_, "absolute path", "", nullptr, &shapes::absolute_path,
   "Ready when it exists."},
  {"tcp", ready_, "port", "", nullptr, &shapes::port,
   "Ready when this port accepts a connection on 127.0.0.1 or ::1."},
  {"output", ready_, "regular expression", "", nullptr, &shapes::filled,
   "Ready when stdout or stderr has matched this regular expression."},
  {"within", ready_, "duration", "30s", nullptr, &shapes::positive_time,
   "How long it may take."},
  {"every", ready_, "duration", "100ms", nullptr, &shapes::positive_time,
   "The time between probes."},

  {"name", test, "string", "", into<&Test::name, read_nonempty>, &shapes::filled,
   "What the test shows, in words."},
  {"in", test, "address", "/", into<&Test::in, read_nonempty>, &shapes::filled,
   "The node in which it runs, by its address: all its namespaces are entered."},
  {"command", test, "list of strings", "", into<&Test::command, read_command>, &shapes::command,
   "The argument vector, as for a process."},
  {"script", test, "string", "", into<&Test::script, read_script>, &shapes::filled,
   "Run by `/bin/sh -eu -c`. It finds the pids of the spec in PIDNS_PID_ADDRESS."},
  {"env", test, "map name to value", "", into<&Test::env, read_env>, &shapes::env,
   "Variables added to its environment, as for a process."},
  {"cwd", test, "absolute path", "", into<&Test::cwd, read_absolute_path>, &shapes::absolute_path,
   "Working directory inside the node."},
  {"uid", test, "number or name", "", into<&Test::uid, read_identity>, &shapes::identity,
   "User id, as for a process."},
  {"gid", test, "number or name", "", into<&Test::gid, read_identity>, &shapes::identity,
   "Group id, as for a process."},
  {"of", test, "address", "", into<&Test::of, read_nonempty>, &shapes::filled,
   "A process of the spec, instead of a command: `expect` is about how it ended, and what it wrote."},
  {"expect", test, "map", "", into<&Test::expect, read_expectation>, &shapes::expectation,
   "What must have come of it; without it, `{exit: 0}`."},
  {"within", test, "duration", "", into<&Test::within, read_positive_duration>, &shapes::positive_time,
   "Tried again until it holds or this time is over; with `of`, how long its end is waited for (`10s`)."},

  {"exit", expect, "0 to 255", "0", into<&Expectation::exit, read_exit_status>, &shapes::exit_status,
   "The exit status."},
  {"signal", expect, "signal", "", into<&Expectation::signal, read_signal>, &shapes::signal,
   "The signal that killed it."},
  {"stdout", expect, "string or map", "", into<&Expectation::stdout_, read_expected_text>, &shapes::expected_text,
   "What it wrote to standard output: equal to this, after one trailing newline is dropped, or as a map says."},
  {"stderr", expect, "string or map", "", into<&Expectation::stderr_, read_expected_text>, &shapes::expected_text,
   "What it wrote to standard error: equal to this, after one trailing newline is dropped, or as a map says."},

  {"equals", output, "string", "", into<&TextExpectation::equals, read_string>, &shapes::text,
   "The whole of it, after one trailing newline is dropped."},
  {"contains", output, "string", "", into<&TextExpectation::contains, read_nonempty>, &shapes::filled,
   "A part of it."},
  {"matches", output, "regular expression", "", into<&TextExpectation::matches, read_regex>, &shapes::filled,
   "A regular expression of ECMAScript that is found in it."},
  {"lines", output, "list of strings", "", into<&TextExpectation::lines, read_lines>, &shapes::lines,
   "All its lines."},
};

// clang-format on

/// The rows of each level stand together: those of one are found without looking at the others.
struct Rows {
  std::size_t begin = 0;
  std::size_t end = 0;
};
constexpr auto rows = [] {
  std::array<Rows, static_cast<std::size_t>(Level::output) + 1> found{};
  for (std::size_t i = 0; i < std::size(table); ++i) {
    Rows& level = found[static_cast<std::size_t>(table[i].level)];
    if (level.end == 0) level.begin = i;
    level.end = i + 1;
  }
  return found;
}();
constexpr bool together() {
  std::size_t count = 0;
  for (const Rows& level : rows) count += level.end - level.begin;
  return count == std::size(table);
}
static_assert(together(), "a row stands among those of another level");

}  // namespace

std::string_view describe(Level level) noexcept {
  switch (level) {
    case Level::root:
      return "the root of a spec";
    case Level::node:
      return "a node";
    case Level::inherited:
      return "a node or a process";
    case Level::process:
      return "a process";
    case Level::mount_proc:
      return "`mount-proc`";
    case Level::root_tree:
      return "`root`";
    case Level::id_extent:
      return "an element of `uid-map` or `gid-map`";
    case Level::mount:
      return "an element of `mounts`";
    case Level::rlimit:
      return "an entry of `rlimits`";
    case Level::ready:
      return "`ready`";
    case Level::test:
      return "an element of `tests`";
    case Level::expectation:
      return "`expect`";
    case Level::output:
      return "`stdout` or `stderr` in `expect`";
  }
  return "";
}

std::span<const Field> fields() noexcept { return table; }

const Field* find_field(std::string_view name, Level level) noexcept {
  const Rows& own = rows[static_cast<std::size_t>(level)];
  for (std::size_t i = own.begin; i < own.end; ++i)
    if (table[i].name == name) return &table[i];
  return nullptr;
}


}  // namespace pidns
