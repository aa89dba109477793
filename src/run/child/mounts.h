#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "run/child/context.h"
#include "run/child/mount_words.h"

namespace pidns::child {

/// A new filesystem by fsopen(2), configured by the words of `options` that are its own; not attached.
/// A descriptor of its root, or a negated errno. `extra_key` is set before them, so that they win.
/// `attributes` (MOUNT_ATTR_…) are added to those of the words. `options` may be null.
long new_filesystem(Context& context, const char* type, const char* source, const std::vector<std::string>* options,
                    const char* extra_key = nullptr, const char* extra_value = nullptr, std::uint64_t attributes = 0);

/// A clone of the tree at `source`, with the attributes of `words`; not attached.
long bound_tree(int source, const MountWords& words);

/// Attaches a tree on an O_PATH descriptor; closes both.
int attach(long tree, long target);

/// `dev`: a small /dev on `target`, made or found there.
int mount_small_dev(Context& context, const Mount& mount);

/// A read-only file of `content`, of this run only, on an O_PATH descriptor of a file, which is closed.
int cover_with_file(Context& context, long target, std::string_view content, unsigned mode);

/// `file`: a read-only file of `content` bound on its target.
int mount_file(Context& context, const Mount& mount);

}  // namespace pidns::child
