#include "run/parent/leftovers.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace pidns {
namespace {

bool read_file(const char* path, std::string& text) {
  const int descriptor = ::open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  text.clear();
  char chunk[4096];
  for (ssize_t size = 0; (size = ::read(descriptor, chunk, sizeof chunk)) > 0;)
    text.append(chunk, static_cast<std::size_t>(size));
  ::close(descriptor);
  return true;
}

/// proc(5), /proc/PID/task/TID/children: where the kernel was built with it.
bool list_from_children(std::vector<pid_t>& children) {
  std::string text;
  const std::string self = std::to_string(::getpid());
  if (!read_file(("/proc/self/task/" + self + "/children").c_str(), text)) return false;
  const char* at = text.data();
  const char* end = at + text.size();
  while (at < end) {
    pid_t pid = 0;
    const auto parsed = std::from_chars(at, end, pid);
    if (parsed.ec == std::errc{}) children.push_back(pid);
    at = parsed.ptr + 1;
  }
  return true;
}

/// The fourth field of /proc/PID/stat, after a name that may hold anything.
void list_from_stat(std::vector<pid_t>& children) {
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) return;
  const pid_t self = ::getpid();
  std::string text;
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    if (!read_file((std::string("/proc/") + entry->d_name + "/stat").c_str(), text)) continue;
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos || name_end + 4 >= text.size()) continue;
    if (std::atoi(text.c_str() + name_end + 4) == self) children.push_back(std::atoi(entry->d_name));
  }
  ::closedir(folder);
}

std::vector<pid_t> children_of_self() {
  std::vector<pid_t> children;
  if (!list_from_children(children)) list_from_stat(children);
  return children;
}

/// Reaps without waiting. False once there is no child at all.
bool reap_what_ended() {
  for (;;) {
    siginfo_t ended{};
    if (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | __WALL) < 0) return errno != ECHILD;
    if (ended.si_pid == 0) return true;
  }
}

/// Until a child ends (SIGCHLD is blocked here), or for a moment.
void pause_briefly() {
  sigset_t child_ended;
  sigemptyset(&child_ended);
  sigaddset(&child_ended, SIGCHLD);
  const timespec moment{0, 1000000};
  ::sigtimedwait(&child_ended, nullptr, &moment);
}

}  // namespace

std::string end_leftovers() {
  std::vector<pid_t> refused;
  // A killed process may take a while to die; one that nobody can list or signal is not waited for.
  int rounds_without_signal = 0;
  while (reap_what_ended()) {
    refused.clear();
    bool signalled = false;
    for (const pid_t pid : children_of_self()) {
      if (::kill(pid, SIGKILL) == 0)
        signalled = true;
      else if (errno == EPERM)
        refused.push_back(pid);
    }
    if (!signalled && (!refused.empty() || ++rounds_without_signal > 2000)) break;
    pause_briefly();
  }
  if (refused.empty()) return {};
  std::string words = "may not be ended by this user and go on:";
  for (const pid_t pid : refused) words += " " + std::to_string(pid);
  return words;
}

}  // namespace pidns
