#pragma once

/// The spec as values: what ../load decodes, ../check judges and ../plan compiles. Plain types
/// without behaviour; an absent key is an absent Setting, defaults are the planner's.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "spec/namespace_kind.h"
#include "spec/setting.h"

namespace pidns {

using Duration = std::chrono::nanoseconds;

enum class Propagation : std::uint8_t { private_, slave, shared, unchanged };
enum class HidePid : std::uint8_t { off, noaccess, invisible, ptraceable };

/// `mount-proc`. An empty target means `mount-proc: false`.
struct MountProc {
  std::string target;
  std::optional<HidePid> hidepid;
  bool subset_pid = false;
};

/// `kill-child`: 0 means `false`.
struct KillChild {
  int signal = 0;
};

/// `init`: a bool, or the name of the process that is PID 1.
using Init = std::variant<bool, std::string>;

struct IdExtent {
  std::uint32_t inside = 0;
  std::uint32_t outside = 0;
  std::uint32_t count = 0;
};
enum class IdMapKind : std::uint8_t { root, current, all, automatic, none, list };
struct IdMap {
  IdMapKind kind = IdMapKind::root;
  std::vector<Placed<IdExtent>> extents;  ///< For `list` only.
};

/// `root`: a directory, an empty tmpfs, or a throw-away overlay of `path`.
struct Root {
  enum class Type : std::uint8_t { directory, tmpfs, overlay };
  Type type = Type::directory;
  std::string path;  ///< The directory, or the overlay's lower one; empty for a tmpfs.
  std::vector<std::string> options;
};

/// One entry of `mounts`. Which members have a meaning depends on `type`, as in the language document.
struct Mount {
  std::string type;
  std::string source;  ///< For `symlink` the link's text.
  std::string target;
  std::vector<std::string> options;
  std::string content;  ///< For `file`.
  std::optional<bool> create;
  std::optional<unsigned> mode;
  bool optional = false;
};

/// A namespace to enter: of a process, or by the path of a namespace file.
struct JoinTarget {
  NamespaceKind kind = NamespaceKind::pid;
  std::variant<std::int64_t, std::string> target;
};

struct Sysctl {
  std::string name;  ///< With dots, as in sysctl(8).
  std::string value;
};

/// `env`: a value, or nothing where `null` removes the variable.
struct EnvironmentEntry {
  std::string name;
  std::optional<std::string> value;
};

/// `uid`, `gid`, an element of `groups`: a number, or a name to be looked up in the node's root.
using Identity = std::variant<std::uint32_t, std::string>;

struct Rlimit {
  std::string name;        ///< As in a spec: `nofile`.
  int resource = 0;        ///< RLIMIT_…
  std::uint64_t soft = 0;  ///< RLIM_INFINITY for `unlimited`.
  std::uint64_t hard = 0;
};

/// `stdin`, `stdout`, `stderr`: `inherit` when absent.
struct Stream {
  bool null = false;
  std::string path;  ///< Empty for `inherit` and `null`.
};

enum class Terminal : std::uint8_t { inherit, none, new_ };

struct Capabilities {
  bool all = false;
  std::vector<Placed<std::string>> names;  ///< `CAP_NET_RAW`, upper case.
};

enum class Condition : std::uint8_t { automatic, started, ready, exited, succeeded };
struct Dependency {
  std::string address;
  Condition condition = Condition::automatic;
};

struct Ready {
  enum class Probe : std::uint8_t { command, script, path, tcp, output };
  Probe probe = Probe::command;
  std::vector<std::string> command;
  std::string text;  ///< The script, the path or the regular expression.
  std::uint16_t port = 0;
  Duration within = std::chrono::seconds(30);
  Duration every = std::chrono::milliseconds(100);

