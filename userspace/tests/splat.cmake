# SPDX-License-Identifier: GPL-2.0-only
# Tests of the splat engine, its corpus, its fuzz target and its figures.
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
set(splat_data "${CMAKE_CURRENT_SOURCE_DIR}/data/splat")

zlt_library(zlt_splat_corpus splat_corpus.cc splat_render.cc LINK zlt_splat nlohmann_json::nlohmann_json fmt::fmt)
target_compile_definitions(zlt_splat_corpus PRIVATE ZLT_SPLAT_DATA="${splat_data}")
zlt_tool(zlt-splat-goldens splat_goldens.cc LINK zlt_splat_corpus)

zlt_test(splat_test
  splat_anchors_test.cc splat_blame_test.cc splat_corpus_test.cc splat_demangle_test.cc splat_disturbance_test.cc splat_forms_test.cc splat_line_test.cc
  splat_negative_test.cc splat_paste_test.cc splat_render_test.cc
  splat_record_test.cc splat_scanner_test.cc splat_title_test.cc
  LINK zlt_splat_corpus fmt::fmt LABELS unit)
zlt_test(splat_cli_test splat_cli_test.cc splat_symbols_test.cc LINK zlt_splat_cli zlt_splat_corpus LABELS unit)
target_compile_definitions(splat_cli_test PRIVATE ZLT_SPLAT_PROGRAM="$<TARGET_FILE:zlt-splat>")
add_dependencies(splat_cli_test zlt-splat)
add_library(splat_sample_module OBJECT splat_sample_module.cc)
target_compile_options(splat_sample_module PRIVATE -g -O1 -fno-sanitize=all)
target_compile_definitions(splat_cli_test PRIVATE ZLT_SAMPLE_MODULE="$<TARGET_OBJECTS:splat_sample_module>")
add_dependencies(splat_cli_test splat_sample_module)

zlt_tool(zlt-splat-render splat_render_main.cc LINK zlt_splat_corpus)

# The fuzz target as a plain program: the corpus, mutated with a fixed seed, for as many rounds as it is told. scripts/fuzz-splat
# builds the same file with libFuzzer.
zlt_tool(zlt-splat-fuzz splat_fuzz.cc splat_fuzz_main.cc LINK zlt_splat_corpus)
add_test(NAME splat_fuzz_smoke COMMAND zlt-splat-fuzz 300)
set_tests_properties(splat_fuzz_smoke PROPERTIES LABELS unit TIMEOUT 300)
