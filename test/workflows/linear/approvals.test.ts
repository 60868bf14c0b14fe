import { describe, expect, it } from "@jest/globals";
import { listAudit } from "../../../adapters/store/audit.ts";
import { updateEvaluation } from "../../../adapters/store/evaluations.ts";
import { updateApproval } from "../../../adapters/store/approvals.ts";
import {
  isOfFindings,
  type Approval,
  type ApprovalBounds,
  type TargetApproval,
} from "../../../core/model/approval.ts";
import type { Evaluation } from "../../../core/model/evaluation.ts";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import { poolKey } from "../../../core/model/market.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab, createLabOnSpot, type LabOptions } from "../../../local/lab/lab.ts";
import { createLabThatMoves } from "../../../local/lab/moving.ts";
import { asOwner, rich, throwKillSwitch, whenItBegins } from "../../../local/lab/scenarios.ts";
import { approvalsOf, approve, as, newestOf, reject, setSettings, startedBy } from "../approver.ts";

const hourMs = 3_600_000;
const needing: LabOptions = { consistency: "stateless", policy: { require_approval: true } };

const carriedOut = async (lab: Lab, approval: Approval): Promise<Ending> =>
  lab.finish(await startedBy(lab, approval));

const pass = ({ clock }: Lab, ms: number): Promise<void> =>
  clock.run({ atMostMs: clock.now() + ms });

/** A laboratory in which something is asked for, and what. */
const asked = async (
  options: LabOptions = needing,
): Promise<{ readonly lab: Lab; readonly approval: TargetApproval; readonly asking: Ending }> => {
  const lab = await createLab(options);
  const asking = await lab.run();
  expect(await complaintsAbout(lab, asking)).toEqual([]);
  expect(asking.status).toBe("AWAITING_APPROVAL");
  return { lab, asking, approval: await newestOf(lab) };
};

const alter = (
  lab: Lab,
  { approvalId }: Approval,
  change: Partial<TargetApproval>,
): Promise<Approval> =>
  updateApproval(lab.table, approvalId, (approval) =>
    isOfFindings(approval) ? approval : { ...approval, ...change },
  );

/** As if that had been the most that was agreed to. */
const withPrice = <One extends Evaluation>(record: One, maxHourlyUsd: number): One => {
  const { authorization } = record;
  if (authorization?.kind !== "PROCEED" || authorization.approval === undefined) return record;
  const { approval } = authorization;
  const bounds = { ...approval.bounds, maxHourlyUsd };
  return { ...record, authorization: { ...authorization, approval: { ...approval, bounds } } };
};

/** The evaluation that an approval has started asks again instead, and nothing was changed. */
const expectAskedAgain = async (lab: Lab, story: Ending, because: string): Promise<void> => {
  expect(story.status).toBe("AWAITING_APPROVAL");
  expect([story.mutations, story.isLeaseHeld]).toEqual([[], false]);
  expect(story.evaluation.outcome?.sentence).toContain(because);
  expect(await newestOf(lab)).toMatchObject({
    status: "PENDING",
    evaluationId: story.evaluationId,
  });
};

