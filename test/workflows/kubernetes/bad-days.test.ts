/** Bad days of a drain that only the whole workflow shows; docs/workflows/kubernetes-days.md tells them. */
import { describe, expect, it } from "@jest/globals";
import { refuse } from "../../../local/cloud/kubernetes/refusals.ts";
import { isOurCall } from "../../../local/lab/cluster-mirror.ts";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab } from "../../../local/lab/node-lab.ts";

describe("a cluster that does not answer as it should, in the middle of a drain", () => {
  it("401 for 60 s mid-drain: the run goes on, and nothing is rolled back", async () => {
    const lab = await createNodeLab({});
    let since: number | undefined;
    let refused = 0;
    lab.cluster.kubernetes.faults.before((call) => {
      if (!isOurCall(call)) return;
      if (call.verb === "create" && call.resource === "pods/eviction" && !call.isDryRun) {
        since ??= call.at;
      }
      if (since === undefined || call.at - since > 60_000 || call.at === since) return;
      refused += 1;
      throw refuse(401, "Unauthorized", { message: "Unauthorized" });
    });
    const ending = await lab.run();
    expect(refused).toBeGreaterThan(0);
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });
});
