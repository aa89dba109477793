#include "run/child/overlays.h"

#include <linux/mount.h>

#include "run/child/mount_paths.h"
#include "run/child/mounts.h"
#include "run/child/text.h"

namespace pidns::child {
namespace {

constexpr unsigned deepest = 32;  ///< Of folders rebuilt inside each other: the stack may be a small one.

/// One copy: overlays that share the scratch, numbered.
struct Copy {
  unsigned overlays = 0;
  bool user_attributes = false;
};

int cover(Copy& copy, int lower, int target, unsigned depth);

/// Owner and mode of a folder to another. An owner that is not mapped here can't be given.
void take_attributes(int from, int to) {
  struct stat found {};
  if (raw::fstatat(from, "", &found, AT_EMPTY_PATH) < 0) return;
  raw::fchownat(to, "", found.st_uid, found.st_gid, AT_EMPTY_PATH);
  // An O_PATH descriptor has no fchmod(2).
  if (raw::fchdir(to) == 0) raw::chmod(".", found.st_mode & 07777U);
}

/// The folders for what is written to the next overlay, named relative to the scratch.
int make_layers(Copy& copy, int lower, Text<32>& upper, Text<32>& work) {
  const unsigned number = copy.overlays++;
  upper.add("/upper").add_number(number);
  work.add("/work").add_number(number);
  if (const int error = raw::error_of(raw::mkdir(upper.data, 0755))) return error;
  if (const int error = raw::error_of(raw::mkdir(work.data, 0700))) return error;
  // overlayfs marks what is gone by trusted.* attributes, or with `userxattr` by user.*: inside a user
  // namespace only those can be written.
  if (number == 0) copy.user_attributes = raw::setxattr(upper.data, "trusted.pidns", "", 0) < 0;
  const long folder = raw::open(upper.data, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return raw::error_of(folder);
  take_attributes(lower, static_cast<int>(folder));
  raw::close(static_cast<int>(folder));
  return 0;
}

/// An overlay of the working directory, not attached; or a negated errno. Named by `.`, it needs no
/// word about the letters that overlayfs takes for syntax.
long overlay_of_here(const Copy& copy, const char* upper, const char* work) {
  const long fs = raw::fsopen("overlay");
  if (fs < 0) return fs;
  const int descriptor = static_cast<int>(fs);
  long result = raw::fsconfig(descriptor, FSCONFIG_SET_STRING, "source", "overlay");
  if (result >= 0) result = raw::fsconfig(descriptor, FSCONFIG_SET_STRING, "lowerdir", ".");
  if (result >= 0) result = raw::fsconfig(descriptor, FSCONFIG_SET_STRING, "upperdir", upper);
  if (result >= 0) result = raw::fsconfig(descriptor, FSCONFIG_SET_STRING, "workdir", work);
  if (result >= 0 && copy.user_attributes) result = raw::fsconfig(descriptor, FSCONFIG_SET_FLAG, "userxattr", nullptr);
  if (result >= 0) result = raw::fsconfig(descriptor, FSCONFIG_CMD_CREATE, nullptr, nullptr);
  if (result >= 0) result = raw::fsmount(descriptor, 0);
  raw::close(descriptor);
  return result;
}

/// Whether mounts lie below that may not be taken off here: what they cover must not be shown, so
/// the kernel clones the folder alone as little as it takes it for an overlay (EINVAL).
bool holds_locked_mounts(int folder) {
  const long tree = raw::open_tree(folder, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
  if (tree >= 0) raw::close(static_cast<int>(tree));
  return tree == -EINVAL;
}

[[gnu::noinline]] int copy_link(int lower, int target, const char* name) {
  char text[4096];
  const long size = raw::readlinkat(lower, name, text, sizeof text - 1);
  if (size < 0) return raw::error_of(size);
  text[size] = '\0';
  return raw::error_of(raw::symlinkat(text, target, name));
}

/// A file stays the one it is: bound read-only on an empty one.
[[gnu::noinline]] int bind_file(int lower, int target, const char* name) {
  const long source = raw::openat(lower, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (source < 0) return raw::error_of(source);
  MountWords read_only;
  read_only.set = MOUNT_ATTR_RDONLY;
  const long tree = bound_tree(static_cast<int>(source), read_only);
  raw::close(static_cast<int>(source));
  if (tree < 0) return raw::error_of(tree);
  raw::mknodat(target, name, S_IFREG | 0444, 0);
  return attach(tree, raw::openat(target, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
}

[[gnu::noinline]] int copy_folder(Copy& copy, int lower, int target, const char* name, unsigned depth) {
  if (const int error = raw::error_of(raw::mkdirat(target, name, 0755))) return error;
  // A mount point (EXDEV) is an empty folder, as an overlay would show it.
  const long from = raw::open_beneath(lower, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  if (from == -EXDEV) return 0;
  if (from < 0) return raw::error_of(from);
  const long to = raw::openat(target, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int error = raw::error_of(to);
  if (error == 0) {
    error = cover(copy, static_cast<int>(from), static_cast<int>(to), depth + 1);
    raw::close(static_cast<int>(to));
  }
  raw::close(static_cast<int>(from));
  return error;
}

int copy_entry(Copy& copy, int lower, int target, const char* name, unsigned depth) {
  struct stat found {};
  if (const int error = raw::error_of(raw::fstatat(lower, name, &found, AT_SYMLINK_NOFOLLOW))) return error;
  if (S_ISDIR(found.st_mode)) return copy_folder(copy, lower, target, name, depth);
  return S_ISLNK(found.st_mode) ? copy_link(lower, target, name) : bind_file(lower, target, name);
}

bool is_dots(const char* name) { return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0')); }

/// The folder entry by entry, where it can't be overlaid as a whole.
int rebuild(Copy& copy, int lower, int target, unsigned depth) {
  if (depth > deepest) return EINVAL;
  take_attributes(lower, target);
  const long folder = raw::openat(lower, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder == -EACCES && depth > 0) return 0;
  if (folder < 0) return raw::error_of(folder);
  alignas(std::uint64_t) char entries[512];
  int error = 0;
  long size = 0;
  while (error == 0 && (size = raw::getdents64(static_cast<int>(folder), entries, sizeof entries)) > 0)
    // struct linux_dirent64: the record's length at 16, its name from 19 on.
    for (long at = 0; at < size && error == 0; at += *reinterpret_cast<const std::uint16_t*>(entries + at + 16))
      if (!is_dots(entries + at + 19)) error = copy_entry(copy, lower, target, entries + at + 19, depth);
  raw::close(static_cast<int>(folder));
  return error != 0 ? error : raw::error_of(size);
}

int cover(Copy& copy, int lower, int target, unsigned depth) {
  Text<32> upper;
  Text<32> work;
  if (const int error = make_layers(copy, lower, upper, work)) return error;
  const long here = raw::fchdir(lower);
  // What may not be entered or listed has nothing to show.
  if (here == -EACCES && depth > 0) return 0;
  if (here < 0) return raw::error_of(here);
  const long tree = overlay_of_here(copy, upper.data, work.data);
  if (tree == -EINVAL && holds_locked_mounts(lower)) return rebuild(copy, lower, target, depth);
  if (tree < 0) return raw::error_of(tree);
  const int error = raw::error_of(raw::move_mount(static_cast<int>(tree), target));
  raw::close(static_cast<int>(tree));
  return error;
}

}  // namespace

int cover_with_copy(int lower, int target) {
  Copy copy;
  const long before = raw::umask(0);
  const int error = cover(copy, lower, target, 0);
  raw::umask(static_cast<unsigned>(before));
  return error;
}

}  // namespace pidns::child
