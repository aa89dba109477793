#pragma once

/// What both kinds of trees are made of.

#include "render/tree.h"

namespace pidns {

/// The pids, the namespaces in which they count, the host name and the command.
void fill_row(TreeRow& row, const SeenProcess& process, const NamespaceParents& parents);

}  // namespace pidns
