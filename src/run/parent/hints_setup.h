#pragma once

#include "plan/step.h"
#include "run/parent/hints.h"

namespace pidns {

/// Why the kernel refuses a step of setting up, a function a kind: empty where its words are enough.
Hint hint_for_id_maps(const WriteIdMaps& action, int error);
Hint hint_for_clocks(int error);
Hint hint_for_root(const ChangeRoot& action, int error);
Hint hint_for_mount(const Mount& mount, int error);
Hint hint_for_sysctl(int error);
Hint hint_for_credentials(int error);
Hint hint_for_rlimit(const Rlimit& limit, int error);
Hint hint_for_nice(int error);
Hint hint_for_oom_score(int error);
Hint hint_for_capabilities(int error);
Hint hint_for_descriptors(const PassDescriptors& action);
Hint hint_for_stream(const Stream& stream, int error);
Hint hint_for_terminal(int error);

}  // namespace pidns
