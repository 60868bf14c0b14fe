/** Savings are what was not paid, and what nobody knows is said: each rule of the ledger taken away. */
import type { Mutant } from "./mutant.ts";

const tests = ["test/core/ledger"];

export const accountingMutants: readonly Mutant[] = [
  {
    name: "a Spot Instance that EC2 takes in its first hour is billed",
    file: "core/ledger/billed-time.ts",
    from: "if (isTaken && to - from < hourMs) return from;",
    to: "",
    tests,
  },
  {
    name: "one that we end in its first hour is free",
    file: "core/ledger/billed-time.ts",
    from: 'span.purchase === "SPOT" && span.end?.by === "EC2"',
    to: 'span.purchase === "SPOT"',
    tests,
  },
  {
    name: "twenty seconds are billed as twenty",
    file: "core/ledger/billed-time.ts",
    from: "if (!isHourly(span)) return Math.max(to, from + leastMs);",
    to: "if (!isHourly(span)) return to;",
    tests,
  },
  {
    name: "an hour of SUSE is billed by the second",
    file: "core/ledger/billed-time.ts",
    from: 'product.startsWith("SUSE Linux")',
    to: 'product === ""',
    tests,
  },
  {
    name: "an hour of Spot without a price costs what On-Demand does",
    file: "core/ledger/prices.ts",
    from: 'return { ...most, source: "unknown", nanoUsd: 0n, unknownNanoUsd: most.nanoUsd };',
    to: "return most;",
    tests,
  },
  {
    name: "a later On-Demand price holds before its day",
    file: "core/ledger/prices.ts",
    from: "points.findLast(({ since }) => since <= ms);",
    to: "points.findLast(({ since }) => since <= ms) ?? points[0];",
    tests,
  },
  {
    name: "Spot costs at each instant what it costs then",
    file: "core/ledger/prices.ts",
    from: "const price = priceAt(spot, beganAt);",
    to: "const price = priceAt(spot, part.to - 1);",
    tests,
  },
  {
    name: "the baseline is the type of the replacement",
    file: "core/ledger/state-day.ts",
    from: "if (span.baseline !== undefined) return span.baseline;",
    to: "if (span.baseline !== undefined) return span;",
    tests,
  },
  {
    name: "what its owner has stopped is wanted",
    file: "core/ledger/timeline.ts",
    from: 'OWNER: "NOT_WANTED",',
    to: 'OWNER: "WANTED",',
    tests,
  },
  {
    name: "what nobody knows the ender of is wanted for certain",
    file: "core/ledger/timeline.ts",
    from: 'UNKNOWN: "UNKNOWN",',
    to: 'UNKNOWN: "WANTED",',
    tests,
  },
  {
    name: "a replacement that never served does so from its start",
    file: "core/ledger/timeline.ts",
    from: 'if (serves === "NEVER") return undefined;',
    to: 'if (serves === "NEVER") return startOf(span);',
    tests,
  },
  {
    name: "a volume that moved to its successor is counted at both",
    file: "core/ledger/kept-things.ts",
    from: "({ volumeId }) => standing?.volumes.some((one) => one.volumeId === volumeId) !== true,",
    to: "() => true,",
    tests,
  },
  {
    name: "whatever is unknown, one figure is told",
    file: "core/ledger/terms.ts",
    from: "isRange: !isBounded || unknown * toleratedShare > would.nanoUsd,",
    to: "isRange: false,",
    tests,
  },
  {
    name: "a tag is enough to have launched an instance",
    file: "core/ledger/launches.ts",
    from: "(change.instanceId === instanceId ||",
    to: "(change.instanceId !== instanceId ||",
    tests,
  },
  {
    name: "what has ended long before the last reading is noted anew",
    file: "core/ledger/note-spans.ts",
    from: "instantOf(launchedAt) > instantOf(lastReadAt) - shownAfterMs;",
    to: "instantOf(launchedAt) > 0;",
    tests,
  },
  {
    name: "an end between two readings was at the first of them",
    file: "core/ledger/note-spans.ts",
    from: "latest: later(startedAt, readAt), by };",
    to: "latest: later(startedAt, lastReadAt), by };",
    tests,
  },
];
