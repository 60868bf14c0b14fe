import { describe, expect, it } from "@jest/globals";
import { changesOf, complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";
import { newestOf, startedBy } from "../approver.ts";

describe("nodes to whose replacement a person must agree", () => {
  it("stay untouched until he has, and are then replaced within the bounds", async () => {
    const lab = await createNodeLab({ policy: { require_approval: true } });
    const asking = await lab.run();
    expect(asking.status).toBe("AWAITING_APPROVAL");
    expect(complaintsAboutNodes(lab, asking)).toEqual([]);
    expect([changesOf(lab), asking.isLeaseHeld]).toEqual([[], false]);
    const approval = await newestOf(lab);
    // One node is asked for: the same id launched anew would be another.
    expect(approval.bounds.launchedAt).toBeDefined();
    const ending = await lab.finish(await startedBy(lab, approval));
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
    expect(ending.status).toBe("SWITCHED");
    expect(await newestOf(lab)).toMatchObject({ status: "CONSUMED" });
  });
});
