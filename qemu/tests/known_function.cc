// SPDX-License-Identifier: GPL-2.0-only
//
// Compiled, never run: an object with a function of a known name for symbols_test.cc.
namespace zlt::test {

int known_function(int value);
int known_function(int value) {
  return value * 3 + 1;
}

}  // namespace zlt::test
