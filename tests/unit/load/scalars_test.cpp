/// Which words are what.

#include <catch2/catch.hpp>

#include "findings.h"

using namespace pidns;
using namespace pidns::testing;

namespace {

Lines with(const std::string& line) {
  return loading("pidns: 1\nunshare: [uts, net, pid, mount]\ncommand: [a]\n" + line + "\n");
}

}  // namespace

TEST_CASE("plain words that YAML reads as something else are no strings") {
  for (const char* word : {"null", "Null", "~"})
    CHECK(with(std::string("hostname: ") + word) ==
          Lines{"4:11: error: `" + std::string(word) + "` is null to YAML; `hostname` takes a string"});
  for (const char* word : {"true", "False", "YES", "no", "on", "Off"})
    CHECK(with(std::string("hostname: ") + word) ==
          Lines{"4:11: error: `" + std::string(word) + "` is a bool to YAML; `hostname` takes a string"});
  for (const char* word : {"0", "12", "-1", "+3", "0777", "0x1F", "0o17", "0b1", "1_000", "1.5", ".5", "1e3", "1:30",
                           "1:30:00", "12:30:45.5", ".inf", "-.INF", ".NaN", "1."})
    CHECK(with(std::string("hostname: ") + word) ==
          Lines{"4:11: error: `" + std::string(word) + "` is a number to YAML; `hostname` takes a string"});
  for (const char* word : {"a", "y", "n", "1.2.3", "10.0.0.1", "1:99x", "0xg", "nulls", "truest", "'5'", "\"true\"",
                           "\"null\"", "10d", "1:234", "e3"})
    CHECK(with(std::string("hostname: ") + word) == Lines{});
}

TEST_CASE("a value that is not there") {
  CHECK(with("hostname:") == Lines{"4:1: error: `hostname` has no value"});
  CHECK(with("hostname: ''") == Lines{"4:11: error: `hostname` has 1 to 64 bytes, not 0"});
  CHECK(with("hostname: " + std::string(65, 'a')) == Lines{"4:11: error: `hostname` has 1 to 64 bytes, not 65"});
  CHECK(with("hostname: " + std::string(64, 'a')) == Lines{});
  CHECK(with("hostname: [a]") == Lines{"4:11: error: `hostname` takes a string, not a list"});
  CHECK(with("hostname: {a: b}") == Lines{"4:11: error: `hostname` takes a string, not a map"});
}

TEST_CASE("bools are true and false") {
  CHECK(with("loopback: true") == Lines{});
  CHECK(with("loopback: false") == Lines{});
  CHECK(with("loopback: yes") == Lines{"4:11: error: `loopback` takes true or false, not `yes`"});
  CHECK(with("loopback: True") == Lines{"4:11: error: `loopback` takes true or false, not `True`"});
  CHECK(with("loopback: \"true\"") == Lines{"4:11: error: a quoted `true` is a string, not a bool"});
  CHECK(with("loopback: 1") == Lines{"4:11: error: `loopback` takes true or false, not `1`"});
  CHECK(with("loopback:") == Lines{"4:1: error: `loopback` has no value"});
  CHECK(with("loopback: []") == Lines{"4:11: error: `loopback` takes true or false, not a list"});
}

TEST_CASE("numbers are decimal") {
  CHECK(with("nice: 5") == Lines{});
  CHECK(with("nice: -20") == Lines{});
  for (const char* word : {"05", "+5", "0x5", "1_0", "5.0", "5e0", "0:05"})
    CHECK(with(std::string("nice: ") + word) ==
          Lines{"4:7: error: `" + std::string(word) + "` is not written as a number is here"});
  CHECK(with("nice: \"5\"") == Lines{"4:7: error: a quoted `5` is a string, not a number"});
  CHECK(with("nice: five") == Lines{"4:7: error: `five` is not a number"});
  CHECK(with("nice: 20") == Lines{"4:7: error: `nice` is from -20 to 19, not 20"});
  CHECK(with("nice: 99999999999999999999999") ==
        Lines{"4:7: error: `nice` is from -20 to 19, not 99999999999999999999999"});
}

