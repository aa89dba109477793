#include "run/parent/leftovers.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <vector>

#include "sys/raw.h"

namespace pidns {
namespace {

bool read_file(int folder, const char* path, std::string& text) {
  const int descriptor = ::openat(folder, path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  text.clear();
  char chunk[4096];
  for (ssize_t size = 0; (size = ::read(descriptor, chunk, sizeof chunk)) > 0;)
    text.append(chunk, static_cast<std::size_t>(size));
  ::close(descriptor);
  return true;
}

/// A procfs in which pids are counted as here: /proc, or one of our own that is attached nowhere.
int open_procfs() {
  const int usual = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  char self[16] = {};
  if (usual >= 0 && ::readlinkat(usual, "self", self, sizeof self - 1) > 0 && std::atoi(self) == ::getpid())
    return usual;
  if (usual >= 0) ::close(usual);
  return static_cast<int>(raw::detached_procfs());
}

/// proc(5), /proc/PID/task/TID/children: where the kernel was built with it.
bool list_from_children(int procfs, std::vector<pid_t>& children) {
  std::string text;
  if (!read_file(procfs, "thread-self/children", text)) return false;
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
void list_from_stat(int procfs, std::vector<pid_t>& children) {
  const int copy = ::openat(procfs, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* folder = copy < 0 ? nullptr : ::fdopendir(copy);
  if (folder == nullptr) return;
  const pid_t self = ::getpid();
  std::string text;
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    if (!read_file(procfs, (std::string(entry->d_name) + "/stat").c_str(), text)) continue;
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos || name_end + 4 >= text.size()) continue;
    if (std::atoi(text.c_str() + name_end + 4) == self) children.push_back(std::atoi(entry->d_name));
  }
  ::closedir(folder);
}

std::vector<pid_t> children_of_self(int procfs) {
  std::vector<pid_t> children;
  if (procfs >= 0 && !list_from_children(procfs, children)) list_from_stat(procfs, children);
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

bool contains(const std::vector<pid_t>& pids, pid_t pid) { return std::find(pids.begin(), pids.end(), pid) != pids.end(); }

std::string words_for(const std::vector<pid_t>& refused) {
  std::string words = "processes that this user may not end go on:";
  for (const pid_t pid : refused) words += " " + std::to_string(pid);
  return words;
}

/// One round over what is there; false where nothing remains that could be ended.
bool end_once(int procfs, const std::vector<pid_t>& spared, std::vector<pid_t>& refused) {
  refused.clear();
  bool any = false;
  for (const pid_t pid : children_of_self(procfs)) {
    if (contains(spared, pid)) continue;
    if (::kill(pid, SIGKILL) == 0)
      any = true;
    else if (errno == EPERM)
      refused.push_back(pid);
  }
  return any;
}

}  // namespace

std::vector<pid_t> children_before() {
  siginfo_t any{};
  if (::waitid(P_ALL, 0, &any, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0) return {};
  const int procfs = open_procfs();
  auto children = children_of_self(procfs);
  if (procfs >= 0) ::close(procfs);
  return children;
}

std::string end_leftovers(const std::vector<pid_t>& spared) {
  if (!reap_what_ended()) return {};
  const int procfs = open_procfs();
  if (procfs < 0 && spared.empty())
    return "processes that were left behind may go on: there is no /proc to find them by, and none can be mounted";
  std::vector<pid_t> refused;
  while (end_once(procfs, spared, refused)) {
    pause_briefly();
    if (!reap_what_ended()) break;
  }
  if (procfs >= 0) ::close(procfs);
  return refused.empty() ? std::string() : words_for(refused);
}

}  // namespace pidns
