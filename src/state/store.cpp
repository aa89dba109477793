#include "state/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "state/folder.h"
#include "state/machine.h"
#include "state/record.h"
#include "state/record_lock.h"

namespace pidns {
namespace {

constexpr std::string_view ending = ".json";

std::string read_all(int file) {
  std::string text;
  struct stat found {};
  if (::fstat(file, &found) < 0) return text;
  text.resize(static_cast<std::size_t>(found.st_size) + 64);
  std::size_t used = 0;
  for (;;) {
    const ssize_t size = ::pread(file, text.data() + used, text.size() - used, static_cast<off_t>(used));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    used += static_cast<std::size_t>(size);
    if (used == text.size()) text.resize(2 * used);
  }
  text.resize(used);
  return text;
}

/// A file of ours; none where it is not there, or somebody else's.
UniqueFd open_record(const StateFolder& folder, const std::string& name) {
  const std::string file = name + std::string(ending);
  UniqueFd opened(::openat(folder.descriptor.get(), file.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat found {};
  if (opened && (::fstat(opened.get(), &found) < 0 || !S_ISREG(found.st_mode) || found.st_uid != ::geteuid()))
    opened.reset();
  return opened;
}

/// Its supervisor is gone. Under its lock, so that nobody claims the name meanwhile.
void sweep(const StateFolder& folder, const std::string& name, int file) {
  pid_t holder = 0;
  if (take_lock(file, holder) != Lock::ours) return;
  for (const char* kind : {".new", ".log", ".json"}) ::unlinkat(folder.descriptor.get(), (name + kind).c_str(), 0);
}

/// Whether a process was in that pid namespace before the supervisor, which has ended: its PID 1 was, if it
/// lives. What is younger may be in a later one that has got the inode.
bool was_in_before(const std::string& pid, const RunState& state) {
  struct stat found {};
  if (::stat(("/proc/" + pid + "/ns/pid").c_str(), &found) < 0 || found.st_ino != state.pid_namespace) return false;
  const std::uint64_t start = start_time_of(std::atoi(pid.c_str()));
  return start != 0 && start <= state.supervisor.start_time;
}

/// Whether the pid namespace of an instance that is over is over too, so that nobody can look from there
/// any more. To be seen from the machine's first alone, where /proc shows all that we may look at.
bool is_everywhere_over(const RunState& state) {
  if (own_pid_namespace() != initial_pid_namespace || !proc_counts_as_we_do()) return false;
  DIR* entries = ::opendir("/proc");
  if (entries == nullptr) return false;
  bool has_members = false;
  while (const dirent* entry = has_members ? nullptr : ::readdir(entries))
    has_members = *entry->d_name >= '1' && *entry->d_name <= '9' && was_in_before(entry->d_name, state);
  ::closedir(entries);
  return !has_members;
}

std::optional<OpenInstance> look_at(const StateFolder& folder, const std::string& name) {
  UniqueFd file = open_record(folder, name);
  if (!file) return std::nullopt;
  const std::string text = read_all(file.get());
  std::optional<RunState> state = read_state(text);
  if (!is_locked(file.get())) {
    // Without a state it was killed before its first process.
    if (!state || is_here(*state) || is_everywhere_over(*state)) sweep(folder, name, file.get());
    return std::nullopt;
  }
  if (!state || state->name != name || read_status(text)) return std::nullopt;
  return OpenInstance{std::move(*state), std::move(file)};
}

std::vector<std::string> names_in(const StateFolder& folder) {
  std::vector<std::string> names;
  const int copy = ::openat(folder.descriptor.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* entries = copy < 0 ? nullptr : ::fdopendir(copy);
  if (entries == nullptr) return names;
  while (const dirent* entry = ::readdir(entries)) {
    const std::string_view file = entry->d_name;
    if (file.size() > ending.size() && file.ends_with(ending))
      names.emplace_back(file.substr(0, file.size() - ending.size()));
  }
  ::closedir(entries);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::string state_folder(std::string* why) {
  StateFolder folder = open_state_folder(false);
  if (why != nullptr) *why = folder.problem;
  return folder.descriptor ? folder.path : std::string();
}

std::vector<RunState> live_instances() {
  std::vector<RunState> live;
  const StateFolder folder = open_state_folder(false);
  if (!folder.descriptor) return live;
  for (const std::string& name : names_in(folder))
    if (auto one = look_at(folder, name)) live.push_back(std::move(one->state));
  if (live.empty()) remove_state_folder_if_empty(folder);
  return live;
}

bool is_here(const RunState& state) {
  static const std::uint64_t here = own_pid_namespace();
  return here != 0 && state.pid_namespace == here;
}

std::optional<OpenInstance> open_instance(const std::string& name) {
  const StateFolder folder = open_state_folder(false);
  if (!folder.descriptor || name.empty() || name.find('/') != std::string::npos) return std::nullopt;
  return look_at(folder, name);
}

std::optional<RunState> find_instance(const std::string& name) {
  auto found = open_instance(name);
  return found ? std::optional(std::move(found->state)) : std::nullopt;
}

std::optional<int> status_in(const OpenInstance& instance) { return read_status(read_all(instance.file.get())); }

}  // namespace pidns
