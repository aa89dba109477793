#pragma once

/// What lies in a small /dev, a mount of the type `dev`.

namespace pidns {

/// Bound from the /dev around it.
inline constexpr const char* small_dev_devices[] = {"null", "zero", "full", "random", "urandom", "tty"};

struct SmallDevLink {
  const char* text;
  const char* name;
};
// As bubblewrap's --dev and every distribution have them.
inline constexpr SmallDevLink small_dev_links[] = {{"/proc/self/fd", "fd"},       {"/proc/self/fd/0", "stdin"},
                                                   {"/proc/self/fd/1", "stdout"}, {"/proc/self/fd/2", "stderr"},
                                                   {"/proc/kcore", "core"},       {"pts/ptmx", "ptmx"}};

}  // namespace pidns
