#include <sys/mount.h>

#include "run/child/actions.h"
#include "run/child/text.h"

namespace pidns::child {
namespace {

unsigned long propagation_flag(Propagation mode) {
  switch (mode) {
    case Propagation::private_: return MS_PRIVATE;
    case Propagation::slave: return MS_SLAVE;
    case Propagation::shared: return MS_SHARED;
    case Propagation::unchanged: return 0;
  }
  return 0;
}

const char* hidepid_option(HidePid mode) {
  switch (mode) {
    case HidePid::off: return "hidepid=off";
    case HidePid::noaccess: return "hidepid=noaccess";
    case HidePid::invisible: return "hidepid=invisible";
    case HidePid::ptraceable: return "hidepid=ptraceable";
  }
  return "";
}

}  // namespace

int do_set_propagation(const SetPropagation& action) {
  const unsigned long flag = propagation_flag(action.mode);
  if (flag == 0) return 0;
  return raw::error_of(raw::mount("none", "/", nullptr, MS_REC | flag, nullptr));
}

int do_make_private(const MakePrivate& action) {
  // Only the root of a mount takes a propagation type (EINVAL elsewhere): walk up to the one that
  // holds the target.
  Text<4096> path;
  path.add(action.target.c_str());
  if (path.full) return ENAMETOOLONG;
  for (;;) {
    const int error = raw::error_of(raw::mount("none", path.data, nullptr, MS_PRIVATE, nullptr));
    if (error != EINVAL || path.used <= 1) return error;
    while (path.used > 1 && path.data[path.used - 1] != '/') --path.used;
    if (path.used > 1) --path.used;
    path.data[path.used] = '\0';
  }
}

int do_mount_procfs(const MountProcfs& action) {
  Text<64> options;
  if (action.mount.hidepid) options.add(hidepid_option(*action.mount.hidepid));
  if (action.mount.hidepid && action.mount.subset_pid) options.add(",");
  if (action.mount.subset_pid) options.add("subset=pid");
  return raw::error_of(raw::mount("proc", action.mount.target.c_str(), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
                                  options.used > 0 ? options.data : nullptr));
}

}  // namespace pidns::child
