/**
 * The `testSequencer` of Jest's configuration: what takes longest begins first, so that no core is left alone with it at the end.
 * Jest knows how long a file took the last time; in a clean clone it goes by the sizes of files, and the files that take longest are short.
 */
import { createRequire } from "node:module";
import type Sequencer from "@jest/test-sequencer";

type Default = typeof Sequencer.default;
type Tests = Parameters<InstanceType<Default>["sort"]>[0];

// Its types tell of the module that is required.
const require = createRequire(import.meta.url);
const { default: Default } = require("@jest/test-sequencer") as { readonly default: Default };

/** All that took four seconds and more, longest first. One that is gone, or not named, changes the order and nothing else. */
export const longest: readonly string[] = [
  "infra/bundle",
  "local/chaos/chaos",
  "local/property/cluster",
  "local/property/kubernetes",
  "workflows/kubernetes/failing-calls",
  "local/platform/live-platform",
  "workflows/linear/data-back-to-on-demand",
  "lambdas/schedule/sweep-place/bad-days",
  "workflows/linear/function-deaths",
  "workflows/linear/failing-readings",
  "workflows/cluster/failing-calls",
  "workflows/linear/unknown",
  "workflows/linear/moves",
  "local/demo/demo",
  "infra/stack",
  "local/property/judge",
  "contracts/access",
  "workflows/linear/back-to-on-demand",
  "workflows/linear/lasting-failures",
  "workflows/linear/failing-calls-documents",
  "workflows/linear/changes-before-verify",
  "workflows/linear/failing-calls-move-root",
  "workflows/linear/changes-before-the-stop",
  "workflows/linear/failing-calls-stop-and-image",
  "local/bench/groups",
  "workflows/cluster/failing-undo-calls",
  "local/demo/cluster",
  "local/demo/fleet",
  "workflows/cluster/left-settings",
  "local/main/commands",
];

const placeOf = (path: string): number => {
  const place = longest.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  return place < 0 ? longest.length : place;
};

export default class LongestFirst extends Default {
  override async sort(tests: Tests): Promise<Tests> {
    const sorted = await super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    return sorted.toSorted((one, other) => placeOf(one.path) - placeOf(other.path));
  }
}
