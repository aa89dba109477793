#include <linux/mount.h>
#include <sys/mount.h>

#include "run/child/actions.h"
#include "run/child/mount_paths.h"
#include "run/child/mounts.h"
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

/// Path letters that overlayfs would read as syntax, escaped: Documentation/filesystems/overlayfs.rst.
void add_escaped(Text<8192>& text, const char* path) {
  for (; *path != '\0'; ++path) {
    if (*path == ':' || *path == ',' || *path == '\\') text.put('\\');
    text.put(*path);
  }
}

/// mount(2) of an overlay on `new` of the scratch, whose paths are relative to it: the old root is at
/// `old` there, what is written goes to `upper`.
int mount_overlay(const char* lower) {
  if (const int error = raw::error_of(raw::mkdir("upper", 0755))) return error;
  if (const int error = raw::error_of(raw::mkdir("work", 0700))) return error;
  Text<8192> plain;
  plain.add("lowerdir=old");
  if (lower[0] != '/') plain.put('/');
  add_escaped(plain, lower[0] == '/' && lower[1] == '\0' ? "" : lower);
  plain.add(",upperdir=upper,workdir=work");
  Text<8192> user;
  user.add(plain.data).add(",userxattr");
  if (plain.full || user.full) return ENAMETOOLONG;
  // Inside a user namespace only user.* attributes may be written, which needs `userxattr`.
  const int error = raw::error_of(raw::mount("overlay", "new", "overlay", 0, plain.data));
  return error == EPERM || error == EINVAL ? raw::error_of(raw::mount("overlay", "new", "overlay", 0, user.data)) : error;
}

}  // namespace

int do_change_root(Context& context, const ChangeRoot& action) {
  const Root& root = action.root;
  long tree = -1;
  if (root.type == Root::Type::directory) tree = directory_tree(context, root.path.c_str());
  if (root.type == Root::Type::tmpfs) tree = tmpfs_tree(context, root);
  if (root.type != Root::Type::overlay && tree < 0) return raw::error_of(tree);

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
    error = mount_overlay(root.path.c_str());
  } else {
    const long place = raw::open("new", O_PATH | O_DIRECTORY | O_CLOEXEC);
    error = raw::error_of(raw::move_mount(static_cast<int>(tree), static_cast<int>(place)));
    raw::close(static_cast<int>(place));
    raw::close(static_cast<int>(tree));
  }
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