  friend bool operator==(const Ready&, const Ready&) = default;
};

/// The keys that a node hands down to its processes and to everything nested in it.
struct Inherited {
  Setting<std::vector<Placed<EnvironmentEntry>>> env;
  Setting<bool> clear_env;
  Setting<std::vector<std::string>> keep_env;
  Setting<std::string> cwd;
  Setting<unsigned> umask;
  Setting<std::vector<Placed<Rlimit>>> rlimits;
};

/// One process of a node: an entry of `processes`, or the node's own `command` or `script`.
struct ProcessSpec {
  std::string name;  ///< Empty for a node's own command or script.
  Place place;       ///< Of its name in `processes`, or of `command` or `script`.
  Setting<std::vector<std::string>> command;
  Setting<std::string> argv0;
  Setting<std::string> script;
  Inherited own;  ///< For an entry of `processes`; a node's own process has them on the node.
  Setting<Identity> uid;
  Setting<Identity> gid;
  Setting<std::vector<Placed<Identity>>> groups;
  Setting<Capabilities> capabilities;
  Setting<bool> no_new_privs;
  Setting<int> nice;
  Setting<int> oom_score_adj;
  Setting<Stream> stdin_;
  Setting<Stream> stdout_;
  Setting<Stream> stderr_;
  Setting<Terminal> terminal;
  Setting<std::vector<Placed<int>>> pass_fds;
  Setting<Duration> timeout;
  Setting<int> stop_signal;
  Setting<Duration> stop_timeout;
  Setting<std::vector<Placed<Dependency>>> depends_on;
  Setting<Ready> ready;
  Setting<bool> main;
  Setting<std::uint32_t> replicas;
};

/// A level of the nesting.
struct Node {
  std::string name;  ///< Empty for the root.
  Place place;       ///< Of its name in `namespaces`; for the root, of `pidns`.
  Setting<NamespaceSet> unshare;
  /// Each kind with its place; absent for `all`, empty where `unshare` could not be read.
  Setting<std::vector<Placed<NamespaceKind>>> unshare_words;
  Setting<std::vector<Placed<JoinTarget>>> join;
  Setting<std::string> hostname;
  Setting<std::string> domainname;
  Setting<MountProc> mount_proc;
  Setting<Propagation> propagation;
  Setting<KillChild> kill_child;
  Setting<Init> init;
  Setting<IdMap> uid_map;
  Setting<IdMap> gid_map;
  Setting<bool> setgroups;  ///< true: `allow`.
  Setting<Duration> monotonic;
  Setting<Duration> boottime;
  Setting<bool> loopback;
  Setting<Root> root;
  Setting<bool> read_only_root;
  Setting<std::vector<Placed<Mount>>> mounts;
  Setting<std::vector<Placed<std::string>>> masked_paths;
  Setting<std::vector<Placed<std::string>>> read_only_paths;
  Setting<std::vector<Placed<Sysctl>>> sysctls;
  Setting<std::uint32_t> replicas;
  Inherited defaults;
  std::vector<ProcessSpec> processes;  ///< In document order; exactly one unnamed for `command` or `script`.
  std::vector<Node> namespaces;        ///< In document order.

  /// The kinds of `unshare`, empty without it.
  [[nodiscard]] NamespaceSet unshared() const { return unshare ? *unshare : NamespaceSet{}; }
  [[nodiscard]] bool makes(NamespaceKind kind) const { return unshare && unshare->has(kind); }
};

/// What a test expects of one output, all of what is there.
struct TextExpectation {
  std::optional<std::string> equals;  ///< After one trailing newline of the output is dropped.
  std::optional<std::string> contains;
  std::optional<std::string> matches;  ///< A regular expression of ECMAScript, known to be one.
  std::optional<std::vector<std::string>> lines;
};

/// `expect`. Neither `exit` nor `signal`: `exit: 0`.
struct Expectation {
  Setting<int> exit;
  Setting<int> signal;
  Setting<TextExpectation> stdout_;
  Setting<TextExpectation> stderr_;
};

/// An entry of `tests`: exactly one of `command`, `script` and `of` where it has no finding.
struct Test {
  Setting<std::string> name;
  Setting<std::string> in;  ///< The address of a node.
  Setting<std::vector<std::string>> command;
  Setting<std::string> script;
  Setting<std::vector<Placed<EnvironmentEntry>>> env;
  Setting<std::string> cwd;
  Setting<Identity> uid;
  Setting<Identity> gid;
  Setting<std::string> of;  ///< The address of a process, whose end is looked at.
  Setting<Expectation> expect;
  Setting<Duration> within;
};

/// A whole document.
struct Spec {
  Setting<std::string> name;
  Setting<std::string> description;
  Setting<std::vector<Placed<Test>>> tests;
  bool root_is_empty = false;  ///< No key of the root asks for a process; refused unless arguments come.
  Node root;
};

}  // namespace pidns
