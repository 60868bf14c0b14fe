import { describe, expect, it } from "@jest/globals";
import { acquireLease, releaseLease } from "../../../adapters/store/leases.ts";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import { leaseSeconds } from "../../../lambdas/evaluation/lease.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab } from "../../../local/lab/lab.ts";
import { isMutation, refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { atFirst, plain, rich } from "../../../local/lab/scenarios.ts";

describe("two evaluations of one target", () => {
  it("asked for at once: one is begun, the other is told which", async () => {
    const lab = await createLab(plain);
    const [one, other] = await Promise.all([lab.evaluate(), lab.evaluate()]);
    const begun = [one, other].find(({ status }) => status === 202);
    const turnedAway = [one, other].find(({ status }) => status === 409);
    const id = evaluationIdSchema.parse(begun?.body["evaluation_id"]);
    expect(turnedAway?.body["evaluation_id"]).toBe(id);
    const story = await lab.finish(id);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.replacements).toHaveLength(1);
  });

  it("asked for at once with the same Idempotency-Key are one, whoever asks again", async () => {
    const lab = await createLab(plain);
    const key = { "idempotency-key": "the-same-request" };
    const [one, other] = await Promise.all([lab.evaluate(key), lab.evaluate(key)]);
    expect(one.status).toBe(202);
    expect(other).toMatchObject({
      status: 409,
      body: { type: "urn:spot-optimizer:problem:request-in-progress" },
    });
    expect(await lab.evaluate(key)).toMatchObject({ status: 202, body: one.body });
    const executions = await lab.platform.interpreter.list({
      stateMachineArn: lab.platform.workflowOf("LINEAR") ?? "",
    });
    expect(executions).toHaveLength(1);
    const story = await lab.finish(evaluationIdSchema.parse(one.body["evaluation_id"]));
    expect(await complaintsAbout(lab, story)).toEqual([]);
  });

  it("one after the other: the second finds a Spot Instance and leaves it there", async () => {
    const lab = await createLab(plain);
    expect((await lab.run()).status).toBe("SWITCHED");
    const second = await lab.run();
    expect(second.status).toBe("STAYED");
    expect(second.evaluation.verdict?.reason).toBe("WITHIN_DWELL_TIME");
    expect(second.intents).toEqual([]);
  });
});

/** As if the workflow had been stuck so long that another evaluation took the lease; returns its end. */
const takeLease = async (lab: Lab, instanceId: string): Promise<() => Promise<unknown>> => {
  const resource = `instance#${accountId}#${instanceId}`;
  const owner = "evl-00000000000000000000";
  const now = new Date(lab.clock.now() + (leaseSeconds + 1) * 1000);
  const taken = await acquireLease(lab.table, { resource, owner, now, seconds: leaseSeconds });
  if (taken.kind !== "HELD") throw new Error("The lease was not to be had.");
  return () => releaseLease(lab.table, { resource, owner, fence: taken.fence });
};

describe("a lease that was lost in the middle of a switch", () => {
  it.each(["CreateImage", "RunInstances", "StopInstances", "DetachVolume", "AssociateAddress"])(
    "after %s: nothing is called while another holds it, then everything is undone or held",
    async (operation) => {
      const lab = await createLab(rich["stop-and-image"]);
      const isOurs = isMutation(accountId);
      atFirst(lab, operation, {
        when: "after",
        what: async () => {
          const release = await takeLease(lab, lab.originalId);
          const allow = lab.watch.forbid((call) =>
            isOurs(call) ? `${call.operation} without the lease` : undefined,
          );
          lab.clock.schedule(lab.clock.now() + 10 * 60_000, async () => {
            await release();
            allow();
          });
        },
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      const hasServed = operation === "AssociateAddress";
      expect(story.status).toBe(hasServed ? "NEEDS_OPERATOR" : "ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("StaleLease");
    },
  );
});

describe("a session of the customer's role", () => {
  const assumed = (lab: Lab): number =>
    lab.platform.cloud.journal.filter(({ operation }) => operation === "AssumeRole").length;

  it("that expires while an image takes hours is opened anew", async () => {
    const lab = await createLab({ ...plain, policy: { image_deadline_minutes: 300 } });
    const release = lab.control.stallImages((image) => image.name.endsWith("-warm"));
    lab.clock.schedule(lab.clock.now() + 150 * 60_000, release);
    const before = assumed(lab);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(assumed(lab) - before).toBeGreaterThan(2);
    const codes = lab.platform.cloud.journal.map(({ errorCode }) => errorCode);
    expect(codes).not.toContain("RequestExpired");
  });

  it.each(["RequestExpired", "ExpiredToken"])(
    "that is turned away with %s between two calls is opened anew",
    async (code) => {
      const lab = await createLab(plain);
      let isRefused = false;
      lab.platform.cloud.faults.before((call) => {
        if (isRefused || call.operation !== "StopInstances") return;
        isRefused = true;
        throw new CloudError(code, "The session has expired.", 400);
      });
      const before = assumed(lab);
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      expect(isRefused).toBe(true);
      expect(assumed(lab)).toBeGreaterThan(before);
    },
  );

  it("that is no longer given leaves the original as it was, or says what is missing", async () => {
    const lab = await createLab(plain);
    const [role] = lab.platform.cloud.journal.flatMap(({ roleArn }) =>
      roleArn?.includes(accountId) === true ? [roleArn] : [],
    );
    if (role === undefined) throw new Error("The role was never assumed.");
    lab.platform.cloud.identities.changeRole(role, { externalId: "changed-by-the-customer" });
    const story = await lab.run();
    expect(story.status).toBe("DEGRADED");
    expect(story.evaluation.failure?.error).toBe("BrokenPermission");
    expect(story.mutations).toEqual([]);
    expect(story.leaks).toEqual([]);
  });
});

describe("an API that throttles", () => {
  it("in bursts of a quarter of a minute is called again, and the switch is made", async () => {
    const lab = await createLab(rich["stop-and-image"]);
    lab.platform.cloud.faults.before((call) => {
      if (call.caller.accountId !== accountId || call.service !== "ec2") return;
      const second = Math.floor(lab.clock.now() / 1000) % 60;
      if (second < 15) throw refusals.throttled();
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
  });

  it("for 20 minutes of dry runs is waited for by a shadow evaluation, which does not end for that", async () => {
    const lab = await createLab({ ...plain, isShadowMode: true });
    const lastMs = lab.clock.now() + 20 * 60_000;
    let throttled = 0;
    lab.platform.cloud.faults.before((call) => {
      if (call.operation !== "RunInstances" || lab.clock.now() > lastMs) return;
      throttled += 1;
      throw refusals.throttled();
    });
    const story = await lab.run();
    expect(story.status).toBe("SHADOWED");
    expect(throttled).toBeGreaterThan(0);
    // It yields to those that act: the waits grow.
    expect(throttled).toBeLessThan(40);
    expect(lab.clock.now()).toBeGreaterThan(lastMs);
  });
});
