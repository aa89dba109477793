/// Which keys of a map must, can or cannot stand beside one another.

#include "load/fields.h"

namespace pidns {
namespace {

// clang-format off
constexpr Presence presences[] = {
  // level, where this key, is this value, this key stands, too
  {Level::root, "", "", "pidns"},
  {Level::root_tree, "", "", "type"},
  {Level::root_tree, "type", "overlay", "lower"},
  {Level::id_extent, "", "", "inside"},
  {Level::id_extent, "", "", "outside"},
  {Level::id_extent, "", "", "count"},
  {Level::mount, "", "", "type"},
  {Level::mount, "", "", "target"},
  {Level::mount, "type", "bind", "source"},
  {Level::mount, "type", "symlink", "source"},
  {Level::mount, "type", "file", "content"},
  {Level::rlimit, "", "", "soft"},
  {Level::rlimit, "", "", "hard"},
  {Level::test, "", "", "name"},
};

constexpr Belonging belongings[] = {
  // level, this key stands only where, this key, is this value
  {Level::mount, "content", "type", "file"},
  {Level::root_tree, "lower", "type", "overlay"},
  {Level::root_tree, "options", "type", "tmpfs"},
  {Level::process, "argv0", "command", ""},
};

constexpr Exclusion exclusions[] = {
  // level, this key does not stand where, this key, is this value
  {Level::mount, "options", "type", "symlink"},
  {Level::mount, "options", "type", "dir"},
  {Level::mount, "options", "type", "file"},
  {Level::mount, "mode", "type", "symlink"},
  {Level::mount, "source", "type", "dir"},
  {Level::mount, "source", "type", "file"},
  {Level::mount, "source", "type", "dev"},
  {Level::mount, "optional", "type", "symlink"},
  {Level::mount, "optional", "type", "dir"},
  {Level::mount, "optional", "type", "file"},
  {Level::mount, "optional", "type", "dev"},
  {Level::test, "in", "of", ""},
  {Level::test, "env", "of", ""},
  {Level::test, "cwd", "of", ""},
  {Level::test, "uid", "of", ""},
  {Level::test, "gid", "of", ""},
};

constexpr std::string_view one_program[] = {"command", "script"};
constexpr std::string_view one_way[] = {"command", "script", "processes"};
constexpr std::string_view content[] = {"command", "script", "processes", "namespaces"};
constexpr std::string_view probes[] = {"command", "script", "path", "tcp", "output"};
constexpr std::string_view what_is_tested[] = {"command", "script", "of"};
constexpr std::string_view expected[] = {"exit", "signal", "stdout", "stderr"};
constexpr std::string_view ends[] = {"exit", "signal"};
constexpr std::string_view of_output[] = {"equals", "contains", "matches", "lines"};
constexpr Group groups[] = {
  // level, keys, at least one, at most one
  {Level::process, one_program, true, true},
  {Level::node, one_way, false, true},
  {Level::node, content, true, false},
  {Level::ready, probes, true, true},
  {Level::test, what_is_tested, true, true},
  {Level::expectation, expected, true, false},
  {Level::expectation, ends, false, true},
  {Level::output, of_output, true, false},
};
// clang-format on

}  // namespace

std::span<const Presence> presences_of_keys() noexcept { return presences; }
std::span<const Belonging> belongings_of_keys() noexcept { return belongings; }
std::span<const Exclusion> exclusions_of_keys() noexcept { return exclusions; }
std::span<const Group> groups_of_keys() noexcept { return groups; }

}  // namespace pidns
