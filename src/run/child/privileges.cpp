#include <sys/mman.h>
#include <sys/prctl.h>

#include "run/child/actions.h"
#include "run/child/procfs.h"
#include "run/child/text.h"

namespace pidns::child {
namespace {

/// A file of the node's own root, read piece by piece: getpwnam(3) of a static C library would load
/// shared ones, and the caller's.
class LineReader {
 public:
  explicit LineReader(const char* path) : LineReader(raw::open(path, O_RDONLY | O_CLOEXEC)) {}
  explicit LineReader(long descriptor) : descriptor_(static_cast<int>(descriptor)) {}
  ~LineReader() {
    if (descriptor_ >= 0) raw::close(descriptor_);
  }
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;
  /// The next line, cut to the size of the buffer; null at the end.
  const char* next() {
    std::size_t used = 0;
    bool any = false;
    for (;;) {
      const int letter = get();
      if (letter < 0) break;
      any = true;
      if (letter == '\n') break;
      if (used + 1 < sizeof line_) line_[used++] = static_cast<char>(letter);
    }
    line_[used] = '\0';
    return any ? line_ : nullptr;
  }

 private:
  int get() {
    if (at_ == filled_) {
      const long size = descriptor_ < 0 ? 0 : raw::read(descriptor_, buffer_, sizeof buffer_);
      if (size <= 0) return -1;
      filled_ = static_cast<std::size_t>(size);
      at_ = 0;
    }
    return static_cast<unsigned char>(buffer_[at_++]);
  }
  int descriptor_;
  char buffer_[1024];
  char line_[512];
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
};

/// Field `number` of a line of passwd(5) or group(5) as an id.
bool id_field(const char* line, int number, std::uint32_t& id) {
  for (; number > 0; --number) {
    while (*line != '\0' && *line != ':') ++line;
    if (*line++ == '\0') return false;
  }
  if (*line < '0' || *line > '9') return false;
  std::uint64_t value = 0;
  for (; *line >= '0' && *line <= '9' && value <= 0xffffffff; ++line)
    value = value * 10 + static_cast<unsigned>(*line - '0');
  id = static_cast<std::uint32_t>(value);
  return value < 0xffffffff;
}

bool names(const char* line, const char* name) {
  while (*name != '\0' && *line == *name) ++line, ++name;
  return *name == '\0' && *line == ':';
}

struct User {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

bool find_user(const char* name, User& user) {
  LineReader file("/etc/passwd");
  while (const char* line = file.next())
    if (names(line, name)) return id_field(line, 2, user.uid) && id_field(line, 3, user.gid);
  return false;
}

bool find_group(const Identity& identity, std::uint32_t& gid) {
  if (const auto* number = std::get_if<std::uint32_t>(&identity)) {
    gid = *number;
    return true;
  }
  LineReader file("/etc/group");
  while (const char* line = file.next())
    if (names(line, std::get_if<std::string>(&identity)->c_str())) return id_field(line, 2, gid);
  return false;
}

/// Or the user namespace has no groups at all.
bool denies_setgroups(const Context& context) {
  LineReader file(open_proc_file(context, "self/setgroups", O_RDONLY));
  const char* line = file.next();
  if (line == nullptr || line[0] == 'd') return line != nullptr;
  LineReader map(open_proc_file(context, "self/gid_map", O_RDONLY));
  return map.next() == nullptr;
}

/// The kernel takes 65536, which no stack of ours holds; where memory is shared, they are the maker's too.
class GroupIds {
 public:
  explicit GroupIds(std::size_t count) : bytes_(count * sizeof(gid_t)) {
    if (count <= few) return;
    const long at = raw::call(SYS_mmap, 0, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    error_ = raw::error_of(at);
    if (error_ == 0) ids_ = reinterpret_cast<gid_t*>(at);
  }
  ~GroupIds() {
    if (ids_ != here_) raw::call(SYS_munmap, raw::ptr(ids_), bytes_);
  }
  GroupIds(const GroupIds&) = delete;
  GroupIds& operator=(const GroupIds&) = delete;

  [[nodiscard]] int error() const noexcept { return error_; }
  [[nodiscard]] gid_t* data() noexcept { return ids_; }

 private:
  static constexpr std::size_t few = 64;
  std::size_t bytes_;
  int error_ = 0;
  gid_t here_[few];
  gid_t* ids_ = here_;
};

int set_groups(const Context& context, const std::vector<Identity>& groups, bool may_stay) {
  GroupIds ids(groups.size());
  if (ids.error() != 0) return ids.error();
  std::size_t count = 0;
  for (const auto& group : groups)
    if (!find_group(group, ids.data()[count++])) return trouble_unknown_group;
  const int error = raw::error_of(raw::setgroups(count, ids.data()));
  // Where setgroups is denied those of the caller stay.
  return error == EPERM && may_stay && denies_setgroups(context) ? 0 : error;
}

struct CapabilitySets {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};

