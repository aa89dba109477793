#include "plan/step_order.h"

namespace pidns {
namespace {

struct Row {
  int rank;
  const char* name;
};

// Overloads, so that a kind of step without a place does not compile.
struct RowOf {
  // The tie comes first, so that nothing is done for a maker that is gone.
  Row operator()(const TieToMaker&) const { return {0, "TieToMaker"}; }
  Row operator()(const BecomeSubreaper&) const { return {9, "BecomeSubreaper"}; }
  Row operator()(const AwaitRelease&) const { return {66, "AwaitRelease"}; }
  Row operator()(const AwaitStart&) const { return {66, "AwaitStart"}; }
  Row operator()(const StartChildren&) const { return {70, "StartChildren"}; }
  Row operator()(const AwaitSetUp&) const { return {70, "AwaitSetUp"}; }
  Row operator()(const Release&) const { return {70, "Release"}; }
  // Behind what the node sets up, before what a process finds there: its directory may be made by another.
  Row operator()(const WaitFor&) const { return {45, "WaitFor"}; }
  Row operator()(const Join&) const { return {8, "Join"}; }
  Row operator()(const Unshare&) const { return {10, "Unshare"}; }
  Row operator()(const WriteOwnIdMaps&) const { return {12, "WriteOwnIdMaps"}; }
  Row operator()(const AwaitIdMaps&) const { return {12, "AwaitIdMaps"}; }
  Row operator()(const SetClockOffsets&) const { return {14, "SetClockOffsets"}; }
  // Before the first mount, else it would be seen outside.
  Row operator()(const SetPropagation&) const { return {20, "SetPropagation"}; }
  Row operator()(const ChangeRoot&) const { return {22, "ChangeRoot"}; }
  Row operator()(const MountFilesystem&) const { return {24, "MountFilesystem"}; }
  Row operator()(const MakePrivate&) const { return {26, "MakePrivate"}; }
  Row operator()(const MountProcfs&) const { return {26, "MountProcfs"}; }
  // In a user namespace proc can be mounted only while a whole one is visible: the old root's.
  Row operator()(const DetachOldRoot&) const { return {28, "DetachOldRoot"}; }
  Row operator()(const MaskPath&) const { return {30, "MaskPath"}; }
  Row operator()(const ReadOnlyPath&) const { return {32, "ReadOnlyPath"}; }
  Row operator()(const ReadOnlyRoot&) const { return {34, "ReadOnlyRoot"}; }
  Row operator()(const SetHostname&) const { return {40, "SetHostname"}; }
  Row operator()(const SetDomainname&) const { return {41, "SetDomainname"}; }
  Row operator()(const BringUpLoopback&) const { return {42, "BringUpLoopback"}; }
  Row operator()(const SetSysctl&) const { return {43, "SetSysctl"}; }
  Row operator()(const NewSession&) const { return {50, "NewSession"}; }
  Row operator()(const OwnGroup&) const { return {50, "OwnGroup"}; }
  // Before the streams, which may be others than the terminal.
  Row operator()(const NewTerminal&) const { return {50, "NewTerminal"}; }
  Row operator()(const RedirectStream&) const { return {51, "RedirectStream"}; }
  Row operator()(const ChangeDirectory&) const { return {52, "ChangeDirectory"}; }
  Row operator()(const SetUmask&) const { return {53, "SetUmask"}; }
  Row operator()(const SetRlimit&) const { return {54, "SetRlimit"}; }
  Row operator()(const SetNice&) const { return {55, "SetNice"}; }
  Row operator()(const SetOomScoreAdj&) const { return {56, "SetOomScoreAdj"}; }
  // Privileges go last: what came before may have needed them.
  Row operator()(const SetCredentials&) const { return {60, "SetCredentials"}; }
  Row operator()(const SetCapabilities&) const { return {62, "SetCapabilities"}; }
  Row operator()(const SetNoNewPrivs&) const { return {63, "SetNoNewPrivs"}; }
  Row operator()(const PassDescriptors&) const { return {64, "PassDescriptors"}; }
  Row operator()(const Fork&) const { return {70, "Fork"}; }
  Row operator()(const Clone&) const { return {70, "Clone"}; }
  Row operator()(const WriteIdMaps&) const { return {70, "WriteIdMaps"}; }
  Row operator()(const Exec&) const { return {80, "Exec"}; }
  Row operator()(const Supervise&) const { return {80, "Supervise"}; }
};

}  // namespace

int rank(const Action& action) { return std::visit(RowOf{}, action).rank; }
const char* kind_name(const Action& action) { return std::visit(RowOf{}, action).name; }

}  // namespace pidns
