#include "render/tree_parts.h"

namespace pidns {

void fill_row(TreeRow& row, const SeenProcess& process, const NamespaceParents& parents) {
  row.pids = process.levels;
  row.counted_in = namespaces_of(process, parents);
  row.hostname = process.hostname.value_or(row.pids.empty() ? "" : "?");
  row.command = process.command;
}

}  // namespace pidns
