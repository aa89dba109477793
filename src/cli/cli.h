#pragma once

/// The command line: from words to a verb, from a verb to an exit status.

namespace pidns::cli {

/// Dispatches to a verb of the table in commands.cpp and returns the status of the program.
int main(int argc, char** argv);

}  // namespace pidns::cli
