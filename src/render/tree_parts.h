#pragma once

/// What both kinds of trees are made of.

#include "render/tree.h"

namespace pidns {

/// The inode of the first pid namespace of a machine: include/linux/proc_ns.h.
inline constexpr std::uint64_t initial_pid_namespace = 0xEFFFFFFC;

/// The pids, the namespaces in which they count, the host name and the command.
void fill_row(TreeRow& row, const SeenProcess& process, const NamespaceParents& parents);

}  // namespace pidns
