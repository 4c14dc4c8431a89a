# SPDX-License-Identifier: GPL-2.0-only
# The shapes a target has here: library, program, tool, test, bench. Warnings are errors in all of them.
include(GoogleTest)
find_package(Threads REQUIRED)
find_package(GTest)

add_library(zlt_options INTERFACE)
target_compile_options(zlt_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
target_include_directories(zlt_options INTERFACE "${ZLT_SOURCE_DIR}")
if(ZLT_SANITIZE)
  target_compile_options(zlt_options INTERFACE -fsanitize=${ZLT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(zlt_options INTERFACE -fsanitize=${ZLT_SANITIZE})
endif()

# zlt_library(NAME SOURCES… [LINK …]): includes are written from the top of the source tree, "userspace/base/result.h".
function(zlt_library name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC zlt_options ${ARG_LINK})
endfunction()

# zlt_program(NAME SOURCES… [LINK …]): for users. Is put into ZLT_BIN_DIR and installed; all of them are zlt_programs.
add_custom_target(zlt_programs)
function(zlt_program name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
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

# zlt_test(NAME SOURCES… [LINK …] [LABELS …]): a GoogleTest program, every test known to ctest by its own name.
function(zlt_test name)
  cmake_parse_arguments(ARG "" "" "LINK;LABELS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE zlt_options ${ARG_LINK} GTest::gmock GTest::gtest_main)
  if("threads" IN_LIST ARG_LABELS)
    add_dependencies(zlt_threaded_tests ${name})
  endif()
  set(properties TIMEOUT 120)
  if(ARG_LABELS)  # an empty value would make "TIMEOUT" the label
    list(APPEND properties LABELS "${ARG_LABELS}")
  endif()
  gtest_discover_tests(${name} PROPERTIES ${properties} DISCOVERY_TIMEOUT 60)
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
