# SPDX-License-Identifier: GPL-2.0-only
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
zlt_test(zlt_base_tests base/command_line_test.cc base/line_splitter_test.cc base/own_folder_test.cc base/printable_test.cc
  base/program_test.cc base/table_test.cc
  LINK zlt_base fmt::fmt CLI11::CLI11 Threads::Threads)
