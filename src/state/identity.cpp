#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

#include "state/store.h"

namespace pidns {
namespace {

/// proc_pid_stat(5) shows when a process started by the clock of who reads it: time_namespaces(7). By how
/// many ticks that is ahead of the machine's. The file tells it of the namespace that our children would
/// be in, which is ours: we never make one for them.
std::int64_t ticks_ahead() {
  const UniqueFd file(::open("/proc/self/timens_offsets", O_RDONLY | O_CLOEXEC));
  char text[256];
  const ssize_t size = file ? ::read(file.get(), text, sizeof text) : -1;
  if (size <= 0) return 0;
  std::string_view rest(text, static_cast<std::size_t>(size));
  constexpr std::string_view name = "boottime";
  const std::size_t line = rest.find(name);
  if (line == std::string_view::npos) return 0;
  rest.remove_prefix(line + name.size());
  std::int64_t numbers[2] = {};  // Seconds, and nanoseconds that are added to them.
  for (std::int64_t& number : numbers) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
  }
  const std::int64_t ticks_per_second = ::sysconf(_SC_CLK_TCK);
  constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
  return numbers[0] * ticks_per_second + numbers[1] * ticks_per_second / nanoseconds_per_second;
}

/// The field of proc_pid_stat(5) that is `number`th behind the name, which may hold anything.
std::string_view field_after_name(std::string_view stat, int number) {
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) return {};
  std::size_t at = name_end + 1;
  for (int field = 0; field < number && at != std::string_view::npos; ++field)
    at = stat.find(' ', at + (field > 0 ? 1 : 0));
  if (at == std::string_view::npos) return {};
  stat.remove_prefix(at + 1);
  return stat.substr(0, stat.find(' '));
}

constexpr int state_field = 1;        // the third of the file
constexpr int start_time_field = 20;  // the 22nd

}  // namespace

std::uint64_t own_pid_namespace() {
  struct stat found {};
  return ::stat("/proc/self/ns/pid", &found) == 0 ? found.st_ino : 0;
}

bool proc_counts_as_we_do() {
  static const bool is_ours = [] {
    char self[16] = {};
    return ::readlink("/proc/self", self, sizeof self - 1) > 0 && std::atoi(self) == ::getpid();
  }();
  return is_ours;
}

bool is_hidden(std::int32_t pid) {
  struct stat found {};
  return ::stat(("/proc/" + std::to_string(pid)).c_str(), &found) < 0 && ::kill(pid, 0) < 0 && errno == EPERM;
}

std::uint64_t start_time_of(std::int32_t pid) {
  if (!proc_counts_as_we_do() || pid <= 0) return 0;
  const UniqueFd file(::open(("/proc/" + std::to_string(pid) + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
  char text[1024];
  const ssize_t size = file ? ::read(file.get(), text, sizeof text) : -1;
  if (size <= 0) return 0;
  const std::string_view stat(text, static_cast<std::size_t>(size));
  const std::string_view state = field_after_name(stat, state_field);
  if (state == "Z" || state == "X") return 0;
  const std::string_view number = field_after_name(stat, start_time_field);
  std::uint64_t ticks = 0;
  std::from_chars(number.data(), number.data() + number.size(), ticks);
  static const std::int64_t ahead = ticks_ahead();
  return ticks - static_cast<std::uint64_t>(ahead);
}

bool lives(const ProcessIdentity& identity) {
  return identity.start_time != 0 && start_time_of(identity.pid) == identity.start_time;
}

}  // namespace pidns
