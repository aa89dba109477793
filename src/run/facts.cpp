#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstring>
#include <string>

#include "run/id_files.h"
#include "run/run.h"
#include "sys/raw.h"

namespace pidns {
namespace {

// The inodes that the kernel gives to the initial namespaces: include/linux/proc_ns.h.
constexpr ino_t initial_pid_namespace = 0xEFFFFFFC;
constexpr ino_t initial_user_namespace = 0xEFFFFFFD;

std::uint64_t effective_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  if (raw::call(SYS_capget, raw::ptr(&header), raw::ptr(data)) < 0) return 0;
  return std::uint64_t{data[1].effective} << 32 | data[0].effective;
}

bool is_initial(const char* path, ino_t inode) {
  struct stat found {};
  return ::stat(path, &found) == 0 && found.st_ino == inode;
}

/// The columns of NSpid beyond the first: what the caller's /proc can tell of its level.
std::optional<unsigned> pid_level() {
  if (is_initial("/proc/self/ns/pid", initial_pid_namespace)) return 0;
  std::FILE* file = std::fopen("/proc/self/status", "re");
  if (file == nullptr) return std::nullopt;
  std::optional<unsigned> level;
  char line[1024];
  while (std::fgets(line, sizeof line, file) != nullptr) {
    if (std::strncmp(line, "NSpid:", 6) != 0) continue;
    unsigned columns = 0;
    for (const char* at = line; *at != '\0'; ++at)
      if (*at == '\t') ++columns;
    // Not the initial one: at least one level, however few columns this /proc shows.
    level = columns > 1 ? columns - 1 : 1;
  }
  std::fclose(file);
  return level;
}

/// mountinfo: fields 5 and 7 onwards, where `shared:N` stands for a peer group: proc_pid_mountinfo(5).
bool root_is_shared() {
  bool shared = false;
  for_each_line("/proc/self/mountinfo", [&](const std::string& line) {
    std::size_t at = 0;
    for (int field = 1; field < 5 && at != std::string::npos; ++field) at = line.find(' ', at + (field > 1 ? 1 : 0));
    // What is mounted last on `/` is what is seen there.
    if (at != std::string::npos && line.compare(at, 3, " / ") == 0)
      shared = line.find(" shared:", at) < line.find(" - ", at);
  });
  return shared;
}

}  // namespace

CallerFacts gather_caller_facts(const FactNeeds& needs) {
  CallerFacts facts;
  facts.uid = ::geteuid();
  facts.gid = ::getegid();
  facts.capabilities = effective_capabilities();
  facts.pid_level = pid_level();
  facts.user_level = is_initial("/proc/self/ns/user", initial_user_namespace) ? 0 : 1;
  char directory[PATH_MAX];
  facts.cwd = ::getcwd(directory, sizeof directory) != nullptr && directory[0] == '/' ? directory : "";
  if (needs.id_maps) {
    facts.uid_map = read_id_map("/proc/self/uid_map");
    facts.gid_map = read_id_map("/proc/self/gid_map");
  }
  if (needs.subordinate_ids) {
    const std::string name = user_name(facts.uid);
    facts.subuid = subordinate_ranges("/etc/subuid", facts.uid, name);
    facts.subgid = subordinate_ranges("/etc/subgid", facts.uid, name);
  }
  facts.root_is_shared = needs.root_propagation && root_is_shared();
  return facts;
}

void guard_standard_descriptors() noexcept {
  for (int descriptor = 0; descriptor < 3; ++descriptor)
    // O_PATH can be neither read nor written: for us, too, it stays closed. CLOEXEC: for the command.
    if (::fcntl(descriptor, F_GETFD) < 0) ::open("/", O_PATH | O_CLOEXEC);
}

}  // namespace pidns