TEST_CASE("durations, octal digits, paths") {
  CHECK(with("timeout: 1h30m") == Lines{});
  CHECK(with("timeout: 5") == Lines{});
  CHECK(with("timeout: 05") == Lines{"4:10: error: `05` is not a duration"});
  CHECK(with("timeout: soon") == Lines{"4:10: error: `soon` is not a duration"});
  CHECK(with("timeout: -1s") == Lines{"4:10: error: `timeout` cannot be negative"});
  CHECK(with("timeout: 0") == Lines{"4:10: error: `timeout` must be longer than nothing"});
  CHECK(with("umask: \"0027\"") == Lines{});
  CHECK(with("umask: 0027") == Lines{"4:8: error: `0027` is a number to YAML; `umask` takes a string"});
  CHECK(with("umask: \"0999\"") == Lines{"4:8: error: `umask` takes octal digits in quotes"});
  CHECK(with("umask: \"1777\"") == Lines{"4:8: error: `umask` takes octal digits in quotes"});
  CHECK(with("cwd: a/b") == Lines{"4:6: error: `cwd` takes an absolute path"});
}

TEST_CASE("environment values keep the text as written") {
  const auto judged = load_only(
      "pidns: 1\ncommand: [a]\nenv: {A: 1.10, B: 0755, C: yes, D: null, E: ~, F: '', G: \"null\", 1: x, on: y}\n");
  CHECK(judged.findings == Lines{});
  std::string all;
  for (const auto& one : *judged.spec->root.defaults.env)
    all += one.value.name + '=' + one.value.value.value_or("<removed>") + ' ';
  CHECK(all == "A=1.10 B=0755 C=yes D=<removed> E=<removed> F= G=null 1=x on=y ");
  CHECK(with("env:\n  A:\n  null: x") == Lines{"5:3: error: the variable `A` has no value"});
  CHECK(with("env: {A: [b]}") == Lines{"4:10: error: `A` takes a string, number, bool or null, not a list"});
  CHECK(with("env: {\"A=B\": x}") == Lines{"4:7: error: `A=B` cannot be the name of a variable"});
  CHECK(with("env: [A]") == Lines{"4:6: error: `env` takes a map of names to values, not a list"});
}

TEST_CASE("commands") {
  CHECK(loading("pidns: 1\ncommand: [sleep, 60, 1.10]\n") == Lines{});
  CHECK(loading("pidns: 1\ncommand: [sleep, yes, ~]\n") ==
        Lines{"2:18: error: `yes` is a bool to YAML; an element of `command` is a string",
              "2:23: error: `~` is null to YAML; an element of `command` is a string"});
  CHECK(loading("pidns: 1\ncommand: bash -c x\n") ==
        Lines{"2:10: error: `command` takes a list of strings, not one string"});
  CHECK(loading("pidns: 1\ncommand: []\n") == Lines{"2:10: error: `command` is an empty list"});
  CHECK(loading("pidns: 1\ncommand:\n") == Lines{"2:1: error: `command` has no value"});
  CHECK(loading("pidns: 1\ncommand: [[a]]\n") == Lines{"2:11: error: an element of `command` is a string, not a list"});
  CHECK(loading("pidns: 1\nscript: [a]\n") == Lines{"2:9: error: `script` takes a string, not a list"});
  const auto judged = load_only("pidns: 1\ncommand: bash -c \"a b\"\n");
  CHECK(judged.diagnostics.all().at(0).fix.starts_with("command: [bash, -c, "));
  CHECK(judged.diagnostics.all().at(0).fix.find("script: bash") != std::string::npos);
}

TEST_CASE("signals") {
  CHECK(with("kill-child: SIGRTMIN+3") == Lines{});
  CHECK(with("kill-child: 9") == Lines{});
  CHECK(with("kill-child: SIGKIL") == Lines{"4:13: error: `SIGKIL` is not a signal"});
  CHECK(with("kill-child: no") == Lines{"4:13: error: `kill-child` takes true or false, not `no`"});
  CHECK(with("kill-child: \"true\"") == Lines{"4:13: error: a quoted `true` is a string, not a bool"});
  CHECK(with("stop-signal: 0") == Lines{"4:14: error: `0` is not a signal"});
}

TEST_CASE("words out of a few") {
  CHECK(with("propagation: privat") ==
        Lines{"4:14: error: `propagation` takes `private`, `slave`, `shared` or `unchanged`, not `privat`"});
  CHECK(with("mount-proc: {hidepid: 2}").size() == 1);
  CHECK(with("mount-proc: proc") == Lines{"4:13: error: `mount-proc` takes an absolute path"});
  CHECK(with("mount-proc: \"true\"") == Lines{"4:13: error: a quoted `true` is a string, not a bool"});
  CHECK(with("mount-proc: {target: /x, hidepid: invisible, subset: pid}") == Lines{});
  CHECK(with("stdin: null") == Lines{});
  CHECK(with("stdin: ~") == Lines{"4:8: error: `stdin` takes `inherit`, `null` or a path"});
}
