#include "run/look/identified.h"

#include <cerrno>

#include "state/store.h"
#include "sys/raw.h"

namespace pidns {

UniqueFd open_identified(const ProcessIdentity& identity) {
  const long opened = identity.pid > 0 ? raw::pidfd_open(identity.pid) : -ESRCH;
  if (opened < 0) {
    errno = raw::error_of(opened);
    return UniqueFd();
  }
  UniqueFd process(static_cast<int>(opened));
  // Looked at after the pidfd was opened: if the pid has gone to another process between, then that is
  // what this shows; if it goes later, the pidfd stays with who was looked at.
  if (!lives(identity)) {
    errno = ESRCH;
    process.reset();
  }
  return process;
}

}  // namespace pidns
