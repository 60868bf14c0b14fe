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
  "workflows/kubernetes/failing-calls",
  "workflows/kubernetes/failing-calls-rest",
  "local/platform/live-platform",
  "local/property/kubernetes",
  "local/property/cluster",
  "workflows/linear/data-back-to-on-demand",
  "workflows/linear/function-deaths",
  "contracts/access",
  "local/chaos/chaos",
  "local/demo/demo",
  "workflows/linear/unknown",
  "workflows/linear/failing-readings",
  "infra/stack",
  "workflows/linear/back-to-on-demand",
  "workflows/cluster/failing-calls",
  "workflows/cluster/failing-undo-calls",
  "docs/pages",
  "workflows/linear/failing-calls-move-root",
  "workflows/linear/failing-calls-documents",
  "workflows/linear/changes-before-verify",
  "workflows/linear/changes-before-the-stop",
  "workflows/linear/starts-that-end",
  "workflows/linear/failing-calls-stop-and-image",
  "local/property/judge",
  "local/lab/storm",
  "local/bench/groups",
  "local/demo/cluster",
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
