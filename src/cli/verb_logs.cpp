#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>

#include "base/error_text.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "cli/watched.h"

namespace pidns::cli {
namespace {

/// What has been written since; false where nobody takes it.
bool copy_rest(int log) {
  char chunk[65536];
  for (;;) {
    const ssize_t size = ::read(log, chunk, sizeof chunk);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return true;
    if (!write_output({chunk, static_cast<std::size_t>(size)})) return false;
  }
}

/// Until the instance has ended, what it wrote last included.
bool follow(int log, const std::string& path, const Watched& watched) {
  const UniqueFd changes(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  ::inotify_add_watch(changes.get(), path.c_str(), IN_MODIFY);
  for (;;) {
    if (!copy_rest(log)) return false;
    pollfd sources[2] = {{watched.supervisor.get(), POLLIN, 0}, {changes.get(), POLLIN, 0}};
    ::poll(sources, 2, -1);
    char dropped[4096];
    while (::read(changes.get(), dropped, sizeof dropped) > 0) {}
    if (sources[0].revents != 0) return copy_rest(log);
  }
}

}  // namespace

int verb_logs(const Command& command, const ParsedArguments& parsed) {
  const std::string& name = parsed.operands.front();
  const auto watched = watch(command, name);
  if (!watched) return command.defect_status;
  const std::string& path = watched->instance.state.log;
  if (path.empty()) {
    complain("logs: `" + name + "` was not started with --detach: its output went where its caller's goes");
    return command.defect_status;
  }
  const UniqueFd log(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!log) {
    complain("logs: " + path + ": " + error_text(errno));
    return command.defect_status;
  }
  const bool told = parsed.has(option::follow) ? follow(log.get(), path, *watched) : copy_rest(log.get());
  return told ? 0 : command.defect_status;
}

}  // namespace pidns::cli
