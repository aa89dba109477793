#include "run/parent/hints_setup.h"

#include <fcntl.h>

#include <cerrno>

#include "run/child/context.h"
#include "run/child/mount_words.h"

namespace pidns {
namespace {

Hint hint_for_nobody() {
  return {"a file needs an owner, and the maps of this user namespace hold neither its maker's ids nor 0",
          "uid-map: root"};
}

}  // namespace

Hint hint_for_id_maps(const WriteIdMaps& action, int error) {
  if (action.by_helper && error == ENOENT)
    return {
        "a caller without CAP_SETUID and CAP_SETGID maps more than its own id through newuidmap and newgidmap, "
        "which are not installed",
        "install them (package uidmap), or uid-map: root"};
  if (action.by_helper)
    return {"newuidmap and newgidmap allow the caller's own id, and what /etc/subuid and /etc/subgid give to it",
            "ids that stand there, or uid-map: auto"};
  if (error == EPERM)
    return {"`outside` counts in the user namespace around the new one, which must map these ids itself", ""};
  if (error == EINVAL) return {"the kernel takes at most 340 extents, and none that overlap", ""};
  return {};
}

Hint hint_for_clocks(int error) {
  if (error == ERANGE)
    return {
        "it would put a clock below zero, or beyond what the kernel counts; offsets count from the clocks of the "
        "initial time namespace, which began as the machine started",
        ""};
  if (error == ENOENT) return {"/proc/self/timens_offsets: no /proc here, or a kernel without time namespaces", ""};
  return {};
}

Hint hint_for_root(const ChangeRoot& action, int error) {
  switch (error) {
    case ENOENT:
      return {"`root` is looked up in the tree of the node around this one", ""};
    case EOVERFLOW:
      return hint_for_nobody();
    case ENOTDIR:
      return {"only a folder can become `/`", ""};
    case EINVAL:
      if (action.root.type == Root::Type::tmpfs) return {"an option that tmpfs does not know", ""};
      if (action.root.type == Root::Type::overlay)
        return {"the kernel refuses this overlay: filesystems stack at most two deep, and some cannot lie below one",
                ""};
      return {"pivot_root(2) refuses a `/` whose mount is shared", "propagation: private"};
    case ENODEV:
      return {"this kernel has no overlay filesystem", ""};
    default:
      return {};
  }
}

Hint hint_for_mount(const Mount& mount, int error) {
  switch (error) {
    case child::trouble_no_source:
      return {"sources are looked up in the tree of the node around this one", "optional: true, if it may be missing"};
    case ENOENT:
      return {"the target does not exist inside the node", "create: true"};
    case ENODEV:
      return {"the kernel knows no filesystem `" + mount.type + "`", ""};
    case EINVAL:
      if (mount.type == "bind" && child::sort_words(mount.options).has_filesystem_words)
        return {
            "a bind takes the words that every mount has (ro, nosuid, noexec and so on); the others belong to a "
            "filesystem",
            ""};
      if (mount.type == "bind")
        return {"inside a user namespace a tree with mounts in it can only be bound whole", "options: [rbind]"};
      return {"an option that `" + mount.type + "` does not know or a value that it refuses", ""};
    case EPERM:
      return {
          "inside a user namespace a filesystem needs a namespace that belongs to it, locked flags of a bound tree "
          "can't be taken off, and devices can't be mounted",
          ""};
    case EOVERFLOW:
      return hint_for_nobody();
    case EACCES:
      return {"the folders on the way do not let this node's user in, or make anything in them", ""};
    case ENOTDIR:
      return {"a folder goes on a folder, a file on a file, and what leads there are folders", ""};
    case EROFS:
      return {"what is missing can't be made where the tree is read-only", ""};
    case EEXIST:
      return {"something else is there already", ""};
    case ENOTBLK:
    case ENXIO:
      return {"the source is no block device", ""};
    default:
      return {};
  }
}

Hint hint_for_sysctl(int error) {
  switch (error) {
    case ENOENT:
      return {"no such file below /proc/sys as this node sees it: no such parameter, or no /proc", ""};
    case EACCES:
    case EPERM:
      return {"the parameter belongs to a namespace that this node's user namespace does not own", ""};
    case EROFS:
      return {"/proc/sys is read-only here", "a fresh one: mount-proc: true"};
    case EINVAL:
    case ERANGE:
      return {"the kernel refuses this value", ""};
    default:
      return {};
  }
}

Hint hint_for_credentials(int error) {
  switch (error) {
    case EPERM:
      return {
          "another uid needs CAP_SETUID, another gid or other groups CAP_SETGID; `groups` besides that setgroups is "
          "not denied in the user namespace",
          "run as root, or add `user` to `unshare`"};
    case EINVAL:
      return {"the user namespace around this process does not map the id", "an id in uid-map or gid-map"};
    case child::trouble_unknown_user:
      return {"names are looked up in /etc/passwd of the node's own root", ""};
    case child::trouble_unknown_group:
      return {"names are looked up in /etc/group of the node's own root", ""};
    case EAGAIN:
      return {"that user has as many processes as RLIMIT_NPROC allows", ""};
    default:
      return {};
  }
}

Hint hint_for_rlimit(const Rlimit& limit, int error) {
  if (error == EPERM && limit.name == "nofile")
    return {
        "raising a hard limit needs CAP_SYS_RESOURCE outside every user namespace, and `nofile` goes no further than "
        "fs.nr_open",
        ""};
  if (error == EPERM) return {"raising a hard limit needs CAP_SYS_RESOURCE outside every user namespace", ""};
  return {};
}

Hint hint_for_nice(int error) {
  if (error != EACCES && error != EPERM) return {};
  return {"a lower value than the caller's needs CAP_SYS_NICE outside every user namespace, or RLIMIT_NICE", ""};
}

Hint hint_for_oom_score(int error) {
  if (error != EACCES && error != EPERM) return {};
  return {"a lower value than the caller's needs CAP_SYS_RESOURCE outside every user namespace", ""};
}

Hint hint_for_capabilities(int error) {
  if (error != EPERM) return {};
  return {"only capabilities that its maker has can be kept, and dropping the others needs CAP_SETPCAP",
          "run as root, or add `user` to `unshare`"};
}

Hint hint_for_descriptors(const PassDescriptors& action) {
  for (const int number : action.numbers)
    if (::fcntl(number, F_GETFD) < 0)
      return {"descriptor " + std::to_string(number) + " is not open in the caller", ""};
  return {};
}

Hint hint_for_stream(const Stream& stream, int error) {
  if (error == ENOENT) return {"`" + stream.path + "` is looked up in the caller's tree", ""};
  return {};
}

Hint hint_for_terminal(int error) {
  switch (error) {
    case ENOENT:
      return {"it comes from /dev/ptmx in the caller's tree", "mount a devpts on /dev/pts, or terminal: inherit"};
    case ENOSPC:
      return {"all pseudo-terminals of this devpts are in use (/proc/sys/kernel/pty/max)", ""};
    default:
      return {};
  }
}

}  // namespace pidns
