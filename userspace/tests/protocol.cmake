# SPDX-License-Identifier: GPL-2.0-only
zlt_test(zlt_protocol_tests
  protocol/bad_messages_test.cc protocol/mutation_test.cc protocol/outcome_test.cc
  protocol/round_trip_test.cc
  LINK zlt_protocol)
