#pragma once

/// The longer arguments of steps in words, for describe().

#include <string>
#include <vector>

#include "plan/step.h"

namespace pidns {

std::string identity_text(const Identity& identity);
/// The extents, which say what holds: `0=1000 (10)`; `none` without any.
std::string id_map_text(const ResolvedIdMap& map);
/// A resource limit's value.
std::string limit_text(std::uint64_t value);
/// At least four digits, as chmod(1) writes modes.
std::string octal(unsigned number);
/// ` (ro, nosuid)`; empty for none.
std::string options_text(const std::vector<std::string>& options);
std::string mount_text(const Mount& mount);
std::string root_text(const Root& root);

}  // namespace pidns
