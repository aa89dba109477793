#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pidns {

/// /proc as this process sees it. All paths are relative to one descriptor. proc(5).
class ProcDirectory {
 public:
  ProcDirectory();
  ~ProcDirectory();
  ProcDirectory(const ProcDirectory&) = delete;
  ProcDirectory& operator=(const ProcDirectory&) = delete;

  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
  /// The number by which /proc calls this process: not getpid(2) where /proc is another namespace's.
  [[nodiscard]] int self() const;
  /// All processes, in ascending order: so the kernel lists them.
  [[nodiscard]] std::vector<int> pids() const;
  /// The inode that a link of /proc/PID/ns names (`pid`, `uts`, …); else 0, and errno says why: EACCES
  /// where we may not trace the process, ENOENT where it is gone.
  [[nodiscard]] std::uint64_t namespace_of(int pid, const char* link) const;
  /// A descriptor of a file or folder of /proc/PID, or -1 and errno.
  [[nodiscard]] int open(int pid, const char* file, int flags) const;
  /// Its whole text, valid until the next call; empty where it can't be read.
  const std::string& text_of(int pid, const char* file);

  /// NSpid of /proc/PID/status; empty where the process is gone.
  std::vector<std::int32_t> levels_of(int pid);
  /// Words of /proc/PID/cmdline with blanks between, or `[comm]` where it has none.
  std::string command_of(int pid);

 private:
  int descriptor_;
  std::string text_;
};

}  // namespace pidns
