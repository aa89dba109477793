#include "run/parent/signal_state.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
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

}  // namespace

std::optional<bool> handles_signal(int pid, int signal) {
  char path[32];
  std::snprintf(path, sizeof path, "/proc/%d/status", pid);
  const int descriptor = ::open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  char text[4096];
  const ssize_t size = ::read(descriptor, text, sizeof text);
  ::close(descriptor);
  if (size <= 0) return std::nullopt;
  const std::string_view status(text, static_cast<std::size_t>(size));
  const auto blocked = mask_after(status, "\nSigBlk:\t");
  const auto ignored = mask_after(status, "\nSigIgn:\t");
  const auto caught = mask_after(status, "\nSigCgt:\t");
  if (!blocked || !ignored || !caught) return std::nullopt;
  return ((*blocked | *ignored | *caught) >> (signal - 1) & 1U) != 0;
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
