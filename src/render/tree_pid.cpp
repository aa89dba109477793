/// One process, with its pid at every level.

#include "base/display_line.h"
#include "render/columns.h"
#include "render/tree.h"
#include "render/tree_parts.h"

namespace pidns {

std::string pid_text(const Machine& machine, const ProcessOwner& owner) {
  TreeRow row;
  fill_row(row, machine.processes.front(), parents_of(machine));
  std::string text = cut_right(printable(row.command), page_width, "...") + "\n";
  text += "host name  " + (row.hostname == "?" ? "(may not be looked at)" : printable(row.hostname)) + "\n";
  if (!owner.instance.empty())
    text += "instance   " + owner.instance + (owner.address.empty() ? "" : ", address " + owner.address) +
            (owner.role == "command" ? "" : ", " + owner.role + " of pidns") + "\n";
  for (std::size_t level = 0; level < row.pids.size(); ++level) {
    const std::string pid = std::to_string(row.pids[level]);
    const std::uint64_t inode = row.counted_in[level];
    text += pad(pid, 9) + "  in pid namespace " + (inode == 0 ? "(not shown to us)" : std::to_string(inode));
    if (inode != 0 && inode == machine.own) text += ", ours";
    text += "\n";
  }
  return text;
}

}  // namespace pidns
