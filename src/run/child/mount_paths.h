#pragma once

/// Paths of a node while its root is built. Sources are looked up in the parent node's tree, targets
/// in the node's own, with links and `..` kept inside each. Descriptors are O_PATH and CLOEXEC.

#include "run/child/context.h"

namespace pidns::child {

/// An O_PATH descriptor, or a negated errno.
long open_source(Context& context, const char* path);
long open_target(Context& context, const char* path);

enum class Missing : unsigned char { refuse, make_file, make_folder };

/// As open_target; what is missing is made, the folders above it with 0755, itself with `mode`.
long open_or_make_target(Context& context, const char* path, Missing missing, unsigned mode);

/// The folder that holds `path`'s last component (made where missing and `make` says so), and that
/// component, which points into `path`.
long open_parent(Context& context, const char* path, bool make, const char*& name);

/// Whether an O_PATH descriptor is of a folder.
bool is_folder(int descriptor);

/// A tmpfs of our own, attached where no path leads; for what must be part of the mount namespace to
/// be bound. drop_scratch detaches it.
int open_scratch(Context& context);
void drop_scratch(Context& context);

}  // namespace pidns::child
