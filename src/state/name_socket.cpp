#include "state/name_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace pidns {
namespace {

void append_hex(std::string& text, std::uint64_t number) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, number, 16);
  text.append(digits, end.ptr).append("/");
}

/// Which folder is meant, whatever it is called in this mount namespace; whose; and the name.
std::string word_for(const struct stat& runtime, const std::string& name) {
  std::string word(1, '\0');
  word += "pidns/";
  append_hex(word, runtime.st_dev);
  append_hex(word, runtime.st_ino);
  append_hex(word, ::geteuid());
  return word + name;
}

/// SO_PEERCRED of a listening socket is who made it listen, as this process sees it.
bool is_this_user_s(const sockaddr_un& address, socklen_t size, pid_t& holder) {
  const UniqueFd asks(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ucred peer{};
  socklen_t length = sizeof peer;
  if (!asks || ::connect(asks.get(), reinterpret_cast<const sockaddr*>(&address), size) < 0 ||
      ::getsockopt(asks.get(), SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
    return false;
  holder = peer.pid;
  return peer.uid == ::geteuid();
}

}  // namespace

Hold hold_name(const std::string& runtime, const std::string& name, UniqueFd& socket, pid_t& holder) {
  struct stat folder {};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (::stat(runtime.c_str(), &folder) < 0) return Hold::unusable;
  const std::string word = word_for(folder, name);
  if (word.size() > sizeof address.sun_path) return Hold::unusable;
  std::memcpy(address.sun_path, word.data(), word.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + word.size());
  socket.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return Hold::unusable;
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0 && ::listen(socket.get(), 64) == 0)
    return Hold::ours;
  const bool in_use = errno == EADDRINUSE;
  socket.reset();
  return in_use && is_this_user_s(address, size, holder) ? Hold::taken : Hold::unusable;
}

}  // namespace pidns