  int get() { return raw::error_of(raw::call(SYS_capget, raw::ptr(&header), raw::ptr(data))); }
  int set() { return raw::error_of(raw::call(SYS_capset, raw::ptr(&header), raw::ptr(data))); }
};

/// Of another process, or with 0 our own.
int set_rlimit_of(int pid, const SetRlimit& action) {
  const rlimit limit{action.limit.soft, action.limit.hard};
  return raw::error_of(raw::prlimit(pid, action.limit.resource, &limit));
}

/// Only what needs privilege: the rest is left to the process.
int raise_hard_limit(int pid, const SetRlimit& action) {
  rlimit limit{};
  if (const int error = raw::error_of(raw::prlimit(pid, action.limit.resource, nullptr, &limit))) return error;
  if (action.limit.hard <= limit.rlim_max) return 0;
  limit.rlim_max = action.limit.hard;
  return raw::error_of(raw::prlimit(pid, action.limit.resource, &limit));
}

int write_oom_score_adj(const Context& context, const char* path, const SetOomScoreAdj& action) {
  Text<16> value;
  value.add_number(action.value);
  return write_proc_file(context, path, value.data, value.used);
}

}  // namespace

int do_set_credentials(const Context& context, const SetCredentials& action, bool keep_capabilities) {
  User user;
  bool has_uid = false;
  bool has_gid = false;
  if (action.uid) {
    has_uid = true;
    if (const auto* number = std::get_if<std::uint32_t>(&*action.uid)) {
      user.uid = *number;
    } else {
      if (!find_user(std::get_if<std::string>(&*action.uid)->c_str(), user)) return trouble_unknown_user;
      has_gid = true;
    }
  }
  if (action.gid) {
    if (!find_group(*action.gid, user.gid)) return trouble_unknown_group;
    has_gid = true;
  }
  // Capabilities asked for are cut after this; without the flag the change of uid would clear them.
  if (keep_capabilities) raw::prctl(PR_SET_KEEPCAPS, 1);
  int error = action.groups ? set_groups(context, *action.groups, action.groups_may_stay) : 0;
  if (error == 0 && has_gid) error = raw::error_of(raw::setresgid(user.gid, user.gid, user.gid));
  if (error == 0 && has_uid) error = raw::error_of(raw::setresuid(user.uid, user.uid, user.uid));
  return error;
}

int do_set_capabilities(const SetCapabilities& action) {
  CapabilitySets sets;
  if (const int error = sets.get()) return error;
  const std::uint64_t permitted = std::uint64_t{sets.data[1].permitted} << 32 | sets.data[0].permitted;
  const bool all = action.keep == ~std::uint64_t{0};
  const std::uint64_t keep = all ? permitted : action.keep;
  if ((keep & ~permitted) != 0) return EPERM;
  // A change of uid has emptied the effective set.
  for (auto& half : sets.data) half.effective = half.permitted;
  if (const int error = sets.set()) return error;
  // The bounding set first: dropping from it needs CAP_SETPCAP, which may go.
  for (unsigned number = 0; !all && number < 64; ++number) {
    const long in_bounding = raw::prctl(PR_CAPBSET_READ, number);
    if (in_bounding < 0) break;
    if (in_bounding == 1 && (keep >> number & 1U) == 0)
      if (const int error = raw::error_of(raw::prctl(PR_CAPBSET_DROP, number))) return error;
  }
  for (int half = 0; half < 2; ++half) {
    const auto part = static_cast<std::uint32_t>(keep >> (32 * half));
    sets.data[half] = {part, part, part};
  }
  if (const int error = sets.set()) return error;
  raw::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
  for (unsigned number = 0; number < 64; ++number)
    if ((keep >> number & 1U) != 0)
      if (const int error = raw::error_of(raw::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number))) return error;
  return 0;
}

int do_set_no_new_privs() { return raw::error_of(raw::prctl(PR_SET_NO_NEW_PRIVS, 1)); }

int do_set_rlimit(const SetRlimit& action) {
  // What is still to be done may take descriptors of ours.
  return action.limit.resource == RLIMIT_NOFILE ? raise_hard_limit(0, action) : set_rlimit_of(0, action);
}

int limit_descriptors(const Process& process) {
  for (const auto& step : process.steps)
    if (const auto* limit = std::get_if<SetRlimit>(&step.action); limit != nullptr)
      if (limit->limit.resource == RLIMIT_NOFILE) return set_rlimit_of(0, *limit);
  return 0;
}

int do_set_oom_score_adj(const Context& context, const SetOomScoreAdj& action) {
  return write_oom_score_adj(context, "self/oom_score_adj", action);
}

void preset_limits(const Context& context, int pid, const Process& process) {
  Text<48> oom_score_adj;
  oom_score_adj.add_number(pid_in_procfs(context, pid)).add("/oom_score_adj");
  for (const auto& step : process.steps) {
    if (const auto* limit = std::get_if<SetRlimit>(&step.action)) raise_hard_limit(pid, *limit);
    if (const auto* nice = std::get_if<SetNice>(&step.action)) raw::setpriority(PRIO_PROCESS, pid, nice->value);
    if (const auto* score = std::get_if<SetOomScoreAdj>(&step.action))
      write_oom_score_adj(context, oom_score_adj.data, *score);
  }
}

}  // namespace pidns::child
