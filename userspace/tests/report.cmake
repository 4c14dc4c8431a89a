# SPDX-License-Identifier: GPL-2.0-only
zlt_test(zlt_report_tests report/json_writer_test.cc report/model_test.cc report/run_folder_test.cc LINK zlt_report)
