#include <linux/mount.h>
#include <sys/mount.h>

#include "run/child/actions.h"
#include "run/child/mount_paths.h"
#include "run/child/mounts.h"

namespace pidns::child {
namespace {

long open_path(const char* path) { return raw::open(path, O_PATH | O_CLOEXEC); }

bool is_null_device(int descriptor) {
  struct stat found {};
  return raw::fstatat(descriptor, "", &found, AT_EMPTY_PATH) == 0 && S_ISCHR(found.st_mode) && found.st_rdev == 0x103;
}

/// As runc does it; a root without devices gets an empty file instead.
int cover_with_null(Context& context, long target) {
  const long null = open_path("/dev/null");
  if (null < 0 || !is_null_device(static_cast<int>(null))) {
    if (null >= 0) raw::close(static_cast<int>(null));
    return cover_with_file(context, target, "", 0444);
  }
  const long tree = bound_tree(static_cast<int>(null), MountWords{});
  raw::close(static_cast<int>(null));
  return attach(tree, target);
}

}  // namespace

int do_mask_path(Context& context, const MaskPath& action) {
  const long target = open_path(action.path.c_str());
  if (target == -ENOENT || target == -ENOTDIR) return 0;
  if (target < 0) return raw::error_of(target);
  if (!is_folder(static_cast<int>(target))) return cover_with_null(context, target);
  return attach(new_filesystem(context, "tmpfs", "tmpfs", nullptr, "mode", "0755",
                               MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC),
                target);
}

int do_read_only_path(const ReadOnlyPath& action) {
  const long target = open_path(action.path.c_str());
  if (target == -ENOENT || target == -ENOTDIR) return 0;
  if (target < 0) return raw::error_of(target);
  MountWords words;
  words.recursive_bind = true;
  words.set = MOUNT_ATTR_RDONLY;
  const long tree = bound_tree(static_cast<int>(target), words);
  if (tree != -EINVAL) return attach(tree, target);
  // One that is unbindable is no less a mount of the node's own.
  const raw::MountAttributes attributes{MOUNT_ATTR_RDONLY, 0, 0, 0};
  const int error = raw::error_of(
      raw::mount_setattr(static_cast<int>(target), AT_RECURSIVE, &attributes));
  raw::close(static_cast<int>(target));
  return error;
}

int do_read_only_root() {
  // Flags are only added: taking one away that is locked in a user namespace is EPERM.
  const long root = raw::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return raw::error_of(root);
  const raw::MountAttributes attributes{MOUNT_ATTR_RDONLY, 0, 0, 0};
  const int error = raw::error_of(raw::mount_setattr(static_cast<int>(root), 0, &attributes));
  raw::close(static_cast<int>(root));
  return error;
}

}  // namespace pidns::child
