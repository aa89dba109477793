#include "run/parent/id_map_helper.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <vector>

namespace pidns {
namespace {

int run_and_wait(const char* program, int pid, const ResolvedIdMap& map) {
  std::vector<std::string> words{program, std::to_string(pid)};
  for (const auto& extent : map.extents)
    for (const std::uint32_t number : {extent.inside, extent.outside, extent.count})
      words.push_back(std::to_string(number));
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t helper = 0;
  const int error = ::posix_spawnp(&helper, program, nullptr, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) return error;
  int status = 0;
  while (::waitpid(helper, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : EPERM;
}

}  // namespace

int map_by_helper(int pid, const WriteIdMaps& maps) {
  if (maps.deny_setgroups) {
    const std::string path = "/proc/" + std::to_string(pid) + "/setgroups";
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return errno;
    const bool denied = ::write(descriptor, "deny", 4) == 4;
    const int error = errno;
    ::close(descriptor);
    if (!denied) return error;
  }
  if (!maps.uid.extents.empty())
    if (const int error = run_and_wait("newuidmap", pid, maps.uid)) return error;
  if (maps.gid.extents.empty()) return 0;
  return run_and_wait("newgidmap", pid, maps.gid);
}

}  // namespace pidns
