// SPDX-License-Identifier: GPL-2.0-only
//
// Stands for a module: compiled with debug information and not linked, as a .ko is.
extern "C" int zlt_sample_state;
int zlt_sample_state = 0;

extern "C" __attribute__((noinline)) int sample_open(int value) {
  zlt_sample_state += value;
  return zlt_sample_state * 2;
}

extern "C" __attribute__((noinline)) int sample_read(int value) {
  zlt_sample_state -= value;
  return sample_open(value) + 1;
}
