#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "spec/caller_facts.h"
#include "spec/spec.h"

namespace pidns {

/// Where no PATH is set for a process.
inline constexpr const char* default_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Whether one of the names of `keep-env` is `name`; `*` at the end of one stands for any rest.
bool keeps_variable(std::span<const std::string> keep_env, std::string_view name) noexcept;

/// What execve(2) will look for, where that is the caller's own tree of files: nothing for a script, for
/// a path that depends on the cwd, and where a node around changes what is there. `nodes`: from the
/// root to the process's own.
std::optional<ProgramName> program_of(const ProcessSpec& process, std::span<const Node* const> nodes);

}  // namespace pidns
