#pragma once

#include "run/child/context.h"

namespace pidns::child {

/// Covers the folder `target` with a copy of the folder `lower` that forgets what is written to it.
/// The scratch must be `/` meanwhile: it takes what is written. Both are O_PATH descriptors, and stay open.
int cover_with_copy(int lower, int target);

}  // namespace pidns::child
