#include "spec/small_dev.h"

#include <linux/mount.h>
#include <sys/mount.h>

#include <iterator>

#include "run/child/mount_paths.h"
#include "run/child/mounts.h"
#include "run/child/text.h"

namespace pidns::child {
namespace {

/// The devices of the parent node's tree, opened before a /dev of ours may cover them.
class Devices {
 public:
  explicit Devices(Context& context) {
    for (std::size_t i = 0; i < std::size(small_dev_devices); ++i) {
      Text<32> path;
      path.add("/dev/").add(small_dev_devices[i]);
      opened_[i] = open_source(context, path.data);
    }
  }
  ~Devices() {
    for (const long device : opened_)
      if (device >= 0) raw::close(static_cast<int>(device));
  }
  Devices(const Devices&) = delete;
  Devices& operator=(const Devices&) = delete;

  /// Each bound on a file of ours: mknod(2) is refused in a user namespace.
  int bind_all(int dev) const {
    for (std::size_t i = 0; i < std::size(small_dev_devices); ++i) {
      if (opened_[i] < 0) return raw::error_of(opened_[i]);
      if (const int error = raw::error_of(raw::mknodat(dev, small_dev_devices[i], S_IFREG | 0444, 0))) return error;
      const long place = raw::openat(dev, small_dev_devices[i], O_PATH | O_CLOEXEC | O_NOFOLLOW);
      if (const int error = attach(bound_tree(static_cast<int>(opened_[i]), MountWords{}), place)) return error;
    }
    return 0;
  }

 private:
  long opened_[std::size(small_dev_devices)];
};

int mount_on(Context& context, int dev, const char* name, const char* type, const char* key, const char* value) {
  if (const int error = raw::error_of(raw::mkdirat(dev, name, 0755))) return error;
  return attach(new_filesystem(context, type, type, nullptr, key, value),
                raw::openat(dev, name, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

int fill(Context& context, int dev, const Devices& sources) {
  if (const int error = sources.bind_all(dev)) return error;
  if (const int error = mount_on(context, dev, "pts", "devpts", "ptmxmode", "0666")) return error;
  if (const int error = mount_on(context, dev, "shm", "tmpfs", "mode", "1777")) return error;
  for (const auto& link : small_dev_links)
    if (const int error = raw::error_of(raw::symlinkat(link.text, dev, link.name))) return error;
  return 0;
}

int write_all(int descriptor, std::string_view content) {
  const char* at = content.data();
  std::size_t left = content.size();
  while (left > 0) {
    const long written = raw::write(descriptor, at, left);
    if (written < 0) return raw::error_of(written);
    at += written;
    left -= static_cast<std::size_t>(written);
  }
  return 0;
}

/// A new file of the scratch, bound but not attached. It keeps its name there, which nobody sees:
/// nothing can be mounted on a file without one.
long read_only_file(int scratch, std::string_view content, unsigned mode) {
  const long before = raw::umask(0);
  long made = -EEXIST;
  Text<24> name;
  for (unsigned number = 0; made == -EEXIST; ++number) {
    name = Text<24>();
    name.add("file").add_number(number);
    made = raw::openat(scratch, name.data, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
  }
  raw::umask(static_cast<unsigned>(before));
  if (made < 0) return made;
  const int error = write_all(static_cast<int>(made), content);
  raw::close(static_cast<int>(made));
  if (error != 0) return -error;
  const long file = raw::openat(scratch, name.data, O_PATH | O_CLOEXEC);
  if (file < 0) return file;
  MountWords words;
  words.set = MOUNT_ATTR_RDONLY;
  const long tree = bound_tree(static_cast<int>(file), words);
  raw::close(static_cast<int>(file));
  return tree;
}

}  // namespace

int mount_small_dev(Context& context, const Mount& mount) {
  const Devices sources(context);
  const Missing missing = mount.create.value_or(false) ? Missing::make_folder : Missing::refuse;
  const long target = open_or_make_target(context, mount.target.c_str(), missing, mount.mode.value_or(0755));
  if (target < 0) return raw::error_of(target);
  const std::uint64_t harmless = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;  // The devices are mounts of their own.
  if (const int error =
          attach(new_filesystem(context, "tmpfs", "tmpfs", &mount.options, "mode", "0755", harmless), target))
    return error;
  const long dev = open_target(context, mount.target.c_str());
  if (dev < 0) return raw::error_of(dev);
  const long before = raw::umask(0);
  const int error = fill(context, static_cast<int>(dev), sources);
  raw::umask(static_cast<unsigned>(before));
  raw::close(static_cast<int>(dev));
  return error;
}

int cover_with_file(Context& context, long target, std::string_view content, unsigned mode) {
  // A node that keeps its root needs the scratch only for this.
  const bool borrowed = context.scratch < 0;
  const int scratch = open_scratch(context);
  const int error = attach(scratch < 0 ? scratch : read_only_file(scratch, content, mode), target);
  if (borrowed) drop_scratch(context);
  return error;
}

int mount_file(Context& context, const Mount& mount) {
  const unsigned mode = mount.mode.value_or(0444);
  const Missing missing = mount.create.value_or(false) ? Missing::make_file : Missing::refuse;
  const long target = open_or_make_target(context, mount.target.c_str(), missing, mode);
  if (target < 0) return raw::error_of(target);
  if (!is_folder(static_cast<int>(target))) return cover_with_file(context, target, mount.content, mode);
  raw::close(static_cast<int>(target));
  return EISDIR;
}

}  // namespace pidns::child