describe("a switch to which a person must agree", () => {
  it("ends, is agreed to, and another evaluation makes it within the bounds, as record and audit tell", async () => {
    const { lab, asking, approval } = await asked();
    expect([asking.mutations, asking.intents, asking.isLeaseHeld]).toEqual([[], [], false]);
    const { approvalId, boundsHash, bounds } = approval;
    expect(asking.evaluation.authorization).toMatchObject({
      approval: { approvalId, boundsHash },
      bounds,
    });
    expect(asking.evaluation.outcome?.sentence).toContain(boundsHash);
    const story = await carriedOut(lab, approval);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.answer).toMatchObject({
      approval_id: approvalId,
      authorization: {
        kind: "PROCEED",
        approval: { bounds_hash: boundsHash, approved_by: ["unauthenticated:grace"] },
      },
    });
    const { evaluationId } = story;
    expect(await newestOf(lab)).toMatchObject({
      status: "CONSUMED",
      consumed: { by: evaluationId },
    });
    const { items } = await listAudit(lab.table, { limit: 10 });
    expect(items.map(({ action, actor }) => `${action} ${actor}`).slice(0, 3)).toEqual([
      "USE_APPROVAL unauthenticated:grace",
      "APPROVE unauthenticated:grace",
      "ASK_FOR_APPROVAL api",
    ]);
    for (const { detail } of items.slice(0, 3))
      expect(JSON.stringify(detail)).toContain(boundsHash);
  });

  it("is asked for once within the same bounds, however often it is evaluated", async () => {
    const { lab, approval } = await asked();
    await pass(lab, 6 * hourMs);
    const again = await lab.run();
    expect(again.status).toBe("AWAITING_APPROVAL");
    expect(again.evaluation.authorization).toMatchObject({
      approval: { approvalId: approval.approvalId, boundsHash: approval.boundsHash },
    });
    expect(await approvalsOf(lab)).toHaveLength(1);
  });

  it("is asked for anew once its hours are over", async () => {
    const { lab, approval } = await asked();
    await pass(lab, 24 * hourMs);
    expect(await approve(lab, approval)).toMatchObject({
      status: 409,
      body: { type: "urn:spot-optimizer:problem:approval-expired" },
    });
    await lab.run();
    expect(await approvalsOf(lab)).toHaveLength(2);
  });

  it("is not made twice with one approval", async () => {
    const { lab, approval } = await asked();
    await carriedOut(lab, approval);
    expect(await approve(lab, approval, "alan")).toMatchObject({
      status: 409,
      body: { type: "urn:spot-optimizer:problem:approval-settled" },
    });
  });

  it("of which the subject was launched anew in between is asked for again, naming that", async () => {
    const { lab, approval } = await asked();
    const owner = asOwner(lab);
    await owner("StopInstances", { InstanceIds: [lab.originalId] });
    await pass(lab, 60_000);
    await owner("StartInstances", { InstanceIds: [lab.originalId] });
    await pass(lab, 60_000);
    const story = await lab.finish(await startedBy(lab, approval));
    expect(story.status).toBe("AWAITING_APPROVAL");
    expect(story.evaluation.outcome?.sentence).toContain("is another by now (launched ");
    expect((await newestOf(lab)).evaluationId).toBe(story.evaluationId);
  });

  it.each([
    ["its pools cost more", { maxHourlyUsd: 0.001 }, "costs $"],
    ["it goes to other pools", { poolKeys: [] }, "none of the pools of now"],
    ["it saves less", { minSavingsPercent: 99 }, "at least 99 % was agreed to"],
    ["more is to be another", { changes: [] }, "more is to be another by now"],
  ] satisfies readonly (readonly [string, Partial<ApprovalBounds>, string])[])(
    "is asked for again where %s than was agreed to",
    async (_what, bound, because) => {
      const { lab, approval } = await asked();
      const altered = await alter(lab, approval, { bounds: { ...approval.bounds, ...bound } });
      await expectAskedAgain(lab, await carriedOut(lab, altered), because);
    },
  );

  it("is asked for again where its downtime would be longer", async () => {
    const { lab, approval } = await asked({ ...needing, consistency: "stop-and-image" });
    expect(approval.bounds.maxDowntimeMinutes).toBe(6);
    const bounds = { ...approval.bounds, maxDowntimeMinutes: 5 };
    const altered = await alter(lab, approval, { bounds });
    await expectAskedAgain(lab, await carriedOut(lab, altered), "a downtime of 6 min");
  });

  it("that needs nobody by now stays within what was agreed to all the same", async () => {
    const { lab, approval } = await asked();
    const path = `/lab/instances/${lab.targetId}`;
    await lab.send("PATCH", path, { policy_overrides: { require_approval: false } });
    const bounds = { ...approval.bounds, poolKeys: [] };
    const story = await carriedOut(lab, await alter(lab, approval, { bounds }));
    await expectAskedAgain(lab, story, "It was begun by approval");
  });

  it("goes to pools that were agreed to alone, though another would be first", async () => {
    const { lab, approval, asking } = await asked();
    const second = asking.evaluation.verdict?.offers[1];
    const poolKeys = second === undefined ? [] : [poolKey(second)];
    const bounds = { ...approval.bounds, poolKeys, minSavingsPercent: 0 };
    const story = await carriedOut(lab, await alter(lab, approval, { bounds }));
    expect(story.status).toBe("SWITCHED");
    expect(story.swap?.replacement?.pool).toEqual(second);
  });

  it("is given up before the stop where its price has passed what was agreed to meanwhile", async () => {
    const { lab, approval } = await asked({ ...needing, consistency: "stop-and-image" });
    const id = await startedBy(lab, approval);
    whenItBegins(lab, "linear-launch", () =>
      updateEvaluation(lab.table, id, (record) => withPrice(record, 0.001)),
    );
    const story = await lab.finish(id);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure).toMatchObject({
      error: "StaleOffer",
      cause: expect.stringContaining("that was agreed to"),
    });
  });
});

