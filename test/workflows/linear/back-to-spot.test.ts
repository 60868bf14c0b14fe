import { describe, expect, it } from "@jest/globals";
import { getSpotBackoff } from "../../../adapters/store/spot-backoffs.ts";
import { accountIdSchema, targetIdSchema } from "../../../core/model/ids.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { accountId, createLabLost, region } from "../../../local/lab/lab.ts";
import { lossy } from "../../../local/lab/scenarios.ts";
import { judgedRunsOf } from "./judged.ts";
import {
  evaluationsOf,
  isSpot,
  minuteMs,
  pass,
  sweep,
  targetOf,
  withoutRoom,
} from "./recovery-lab.ts";

const hourMs = 60 * minuteMs;
/** What it fell from is not remembered for long: whether it goes back is a matter of time alone. */
const options = {
  ...lossy,
  policy: { quarantine: { mode: "decay", hours: 1 }, max_risk: 1 },
};

const backoffOf = (lab: Lab) =>
  getSpotBackoff(
    lab.table,
    { accountId: accountIdSchema.parse(accountId), region },
    targetIdSchema.parse(lab.targetId),
  );

const lastVerdict = async (lab: Lab) => (await judgedRunsOf(lab.account, lab.targetId)).at(-1);

/** EC2 has no Spot for the recovery, so that it goes to On-Demand. */
const fallen = async (lab: Lab): Promise<void> => {
  const end = withoutRoom(lab, isSpot);
  await sweep(lab, 20 * minuteMs);
  end();
  expect((await evaluationsOf(lab))[0]).toMatchObject({ kind: "RECOVER", status: "FELL_BACK" });
};

const sweepsFor = async (lab: Lab, hours: number): Promise<void> => {
  for (let quarter = 0; quarter < hours * 4; quarter += 1) await sweep(lab, 15 * minuteMs);
};

describe("a load that EC2 took from Spot and that stands On-Demand", () => {
  it("goes back to Spot by itself once its back-off is over, although its dwell time is not", async () => {
    const lab = await createLabLost(options);
    await fallen(lab);
    const backoff = await backoffOf(lab);
    expect(backoff).toMatchObject({ losses: 1, recoveredAt: (await targetOf(lab))?.lastSwitchAt });
    await sweep(lab, minuteMs);
    expect(await lastVerdict(lab)).toMatchObject({ kind: "STAY", reason: "WITHIN_BACK_OFF" });
    expect(await evaluationsOf(lab)).toHaveLength(2);
    await sweepsFor(lab, 2);
    const [back, ...others] = await evaluationsOf(lab);
    expect(back).toMatchObject({ startedBy: "sweep", status: "SWITCHED" });
    expect(back?.kind).toBeUndefined();
    expect(others).toHaveLength(2);
    expect(await backoffOf(lab)).toHaveProperty("returnBegunAt");
  });

  it("waits twice as long after the loss right after its return", async () => {
    const lab = await createLabLost(options);
    await fallen(lab);
    await sweepsFor(lab, 3);
    const serving = (await targetOf(lab))?.instanceId ?? "";
    expect(lab.control.find(serving)?.lifecycle).toBe("spot");
    lab.control.interrupt(serving, { noticeSeconds: 0 });
    await pass(lab, 5 * minuteMs);
    await fallen(lab);
    expect(await backoffOf(lab)).toMatchObject({ losses: 2 });
    await sweep(lab, minuteMs);
    const { lostAt = "" } = (await backoffOf(lab)) ?? {};
    expect(await lastVerdict(lab)).toMatchObject({
      reason: "WITHIN_BACK_OFF",
      sentence: expect.stringContaining(new Date(Date.parse(lostAt) + 2 * hourMs).toISOString()),
    });
  });

  it("goes back at once when a person evaluates it", async () => {
    const lab = await createLabLost(options);
    await fallen(lab);
    const { body } = await lab.send("POST", `/lab/instances/${lab.targetId}/evaluate`);
    await pass(lab, 30 * minuteMs);
    expect((await evaluationsOf(lab))[0]).toMatchObject({
      evaluationId: body["evaluation_id"],
      status: "SWITCHED",
    });
  });
});
