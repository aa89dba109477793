#include <linux/mount.h>
#include <sys/mount.h>

#include "run/child/actions.h"
#include "run/child/mount_paths.h"
#include "run/child/mounts.h"
#include "run/child/overlays.h"
#include "run/child/text.h"

namespace pidns::child {
namespace {

/// A tree to become the node's root, not attached anywhere: descriptor or negated errno.
long directory_tree(Context& context, const char* path) {
  const long source = open_source(context, path);
  if (source < 0) return source;
  const long tree = is_folder(static_cast<int>(source))
                        ? raw::open_tree(static_cast<int>(source), "",
                                         AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE)
                        : -ENOTDIR;
  raw::close(static_cast<int>(source));
  return tree;
}

long tmpfs_tree(Context& context, const Root& root) {
  Text<8> mode;
  mode.add("0755");
  return new_filesystem(context, "tmpfs", "tmpfs", &root.options, "mode", mode.data);
}

/// A copy of `lower` on `new` of the scratch. Where it can't be one overlay, its folders become
/// several: on a tmpfs, since the root must be a mount.
int attach_copy(Context& context, int lower) {
  const int error = attach(new_filesystem(context, "tmpfs", "tmpfs", nullptr, "mode", "0755"),
                           raw::open("new", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (error != 0) return error;
  const long target = raw::open("new", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (target < 0) return raw::error_of(target);
  const int covered = cover_with_copy(lower, static_cast<int>(target));
  raw::close(static_cast<int>(target));
  return covered;
}

}  // namespace

int do_change_root(Context& context, const ChangeRoot& action) {
  const Root& root = action.root;
  // Looked up before the old root moves away: the tree itself, or what the overlay lies on.
  long tree = -1;
  if (root.type == Root::Type::directory) tree = directory_tree(context, root.path.c_str());
  if (root.type == Root::Type::tmpfs) tree = tmpfs_tree(context, root);
  if (root.type == Root::Type::overlay) tree = open_source(context, root.path.c_str());
  if (tree < 0) return raw::error_of(tree);
  if (!is_folder(static_cast<int>(tree))) return ENOTDIR;

  // The scratch becomes `/` for a while: the old root at /old, the new one at /new.
  const int scratch = open_scratch(context);
  if (scratch < 0) return -scratch;
  const long old_root = raw::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (old_root < 0) return raw::error_of(old_root);
  int error = raw::error_of(raw::fchdir(scratch));
  if (error == 0) error = raw::error_of(raw::mkdir("old", 0755));
  if (error == 0) error = raw::error_of(raw::mkdir("new", 0755));
  if (error == 0) error = raw::error_of(raw::pivot_root(".", "old"));
  if (error == 0) error = raw::error_of(raw::chroot("."));
  if (error != 0) return error;
  if (root.type == Root::Type::overlay) {
    error = attach_copy(context, static_cast<int>(tree));
  } else {
    const long place = raw::open("new", O_PATH | O_DIRECTORY | O_CLOEXEC);
    error = raw::error_of(raw::move_mount(static_cast<int>(tree), static_cast<int>(place)));
    raw::close(static_cast<int>(place));
  }
  raw::close(static_cast<int>(tree));
  if (error == 0) error = raw::error_of(raw::fchdir(scratch));
  if (error != 0) return error;
  const long made = raw::open("new", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (made < 0) return raw::error_of(made);
  context.new_root = static_cast<int>(made);
  context.old_root = static_cast<int>(old_root);
  context.builds_root = true;
  return 0;
}

int do_detach_old_root(Context& context) {
  int error = raw::error_of(raw::fchdir(context.new_root));
  // Both names the same: the scratch, with the old root on it, ends up on top, and is taken off.
  if (error == 0) error = raw::error_of(raw::pivot_root(".", "."));
  if (error == 0) error = raw::error_of(raw::umount2(".", MNT_DETACH));
  if (error == 0) error = raw::error_of(raw::chdir("/"));
  raw::close(context.old_root);
  raw::close(context.new_root);
  raw::close(context.scratch);
  context.old_root = context.new_root = context.scratch = -1;
  context.builds_root = false;
  return error;
}

}  // namespace pidns::child
