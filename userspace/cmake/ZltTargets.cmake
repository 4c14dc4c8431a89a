# SPDX-License-Identifier: GPL-2.0-only
# The shapes a target has here: library, program, tool, test, bench. Warnings are errors in all of them.
find_package(Threads REQUIRED)
find_package(GTest)

add_library(zlt_options INTERFACE)
target_compile_options(zlt_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
target_include_directories(zlt_options INTERFACE "${ZLT_SOURCE_DIR}")
option(ZLT_FUZZER "for scripts/fuzz: everything counts its branches for libFuzzer; clang alone has it" OFF)
if(ZLT_FUZZER)  # the other compiler's warnings are not this one's
  target_compile_options(zlt_options INTERFACE -fsanitize=fuzzer-no-link -Wno-error)
endif()
if(ZLT_SANITIZE)
  target_compile_options(zlt_options INTERFACE -fsanitize=${ZLT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(zlt_options INTERFACE -fsanitize=${ZLT_SANITIZE})
endif()

# Most of a build is the same templates (JSON, matchers, formatting) made anew for each file. So the files of a target are
# compiled together: those of one folder where a target has several, else some at a time. Two of them cannot have one name in
# their anonymous namespaces; what does not go with others is said with zlt_alone(). The linter takes ZLT_UNITY=OFF and reads
# each file by itself.
option(ZLT_UNITY "compile files of a target together" ON)
set(CMAKE_UNITY_BUILD ${ZLT_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)

# zlt_alone(SOURCE…): these are compiled by themselves. To be said in the folder of their target.
function(zlt_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

function(zlt_by_folder target)
  if(NOT ARGN MATCHES "/" OR ARGN MATCHES "(^|;)/")
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  foreach(source ${ARGN})
    cmake_path(GET source PARENT_PATH folder)
    string(MAKE_C_IDENTIFIER "in_${folder}" group)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
  endforeach()
endfunction()

# zlt_library(NAME SOURCES… [LINK …]): includes are written from the top of the source tree, "userspace/base/result.h".
function(zlt_library name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  zlt_by_folder(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC zlt_options ${ARG_LINK})
endfunction()

# zlt_program(NAME SOURCES… [LINK …]): for users. Is put into ZLT_BIN_DIR and installed; all of them are zlt_programs.
add_custom_target(zlt_programs)
function(zlt_program name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  zlt_by_folder(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE zlt_options ${ARG_LINK})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${ZLT_BIN_DIR}")
  add_dependencies(zlt_programs ${name})
endfunction()

# zlt_tool(NAME SOURCES… [LINK …]): for those who work on the project. Stays in the build folder, in tools/.
function(zlt_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE zlt_options ${ARG_LINK})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tools")
endfunction()

# what a build under TSan needs
add_custom_target(zlt_threaded_tests)

# zlt_test(NAME SOURCES… [LINK …] [LABELS …] [SHARDS N]): a GoogleTest program, which ctest runs in N parts (1), one process
# each; what each came to is in gtest/NAME.PART.xml. A test is checked code's caller: only the code it calls is optimised.
function(zlt_test name)
  cmake_parse_arguments(ARG "" "SHARDS" "LINK;LABELS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE zlt_options ${ARG_LINK} GTest::gmock GTest::gtest_main)
  target_compile_options(${name} PRIVATE -O0)
  if("threads" IN_LIST ARG_LABELS)
    add_dependencies(zlt_threaded_tests ${name})
  endif()
  if(NOT ARG_SHARDS)
    set(ARG_SHARDS 1)
  endif()
  foreach(part RANGE 1 ${ARG_SHARDS})
    math(EXPR index "${part} - 1")
    add_test(NAME ${name}.${part} COMMAND ${name})
    set_tests_properties(${name}.${part} PROPERTIES TIMEOUT 900 COST ${ARG_SHARDS} LABELS "${ARG_LABELS}" ENVIRONMENT
      "GTEST_TOTAL_SHARDS=${ARG_SHARDS};GTEST_SHARD_INDEX=${index};GTEST_OUTPUT=xml:${CMAKE_BINARY_DIR}/gtest/${name}.${part}.xml")
  endforeach()
endfunction()

# zlt_bench(NAME SOURCES… [LINK …]): a program that prints figures; `make bench` builds and runs it, nothing else does.
add_custom_target(zlt_benches)
function(zlt_bench name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE zlt_options ${ARG_LINK})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/benches")
  add_dependencies(zlt_benches ${name})
endfunction()
