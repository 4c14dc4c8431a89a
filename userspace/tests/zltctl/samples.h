// SPDX-License-Identifier: GPL-2.0-only
//
// What the module writes, as docs/formats.md shows it.
#pragma once

#include <string>

namespace zlt::test {

inline constexpr const char kCases[] =
    "#case\tform\thazard\texpected\tsummary\n"
    "irqs-on/hardirq-reader\tbounded\treader-interrupts-writer\tlivelock\twrite_seqlock with interrupts on\n"
    "irqs-on/hardirq-reader\tfaithful\treader-interrupts-writer\tlivelock,splat:inconsistent-state\twrite_seqlock\n"
    "irqsave/hardirq-reader\tbounded\t-\tclean\twrite_seqlock_irqsave\n"
    "irqsave/softirq-reader\tbounded\t-\tclean\twrite_seqlock_irqsave, soft\n";

inline std::string status_text(const std::string& state, const std::string& id, unsigned turn, unsigned runs) {
  return "abi=1\nstate=" + state + "\ncase=" + id + "\nform=" + (id.empty() ? "" : "bounded") +
         "\nturn=" + std::to_string(turn) + "\nsteps=0\nloops=10\nruns=" + std::to_string(runs) + "\n";
}

inline constexpr const char kKernel[] = "kernel.release=6.1.0-56-amd64\nkernel.rt=0\nkernel.lockdep=1\nkernel.smp=1\n";

inline std::string result_text(const std::string& id, unsigned runs, bool ok = true, bool stopped = false,
                               const std::string& form = "bounded") {
  return "abi=1\nruns=" + std::to_string(runs) + "\n" + kKernel + "case=" + id + "\nform=" + form +
         "\nverdict=" + (ok ? "clean" : "livelock,splat:circular") + "\nexpected=clean\nok=" + (ok ? "1" : "0") +
         "\nstopped=" + (stopped ? "1" : "0") +
         "\nreason=10 of 10 turns met the odd window, a=b\nseed=18446744073709551615\nplan=0x8f3c000000000001\n"
         "run_ns=213000000\ncounter.turns=10\ncounter.spins=31802\nfact.preemptible=1\nparam.seed="
         "18446744073709551615\nparam.loops=10\n";
}

inline std::string watch_text(const std::string& state, const std::string& reason = "") {
  return "abi=1\nstate=" + state + "\nreason=" + reason +
         "\nlock=_raw_spin_lock_irqsave\ndeferral=__printk_deferred_enter\nbounds=increments\n"
         "probes=locking@0xa deferred,odd-from@0x25 odd-to@0x9f\nordering=irqsave-then-deferred\nrebuilds=2\n"
         "incomplete=0\nmissed_hits=0\nrebuilds.unknown=0\nrebuilds.no-deferral=0\nrebuilds.irq-off-outside=0\n"
         "rebuilds.irqsave-then-deferred=2\nodd_ns.min=101263\nodd_ns.max=612598\nodd_ns.total=713861\n"
         "rebuild.1=at_ns=7000000000 cpu=0 pid=12 comm=kworker/u8:0 zonelists=1 irqs=on deferral=odd odd_ns=612598 "
         "ordering=irqsave-then-deferred\n"
         "rebuild.2=at_ns=7100000000 cpu=1 pid=12 comm=12 zonelists=2 irqs=on deferral=odd odd_ns=101263 "
         "ordering=irqsave-then-deferred\n";
}

inline constexpr const char kHistogram[] =
    "#name from_ns to_ns count\nreader_wait 1024 2048 7\nreader_wait 2048 4096 3\nwriter_section 131072 262144 10\n";

}  // namespace zlt::test
