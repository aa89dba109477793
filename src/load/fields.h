#pragma once

/// The one table of the language's keys: decoding, and whatever documents them, follow it.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "load/reader.h"
#include "load/shape.h"
#include "spec/spec.h"

namespace pidns {

/// In what kind of map a key stands.
enum class Level : std::uint8_t {
  root,  ///< The root node only.
  node,
  inherited,   ///< A node, or a process of `processes`.
  process,     ///< A process of `processes`, or beside a node's `command` or `script`.
  mount_proc,  ///< `mount-proc` as a map.
  root_tree,   ///< `root` as a map.
  id_extent,   ///< An element of `uid-map` or `gid-map`.
  mount,       ///< An element of `mounts`.
  rlimit,      ///< A limit with `soft` and `hard`.
  ready,
  test,         ///< An element of `tests`.
  expectation,  ///< `expect` of a test.
  output,       ///< What a test expects of `stdout` or `stderr`, as a map.
};

/// "a node", "an entry of `mounts`".
std::string_view describe(Level level) noexcept;

/// What the keys of one map are decoded into. A node with a `command` fills three of them.
struct Target {
  Spec* spec = nullptr;
  Node* node = nullptr;
  Inherited* inherited = nullptr;
  ProcessSpec* process = nullptr;
  MountProc* mount_proc = nullptr;
  Root* root = nullptr;
  IdExtent* extent = nullptr;
  Mount* mount = nullptr;
  Rlimit* rlimit = nullptr;
  Ready* ready = nullptr;
  Test* test = nullptr;
  Expectation* expectation = nullptr;
  TextExpectation* output = nullptr;
};

using Decoder = void (*)(Reader&, const Item&, Target&);

struct Field {
  std::string_view name;
  Level level;
  std::string_view type;      ///< For people: "signal, true or false".
  std::string_view fallback;  ///< The default as it would be written; empty where the doc tells it.
  Decoder decode;        ///< Nothing for what is never decoded.
  const Shape* shape;    ///< What an editor may know of the value.
  std::string_view doc;  ///< For people, in one paragraph.
};

std::span<const Field> fields() noexcept;
const Field* find_field(std::string_view name, Level level) noexcept;

/// Where `key` is `value` (both empty: always), `needed` stands beside it.
struct Presence {
  Level level;
  std::string_view key;
  std::string_view value;
  std::string_view needed;
};
std::span<const Presence> presences_of_keys() noexcept;

/// `key` stands only beside `other`, where that has the value (empty: any).
struct Belonging {
  Level level;
  std::string_view key;
  std::string_view other;
  std::string_view value;
};
std::span<const Belonging> belongings_of_keys() noexcept;

/// Where `other` is `value` (empty: whatever it is), `key` would say nothing and does not stand.
struct Exclusion {
  Level level;
  std::string_view key;
  std::string_view other;
  std::string_view value;
};
std::span<const Exclusion> exclusions_of_keys() noexcept;

/// Keys of one map of which at least one, at most one, or exactly one stands.
struct Group {
  Level level;
  std::span<const std::string_view> keys;
  bool at_least_one;
  bool at_most_one;
};
std::span<const Group> groups_of_keys() noexcept;

}  // namespace pidns
