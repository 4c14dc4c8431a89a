# SPDX-License-Identifier: GPL-2.0-only
zlt_test(zlt_base_tests base/line_splitter_test.cc base/own_folder_test.cc base/printable_test.cc base/table_test.cc LINK zlt_base)
