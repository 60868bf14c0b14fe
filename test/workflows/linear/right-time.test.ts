import { describe, expect, it } from "@jest/globals";
import { getTarget } from "../../../adapters/store/targets.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import { isDue } from "../../../core/decide/switch/due.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, startMs } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { actionsOf, atFirst, letSwitchesBegin } from "../../../local/lab/scenarios.ts";

const hourMs = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();
/** The lab begins on a Monday at 9. */
const open = "Mon 08:00-20:00 UTC";
const closed = "Tue 02:00-04:00 UTC";

const targetOf = async (lab: Lab) => {
  const target = await getTarget(lab.table, targetIdSchema.parse(lab.targetId));
  if (target === undefined) throw new Error("The target is gone.");
  return target;
};

const patchAccount = async (lab: Lab, body: object): Promise<void> => {
  const { status } = await lab.send("PATCH", `/accounts/${accountId}`, body);
  expect(status).toBe(200);
};

const freeze = { from: iso(startMs - hourMs), until: iso(startMs + hourMs), reason: "Closing" };

describe("a switch at the wrong time", () => {
  it("stays outside its window, touches nothing, and is due when the window opens", async () => {
    const lab = await createLab({ policy: { maintenance_windows: [closed] } });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation.verdict).toMatchObject({
      kind: "STAY",
      reason: "OUTSIDE_WINDOW",
      retryAt: "2026-03-03T02:00:00.000Z",
    });
    expect(story.evaluation.outcome?.sentence).toContain(closed);
    expect(story.mutations).toEqual([]);
    const target = await targetOf(lab);
    expect(isDue(target, new Date("2026-03-02T14:00:00Z"))).toBe(false);
    expect(isDue(target, new Date("2026-03-03T02:00:00Z"))).toBe(true);
  });

  it("stays outside a window by cron, and is due when the expression says", async () => {
    const window = { cron: "0 2 ? * TUE *", duration: "2h", timezone: "Europe/Berlin" };
    const lab = await createLab({ policy: { maintenance_windows: [window] } });
    const story = await lab.run();
    expect(story.evaluation.verdict).toMatchObject({
      kind: "STAY",
      reason: "OUTSIDE_WINDOW",
      retryAt: "2026-03-03T01:00:00.000Z",
    });
    expect(story.evaluation.outcome?.sentence).toContain("0 2 ? * TUE * for 2h Europe/Berlin");
    expect(story.mutations).toEqual([]);
  });

  it("is the same for a load that serves throughout, and for shadow mode", async () => {
    for (const more of [{ consistency: "stateless" }, { isShadowMode: true }] as const) {
      const lab = await createLab({ policy: { maintenance_windows: [closed] }, ...more });
      const story = await lab.run();
      expect([story.status, story.evaluation.verdict?.reason]).toEqual([
        "STAYED",
        "OUTSIDE_WINDOW",
      ]);
    }
  });

  it("stays while the account is frozen, and is judged the same in a replay", async () => {
    const lab = await createLab();
    await patchAccount(lab, { freezes: [freeze] });
    const story = await lab.run();
    expect([story.status, story.evaluation.verdict?.reason]).toEqual(["STAYED", "FROZEN"]);
    await patchAccount(lab, { freezes: [] });
    const replay = await lab.send("POST", `/evaluations/${story.evaluationId}/replay`, {});
    expect(replay.body).toMatchObject({ identical: true });
  });

  it("is made in its window, and its downtime counts against the budget", async () => {
    const lab = await createLab({
      policy: { maintenance_windows: [open], max_downtime_minutes_per_30_days: 6 },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    const { downtimes } = await targetOf(lab);
    expect(downtimes).toEqual([
      {
        evaluationId: story.evaluationId,
        at: story.evaluation.endedAt,
        seconds: story.evaluation.downtimeSeconds,
      },
    ]);
  });

  it("stays over the downtime budget, of which a roll-back has used its part", async () => {
    const lab = await createLab({ policy: { max_downtime_minutes_per_30_days: 6 } });
    atFirst(lab, "CreateReplaceRootVolumeTask", {
      when: "after",
      what: () => {
        const replacement = lab.replacement();
        if (replacement !== undefined) lab.control.terminateByOwner(replacement.instanceId);
        lab.watch.excuse("replacement");
      },
    });
    const first = await lab.run();
    expect(first.status).toBe("ROLLED_BACK");
    await letSwitchesBegin(lab);
    const second = await lab.run();
    expect(second.evaluation.verdict).toMatchObject({
      kind: "STAY",
      reason: "DOWNTIME_BUDGET",
      retryAt: iso(Date.parse(first.evaluation.endedAt ?? "") + 30 * 24 * hourMs),
    });
    expect(second.intents).toEqual([]);
  });
});

describe("a time that ends while images are made", () => {
  it.each([
    {
      what: "its window closes",
      options: {
        policy: {
          maintenance_windows: [{ cron: "0 9 * * MON", duration: "1h", timezone: "UTC" }],
        },
        settings: { imageBaseMs: hourMs },
      },
      reason: "OUTSIDE_WINDOW",
      meanwhile: () => Promise.resolve(),
    },
    {
      what: "a freeze begins",
      options: {},
      reason: "FROZEN",
      meanwhile: (lab: Lab) => patchAccount(lab, { freezes: [freeze] }),
    },
    {
      what: "a freeze begins, for a load that serves throughout",
      options: { consistency: "stateless" as const },
      reason: "FROZEN",
      meanwhile: (lab: Lab) => patchAccount(lab, { freezes: [freeze] }),
    },
  ])("$what: it stays without a downtime, and nothing is left", async (one) => {
    const lab = await createLab(one.options);
    atFirst(lab, "RunInstances", {
      when: "after",
      what: async () => {
        await one.meanwhile(lab);
      },
    });
    const story = await lab.run();
    expect(lab.watch.broken).toEqual([]);
    expect([story.status, story.evaluation.outcome?.reason]).toEqual(["STAYED", one.reason]);
    expect(story.executionStatus).toBe("SUCCEEDED");
    expect(actionsOf(story)).not.toContain("StopInstances");
    expect(story.orphans).toEqual([]);
    expect(story.evaluation.downtimeSeconds).toBeUndefined();
    expect(story.answer["postponed"]).toMatchObject({ reason: one.reason });
    expect((await targetOf(lab)).evaluateAt).toBe(story.evaluation.postponed?.retryAt);
    expect(story.isLeaseHeld).toBe(false);
  });
});
