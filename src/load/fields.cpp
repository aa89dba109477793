#include "load/fields.h"

#include <array>

#include "load/decode.h"

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

// Flip these, row by row, when the rest of the program has learned the key.
constexpr bool yes = true;
constexpr bool not_yet = false;

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

// clang-format off
constexpr Field table[] = {
  // name, level, type, default, doc, supported, decoder
  {"pidns", root_, "1", "", "version of the language", yes, decode_pidns},
  {"name", root_, "name", "the file's name", "the instance's name for ps, exec, kill, stop", yes, into<&Spec::name, read_name>},
  {"description", root_, "string", "", "free text", yes, into<&Spec::description, read_string>},
  {"tests", root_, "list of tests", "", "what `pidns test` runs", not_yet, nullptr},

  {"unshare", node_, "kind, list of kinds, or all", "", "namespaces made new for this node", yes, decode_unshare},
  {"join", node_, "map kind to pid or path", "", "namespaces entered instead of made", yes, into<&Node::join, read_join>},
  {"hostname", node_, "string", "", "host name in the new uts namespace", yes, into<&Node::hostname, read_hostname>},
  {"domainname", node_, "string", "", "NIS domain name in the new uts namespace", yes, into<&Node::domainname, read_hostname>},
  {"mount-proc", node_, "bool, path, or map", "false", "a fresh procfs of the processes' pid namespace", yes, into<&Node::mount_proc, read_mount_proc>},
  {"propagation", node_, "private, slave, shared or unchanged", "private", "propagation of / when mount is made new", yes, into<&Node::propagation, read_propagation>},
  {"kill-child", node_, "signal or bool", "true", "signal to the first process when its maker dies", yes, into<&Node::kill_child, read_kill_child>},
  {"init", node_, "bool or name", "", "who is PID 1 of the new pid namespace", yes, into<&Node::init, read_init>},
  {"uid-map", node_, "word or list of extents", "root", "user ids of the new user namespace", yes, into<&Node::uid_map, read_id_map>},
  {"gid-map", node_, "word or list of extents", "root", "group ids of the new user namespace", yes, into<&Node::gid_map, read_id_map>},
  {"setgroups", node_, "allow or deny", "", "whether setgroups(2) is allowed in the user namespace", yes, into<&Node::setgroups, read_setgroups>},
  {"monotonic", node_, "duration", "", "offset of CLOCK_MONOTONIC", yes, into<&Node::monotonic, read_signed_duration>},
  {"boottime", node_, "duration", "", "offset of CLOCK_BOOTTIME", yes, into<&Node::boottime, read_signed_duration>},
  {"loopback", node_, "bool", "true", "bring lo up in the new net namespace", yes, into<&Node::loopback, read_bool>},
  {"root", node_, "directory or map", "", "what becomes / of this node", yes, into<&Node::root, read_root>},
  {"read-only-root", node_, "bool", "false", "the mount at / made read-only", yes, into<&Node::read_only_root, read_bool>},
  {"mounts", node_, "list of mounts", "", "mounts, in order", yes, into<&Node::mounts, read_mounts>},
  {"masked-paths", node_, "list of absolute paths", "", "paths covered by nothing", yes, into<&Node::masked_paths, read_absolute_paths>},
  {"read-only-paths", node_, "list of absolute paths", "", "paths made read-only", yes, into<&Node::read_only_paths, read_absolute_paths>},
  {"sysctls", node_, "map name to value", "", "kernel parameters of this node's namespaces", yes, into<&Node::sysctls, read_sysctls>},
  {"processes", node_, "map name to process", "", "several processes", yes, decode_processes},
  {"namespaces", node_, "map name to node", "", "nested nodes", yes, decode_namespaces},
  {"replicas", node_, "1 to 10000", "1", "so many copies", not_yet, into<&Node::replicas, read_replicas>},

  {"env", down, "map name to value", "", "added to the caller's environment", yes, into<&Inherited::env, read_env>},
  {"clear-env", down, "bool", "false", "start from nothing but env", yes, into<&Inherited::clear_env, read_clear_env>},
  {"keep-env", down, "list of names", "", "what survives clear-env", yes, into<&Inherited::keep_env, read_keep_env>},
  {"cwd", down, "absolute path", "the caller's", "working directory", yes, into<&Inherited::cwd, read_absolute_path>},
  {"umask", down, "octal string", "", "file mode creation mask", yes, into<&Inherited::umask, read_octal>},
  {"rlimits", down, "map name to value", "", "resource limits", yes, into<&Inherited::rlimits, read_rlimits>},

  {"command", proc, "list of strings", "", "argv", yes, into<&ProcessSpec::command, read_command>},
  {"script", proc, "string", "", "run by /bin/sh -eu -c", yes, into<&ProcessSpec::script, read_script>},
  {"argv0", proc, "string", "", "what the program sees as argv[0]", yes, into<&ProcessSpec::argv0, read_string>},
  {"uid", proc, "number or name", "", "user id of the process", yes, into<&ProcessSpec::uid, read_identity>},
  {"gid", proc, "number or name", "", "group id of the process", yes, into<&ProcessSpec::gid, read_identity>},
  {"groups", proc, "list of numbers and names", "", "supplementary groups", yes, into<&ProcessSpec::groups, read_groups>},
  {"capabilities", proc, "list of names, or all", "", "capabilities to keep", yes, into<&ProcessSpec::capabilities, read_capabilities>},
  {"no-new-privs", proc, "bool", "false", "no privileges gained by exec", yes, into<&ProcessSpec::no_new_privs, read_bool>},
  {"nice", proc, "-20 to 19", "", "nice value", yes, into<&ProcessSpec::nice, read_nice>},
  {"oom-score-adj", proc, "-1000 to 1000", "", "who goes first when memory is short", yes, into<&ProcessSpec::oom_score_adj, read_oom_score_adj>},
  {"stdin", proc, "inherit, null or path", "inherit", "standard input", yes, into<&ProcessSpec::stdin_, read_stream>},
  {"stdout", proc, "inherit, null or path", "inherit", "standard output", yes, into<&ProcessSpec::stdout_, read_stream>},
  {"stderr", proc, "inherit, null or path", "inherit", "standard error", yes, into<&ProcessSpec::stderr_, read_stream>},
  {"terminal", proc, "inherit, none or new", "inherit", "controlling terminal", yes, into<&ProcessSpec::terminal, read_terminal>},
  {"pass-fds", proc, "list of numbers from 3", "", "descriptors of the caller that stay open", yes, into<&ProcessSpec::pass_fds, read_pass_fds>},
  {"timeout", proc, "duration", "", "ended after this time", yes, into<&ProcessSpec::timeout, read_positive_duration>},
  {"stop-signal", proc, "signal", "SIGTERM", "how it is asked to end", yes, into<&ProcessSpec::stop_signal, read_signal>},
  {"stop-timeout", proc, "duration", "10s", "how long it has before SIGKILL", yes, into<&ProcessSpec::stop_timeout, read_duration>},
  {"depends-on", proc, "list of addresses, or map", "", "what must be there first", not_yet, into<&ProcessSpec::depends_on, read_depends_on>},
  {"ready", proc, "map with one probe", "", "when it counts as ready", not_yet, into<&ProcessSpec::ready, read_ready>},
  {"main", proc, "bool", "false", "the run ends with it", not_yet, into<&ProcessSpec::main, read_bool>},

  {"target", mproc, "absolute path", "/proc", "where it is mounted", yes, into<&MountProc::target, read_absolute_path>},
  {"hidepid", mproc, "off, noaccess, invisible or ptraceable", "off", "whose processes are seen", yes, into<&MountProc::hidepid, read_hidepid>},
  {"subset", mproc, "pid", "", "only the part about processes", yes, into<&MountProc::subset_pid, read_subset>},

  {"type", tree, "tmpfs or overlay", "", "what kind of root", yes, nullptr},
  {"lower", tree, "directory", "", "the overlay's lower directory", yes, into<&Root::path, read_nonempty>},
  {"options", tree, "list of mount words", "", "mount options of the tmpfs", yes, into<&Root::options, read_strings>},

  {"inside", extent, "id", "", "first id inside", yes, into<&IdExtent::inside, read_id>},
  {"outside", extent, "id", "", "first id in the parent's user namespace", yes, into<&IdExtent::outside, read_id>},
  {"count", extent, "number from 1", "", "how many ids", yes, into<&IdExtent::count, read_id_count>},

  {"type", mount, "bind, tmpfs, proc, … or any filesystem", "", "what is mounted", yes, into<&Mount::type, read_nonempty>},
  {"source", mount, "string", "", "what a bind or link shows, or the filesystem's device", yes, into<&Mount::source, read_nonempty>},
  {"target", mount, "absolute path", "", "where it is mounted", yes, into<&Mount::target, read_absolute_path>},
  {"options", mount, "list of mount words", "", "as mount(8) has them", yes, into<&Mount::options, read_strings>},
  {"content", mount, "string", "", "what a file holds", yes, into<&Mount::content, read_string>},
  {"create", mount, "bool", "", "make a missing target", yes, into<&Mount::create, read_bool>},
  {"mode", mount, "octal string", "", "mode of what is made", yes, into<&Mount::mode, read_octal>},
  {"optional", mount, "bool", "false", "skipped where the source does not exist", yes, into<&Mount::optional, read_bool>},

  {"soft", limit, "number or unlimited", "", "the soft limit", yes, into<&Rlimit::soft, read_limit>},
  {"hard", limit, "number or unlimited", "", "the hard limit", yes, into<&Rlimit::hard, read_limit>},

  {"command", ready_, "list of strings", "", "ready when it exits with 0", yes, nullptr},
  {"script", ready_, "string", "", "ready when it exits with 0", yes, nullptr},
  {"path", ready_, "absolute path", "", "ready when it exists", yes, nullptr},
  {"tcp", ready_, "port", "", "ready when it accepts connections", yes, nullptr},
  {"output", ready_, "regular expression", "", "ready when it has written this", yes, nullptr},
  {"within", ready_, "duration", "30s", "how long it may take", yes, nullptr},
  {"every", ready_, "duration", "100ms", "time between probes", yes, nullptr},
};

constexpr ValueField values[] = {
  {"unshare", "user", yes},
  {"unshare", "time", yes},
  {"unshare", "all", yes},
  {"init", "NAME", yes},
  {"mount-proc", "map", yes},
  {"terminal", "new", not_yet},
};
// clang-format on

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
  }
  return "";
}

std::span<const Field> fields() noexcept { return table; }

const Field* find_field(std::string_view name, Level level) noexcept {
  for (const Field& field : table)
    if (field.level == level && field.name == name) return &field;
  return nullptr;
}

std::span<const ValueField> value_fields() noexcept { return values; }

bool value_supported(std::string_view key, std::string_view value) noexcept {
  for (const ValueField& field : values)
    if (field.key == key && field.value == value) return field.supported;
  return true;
}

}  // namespace pidns
