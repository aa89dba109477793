#include <linux/mount.h>
#include <sys/mount.h>

#include <string_view>

#include "run/child/actions.h"
#include "run/child/mount_paths.h"
#include "run/child/mounts.h"
#include "run/child/text.h"

namespace pidns::child {
namespace {

bool equal(std::string_view a, std::string_view b) { return a == b; }

/// Paths among a filesystem's options are looked up in the parent node's tree, like any source: `/`
/// is that tree's while they are read.
class InOldRoot {
 public:
  explicit InOldRoot(Context& context) : active_(context.builds_root), context_(context) {
    if (!active_) return;
    raw::fchdir(context.old_root);
    raw::chroot(".");
  }
  InOldRoot(const InOldRoot&) = delete;
  InOldRoot& operator=(const InOldRoot&) = delete;
  ~InOldRoot() {
    if (!active_) return;
    raw::fchdir(context_.scratch);
    raw::chroot(".");
  }

 private:
  bool active_;
  Context& context_;
};

/// `key=value` or a bare word to fsconfig(2).
int configure(int fs, const std::string& option) {
  Text<256> key;
  std::size_t at = 0;
  while (at < option.size() && option[at] != '=') key.put(option[at++]);
  if (key.full) return ENAMETOOLONG;
  if (at == option.size()) return raw::error_of(raw::fsconfig(fs, FSCONFIG_SET_FLAG, key.data, nullptr));
  return raw::error_of(raw::fsconfig(fs, FSCONFIG_SET_STRING, key.data, option.c_str() + at + 1));
}

int configure_all(int fs, const char* source, const std::vector<std::string>* options, const char* extra_key,
                  const char* extra_value) {
  if (extra_key != nullptr)
    if (const int error = raw::error_of(raw::fsconfig(fs, FSCONFIG_SET_STRING, extra_key, extra_value))) return error;
  if (source[0] != '\0')
    if (const int error = raw::error_of(raw::fsconfig(fs, FSCONFIG_SET_STRING, "source", source))) return error;
  if (options != nullptr)
    for (const auto& option : *options) {
      MountWords ignored;
      if (add_word(ignored, option.c_str())) continue;
      if (const int error = configure(fs, option)) return error;
    }
  return raw::error_of(raw::fsconfig(fs, FSCONFIG_CMD_CREATE, nullptr, nullptr));
}

int mount_bind(Context& context, const Mount& mount) {
  const long source = open_source(context, mount.source.c_str());
  if (source == -ENOENT) return mount.optional ? 0 : static_cast<int>(trouble_no_source);
  if (source < 0) return raw::error_of(source);
  const MountWords words = sort_words(mount.options);
  if (words.has_filesystem_words) {
    raw::close(static_cast<int>(source));
    return EINVAL;
  }
  const Missing missing = !mount.create.value_or(false)         ? Missing::refuse
                          : is_folder(static_cast<int>(source)) ? Missing::make_folder
                                                                : Missing::make_file;
  const unsigned mode = mount.mode.value_or(missing == Missing::make_folder ? 0755U : 0644U);
  const long tree = bound_tree(static_cast<int>(source), words);
  raw::close(static_cast<int>(source));
  if (tree < 0) return raw::error_of(tree);
  const long target = open_or_make_target(context, mount.target.c_str(), missing, mode);
  // move_mount(2) has only EINVAL for it.
  if (target >= 0 && is_folder(static_cast<int>(target)) != is_folder(static_cast<int>(tree))) {
    raw::close(static_cast<int>(tree));
    raw::close(static_cast<int>(target));
    return ENOTDIR;
  }
  return attach(tree, target);
}

/// What the kernel's pseudo filesystems are safest with, and always have on a well-kept system.
std::uint64_t usual_attributes(std::string_view type) {
  const bool pseudo = equal(type, "proc") || equal(type, "sysfs") || equal(type, "mqueue");
  if (pseudo) return MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
  return equal(type, "devpts") ? MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC : 0;
}

int mount_new(Context& context, const Mount& mount) {
  const Missing missing = mount.create.value_or(false) ? Missing::make_folder : Missing::refuse;
  const long target = open_or_make_target(context, mount.target.c_str(), missing, mount.mode.value_or(0755));
  if (target < 0) return raw::error_of(target);
  const std::string& source = mount.source.empty() ? mount.type : mount.source;
  if (sort_words(mount.options).recursive_bind) {
    raw::close(static_cast<int>(target));
    return EINVAL;
  }
  long tree = new_filesystem(context, mount.type.c_str(), source.c_str(), &mount.options);
  if (tree == -ENOENT && mount.optional && !mount.source.empty()) {
    raw::close(static_cast<int>(target));
    return 0;
  }
  return attach(tree, target);
}

int make_symlink(Context& context, const Mount& mount) {
  const char* name = nullptr;
  const long parent = open_parent(context, mount.target.c_str(), mount.create.value_or(false), name);
  if (parent < 0) return raw::error_of(parent);
  int error = raw::error_of(raw::symlinkat(mount.source.c_str(), static_cast<int>(parent), name));
  if (error == EEXIST) {
    char text[4096];
    const long size = raw::readlinkat(static_cast<int>(parent), name, text, sizeof text);
    if (size >= 0 && mount.source.compare(0, std::string::npos, text, static_cast<std::size_t>(size)) == 0) error = 0;
  }
  raw::close(static_cast<int>(parent));
  return error;
}

int make_folder(Context& context, const Mount& mount) {
  const long folder =
      open_or_make_target(context, mount.target.c_str(), Missing::make_folder, mount.mode.value_or(0755));
  if (folder < 0) return raw::error_of(folder);
  const int error = is_folder(static_cast<int>(folder)) ? 0 : ENOTDIR;
  raw::close(static_cast<int>(folder));
  return error;
}

int set_propagation(Context& context, const Mount& mount) {
  const MountWords words = sort_words(mount.options);
  if (words.propagation == 0) return 0;
  const long target = open_target(context, mount.target.c_str());
  if (target < 0) return raw::error_of(target);
  const raw::MountAttributes attributes{0, 0, words.propagation, 0};
  const int error = raw::error_of(
      raw::mount_setattr(static_cast<int>(target), words.recursive_propagation ? AT_RECURSIVE : 0, &attributes));
  raw::close(static_cast<int>(target));
  return error;
}

}  // namespace

long new_filesystem(Context& context, const char* type, const char* source, const std::vector<std::string>* options,
                    const char* extra_key, const char* extra_value, std::uint64_t attributes) {
  const long fs = raw::fsopen(type);
  if (fs < 0) return fs;
  int error = 0;
  {
    const InOldRoot paths(context);
    error = configure_all(static_cast<int>(fs), source, options, extra_key, extra_value);
  }
  MountWords words;
  if (options != nullptr) words = sort_words(*options);
  words.set |= (usual_attributes(type) & ~words.clear) | attributes;
  const long tree = error == 0 ? raw::fsmount(static_cast<int>(fs), static_cast<unsigned>(words.set)) : -error;
  raw::close(static_cast<int>(fs));
  return tree;
}

int do_mount_filesystem(Context& context, const MountFilesystem& action) {
  const Mount& mount = action.mount;
  if (equal(mount.type, "symlink")) return make_symlink(context, mount);
  if (equal(mount.type, "dir")) return make_folder(context, mount);
  if (equal(mount.type, "file")) return mount_file(context, mount);
  if (equal(mount.type, "dev")) return mount_small_dev(context, mount);
  const int error = equal(mount.type, "bind") ? mount_bind(context, mount) : mount_new(context, mount);
  return error != 0 ? error : set_propagation(context, mount);
}

}  // namespace pidns::child
