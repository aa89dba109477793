#include "cli/completion.h"

#include <catch2/catch.hpp>

using namespace pidns::cli;

TEST_CASE("operands are read from the usage") {
  CHECK(operands_of(*find_command("run")) == std::vector<OperandWords>{{"SPEC"}});
  CHECK(operands_of(*find_command("pid")) == std::vector<OperandWords>{{"PID", "NAME"}, {"ADDRESS"}});
  CHECK(operands_of(*find_command("exec")) == std::vector<OperandWords>{{"NAME"}, {"ADDRESS"}});
  CHECK(operands_of(*find_command("new")).empty());
}

TEST_CASE("each script knows every verb and every option") {
  for (const std::string& script : {completion_bash(), completion_zsh(), completion_fish()})
    for (const Command& command : commands()) {
      CHECK(script.find(std::string(command.name)) != std::string::npos);
      for (const Option* option : command.options) CHECK(script.find(std::string(option->name)) != std::string::npos);
    }
}
