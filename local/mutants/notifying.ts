/** What is told reaches whom it should, once, and nothing else can be reached by it: each rule taken away. */
import type { Mutant } from "./mutant.ts";

const postTests = ["test/adapters/webhook/post"];
const deliverTests = ["test/lambdas/notice/deliver"];
const ruleTests = ["test/core/notice"];

export const notifyingMutants: readonly Mutant[] = [
  {
    name: "a webhook whose name stands for a private address besides a public one is connected to",
    file: "adapters/webhook/post.ts",
    from: "addresses.every(({ address }) => mayReach(address))",
    to: "addresses.some(({ address }) => mayReach(address))",
    tests: postTests,
  },
  {
    name: "a webhook at an address in place of a name is connected to, whatever the address",
    file: "adapters/webhook/post.ts",
    from: "if (isIP(host) !== 0 && !reach.mayReach(host)) throw notPublic(host);",
    to: "",
    tests: postTests,
  },
  {
    name: "a webhook that redirects has taken the notice",
    file: "adapters/webhook/post.ts",
    from: "status < 300",
    to: "status < 400",
    tests: postTests,
  },
  {
    name: "what a run that died had counted is counted again",
    file: "core/notice/fold.ts",
    from: "told.filter(({ key }) => !known.has(key))",
    to: "told.filter(() => known.size >= 0)",
    tests: ruleTests,
  },
  {
    name: "what a person has acknowledged stays quiet although it has changed",
    file: "core/notice/repetition.ts",
    from: "  acknowledged.state === latest.state &&\n",
    to: '  latest.kind !== "TEST" &&\n',
    tests: ruleTests,
  },
  {
    name: "what a person has acknowledged stays quiet although another member is met",
    file: "core/notice/repetition.ts",
    from: "acknowledged.joined === joined",
    to: "(joined ?? 1) > 0",
    tests: ruleTests,
  },
  {
    name: "the end of an evaluation that began before the last look is not told",
    file: "lambdas/notice/deliver/ends.ts",
    from: "for (const evaluationId of open) {",
    to: "for (const evaluationId of open.slice(0, 0)) {",
    tests: deliverTests,
  },
  {
    name: "a webhook that does not answer is asked for each notice that is due there",
    file: "lambdas/notice/deliver/deliver.ts",
    from: "failed.set(channel, error.message);",
    to: "",
    tests: deliverTests,
  },
  {
    name: "settings made later let loose what was told before",
    file: "lambdas/notice/deliver/deliver.ts",
    from: 'if (result.kind === "FAILED") return withFailure(stored, channel, { at, error: result.error });',
    to: 'if (result.kind === "FAILED") return withFailure(stored, channel, { at, error: result.error });\n  if (result.kind === "NOT_WANTED") return stored;',
    tests: deliverTests,
  },
];
