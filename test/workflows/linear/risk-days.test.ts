/** Bad days of an instance that stands on Spot, or is to: each is the account's or its owner's, and none may speak against a pool. */
import { describe, expect, it } from "@jest/globals";
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { listLosses, listRefusals } from "../../../adapters/store/pools.ts";
import { evaluationIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { isDryRun } from "../../../local/cloud/journal.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import {
  accountId,
  createLab,
  createLabLost,
  createLabOnSpot,
  region,
} from "../../../local/lab/lab.ts";
import { asOwner, lossy, plain } from "../../../local/lab/scenarios.ts";

const remembered = async ({ table }: Lab) => {
  const since = { region, since: "2000-01-01T00:00:00Z" };
  return [...(await listLosses(table, since)), ...(await listRefusals(table, since))];
};

describe("a bad day of the pools' memory", () => {
  it("RequestLimitExceeded at a launch is never a pool's refusal: the launch is tried again, in the same pool", async () => {
    const lab = await createLab(plain);
    let throttled = 0;
    lab.platform.cloud.faults.before(({ service, operation, input }) => {
      if (operation !== "RunInstances" || isDryRun(service, input) || throttled >= 8) return;
      throttled += 1;
      throw new CloudError("RequestLimitExceeded", "Request limit exceeded.", 503);
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(throttled).toBe(8);
    expect(story.swap?.failed).toEqual([]);
    expect(story.swap?.replacement?.pool).toEqual(story.evaluation.verdict?.offers[0]);
    expect(await remembered(lab)).toEqual([]);
  });

  it("a Spot quota that is used up when the load is down: it goes to On-Demand, and no pool is blamed", async () => {
    const lab = await createLabLost(lossy);
    const before = await remembered(lab);
    lab.control.setQuota({ accountId, purchase: "spot", quotaClass: "Standard", vcpus: 0 });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    const after = await remembered(lab);
    // The loss itself, which its recovery remembers.
    expect(after.length - before.length).toBeLessThanOrEqual(1);
    expect(await listRefusals(lab.table, { region, since: "2000-01-01T00:00:00Z" })).toEqual([]);
  });

  it("a loss by price: the load is launched anew, no pool is blamed, and the advice names the price", async () => {
    const lab = await createLabOnSpot(lossy);
    lab.watch.excuse("original");
    lab.control.interrupt(lab.originalId, { why: "price" });
    await lab.clock.run({ atMostMs: lab.clock.now() + 300_000 });
    const path = `/lab/instances/${lab.targetId}/evaluate`;
    const { body } = await lab.send("POST", path, { recover: true });
    const story = await lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.verdict?.sentence).toContain("the maximum price that its own request");
    expect(await remembered(lab)).toEqual([]);
  });

  it("its owner cancels the Spot request of a target that runs on: no recovery, a note", async () => {
    const lab = await createLabOnSpot(lossy);
    const shown = (await asOwner(lab)("DescribeInstances", { InstanceIds: [lab.originalId] })) as {
      readonly Reservations: readonly {
        readonly Instances: readonly { readonly SpotInstanceRequestId: string }[];
      }[];
    };
    const requestId = shown.Reservations[0]?.Instances[0]?.SpotInstanceRequestId;
    await asOwner(lab)("CancelSpotInstanceRequests", { SpotInstanceRequestIds: [requestId] });
    const targetId = targetIdSchema.parse(lab.targetId);
    const begun = async (): Promise<number> =>
      (await listEvaluations(lab.table, { targetId, limit: 20 })).items.length;
    const before = await begun();
    await lab.platform.functions.invoke("schedule-sweep", {});
    await lab.clock.run({ atMostMs: lab.clock.now() + 60_000 });
    expect(await begun()).toBe(before);
    expect(lab.logged.join("\n")).toContain(
      `Its owner has cancelled the Spot request of ${lab.originalId}, which runs on`,
    );
    expect(await remembered(lab)).toEqual([]);
  });
});
