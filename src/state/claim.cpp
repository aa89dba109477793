#include "state/claim.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <ctime>

#include "base/error_text.h"
#include "state/name_socket.h"
#include "state/record.h"
#include "state/record_lock.h"

namespace pidns {
namespace {

constexpr std::size_t longest_name = 63;
constexpr int make_flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

bool write_all(int descriptor, const std::string& text) noexcept {
  const char* at = text.data();
  std::size_t left = text.size();
  while (left > 0) {
    const ssize_t written = ::write(descriptor, at, left);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    at += written;
    left -= static_cast<std::size_t>(written);
  }
  return true;
}

std::string numbered(const std::string& name, unsigned number) {
  const std::string ending = "-" + std::to_string(number);
  return name.substr(0, longest_name - ending.size()) + ending;
}

/// Where a limit of the spec or the caller leaves few descriptors, they are for others. Below 64: there a
/// process's table need not grow.
void keep_low_numbers_free(UniqueFd& file) {
  constexpr int out_of_the_way = 60;
  const int moved = ::fcntl(file.get(), F_DUPFD_CLOEXEC, out_of_the_way);
  if (moved >= 0) file.reset(moved);
}

void pause_briefly() {
  const timespec moment{0, 2000000};
  ::nanosleep(&moment, nullptr);
}

}  // namespace

NameClaim::~NameClaim() {
  if (file_) finish(-1);
}

ClaimResult NameClaim::claim(const std::string& name, bool exact, bool by_file) {
  ClaimResult result = try_name(name, by_file);
  // Who removes what another left behind holds the lock for a moment, too.
  for (int tries = 0; exact && result == ClaimResult::in_use && tries < 25; ++tries) {
    pause_briefly();
    result = try_name(name, by_file);
  }
  for (unsigned number = 2; !exact && result == ClaimResult::in_use; ++number)
    result = try_name(numbered(name, number), by_file);
  return result;
}

ClaimResult NameClaim::try_name(const std::string& name, bool by_file) {
  const Hold hold = hold_name(runtime_directory(), name, socket_, holder_);
  if (hold == Hold::taken) return ClaimResult::in_use;
  if (hold == Hold::ours) keep_low_numbers_free(socket_);
  ClaimResult result = ClaimResult::claimed;
  if (by_file || hold == Hold::unusable)
    result = lock_file(name);
  else if (is_taken_by_file(name))
    result = ClaimResult::in_use;
  else
    name_ = name;
  if (result == ClaimResult::in_use) socket_.reset();
  return result;
}

/// By one that does not see our sockets.
bool NameClaim::is_taken_by_file(const std::string& name) {
  const std::string file = runtime_directory() + "/pidns/" + name + ".json";
  const UniqueFd found(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat owned {};
  return found && ::fstat(found.get(), &owned) == 0 && owned.st_uid == ::geteuid() && is_locked(found.get(), &holder_);
}

ClaimResult NameClaim::lock_file(const std::string& name) {
  folder_ = open_state_folder(true);
  if (!folder_.descriptor) return ClaimResult::no_folder;
  const std::string file = name + ".json";
  // Again where what we opened was removed before we had locked it, or the folder before we opened.
  for (int tries = 0; tries < 1000; ++tries) {
    bool fresh = true;
    file_.reset(::openat(folder_.descriptor.get(), file.c_str(), make_flags, 0600));
    if (!file_ && errno == EEXIST) {
      fresh = false;
      file_.reset(::openat(folder_.descriptor.get(), file.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC));
      if (!file_ && errno == ENOENT) continue;
    }
    if (!file_ && errno == ENOENT) {
      folder_ = open_state_folder(true);
      if (!folder_.descriptor) return ClaimResult::no_folder;
      continue;
    }
    if (!file_) {
      folder_.problem = folder_.path + "/" + file + ": " + error_text(errno);
      remove_state_folder_if_empty(folder_);
      return ClaimResult::no_folder;
    }
    keep_low_numbers_free(file_);
    const Lock got = take_lock(file_.get(), holder_);
    if (got == Lock::removed) continue;
    if (got == Lock::taken) {
      file_.reset();
      return ClaimResult::in_use;
    }
    if (!fresh) {
      // Its owner is gone: nothing of it shall be taken for ours.
      [[maybe_unused]] const int emptied = ::ftruncate(file_.get(), 0);
      ::unlinkat(folder_.descriptor.get(), (name + ".log").c_str(), 0);
    }
    name_ = name;
    folder_.descriptor.reset();
    return ClaimResult::claimed;
  }
  folder_.problem = folder_.path + "/" + file + " comes and goes";
  return ClaimResult::no_folder;
}

std::string NameClaim::path(const char* ending) const { return folder_.path + "/" + name_ + ending; }

UniqueFd NameClaim::open_log() {
  has_log_ = true;
  return UniqueFd(::open(log_path().c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
}

ClaimResult NameClaim::publish(const std::string& text) {
  if (!file_)
    if (const ClaimResult result = lock_file(name_); result != ClaimResult::claimed) return result;
  const std::string aside = path(".new");
  UniqueFd file(::open(aside.c_str(), make_flags, 0600));
  if (!file && errno == EEXIST && ::unlink(aside.c_str()) == 0) file.reset(::open(aside.c_str(), make_flags, 0600));
  if (!file) return ClaimResult::no_folder;
  keep_low_numbers_free(file);
  // Locked before it has the name: at no moment is the name free.
  pid_t nobody = 0;
  if (take_lock(file.get(), nobody) != Lock::ours || !write_all(file.get(), text) ||
      ::rename(aside.c_str(), path(".json").c_str()) < 0) {
    const int error = errno;
    ::unlink(aside.c_str());
    errno = error;
    return ClaimResult::no_folder;
  }
  file_ = std::move(file);
  published_ = true;
  return ClaimResult::claimed;
}

void NameClaim::finish(int status) noexcept {
  if (!file_) return;
  // Who waits has opened the file, and reads it when we are gone.
  if (published_ && status >= 0) write_all(file_.get(), status_record(status));
  if (has_log_) ::unlink(log_path().c_str());
  ::unlink(path(".json").c_str());
  remove_state_folder_if_empty(folder_);
  file_.reset();
}

}  // namespace pidns
