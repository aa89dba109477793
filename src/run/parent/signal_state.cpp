#include "run/parent/signal_state.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace pidns {
namespace {

std::optional<std::uint64_t> mask_after(std::string_view status, std::string_view label) {
  const std::size_t at = status.find(label);
  if (at == std::string_view::npos) return std::nullopt;
  const char* first = status.data() + at + label.size();
  std::uint64_t mask = 0;
  if (std::from_chars(first, status.data() + status.size(), mask, 16).ec != std::errc{}) return std::nullopt;
  return mask;
}

/// As much of a file of /proc/PID as fits; empty where it can't be read.
std::string_view read_of(int pid, const char* file, char (&text)[4096]) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
  const int descriptor = ::open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return {};
  const ssize_t size = ::read(descriptor, text, sizeof text);
  ::close(descriptor);
  return size <= 0 ? std::string_view{} : std::string_view(text, static_cast<std::size_t>(size));
}

/// Whether a thread sleeps in rt_sigtimedwait(2): while it does, the kernel shows what it waits for as
/// not blocked (kernel/signal.c, do_sigtimedwait). Inits such as tini(1) live in it.
bool waits_for_signals(int pid) {
  char path[32];
  std::snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR* threads = ::opendir(path);
  if (threads == nullptr) return false;
  const std::string call = std::to_string(SYS_rt_sigtimedwait) + " ";
  bool waits = false;
  while (const dirent* thread = waits ? nullptr : ::readdir(threads)) {
    if (thread->d_name[0] == '.') continue;
    char text[4096];
    waits = read_of(pid, (std::string("task/") + thread->d_name + "/syscall").c_str(), text).starts_with(call) ||
            read_of(pid, (std::string("task/") + thread->d_name + "/wchan").c_str(), text) == "do_sigtimedwait";
  }
  ::closedir(threads);
  return waits;
}

}  // namespace

Handling handling_of(int pid, int signal) {
  char text[4096];
  const std::string_view status = read_of(pid, "status", text);
  const auto blocked = mask_after(status, "\nSigBlk:\t");
  const auto ignored = mask_after(status, "\nSigIgn:\t");
  const auto caught = mask_after(status, "\nSigCgt:\t");
  if (!blocked || !ignored || !caught) return Handling::unknown;
  const std::uint64_t bit = std::uint64_t{1} << (signal - 1);
  if (((*ignored | *caught) & bit) != 0) return Handling::handled;
  if ((*blocked & bit) != 0) return Handling::blocked;
  return waits_for_signals(pid) ? Handling::handled : Handling::unhandled;
}

bool is_stopped(int pid) {
  char text[4096];
  const std::string_view stat = read_of(pid, "stat", text);
  // The state follows the name, which may hold anything and ends with the last bracket.
  const std::size_t name_end = stat.rfind(')');
  return name_end == std::string_view::npos || name_end + 2 >= stat.size() || stat[name_end + 2] == 'T';
}

bool stops_by_default(int signal) noexcept {
  return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU || signal == SIGSTOP;
}

bool ends_by_default(int signal) noexcept {
  return !stops_by_default(signal) && signal != SIGCHLD && signal != SIGCONT && signal != SIGURG &&
         signal != SIGWINCH;
}

bool dumps_core(int signal) noexcept {
  switch (signal) {
    case SIGQUIT:
    case SIGILL:
    case SIGTRAP:
    case SIGABRT:
    case SIGBUS:
    case SIGFPE:
    case SIGSEGV:
    case SIGXCPU:
    case SIGXFSZ:
    case SIGSYS: return true;
  }
  return false;
}

}  // namespace pidns
