#pragma once

namespace pidns::child {

/// Kills and reaps every child of this process, a subreaper, and theirs as they come to it, until none
/// is left. For a holder in a joined pid namespace; it knows them from a procfs of its own, as they
/// are counted where it is. Where it may mount none: what it can.
void end_orphans();

}  // namespace pidns::child