describe("an approval that is taken back while it is judged", () => {
  it.each([
    [
      "expires",
      (lab: Lab, approval: TargetApproval) => alter(lab, approval, { expiresAt: approval.askedAt }),
      "is EXPIRED by now",
    ],
    [
      "is void, as in a table that was restored",
      (lab: Lab, approval: TargetApproval) => alter(lab, approval, { tableName: "before" }),
      "is VOID by now",
    ],
    [
      "is used up by another",
      (lab: Lab, approval: TargetApproval) =>
        alter(lab, approval, {
          status: "CONSUMED",
          consumed: { by: approval.evaluationId, at: approval.askedAt },
        }),
      "is CONSUMED by now",
    ],
  ])("because it %s does not carry it", async (_what, happens, because) => {
    const { lab, approval } = await asked();
    const id = await startedBy(lab, approval);
    whenItBegins(lab, "judge-scrape", () => happens(lab, approval));
    await expectAskedAgain(lab, await lab.finish(id), because);
  });

  it("because its approver was taken from the list waits for another one", async () => {
    const { lab, approval } = await asked();
    const id = await startedBy(lab, approval);
    const as = { kind: "USER", id: "AIDANOLONGERLISTED01" } as const;
    whenItBegins(lab, "judge-scrape", async () => {
      const { votes } = await newestOf(lab);
      await alter(lab, approval, { votes: votes.map((vote) => ({ ...vote, as })) });
    });
    const story = await lab.finish(id);
    expect(story.status).toBe("AWAITING_APPROVAL");
    expect(story.evaluation.outcome?.sentence).toContain("0 may approve still");
    expect(await newestOf(lab)).toMatchObject({
      approvalId: approval.approvalId,
      status: "PENDING",
      votes: [],
    });
    expect((await carriedOut(lab, approval)).status).toBe("SWITCHED");
  });

  it("by a rejection lets it stay as it is", async () => {
    const { lab, approval } = await asked();
    const id = await startedBy(lab, approval);
    whenItBegins(lab, "judge-scrape", () => reject(lab, approval));
    const story = await lab.finish(id);
    expect(story.evaluation.outcome).toMatchObject({ status: "STAYED", reason: "REJECTED" });
    expect(story.mutations).toEqual([]);
  });

  it("by a kill switch is left for the evaluation after it is lifted", async () => {
    const { lab, approval } = await asked();
    const id = await startedBy(lab, approval);
    await throwKillSwitch(lab);
    expect(await lab.finish(id)).toMatchObject({ status: "DEGRADED", mutations: [] });
    await lab.send("PUT", "/kill-switch", { engaged: false, reason: "The drill is over" });
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(await newestOf(lab)).toMatchObject({
      status: "CONSUMED",
      consumed: { by: story.evaluationId },
    });
  });
});

describe("a rejection", () => {
  it("holds until its days are over, and nothing is asked for", async () => {
    const { lab, approval } = await asked();
    expect(await reject(lab, approval)).toBe(200);
    await pass(lab, 48 * hourMs);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation.outcome).toMatchObject({ status: "STAYED", reason: "REJECTED" });
    expect(story.evaluation.outcome?.sentence).toContain("Not before the sale");
    expect(await approvalsOf(lab)).toHaveLength(1);
    const { rejection } = await newestOf(lab);
    const past = { ...rejection, until: approval.askedAt } as NonNullable<typeof rejection>;
    await alter(lab, approval, { rejection: past });
    expect((await lab.run()).status).toBe("AWAITING_APPROVAL");
    expect(await approvalsOf(lab)).toHaveLength(2);
  });
});

describe("what is asked of nobody", () => {
  it("is a switch in shadow mode", async () => {
    const lab = await createLab({ ...needing, isShadowMode: true });
    expect((await lab.run()).status).toBe("SHADOWED");
    expect(await approvalsOf(lab)).toEqual([]);
  });

  it("is one that the account's owner does not want to be asked about", async () => {
    const lab = await createLab({ consistency: "stateless" });
    await setSettings(lab, { switches: "AS_TARGETS_SAY" });
    expect((await lab.run()).status).toBe("SWITCHED");
  });
});

