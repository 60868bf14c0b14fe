/** What carries our tags and no intent claims is listed, told once and never touched, each rule taken away. */
import type { Mutant } from "./mutant.ts";

const step = "lambdas/schedule/find-unclaimed/step.ts";
const listTests = ["test/workflows/linear/unclaimed"];
const judgementTests = ["test/core/decide/unclaimed", "test/core/decide/linear/claim-of"];

export const unclaimedMutants: readonly Mutant[] = [
  {
    name: "what is listed as unclaimed is deleted",
    file: step,
    from: "if (await write(context, row, before)) told += 1;",
    to: `if (await write(context, row, before)) {
      told += 1;
      const { deleteSnapshot } = await import("../../../adapters/aws/ec2/snapshots.ts");
      if (row.kind === "snapshot") await deleteSnapshot(clients.ec2, row.id);
    }`,
    tests: listTests,
  },
  {
    name: "another deployment's things are listed as unclaimed",
    file: step,
    from: "const tag = { key: deploymentTag, value: deploymentId };",
    to: 'const tag = { key: "ManagedBy", value: "SpotOptimizer" };',
    tests: listTests,
  },
  {
    name: "what is unclaimed is told each time it is written",
    file: step,
    from: "row.listedAt !== undefined && before?.row.listedAt === undefined",
    to: "row.listedAt !== undefined",
    tests: listTests,
  },
  {
    name: "one reading that does not show an unclaimed thing takes it out of the list",
    file: "core/decide/unclaimed.ts",
    from: "return { write: [{ ...row, missingSince: now.toISOString() }], forget: [] };",
    to: "return { write: [], forget: [row] };",
    tests: judgementTests,
  },
  {
    name: "what was made a moment ago is listed as unclaimed",
    file: "core/decide/unclaimed.ts",
    from: "Date.parse(since) >= graceMs",
    to: "Date.parse(since) >= 0",
    tests: judgementTests,
  },
  {
    name: "what an evaluation has just made is listed as unclaimed while it goes on",
    file: "core/decide/linear/claim-of.ts",
    from: "endedAt === undefined || isOriginals(claimant, thing)",
    to: "isOriginals(claimant, thing)",
    tests: judgementTests,
  },
  {
    name: "a volume that was kept is listed once its intent is undone",
    file: "core/decide/linear/claim-of.ts",
    from: 'status !== "UNDONE" || !endsWithUndo.has(change.kind)',
    to: 'status !== "UNDONE"',
    tests: judgementTests,
  },
];
