#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "run/id_files.h"
#include "run/machine_facts.h"
#include "run/run.h"
#include "state/machine.h"
#include "sys/raw.h"

namespace pidns {
namespace {

/// The inode of the machine's first user namespace: include/linux/proc_ns.h.
constexpr ino_t initial_user_namespace = 0xEFFFFFFD;

void gather_capabilities(CallerFacts& facts) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  raw::call(SYS_capget, raw::ptr(&header), raw::ptr(data));
  facts.capabilities = std::uint64_t{data[1].effective} << 32 | data[0].effective;
  facts.permitted = std::uint64_t{data[1].permitted} << 32 | data[0].permitted;
}

std::uint64_t bounding_capabilities() {
  std::uint64_t set = 0;
  for (unsigned number = 0; number < 64; ++number) {
    const int in = ::prctl(PR_CAPBSET_READ, number, 0, 0, 0);
    if (in < 0) break;
    set |= std::uint64_t{in == 1} << number;
  }
  return set;
}

void gather_limits(CallerFacts& facts) {
  for (std::size_t resource = 0; resource < facts.hard_limits.size(); ++resource) {
    rlimit limit{};
    if (::getrlimit(static_cast<__rlimit_resource>(resource), &limit) < 0) continue;
    facts.hard_limits[resource] = limit.rlim_max;
    if (resource == RLIMIT_NICE) facts.nice_limit = limit.rlim_cur;
  }
  for_each_line("/proc/sys/fs/nr_open", [&](const std::string& line) {
    if (const auto most = std::strtoull(line.c_str(), nullptr, 10); most != 0) facts.most_files = most;
  });
  facts.nice = ::getpriority(PRIO_PROCESS, 0);
}

/// Out of the effective set for a while.
class WithoutCapability {
 public:
  explicit WithoutCapability(unsigned number) {
    raw::call(SYS_capget, raw::ptr(&header_), raw::ptr(before_));
    __user_cap_data_struct less[2]{before_[0], before_[1]};
    less[number / 32].effective &= ~(1U << number % 32);
    raw::call(SYS_capset, raw::ptr(&header_), raw::ptr(less));
  }
  ~WithoutCapability() { raw::call(SYS_capset, raw::ptr(&header_), raw::ptr(before_)); }
  WithoutCapability(const WithoutCapability&) = delete;
  WithoutCapability& operator=(const WithoutCapability&) = delete;

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct before_[2]{};
};

/// proc_pid_oom_score_adj(5): without privilege no lower than a privileged process has set it last, which
/// nothing shows. So it is tried.
int least_oom_score_adj(int wanted) {
  const WithoutCapability unprivileged(CAP_SYS_RESOURCE);
  const int file = ::open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
  if (file < 0) return wanted;
  char text[16]{};
  const int now = ::read(file, text, sizeof text - 1) > 0 ? std::atoi(text) : 0;
  const auto may = [&](int value) {
    const std::string words = std::to_string(value);
    return ::pwrite(file, words.data(), words.size(), 0) == static_cast<ssize_t>(words.size());
  };
  int refused = wanted - 1;
  int allowed = now;
  if (wanted < now && may(wanted)) allowed = wanted;
  while (wanted < allowed && allowed - refused > 1) {
    const int between = refused + (allowed - refused) / 2;
    (may(between) ? allowed : refused) = between;
  }
  may(now);
  ::close(file);
  return allowed;
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

}  // namespace

CallerFacts gather_caller_facts(const FactNeeds& needs) {
  CallerFacts facts;
  facts.uid = ::geteuid();
  facts.gid = ::getegid();
  gather_capabilities(facts);
  if (needs.bounding) facts.bounding = bounding_capabilities();
  if (needs.limits) gather_limits(facts);
  if (needs.soft_stack) {
    rlimit stack{};
    if (::getrlimit(RLIMIT_STACK, &stack) == 0) facts.soft_stack = stack.rlim_cur;
  }
  facts.page_size = static_cast<std::size_t>(::getpagesize());
  if (needs.oom_score_adj < 1000) facts.least_oom_score_adj = least_oom_score_adj(needs.oom_score_adj);
  facts.pid_level = pid_level();
  facts.user_level = is_initial("/proc/self/ns/user", initial_user_namespace) ? 0 : 1;
  char directory[PATH_MAX];
  facts.cwd = ::getcwd(directory, sizeof directory) != nullptr && directory[0] == '/' ? directory : "";
  if (needs.id_maps) {
    facts.uid_map = read_id_map("/proc/self/uid_map");
    facts.gid_map = read_id_map("/proc/self/gid_map");
  }
  const bool maps_any = facts.has_capability(CAP_SETUID) && facts.has_capability(CAP_SETGID);
  if (needs.subordinate_ids || (needs.lent_ids && !maps_any)) {
    const std::string name = user_name(facts.uid);
    facts.subuid = subordinate_ranges("/etc/subuid", facts.uid, name);
    facts.subgid = subordinate_ranges("/etc/subgid", facts.uid, name);
  }
  for (const std::string& path : needs.paths)
    if (struct stat found{}; ::lstat(path.c_str(), &found) < 0) facts.missing_paths.push_back(path);
  gather_machine_facts(needs, facts);
  return facts;
}

void guard_standard_descriptors() noexcept {
  for (int descriptor = 0; descriptor < 3; ++descriptor)
    // O_PATH can be neither read nor written: for us, too, it stays closed. CLOEXEC: for the command.
    if (::fcntl(descriptor, F_GETFD) < 0) ::open("/", O_PATH | O_CLOEXEC);
}

}  // namespace pidns
