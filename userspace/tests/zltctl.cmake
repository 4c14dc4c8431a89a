# SPDX-License-Identifier: GPL-2.0-only
# The controller: its library, its guest loop, and the programs themselves.
zlt_test(zltctl_test
  zltctl/drivers_test.cc zltctl/environment_test.cc zltctl/explain_test.cc zltctl/formats_test.cc
  zltctl/guest_input_test.cc zltctl/guest_memory_test.cc zltctl/guest_test.cc zltctl/json_test.cc zltctl/kernel_command_line_test.cc
  zltctl/load_test.cc zltctl/numa_test.cc
  zltctl/pending_write_test.cc zltctl/port_test.cc zltctl/request_test.cc zltctl/run_test.cc zltctl/report_text_test.cc zltctl/watch_test.cc
  LINK zlt_ctl_commands LABELS host)
zlt_test(zltctl_program_test
  zltctl/fake_debugfs.cc zltctl/process.cc zltctl/program_guest_test.cc zltctl/program_run_test.cc zltctl/program_test.cc
  zltctl/program_watch_test.cc
  LINK zlt_ctl LABELS host)
target_compile_definitions(zltctl_program_test PRIVATE
  ZLTCTL="$<TARGET_FILE:zltctl>" ZLTCTL_INIT="$<TARGET_FILE:zltctl-init>")
add_dependencies(zltctl_program_test zltctl zltctl-init)
