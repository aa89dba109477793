#include "run/look/proc_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string_view>

#include "sys/raw.h"

namespace pidns {
namespace {

/// `PID/FILE`, without an allocation: a look over a machine makes thousands of them.
class ProcPath {
 public:
  ProcPath(int pid, const char* file) noexcept {
    char* at = std::to_chars(text_, text_ + 16, pid).ptr;
    *at++ = '/';
    while (*file != '\0' && at < text_ + sizeof text_ - 1) *at++ = *file++;
    *at = '\0';
  }
  [[nodiscard]] const char* get() const noexcept { return text_; }

 private:
  char text_[64];
};

/// The number that begins at `at`; 0 where there is none.
template <class Number>
Number number_at(std::string_view text, std::size_t at, int base = 10) {
  Number value = 0;
  if (at < text.size()) std::from_chars(text.data() + at, text.data() + text.size(), value, base);
  return value;
}

}  // namespace

ProcDirectory::ProcDirectory() : descriptor_(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

ProcDirectory::~ProcDirectory() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

int ProcDirectory::self() const {
  char target[16];
  const ssize_t size = ::readlinkat(descriptor_, "self", target, sizeof target);
  return size <= 0 ? 0 : number_at<int>(std::string_view(target, static_cast<std::size_t>(size)), 0);
}

std::vector<int> ProcDirectory::pids() const {
  std::vector<int> found;
  alignas(dirent64) char buffer[32768];
  ::lseek(descriptor_, 0, SEEK_SET);
  for (;;) {
    const long size = raw::getdents64(descriptor_, buffer, sizeof buffer);
    if (size <= 0) return found;
    for (long at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
      if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') found.push_back(number_at<int>(entry->d_name, 0));
      at += entry->d_reclen;
    }
  }
}

std::uint64_t ProcDirectory::namespace_of(int pid, const char* link) const {
  char file[32] = "ns/";
  std::string_view(link).copy(file + 3, sizeof file - 4);
  char target[64];
  const ssize_t size = ::readlinkat(descriptor_, ProcPath(pid, file).get(), target, sizeof target);
  if (size <= 0) return 0;
  const std::string_view text(target, static_cast<std::size_t>(size));
  return number_at<std::uint64_t>(text, text.find('[') + 1);
}

int ProcDirectory::open(int pid, const char* file, int flags) const {
  return ::openat(descriptor_, ProcPath(pid, file).get(), flags | O_CLOEXEC);
}

const std::string& ProcDirectory::text_of(int pid, const char* file) {
  text_.clear();
  const int descriptor = open(pid, file, O_RDONLY);
  if (descriptor < 0) return text_;
  constexpr std::size_t piece = 4096;
  for (;;) {
    const std::size_t before = text_.size();
    text_.resize(before + piece);
    const ssize_t size = ::read(descriptor, text_.data() + before, piece);
    text_.resize(before + static_cast<std::size_t>(size > 0 ? size : 0));
    // These files answer with all that fits: less is the end.
    if (size < static_cast<ssize_t>(piece)) break;
  }
  ::close(descriptor);
  return text_;
}

std::vector<std::int32_t> ProcDirectory::levels_of(int pid) {
  constexpr std::string_view label = "\nNSpid:";
  std::vector<std::int32_t> levels;
  const std::string_view status = text_of(pid, "status");
  std::size_t at = status.find(label);
  if (at == std::string_view::npos) return levels;
  at += label.size();
  for (; at < status.size() && status[at] == '\t'; at = status.find_first_of("\t\n", at + 1))
    levels.push_back(number_at<std::int32_t>(status, at + 1));
  return levels;
}

std::string ProcDirectory::command_of(int pid) {
  std::string words = text_of(pid, "cmdline");
  while (!words.empty() && words.back() == '\0') words.pop_back();
  for (char& letter : words)
    if (letter == '\0') letter = ' ';
  if (!words.empty()) return words;
  std::string name = text_of(pid, "comm");
  if (!name.empty() && name.back() == '\n') name.pop_back();
  return name.empty() ? name : "[" + name + "]";
}

}  // namespace pidns
