#include "cli/graphviz.h"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "cli/output.h"

namespace pidns::cli {
namespace {

/// A file without a name. A pipe could block us while dot(1) blocks on its output.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create("plan", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] int get() const noexcept { return descriptor_; }

  bool hold(std::string_view text) const {
    while (descriptor_ >= 0 && !text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return descriptor_ >= 0 && ::lseek(descriptor_, 0, SEEK_SET) == 0;
  }

  [[nodiscard]] std::string text() const {
    std::string all;
    char chunk[65536];
    for (ssize_t size = 0; (size = ::pread(descriptor_, chunk, sizeof chunk, static_cast<off_t>(all.size()))) > 0;)
      all.append(chunk, static_cast<std::size_t>(size));
    return all;
  }

 private:
  int descriptor_;
};

/// The error number of a start that did not succeed, or 0.
int start_dot(const MemoryFile& input, const MemoryFile& output, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output.get(), STDOUT_FILENO);
  std::string program = "dot";
  std::string format = "-Tsvg";
  char* const argv[] = {program.data(), format.data(), nullptr};
  const int error = ::posix_spawnp(&pid, "dot", &actions, nullptr, argv, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return error;
}

bool ended_well(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return false;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

bool write_svg(std::string_view dot) {
  const MemoryFile picture;
  // dot(1) does not look whether its output could be written: we do.
  const MemoryFile drawn;
  if (!picture.hold(dot) || drawn.get() < 0) {
    complain(std::string("a picture for dot could not be kept in memory: ") + std::strerror(errno));
    return false;
  }
  pid_t pid = 0;
  if (const int error = start_dot(picture, drawn, pid); error != 0) {
    complain(std::string("`--format svg` is drawn by Graphviz, and its program dot cannot be started: ") +
             std::strerror(error) + "; install graphviz, or print `--format dot`");
    return false;
  }
  if (ended_well(pid)) return write_output(drawn.text());
  complain("Graphviz's program dot could not draw the picture");
  return false;
}

}  // namespace pidns::cli
