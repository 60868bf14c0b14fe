/** When a group may be converted: each batch begins in a maintenance window of its target, and outside of a freeze of the account. */
import { describe, expect, it } from "@jest/globals";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { createGroupLab, type GroupLab } from "../../../local/lab/group-lab.ts";

/** A laboratory begins on a Monday at nine, UTC. A batch takes some four minutes. */
const labIn = (window: string | object): Promise<GroupLab> =>
  createGroupLab({ size: 4, policy: { batch_size: 1, maintenance_windows: [window] } });

const freeze = async ({ account }: GroupLab): Promise<void> => {
  const now = account.clock.now();
  const { status, text } = await account.api.send({
    method: "PATCH",
    path: `/accounts/${account.accountId}`,
    body: {
      freezes: [
        {
          from: new Date(now).toISOString(),
          until: new Date(now + 3_600_000).toISOString(),
          reason: "Sale.",
        },
      ],
    },
  });
  if (status !== 200) throw new Error(text);
};

const spotIn = (lab: GroupLab): number =>
  lab.group()?.members.filter(({ lifecycle }) => lifecycle === "spot").length ?? 0;

describe("a group with maintenance windows", () => {
  it("is left alone outside of them, and told when the next one opens", async () => {
    const lab = await labIn("Mon 10:00-11:00 UTC");
    const ending = await lab.run();
    expect(ending.evaluation).toMatchObject({
      status: "STAYED",
      verdict: { reason: "OUTSIDE_WINDOW", retryAt: "2026-03-02T10:00:00.000Z" },
    });
    expect(ending.effects).toEqual([]);
  });

  it("begins no further batch once its window has closed: what was done stands, and the group is as it was", async () => {
    // 09:06 in Berlin is 08:06, UTC.
    const lab = await labIn({ cron: "6 9 ? * MON *", duration: "1h", timezone: "Europe/Berlin" });
    const before = lab.group();
    if (before === undefined) throw new Error("The laboratory has no group.");
    const ending = await lab.run();
    expect(ending.status).toBe("PARTLY_SWITCHED");
    expect(ending.evaluation.progress.ended?.reason).toBe("OUTSIDE_WINDOW");
    const done = spotIn(lab);
    expect(done).toBe(ending.swaps.length);
    expect(done).toBeGreaterThan(0);
    expect(ending.evaluation.progress.untried).toBe(4 - done);
    expect(ending.evaluation.outcome?.sentence).toMatch(
      new RegExp(`^${String(done)} of 4 members of group web .*No further batch was begun: `, "s"),
    );
    expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
  });
});

it("a group whose last batch comes to its end after its window has closed is converted as a whole", async () => {
  const lab = await createGroupLab({
    size: 2,
    policy: { batch_size: 2, maintenance_windows: ["Mon 08:03-09:03 UTC"] },
  });
  const ending = await lab.run();
  expect(ending.status).toBe("SWITCHED");
  expect(ending.evaluation.progress).not.toHaveProperty("ended");
});

describe("a group in an account that is frozen half-way", () => {
  it("comes to the end of its batch, and begins no other", async () => {
    const lab = await createGroupLab({ size: 3, policy: { batch_size: 1 } });
    let isFrozen = false;
    lab.platform.cloud.faults.after(async ({ operation }) => {
      if (isFrozen || operation !== "AttachInstances") return;
      isFrozen = true;
      await freeze(lab);
    });
    const ending = await lab.run();
    expect(ending.status).toBe("PARTLY_SWITCHED");
    expect(ending.evaluation.progress.ended).toMatchObject({
      reason: "FROZEN",
      sentence: expect.stringContaining("Sale."),
    });
    expect(spotIn(lab)).toBe(1);
  });
});
