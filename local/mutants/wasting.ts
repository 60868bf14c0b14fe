/** What is offered as waste, and what is read, agreed to and made before it is deleted: each rule taken away. */
import type { Mutant } from "./mutant.ts";

const ruleTests = ["test/core/waste"];
const carryOutTests = ["test/lambdas/waste/carry-out"];
const harmTests = ["test/lambdas/waste/harm"];
const further = "lambdas/waste/carry-out/delete.ts";

export const wastingMutants: readonly Mutant[] = [
  {
    name: "the last copy of a volume that is gone is offered",
    file: "core/waste/snapshots.ts",
    from: "for (const { snapshotId } of newest.values()) last.add(snapshotId);",
    to: "",
    tests: ruleTests,
  },
  {
    name: "what was made before a deletion, and goes by itself, counts as a last copy",
    file: "core/waste/snapshots.ts",
    from: ' && state === "completed" && !isOurs(snapshot)',
    to: ' && state === "completed"',
    tests: ruleTests,
  },
  {
    name: "days in which nobody looked count",
    file: "core/waste/reading.ts",
    from: "Math.min(mostCountedSeconds, Math.max(0,",
    to: "Math.max(0, Math.max(0,",
    tests: ruleTests,
  },
  {
    name: "days go on in a restored table",
    file: "core/waste/reading.ts",
    from: " || isOfEarlierTable(finding, reading)) {",
    to: ") {",
    tests: ruleTests,
  },
  {
    name: "a NAT gateway of which CloudWatch has nothing has carried nothing",
    file: "core/waste/nat-gateways.ts",
    from: 'const unread = readings.find((one) => one?.kind !== "MEASURED");',
    to: 'const unread = readings.find((one) => one?.kind === "UNKNOWN");',
    tests: ruleTests,
  },
  {
    name: "what is used by now is deleted",
    file: further,
    from: 'if (again.kind === "CHANGED") return stop(session, finding, again.why);',
    to: "",
    tests: carryOutTests,
  },
  {
    name: "what was agreed to is not used up",
    file: further,
    from: "await useApproval(session, finding);",
    to: "",
    tests: carryOutTests,
  },
  {
    name: "a volume is deleted before its snapshot is completed",
    file: "core/waste/deletion.ts",
    from: 'if (snapshot?.state === "completed") return go;',
    to: "if (snapshot !== undefined) return go;",
    tests: carryOutTests,
  },
  {
    name: "what stays keeps the mark by which the role may delete it",
    file: further,
    from: 'const isTagged = calls.some(({ action }) => action === "TAG");',
    to: "const isTagged = calls.length < 0;",
    tests: carryOutTests,
  },
  {
    name: "one person is enough for what can't be undone",
    file: "core/waste/deletion.ts",
    from: 'kind === "UNASSOCIATED_ADDRESS" ? 2 : 1',
    to: 'kind === "UNASSOCIATED_ADDRESS" ? 1 : 1',
    tests: carryOutTests,
  },
  {
    name: "a kill switch does not stop a deletion",
    file: "lambdas/waste/carry-out/session.ts",
    from: "await requireNoKillSwitch(session, finding);",
    to: "",
    tests: carryOutTests,
  },
  {
    name: "a snapshot whose answer was lost is made again",
    file: "lambdas/waste/carry-out/effects.ts",
    from: "const found = isRepeated\n",
    to: "const found = isRepeated && resourceId === approvalId\n",
    tests: harmTests,
  },
  {
    name: "a snapshot that something was made from is deleted with its days",
    file: "lambdas/waste/carry-out/kept-snapshot.ts",
    from: "if (needed !== undefined) return needed;",
    to: "",
    tests: carryOutTests,
  },
];
