#include <linux/mount.h>
#include <sys/mount.h>

#include "run/child/actions.h"
#include "run/child/mount_paths.h"
#include "run/child/mounts.h"
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

int do_mount_procfs(Context& context, const MountProcfs& action) {
  Text<64> options;
  if (action.mount.hidepid) options.add(hidepid_option(*action.mount.hidepid));
  if (action.mount.hidepid && action.mount.subset_pid) options.add(",");
  if (action.mount.subset_pid) options.add("subset=pid");
  const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  const char* data = options.used > 0 ? options.data : nullptr;
  if (!context.builds_root) return raw::error_of(raw::mount("proc", action.mount.target.c_str(), "proc", flags, data));
  // Below the root that is being built: by a path relative to it, once the target is known to be inside.
  const long target = open_or_make_target(context, action.mount.target.c_str(),
                                          action.create ? Missing::make_folder : Missing::refuse, 0755);
  if (target < 0) return raw::error_of(target);
  int error = raw::error_of(raw::fchdir(static_cast<int>(target)));
  if (error == 0) error = raw::error_of(raw::mount("proc", ".", "proc", flags, data));
  raw::close(static_cast<int>(target));
  return error;
}

long bound_tree(int source, const MountWords& words) {
  const unsigned recursive = words.recursive_bind ? AT_RECURSIVE : 0;
  const long tree = raw::open_tree(source, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | recursive);
  if (tree < 0 || (words.set == 0 && words.clear == 0)) return tree;
  // As bubblewrap's --ro-bind: what is bound recursively is read-only as a whole.
  const raw::MountAttributes attributes{words.set, words.clear, 0, 0};
  const int error = raw::error_of(raw::mount_setattr(static_cast<int>(tree), recursive, &attributes));
  if (error == 0) return tree;
  raw::close(static_cast<int>(tree));
  return -error;
}

int attach(long tree, long target) {
  if (tree < 0 || target < 0) {
    if (tree >= 0) raw::close(static_cast<int>(tree));
    if (target >= 0) raw::close(static_cast<int>(target));
    return raw::error_of(tree < 0 ? tree : target);
  }
  const int error = raw::error_of(raw::move_mount(static_cast<int>(tree), static_cast<int>(target)));
  raw::close(static_cast<int>(tree));
  raw::close(static_cast<int>(target));
  return error;
}

}  // namespace pidns::child
