/** When nodes may be replaced: each begins in a maintenance window of its target. */
import { describe, expect, it } from "@jest/globals";
import { complaintsAboutNodes } from "../../../local/lab/node-judge.ts";
import { createNodeLab, type NodeLab } from "../../../local/lab/node-lab.ts";

/** A laboratory begins on a Monday at nine, UTC, and lets its pods run first. A node takes some four minutes. */
const labIn = (window: string | object, size: number): Promise<NodeLab> =>
  createNodeLab({
    nodes: { size, min: 1, max: 6, zones: 1 },
    scope: "ALL",
    policy: { maintenance_windows: [window] },
  });

describe("nodes with maintenance windows", () => {
  it("are left alone outside of them, and it is told when the next one opens", async () => {
    const lab = await labIn("Mon 10:00-11:00 UTC", 2);
    const ending = await lab.run();
    expect(ending.evaluation).toMatchObject({
      status: "STAYED",
      verdict: { reason: "OUTSIDE_WINDOW", retryAt: "2026-03-02T10:00:00.000Z" },
    });
    expect(ending.effects).toEqual([]);
  });

  it("no further one is begun once the window has closed: what was done stands, and how many are left is told", async () => {
    // 03:08 in New York is 08:08, UTC.
    const lab = await labIn(
      { cron: "8 3 * * 1", duration: "60m", timezone: "America/New_York" },
      4,
    );
    const ending = await lab.run();
    const done = ending.swaps.length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(4);
    expect(ending.status).toBe("PARTLY_SWITCHED");
    expect(ending.evaluation.progress).toMatchObject({
      untried: 4 - done,
      ended: { reason: "OUTSIDE_WINDOW" },
    });
    expect(ending.evaluation.outcome?.sentence).toContain(`${String(done)} of 4 nodes`);
    expect(complaintsAboutNodes(lab, ending)).toEqual([]);
  });

  it("the last of them may come to its end after it: then all are replaced", async () => {
    const lab = await labIn("Mon 08:08-09:08 UTC", 2);
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    const [last] = ending.swaps.slice(-1);
    expect((last?.joinedAt ?? "") < "2026-03-02T09:08").toBe(true);
    expect((ending.evaluation.endedAt ?? "") > "2026-03-02T09:08").toBe(true);
    expect(ending.evaluation.progress).not.toHaveProperty("ended");
  });
});

it("nodes of an account that is frozen are left alone, and it is told until when", async () => {
  const lab = await createNodeLab({ nodes: { size: 2, min: 1, max: 6, zones: 1 }, scope: "ALL" });
  const { account } = lab;
  const until = new Date(account.clock.now() + 3_600_000).toISOString();
  const from = new Date(account.clock.now()).toISOString();
  const path = `/accounts/${account.accountId}`;
  const body = { freezes: [{ from, until, reason: "Sale." }] };
  expect((await account.api.send({ method: "PATCH", path, body })).status).toBe(200);
  const ending = await lab.run();
  expect(ending.evaluation).toMatchObject({
    status: "STAYED",
    verdict: { reason: "FROZEN", retryAt: until },
  });
  expect(ending.effects).toEqual([]);
});
