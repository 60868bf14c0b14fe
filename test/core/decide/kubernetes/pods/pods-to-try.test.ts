import { expect, it } from "@jest/globals";
import { podsToTry } from "../../../../../core/decide/kubernetes/pods/pods-to-try.ts";
import { aPod, oldNode } from "../objects.ts";

it("tries one pod of each owner before a second one of any: a namespace late in the alphabet is not left out", () => {
  const many = Array.from({ length: 60 }, (_, index) =>
    aPod({ of: "web", name: `web-${String(index)}` }),
  );
  const guarded = aPod({ of: "ledger", name: "ledger-1", namespace: "zoo" });
  const view = {
    nodes: [],
    pods: [...many, guarded],
    budgets: [],
    daemonSets: [],
    volumes: [],
    csiNodes: [],
  };
  const tried = podsToTry({ view, nodes: [{ name: oldNode }] }).map(({ name }) => name);
  expect(tried).toHaveLength(50);
  expect(tried.slice(0, 2)).toEqual(["web-0", "ledger-1"]);
});
