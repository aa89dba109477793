#pragma once

/// The caller's files about ids: user_namespaces(7), subuid(5), passwd(5).

#include <functional>
#include <string>
#include <vector>

#include "spec/caller_facts.h"

namespace pidns {

/// Calls `take` with each line; with none where the file cannot be read.
void for_each_line(const char* path, const std::function<void(const std::string&)>& take);

/// /proc/PID/uid_map or gid_map.
std::vector<IdRange> read_id_map(const char* path);

/// The name of a user in /etc/passwd; empty where there is none.
std::string user_name(std::uint32_t uid);

/// All lines of /etc/subuid or /etc/subgid for a user, by name or by number, as newuidmap(1) takes them.
std::vector<IdRange> subordinate_ranges(const char* path, std::uint32_t uid, const std::string& name);

}  // namespace pidns
