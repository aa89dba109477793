#include "cli/cli.h"

int main(int argc, char** argv) { return pidns::cli::main(argc, argv); }
