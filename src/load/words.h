#pragma once

/// The words and ranges that a value of the language is one of: decoders read by them, and what
/// documents the language shows them.

#include <sys/resource.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "spec/namespace_kind.h"

namespace pidns {

/// Both ends belong to it.
struct Range {
  std::int64_t least;
  std::int64_t most;
};

/// A resource limit, by its name in prlimit(1) and limits.conf(5).
struct RlimitRow {
  std::string_view name;
  int resource;
};
inline constexpr std::array rlimit_rows{
    RlimitRow{"as", RLIMIT_AS},
    RlimitRow{"core", RLIMIT_CORE},
    RlimitRow{"cpu", RLIMIT_CPU},
    RlimitRow{"data", RLIMIT_DATA},
    RlimitRow{"fsize", RLIMIT_FSIZE},
    RlimitRow{"locks", RLIMIT_LOCKS},
    RlimitRow{"memlock", RLIMIT_MEMLOCK},
    RlimitRow{"msgqueue", RLIMIT_MSGQUEUE},
    RlimitRow{"nice", RLIMIT_NICE},
    RlimitRow{"nofile", RLIMIT_NOFILE},
    RlimitRow{"nproc", RLIMIT_NPROC},
    RlimitRow{"rss", RLIMIT_RSS},
    RlimitRow{"rtprio", RLIMIT_RTPRIO},
    RlimitRow{"rttime", RLIMIT_RTTIME},
    RlimitRow{"sigpending", RLIMIT_SIGPENDING},
    RlimitRow{"stack", RLIMIT_STACK},
};

namespace vocabulary {

template <class Rows>
constexpr auto names_of(const Rows& rows) {
  std::array<std::string_view, std::tuple_size_v<Rows>> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = rows[i].name;
  return names;
}

// Where an enumeration of the spec stands behind the words, they are in its order.
inline constexpr auto kinds = names_of(namespace_kinds);
inline constexpr auto rlimits = names_of(rlimit_rows);
inline constexpr std::string_view all[] = {"all"};
inline constexpr std::string_view propagation[] = {"private", "slave", "shared", "unchanged"};
inline constexpr std::string_view hidepid[] = {"off", "noaccess", "invisible", "ptraceable"};
inline constexpr std::string_view subset[] = {"pid"};
inline constexpr std::string_view id_map[] = {"root", "current", "all", "auto", "none"};
inline constexpr std::string_view setgroups[] = {"deny", "allow"};
inline constexpr std::string_view root_type[] = {"tmpfs", "overlay"};
/// Those that the language names; any other filesystem may stand there, too.
inline constexpr std::string_view mount_type[] = {"bind",    "tmpfs", "proc",    "sysfs", "devpts", "mqueue",
                                                  "overlay", "dev",   "symlink", "dir",   "file"};
inline constexpr std::string_view terminal[] = {"inherit", "none", "new"};
inline constexpr std::string_view stream[] = {"inherit", "null"};
inline constexpr std::string_view unlimited[] = {"unlimited"};
inline constexpr std::string_view condition[] = {"started", "ready", "exited", "succeeded"};

}  // namespace vocabulary

namespace range {

/// 2^32 - 1 means "no change" to setresuid(2) and is no id.
inline constexpr Range id{0, 0xfffffffe};
inline constexpr Range id_count{1, 0xffffffff};
inline constexpr Range pid{1, 4'194'304};
inline constexpr Range nice{-20, 19};
inline constexpr Range oom_score_adj{-1000, 1000};
inline constexpr Range replicas{1, 10'000};
inline constexpr Range passed_descriptor{3, 1'048'575};
inline constexpr Range limit{0, 1'000'000'000'000'000'000};
inline constexpr Range port{1, 65'535};
inline constexpr Range exit_status{0, 255};

}  // namespace range

inline constexpr std::size_t longest_name = 63;
inline constexpr std::size_t longest_hostname = 64;  ///< __NEW_UTS_LEN
inline constexpr std::int64_t language_version = 1;

}  // namespace pidns
