#pragma once

/// One reader a type of the spec; the table of fields names them. Each gives nothing after a finding.

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "load/fields.h"
#include "load/values.h"
#include "spec/spec.h"

namespace pidns {

template <class T>
using Read = std::optional<T>;
template <class T>
using List = std::vector<Placed<T>>;

// decode_tree.cpp
void decode_pidns(Reader&, const Item&, Target&);
void decode_processes(Reader&, const Item&, Target&);
void decode_namespaces(Reader&, const Item&, Target&);
/// All entries of a map whose keys are those of the given levels.
void decode_entries(Reader& reader, const Item& map, std::span<const Level> levels, Target& target);

// unknown_key.cpp
void report_unknown_key(Reader& reader, const Item& entry, std::span<const Level> levels);
/// Our word for a namespace kind of another tool, or the nearest; empty where nothing is near.
std::string_view suggested_kind(std::string_view word) noexcept;

// decode_namespace_keys.cpp
void decode_unshare(Reader&, const Item&, Target&);
Read<List<JoinTarget>> read_join(Reader&, const Item&);
Read<std::string> read_hostname(Reader&, const Item&);
Read<MountProc> read_mount_proc(Reader&, const Item&);
Read<HidePid> read_hidepid(Reader&, const Item&);
Read<bool> read_subset(Reader&, const Item&);
Read<Propagation> read_propagation(Reader&, const Item&);
Read<KillChild> read_kill_child(Reader&, const Item&);
Read<Init> read_init(Reader&, const Item&);

// decode_ids.cpp
Read<IdMap> read_id_map(Reader&, const Item&);
Read<std::uint32_t> read_id(Reader&, const Item&);
Read<std::uint32_t> read_id_count(Reader&, const Item&);
Read<bool> read_setgroups(Reader&, const Item&);
Read<Identity> read_identity(Reader&, const Item&);
Read<List<Identity>> read_groups(Reader&, const Item&);
Read<Capabilities> read_capabilities(Reader&, const Item&);

// decode_files.cpp
Read<Root> read_root(Reader&, const Item&);
Read<List<Mount>> read_mounts(Reader&, const Item&);
Read<List<std::string>> read_absolute_paths(Reader&, const Item&);
Read<List<Sysctl>> read_sysctls(Reader&, const Item&);

// decode_process_keys.cpp
Read<std::vector<std::string>> read_command(Reader&, const Item&);
Read<std::string> read_script(Reader&, const Item&);
Read<List<EnvironmentEntry>> read_env(Reader&, const Item&);
Read<bool> read_clear_env(Reader&, const Item&);
Read<std::vector<std::string>> read_keep_env(Reader&, const Item&);
Read<Stream> read_stream(Reader&, const Item&);
Read<Terminal> read_terminal(Reader&, const Item&);
Read<List<int>> read_pass_fds(Reader&, const Item&);
Read<int> read_nice(Reader&, const Item&);
Read<int> read_oom_score_adj(Reader&, const Item&);
Read<std::uint32_t> read_replicas(Reader&, const Item&);

// decode_limits.cpp
Read<List<Rlimit>> read_rlimits(Reader&, const Item&);
Read<std::uint64_t> read_limit(Reader&, const Item&);

// decode_tests.cpp
Read<List<Test>> read_tests(Reader&, const Item&);
Read<Expectation> read_expectation(Reader&, const Item&);
Read<int> read_exit_status(Reader&, const Item&);
Read<TextExpectation> read_expected_text(Reader&, const Item&);
Read<std::string> read_regex(Reader&, const Item&);
Read<std::vector<std::string>> read_lines(Reader&, const Item&);

// decode_ready.cpp
Read<Ready> read_ready(Reader&, const Item&);
Read<List<Dependency>> read_depends_on(Reader&, const Item&);

}  // namespace pidns
