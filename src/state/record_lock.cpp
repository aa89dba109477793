#include "state/record_lock.h"

#include <fcntl.h>
#include <sys/stat.h>

namespace pidns {
namespace {

struct flock whole_file() noexcept {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

Lock take_lock(int file, pid_t& holder) noexcept {
  struct flock lock = whole_file();
  if (::fcntl(file, F_SETLK, &lock) < 0) {
    is_locked(file, &holder);
    return Lock::taken;
  }
  struct stat found {};
  // A link count of 0: it was removed between our opening and our locking it.
  return ::fstat(file, &found) == 0 && found.st_nlink > 0 ? Lock::ours : Lock::removed;
}

bool is_locked(int file, pid_t* holder) noexcept {
  struct flock lock = whole_file();
  if (::fcntl(file, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK) return false;
  if (holder != nullptr) *holder = lock.l_pid;
  return true;
}

}  // namespace pidns
