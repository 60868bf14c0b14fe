/** Who has an owner is never flagged, and what is flagged is stopped after its grace, told, within a cap: each rule taken away. */
import type { Mutant } from "./mutant.ts";

const ruleTests = ["test/core/enforce"];
const stopTests = ["test/lambdas/enforce/stops", "test/lambdas/enforce/asked"];
const scanTests = ["test/lambdas/enforce/scan-place"];

export const enforcingMutants: readonly Mutant[] = [
  {
    name: "a member of a group whose tag has not come yet has no owner",
    file: "core/enforce/standing.ts",
    from: 'if (rules.members.has(instanceId)) return byFact("GROUP_MEMBER");',
    to: "",
    tests: ruleTests,
  },
  {
    name: "a tag that anybody may write counts as one of AWS's",
    file: "core/enforce/owner-lists.ts",
    from: 'key.startsWith("aws:")',
    to: 'key !== ""',
    tests: ruleTests,
  },
  {
    name: "a fleet launched a minute ago is flagged",
    file: "core/enforce/grace.ts",
    from: "since(launchedAt, now) >= settleMs",
    to: "since(launchedAt, now) >= 0",
    tests: ruleTests,
  },
  {
    name: "a grace of hours alone is over while the scanner was down",
    file: "core/enforce/grace.ts",
    from: "finding.readings >= readingsNeeded &&",
    to: "",
    tests: ruleTests,
  },
  {
    name: "the last two readings of a grace need not be in a row",
    file: "core/enforce/grace.ts",
    from: "Date.parse(lastDueAt) - Date.parse(dueBeforeAt) <= consecutiveMs",
    to: "true",
    tests: ruleTests,
  },
  {
    name: "a region with few instances may lose one a day without asking",
    file: "core/enforce/cap.ts",
    from: "Math.min(most, Math.floor(running * share))",
    to: "Math.max(1, Math.min(most, Math.floor(running * share)))",
    tests: ruleTests,
  },
  {
    name: "of more than the cap as many as fit are stopped",
    file: "core/enforce/due.ts",
    from: ": { stop: agreed, ask: [...free, ...asked] };",
    to: ": { stop: [...agreed, ...free.slice(0, leftOfCap(place, now))], ask: asked };",
    tests: ruleTests,
  },
  {
    name: "a restored table goes on with the graces of before",
    file: "core/enforce/reading.ts",
    from: "const isSameTable = before?.epoch === epoch;",
    to: "const isSameTable = before !== undefined;",
    tests: ruleTests,
  },
  {
    name: "an instance is stopped of whose stop its owner was not told",
    file: "lambdas/enforce/carry-out/step.ts",
    from: 'warningOf(finding, now) === "OVER"',
    to: 'warningOf(finding, now) !== "RUNS"',
    tests: stopTests,
  },
  {
    name: "an instance is stopped as it was read an hour ago",
    file: "lambdas/enforce/carry-out/stop.ts",
    from: 'if (standing.kind === "OWNED" || instance.state !== "running") return false;',
    to: "",
    tests: stopTests,
  },
  {
    name: "a protected instance is ordered to stop",
    file: "lambdas/enforce/carry-out/stop.ts",
    from: 'if (finding.verdict === "REPORT") return false;',
    to: 'if (finding.verdict === "REPORT") return true;',
    tests: stopTests,
  },
  {
    name: "a reading without tags flags",
    file: "adapters/aws/ec2/seen-instances.ts",
    from: "if (await hasTagsApart(ec2, tagless.flat())) return undefined;",
    to: "",
    tests: scanTests,
  },
];
