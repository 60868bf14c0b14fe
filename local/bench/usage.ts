/** What `npm run bench -- --help` prints, and what each part of it prints. */
import { bootNames, measurables } from "./interruptions/names.ts";

const interruptionOptions = `  --cases N  interruptions of each mode (default 1000)
  --seed S   of the first interruption; each next one has the next seed (default 1)
  --only W   interruptions of one kind: ${measurables.join(", ")} (default: all)
  --boot B   interruptions with boots that are ${bootNames.join(", ")} (default: all three)
  --traces FILE…
             interruptions as these recorded traces have them, instead: of 8 single instances, which sweeps bring
             back to Spot; some five seconds for each day of a trace (default: none)
  --hours H  of each trace, from its beginning (default 48)
`;

const common = `  --json     print the figures as one JSON document
  --help     print this
`;

const measured = "Exit code: 0 measured, whatever the aims; 2 wrong usage.";

export const benchUsage = `Usage: npm run bench [-- [fleet|interruptions|ledger|waste] [options]]

Measures size and cold import of each Lambda bundle, and what each kind of evaluation, of
roll-back and of a group's conversion costs, beside the aims.

  fleet          only sweeps of whole fleets: 50, 1,000 and 10,000 targets, calls, time, memory and cost (about four
                 minutes)
  interruptions  only what becomes of 1,000 seeded Spot interruptions of each mode, and of 200 at once (a quarter of an
                 hour)
  ledger         only the savings ledger of simulated months beside the bill of the simulated cloud (a quarter of an
                 hour)
  waste          only what a scan for waste calls for 10,000 resources (some seconds)

  --bundles  only size and cold import of the bundles (about a minute)
  --groups   only the conversions of a group (about half a minute)
  --lab      only what the laboratory can do: whole cases a second on one core, 200 switches and 1,000 shadow
             evaluations at once in virtual time (about a minute)
  --fleet    the same as fleet
  --drain    only the drain of a node of 110 pods beside that of kubectl drain, on a real control plane: three runs
             each with pods that are fast and slow (half an hour, and 10 to 25 minutes more where the control plane
             is to be built first). Skipped, with a sentence, where Go or kubectl is not on the PATH.
  --seeds N  also the downtime in seconds of each kind of switch, median and 95th percentile over the seeds 1 to N; 100
             take about a minute (default: none)
${interruptionOptions}${common}
Example: npm run bench -- --bundles

Exit code: 0 measured, whatever the aims; 1 interruptions or the ledger miss an aim or break a promise; 2 wrong usage.
`;

/** By part: what \`npm run bench -- PART --help\` prints. */
export const benchUsages: Readonly<Record<string, string>> = {
  fleet: `Usage: npm run bench -- fleet [options]

Sweeps of whole fleets of 50, 1,000 and 10,000 targets: calls in customers' accounts, virtual and processor time,
memory, and the cost of a month in USD. About four minutes.

${common}
Example: npm run bench -- fleet --json

${measured}
`,
  interruptions: `Usage: npm run bench -- interruptions [options]

What becomes of seeded Spot interruptions of each mode, and of 200 at once: seconds until another serves, downtime,
writes, duplicates, evictions. A quarter of an hour.

${interruptionOptions}${common}
Example: npm run bench -- interruptions --only cluster --boot quick --cases 100

Exit code: 0 all aims are met, 1 one is missed or a promise broken, 2 wrong usage.
`,
  ledger: `Usage: npm run bench -- ledger [options]

The savings ledger of a simulated month beside the bill of the simulated cloud, in USD, for several seeds. A quarter of
an hour.

  --seeds N  months, with the seeds 1 to N (default 20)
${common}
Example: npm run bench -- ledger --seeds 2

Exit code: 0 all months are within the aim, 1 one is not, 2 wrong usage.
`,
  waste: `Usage: npm run bench -- waste [options]

What a scan for waste calls for 10,000 resources: pages of lists, and look-ups of each candidate. Some seconds.

${common}
Example: npm run bench -- waste --json

${measured}
`,
};
