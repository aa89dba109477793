#include "run/machine_facts.h"

#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "check/programs.h"
#include "run/id_files.h"

namespace pidns {
namespace {

constexpr mode_t any_execute = S_IXUSR | S_IXGRP | S_IXOTH;

/// Calls `take` with each place where execvp(3) would look, until it answers true.
template <class Take>
void each_candidate(const ProgramName& program, Take&& take) {
  if (program.name[0] == '/') {
    take(program.name);
    return;
  }
  const char* own = std::getenv("PATH");
  const std::string path = program.path ? *program.path : own != nullptr ? own : default_path;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    // An empty element is the process's cwd, of which nothing is known here.
    if (end > begin && take(path.substr(begin, end - begin) + '/' + program.name)) return;
    begin = end + 1;
  }
}

FoundProgram look_for(const ProgramName& program) {
  FoundProgram found;
  found.program = program;
  each_candidate(program, [&](const std::string& file) {
    struct stat about {};
    if (::stat(file.c_str(), &about) < 0) {
      // What cannot be looked at may be there.
      found.executable = found.executable || (errno != ENOENT && errno != ENOTDIR);
      if (found.executable) found.file = file;
      return found.executable;
    }
    found.file = file;
    found.executable = S_ISREG(about.st_mode) && (about.st_mode & any_execute) != 0;
    if (!found.executable) return false;
    if ((about.st_mode & S_ISUID) != 0) found.set_user_id = about.st_uid;
    found.set_group_id = (about.st_mode & S_ISGID) != 0 && (about.st_mode & S_IXGRP) != 0;
    found.has_capabilities = ::getxattr(file.c_str(), "security.capability", nullptr, 0) > 0;
    return true;
  });
  return found;
}

bool on_path(const char* name) { return look_for({name, {}}).executable; }

std::uint64_t number_in(const std::string& path, std::uint64_t fallback) {
  for_each_line(path.c_str(), [&](const std::string& line) {
    if (!line.empty() && line[0] >= '0' && line[0] <= '9') fallback = std::strtoull(line.c_str(), nullptr, 10);
  });
  return fallback;
}

/// proc_pid_mountinfo(5): calls `take` with the mount point of each line (with octal escapes for blanks,
/// which no test of a prefix minds unless the tree has one itself) and what stands behind it.
template <class Take>
void each_mount(Take&& take) {
  for_each_line("/proc/self/mountinfo", [&](const std::string& line) {
    std::string_view rest = line;
    for (int field = 1; field < 5; ++field) rest.remove_prefix(std::min(rest.find(' ') + 1, rest.size()));
    const std::size_t end = std::min(rest.find(' '), rest.size());
    take(rest.substr(0, end), rest.substr(end));
  });
}

std::vector<std::string> mount_points() {
  std::vector<std::string> points;
  each_mount([&](std::string_view point, std::string_view) { points.emplace_back(point); });
  return points;
}

/// Among the optional fields, which ` - ` ends, `shared:N` stands for a peer group.
bool root_is_shared() {
  bool shared = false;
  each_mount([&](std::string_view point, std::string_view rest) {
    // What is mounted last on `/` is what is seen there.
    if (point == "/") shared = rest.find(" shared:") < rest.find(" - ");
  });
  return shared;
}

bool has_mounts_below(const std::string& tree, const std::vector<std::string>& points) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(tree.c_str(), nullptr), std::free);
  if (!real) return false;
  std::string begin = real.get();
  if (!begin.ends_with('/')) begin += '/';
  for (const std::string& point : points)
    if (point.size() > begin.size() && point.starts_with(begin)) return true;
  return false;
}

}  // namespace

void gather_machine_facts(const FactNeeds& needs, CallerFacts& facts) {
  if (needs.map_helpers && !(facts.has_capability(CAP_SETUID) && facts.has_capability(CAP_SETGID)))
    facts.has_map_helpers = on_path("newuidmap") && on_path("newgidmap");
  if (needs.user_namespaces && !facts.has_capability(CAP_SYS_ADMIN)) {
    facts.may_make_user = number_in("/proc/sys/kernel/unprivileged_userns_clone", 1) != 0;
    facts.user_is_confined = number_in("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0) != 0;
  }
  if (needs.namespace_limits)
    for (const auto& row : namespace_kinds) {
      auto& most = facts.most_namespaces[static_cast<std::size_t>(row.kind)];
      most = number_in("/proc/sys/user/max_" + std::string(row.proc_name) + "_namespaces", most);
    }
  facts.root_is_shared = needs.root_propagation && root_is_shared();
  if (!needs.trees.empty()) {
    const std::vector<std::string> points = mount_points();
    for (const std::string& tree : needs.trees)
      if (has_mounts_below(tree, points)) facts.trees_with_mounts.push_back(tree);
  }
  for (const ProgramName& program : needs.programs) facts.programs.push_back(look_for(program));
}

}  // namespace pidns
