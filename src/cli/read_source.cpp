#include "cli/read_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "cli/output.h"

namespace pidns::cli {
namespace {

/// Owns a descriptor; standard input is left as it is.
class Input {
 public:
  explicit Input(const std::string& path)
      : descriptor_(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)) {}
  ~Input() {
    if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  [[nodiscard]] int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

/// What people may have meant: the name without its ending is typed often.
std::string suggestion(const std::string& path) {
  for (const char* ending : {".yaml", ".yml"})
    if (::access((path + ending).c_str(), R_OK) == 0) return "; did you mean " + path + ending + "?";
  return {};
}

std::string reason(const std::string& path, int error) {
  return std::strerror(error) + (error == ENOENT ? suggestion(path) : std::string());
}

/// Everything, or the error number. Longer than longest_spec by at most one byte.
tl::expected<std::string, int> read_text(int descriptor, std::size_t expected_size) {
  std::string text;
  std::size_t filled = 0;
  // One byte more than the file has, so that the second read finds its end without growing.
  text.resize(std::min(expected_size, longest_spec) + 1);
  while (true) {
    const ssize_t count = ::read(descriptor, text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return tl::unexpected(errno);
    filled += static_cast<std::size_t>(count);
    if (count == 0 || filled > longest_spec) break;
    if (filled == text.size()) text.resize(std::min(std::max<std::size_t>(2 * filled, 4096), longest_spec + 1));
  }
  text.resize(filled);
  return text;
}

}  // namespace

tl::expected<SourceFile, std::string> read_source(const std::string& path) {
  const std::string name = path == "-" ? "<stdin>" : path;
  const auto refuse = [&](const std::string& why) { return tl::unexpected(name + ": error: " + why + "\n"); };
  if (path == "-" && was_closed(STDIN_FILENO)) return refuse("cannot be read: standard input is closed");
  const Input input(path);
  struct stat status {};
  if (input.get() < 0 || ::fstat(input.get(), &status) != 0) return refuse("cannot be read: " + reason(path, errno));
  if (S_ISDIR(status.st_mode)) return refuse("cannot be read: it is a directory, and a spec is a file");
  const std::string too_long = "is longer than 16 MiB, the most that a spec may have";
  const std::size_t size = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
  if (size > longest_spec) return refuse(too_long);
  auto text = read_text(input.get(), size);
  if (!text) return refuse("cannot be read: " + reason(path, text.error()));
  if (text->size() > longest_spec) return refuse(too_long);
  return SourceFile(name, std::move(*text));
}

}  // namespace pidns::cli
