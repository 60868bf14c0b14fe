import { describe, expect, it } from "@jest/globals";
import { createNodeLab, letPodsRun } from "../../../local/lab/node-lab.ts";
import { isHeldByBudget } from "../../../local/property/kubernetes/held.ts";

/** What stands on the nodes stands on new ones, as far as the watch knows. */
const labWith = async (budget: { readonly maxUnavailable: number | string }) => {
  const lab = await createNodeLab({
    workloads: [{ kind: "Deployment", name: "web", replicas: 3, cpu: "50m", budget }],
  });
  await letPodsRun(lab.account);
  return { ...lab, before: { ...lab.before, nodes: [] } };
};

describe("a person who is asked about a node", () => {
  it("is needed where a budget lets none of its pods go", async () => {
    const lab = await labWith({ maxUnavailable: 0 });
    expect(isHeldByBudget(lab)).toBe(true);
    // They stand where they stood: nothing is held.
    const nodes = lab.cluster.kubernetes.control.list("nodes");
    expect(isHeldByBudget({ ...lab, before: { ...lab.before, nodes } })).toBe(false);
  });

  it("is not needed where the budget would let one go", async () => {
    expect(isHeldByBudget(await labWith({ maxUnavailable: 1 }))).toBe(false);
  });
});
