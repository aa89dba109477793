#pragma once

#include "run/child/context.h"

namespace pidns::child {

/// Opens a file of /proc, `self/uid_map`: in the procfs that the supervisor opened before anything was
/// made. A level further in may have no /proc, or one that counts pids elsewhere.
long open_proc_file(const Context& context, const char* path, int flags);

/// What that procfs calls a child of this process; 0 where it can't be told. A pidfd's fdinfo has it:
/// pidfd_open(2).
int pid_in_procfs(const Context& context, int pid);

/// One write(2): the kernel takes an id map only whole. 0 or an errno.
int write_proc_file(const Context& context, const char* path, const char* data, std::size_t size);

}  // namespace pidns::child
