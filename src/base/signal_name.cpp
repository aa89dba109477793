#include "base/signal_name.h"

#include <algorithm>
#include <array>
#include <csignal>

#include "base/nearest.h"

namespace pidns {
namespace {

struct Row {
  std::string_view name;
  int number;
};

// The first name of a number is the one that people see.
constexpr std::array rows{
    Row{"HUP", SIGHUP},       Row{"INT", SIGINT},   Row{"QUIT", SIGQUIT},   Row{"ILL", SIGILL},   Row{"TRAP", SIGTRAP},
    Row{"ABRT", SIGABRT},     Row{"BUS", SIGBUS},   Row{"FPE", SIGFPE},     Row{"KILL", SIGKILL}, Row{"USR1", SIGUSR1},
    Row{"SEGV", SIGSEGV},     Row{"USR2", SIGUSR2}, Row{"PIPE", SIGPIPE},   Row{"ALRM", SIGALRM}, Row{"TERM", SIGTERM},
    Row{"STKFLT", SIGSTKFLT}, Row{"CHLD", SIGCHLD}, Row{"CONT", SIGCONT},   Row{"STOP", SIGSTOP}, Row{"TSTP", SIGTSTP},
    Row{"TTIN", SIGTTIN},     Row{"TTOU", SIGTTOU}, Row{"URG", SIGURG},     Row{"XCPU", SIGXCPU}, Row{"XFSZ", SIGXFSZ},
    Row{"VTALRM", SIGVTALRM}, Row{"PROF", SIGPROF}, Row{"WINCH", SIGWINCH}, Row{"IO", SIGIO},     Row{"PWR", SIGPWR},
    Row{"SYS", SIGSYS},       Row{"IOT", SIGABRT},  Row{"CLD", SIGCHLD},    Row{"POLL", SIGIO},
};

std::optional<int> small_number(std::string_view digits) {
  if (digits.empty() || digits.size() > 2 || (digits.size() == 2 && digits[0] == '0')) return std::nullopt;
  int number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

/// A number that a program can be sent: glibc keeps 32 and 33 for itself.
std::optional<int> sendable(int number) {
  const bool ordinary = number >= 1 && number <= SIGSYS;
  const bool real_time = number >= SIGRTMIN && number <= SIGRTMAX;
  return ordinary || real_time ? std::optional(number) : std::nullopt;
}

std::optional<int> real_time(std::string_view name) {
  const bool from_least = name.starts_with("RTMIN");
  if (!from_least && !name.starts_with("RTMAX")) return std::nullopt;
  const std::string_view rest = name.substr(5);
  if (rest.empty()) return from_least ? SIGRTMIN : SIGRTMAX;
  if (rest[0] != (from_least ? '+' : '-')) return std::nullopt;
  const auto offset = small_number(rest.substr(1));
  if (!offset) return std::nullopt;
  const int number = from_least ? SIGRTMIN + *offset : SIGRTMAX - *offset;
  return number >= SIGRTMIN && number <= SIGRTMAX ? std::optional(number) : std::nullopt;
}

std::string upper_without_sig(std::string_view word) {
  std::string name(word);
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  if (name.starts_with("SIG")) name.erase(0, 3);
  return name;
}

}  // namespace

std::optional<int> parse_signal(std::string_view word) {
  if (word.size() > 16) return std::nullopt;
  if (const auto number = small_number(word)) return sendable(*number);
  const std::string name = upper_without_sig(word);
  for (const auto& row : rows)
    if (row.name == name) return row.number;
  return real_time(name);
}

std::string signal_name(int number) {
  for (const auto& row : rows)
    if (row.number == number) return "SIG" + std::string(row.name);
  if (number < SIGRTMIN || number > SIGRTMAX) return "signal " + std::to_string(number);
  const int from_least = number - SIGRTMIN;
  const int from_greatest = SIGRTMAX - number;
  if (from_least <= from_greatest) return from_least == 0 ? "SIGRTMIN" : "SIGRTMIN+" + std::to_string(from_least);
  return from_greatest == 0 ? "SIGRTMAX" : "SIGRTMAX-" + std::to_string(from_greatest);
}

std::vector<std::string_view> signal_words() {
  std::vector<std::string_view> words;
  for (const auto& row : rows) words.push_back(row.name);
  return words;
}

std::optional<std::string> nearest_signal(std::string_view word) {
  const std::string name = upper_without_sig(word);
  Nearest nearest(name);
  for (const auto& row : rows) nearest.offer(row.name);
  nearest.offer("RTMIN");
  nearest.offer("RTMAX");
  if (nearest.word().empty()) return std::nullopt;
  return "SIG" + std::string(nearest.word());
}

}  // namespace pidns
