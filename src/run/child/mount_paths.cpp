#include "run/child/mount_paths.h"

#include <linux/mount.h>
#include <sys/mount.h>

#include "run/child/text.h"

namespace pidns::child {
namespace {

/// A node that keeps its root has only one tree.
long open_from(bool builds_root, int root, const char* path, int flags) {
  return builds_root ? raw::open_in_root(root, path, flags) : raw::open(path, flags | O_CLOEXEC);
}

/// Opens or makes the folder `name` of `parent`; closes `parent`.
long step_into(int parent, const char* name, bool make) {
  // RESOLVE_IN_ROOT is relative to the descriptor it is given, so a link in the middle of a path is
  // resolved by the whole path; see open_parent.
  long made = raw::openat(parent, name, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (made == -ENOENT && make) {
    const int error = raw::error_of(raw::mkdirat(parent, name, 0755));
    made = error != 0 && error != EEXIST ? -error
                                         : raw::openat(parent, name, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  }
  raw::close(parent);
  return made;
}

struct ZeroUmask {
  long before = raw::umask(0);
  ZeroUmask() = default;
  ZeroUmask(const ZeroUmask&) = delete;
  ZeroUmask& operator=(const ZeroUmask&) = delete;
  ~ZeroUmask() { raw::umask(static_cast<unsigned>(before)); }
};

}  // namespace

long open_source(Context& context, const char* path) {
  return open_from(context.builds_root, context.old_root, path, O_PATH);
}

long open_target(Context& context, const char* path) {
  return open_from(context.builds_root, context.new_root, path, O_PATH);
}

bool is_folder(int descriptor) {
  struct stat found {};
  return raw::fstatat(descriptor, "", &found, AT_EMPTY_PATH) == 0 && S_ISDIR(found.st_mode);
}

long open_parent(Context& context, const char* path, bool make, const char*& name) {
  // The longest part that exists is opened as a whole, so that links in it lead inside the root;
  // what is missing behind it has no links.
  Text<4096> part;
  part.add(path);
  while (part.used > 1 && part.data[part.used - 1] == '/') part.data[--part.used] = '\0';
  if (part.full) return -ENAMETOOLONG;
  std::size_t last = part.used;
  while (last > 0 && part.data[last - 1] != '/') --last;
  name = path + last;
  std::size_t existing = last;
  long folder = -ENOENT;
  for (;;) {
    while (existing > 1 && part.data[existing - 1] == '/') --existing;
    const char kept = part.data[existing];
    part.data[existing] = '\0';
    folder = open_from(context.builds_root, context.new_root, existing == 0 ? "/" : part.data, O_PATH | O_DIRECTORY);
    part.data[existing] = kept;
    if (folder != -ENOENT || !make || existing <= 1) break;
    while (existing > 0 && part.data[existing - 1] != '/') --existing;
  }
  const ZeroUmask open_modes;
  while (folder >= 0 && existing < last) {
    while (existing < last && part.data[existing] == '/') ++existing;
    std::size_t end = existing;
    while (end < last && part.data[end] != '/') ++end;
    if (end == existing) break;
    const char kept = part.data[end];
    part.data[end] = '\0';
    folder = step_into(static_cast<int>(folder), part.data + existing, make);
    part.data[end] = kept;
    existing = end;
  }
  return folder;
}

long open_or_make_target(Context& context, const char* path, Missing missing, unsigned mode) {
  const long found = open_target(context, path);
  if (found != -ENOENT || missing == Missing::refuse) return found;
  const char* name = nullptr;
  const long parent = open_parent(context, path, true, name);
  if (parent < 0) return parent;
  {
    const ZeroUmask open_modes;
    if (missing == Missing::make_folder) {
      // Another node may have made it meanwhile.
      const int error = raw::error_of(raw::mkdirat(static_cast<int>(parent), name, mode));
      if (error != 0 && error != EEXIST) {
        raw::close(static_cast<int>(parent));
        return -error;
      }
    } else {
      const long made =
          raw::openat(static_cast<int>(parent), name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, mode);
      if (made < 0 && made != -EEXIST) {
        raw::close(static_cast<int>(parent));
        return made;
      }
      if (made >= 0) raw::close(static_cast<int>(made));
    }
  }
  raw::close(static_cast<int>(parent));
  return open_target(context, path);
}

int open_scratch(Context& context) {
  if (context.scratch >= 0) return context.scratch;
  const long fs = raw::fsopen("tmpfs");
  if (fs < 0) return static_cast<int>(fs);
  long mount = raw::fsconfig(static_cast<int>(fs), FSCONFIG_SET_STRING, "mode", "0755");
  if (mount >= 0) mount = raw::fsconfig(static_cast<int>(fs), FSCONFIG_CMD_CREATE, nullptr, nullptr);
  if (mount >= 0) mount = raw::fsmount(static_cast<int>(fs), MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
  raw::close(static_cast<int>(fs));
  if (mount < 0) return static_cast<int>(mount);
  // On top of `/`: a path that begins there does not see it.
  const long top = raw::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  const int error = raw::error_of(raw::move_mount(static_cast<int>(mount), static_cast<int>(top)));
  raw::close(static_cast<int>(top));
  if (error != 0) {
    raw::close(static_cast<int>(mount));
    return -error;
  }
  context.scratch = static_cast<int>(mount);
  return context.scratch;
}

void drop_scratch(Context& context) {
  if (context.scratch < 0) return;
  const long here = raw::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  raw::fchdir(context.scratch);
  raw::umount2(".", MNT_DETACH);
  if (here >= 0) {
    raw::fchdir(static_cast<int>(here));
    raw::close(static_cast<int>(here));
  }
  raw::close(context.scratch);
  context.scratch = -1;
}

}  // namespace pidns::child