describe("an account's owner", () => {
  it("may want each to be agreed to by two persons, of whom who asked is none", async () => {
    const lab = await createLab({ consistency: "stateless" });
    await setSettings(lab, { switches: "EACH", approvalsNeeded: 2 });
    const { body } = await lab.evaluate({ ...as("ada"), "idempotency-key": "asked-by-ada" });
    const asking = await lab.finish(body["evaluation_id"] as Ending["evaluationId"]);
    expect(asking.status).toBe("AWAITING_APPROVAL");
    const approval = await newestOf(lab);
    expect(approval).toMatchObject({ needed: 2, askedBy: { name: "unauthenticated:ada" } });
    expect(await approve(lab, approval, "ada")).toMatchObject({
      status: 403,
      body: { type: "urn:spot-optimizer:problem:own-request" },
    });
    expect((await approve(lab, approval, "alan")).body.started).toBeUndefined();
    const story = await carriedOut(lab, approval);
    expect(story.status).toBe("SWITCHED");
    expect(story.answer).toMatchObject({ requested_by: { name: "unauthenticated:ada" } });
  });

  it("may want the first switch in PROD to be agreed to", async () => {
    const policy = { allow_prod_linear: true, accept_unproved: true };
    const lab = await createLab({ consistency: "stateless", environment: "PROD", policy });
    await setSettings(lab, { switches: "FIRST_IN_PROD" });
    expect((await lab.run()).evaluation.outcome?.sentence).toContain("the first switch");
    expect((await carriedOut(lab, await newestOf(lab))).status).toBe("SWITCHED");
  });

  it("is asked about the way back, too", async () => {
    const lab = await createLabOnSpot({ consistency: "stateless" });
    await setSettings(lab, { switches: "EACH" });
    const asking = await lab.run();
    expect(await complaintsAbout(lab, asking)).toEqual([]);
    const approval = await newestOf(lab);
    expect(approval).toMatchObject({ kind: "FALL_BACK", evaluationKind: "FALL_BACK" });
    expect(approval.bounds).not.toHaveProperty("minSavingsPercent");
    const story = await carriedOut(lab, approval);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
  });

  it("is not waited for where who is listed for emergencies brings the load back", async () => {
    const lab = await createLabOnSpot({ consistency: "stateless" });
    await setSettings(lab, { switches: "EACH", approvalsNeeded: 2 });
    await lab.run();
    const approval = await newestOf(lab);
    const { text } = await lab.account.api.send({
      method: "POST",
      path: `/approvals/${approval.approvalId}/break-glass`,
      body: { bounds_hash: approval.boundsHash, reason: "Incident 4711" },
      headers: as("oncall"),
    });
    const { started } = JSON.parse(text) as { started: { evaluation_id: string } };
    const story = await lab.finish(evaluationIdSchema.parse(started.evaluation_id));
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("FELL_BACK");
    expect(story.evaluation.authorization).toMatchObject({
      approval: { approvedBy: ["unauthenticated:oncall (in an emergency)"] },
    });
  });
});

describe("a move from one Spot pool to another", () => {
  it("is agreed to like a switch, and judged by what it saves of the pool that it leaves", async () => {
    const lab = await createLabThatMoves(rich.stateless, "SPOT");
    await setSettings(lab, { switches: "EACH" });
    const asking = await lab.run();
    expect(asking.status).toBe("AWAITING_APPROVAL");
    const approval = await newestOf(lab);
    expect(approval).toMatchObject({ kind: "MOVE", evaluationKind: "MOVE" });
    const story = await carriedOut(lab, approval);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation).toMatchObject({ kind: "MOVE", status: "SWITCHED" });
  });
});

describe("what the sweep begins", () => {
  it("is asked for in the name of who has set the policy, once, and somebody else must agree", async () => {
    const lab = await createLab({ ...needing, isShadowMode: true });
    await lab.send("PATCH", `/lab/instances/${lab.targetId}`, { is_shadow_mode: false }, as("ada"));
    const place = { accountId: lab.account.accountId, region: lab.account.region };
    await lab.platform.functions.invoke("schedule-sweep-place", place);
    await pass(lab, hourMs);
    await lab.platform.functions.invoke("schedule-sweep-place", place);
    await pass(lab, 7 * hourMs);
    await lab.platform.functions.invoke("schedule-sweep-place", place);
    await pass(lab, hourMs);
    const approvals = await approvalsOf(lab);
    expect(approvals).toMatchObject([
      { startedBy: "sweep", askedBy: { name: "unauthenticated:ada" } },
    ]);
    const [approval] = approvals;
    if (approval === undefined) return;
    expect((await approve(lab, approval, "ada")).status).toBe(403);
    expect((await carriedOut(lab, approval)).status).toBe("SWITCHED");
  });
});
