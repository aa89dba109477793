#include "cli/pipeline.h"

#include <unistd.h>

#include <catch2/catch.hpp>

using namespace pidns;
using namespace pidns::cli;

TEST_CASE("an instance without a name is called after its file") {
  CHECK(instance_name({}, "lab.yaml") == "lab");
  CHECK(instance_name({}, "/some/where/my lab.v2.yaml") == "my-lab.v2");
  CHECK(instance_name({}, "labs/.hidden") == "hidden");
  CHECK(instance_name({}, "--x--.yaml") == "x--");
  CHECK(instance_name({}, "grün") == "gr--n");
  CHECK(instance_name({}, "...") == "spec");
  CHECK(instance_name({}, "-") == "stdin");
  CHECK(instance_name({}, std::string(200, 'a')) == std::string(63, 'a'));
  Spec named;
  named.name = Setting<std::string>("mine", {});
  CHECK(instance_name(named, "lab.yaml") == "mine");
}

TEST_CASE("relative paths count from the spec's directory") {
  char here[4096];
  REQUIRE(::getcwd(here, sizeof here) != nullptr);
  const std::string cwd = here;
  CHECK(spec_directory("lab.yaml") == cwd);
  CHECK(spec_directory("-") == cwd);
  CHECK(spec_directory("labs/one/lab.yaml") == cwd + "/labs/one");
  CHECK(spec_directory("/labs/lab.yaml") == "/labs");
  CHECK(spec_directory("/lab.yaml") == "/");
}
