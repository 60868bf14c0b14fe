import { describe, expect, it } from "@jest/globals";
import { recordCalls } from "../../../../local/platform/call-recorder.ts";
import { addGroupTarget, addNodesTarget } from "./members.ts";
import { openSweepLab, passMinutes } from "./place-lab.ts";
import { replayAll, runsOf } from "./replays.ts";

const members = { workload: { tags: { "aws:autoscaling:groupName": "web" } } };
const launchHook = {
  LifecycleHookName: "warm",
  LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
  HeartbeatTimeout: 60,
};
const dear = {
  target: {
    policyOverrides: { acceptChangeOf: ["primary-private-ip" as const], minSavingsPercent: 95 },
  },
};

describe("verdicts of sweeps", () => {
  it("are counted while they are alike, and the first and last of each run replay byte for byte", async () => {
    const lab = await openSweepLab();
    const ids = [
      ...(await lab.add(1)),
      ...(await lab.add(1, members)),
      ...(await lab.add(1, dear)),
    ];
    for (let sweep = 0; sweep < 6; sweep += 1) {
      await lab.sweep();
      await passMinutes(lab, 15);
    }
    const kinds = new Set<string>();
    for (const targetId of ids) {
      const runs = await replayAll(lab, targetId);
      expect(runs.reduce((sum, { count }) => sum + count, 0)).toBe(6);
      for (const { kind } of runs) kinds.add(kind);
    }
    expect([...kinds].sort()).toEqual(["REFUSE", "STAY", "SWITCH"]);
  });

  it("of a group replay byte for byte, by the lists, by a look of the same sweep, and by one of the day", async () => {
    const lab = await openSweepLab();
    const web = await addGroupTarget(lab, { name: "web" });
    const hooked = await addGroupTarget(lab, { name: "hooked", hooks: [launchHook] });
    const out = { "spot-optimizer:enabled": "false" };
    const optedOut = await addGroupTarget(lab, { name: "out", tags: out });
    for (let sweep = 0; sweep < 4; sweep += 1) {
      await lab.sweep();
      await passMinutes(lab, 15);
    }
    // Looked at, nothing is open; then what passes by itself is.
    expect(await replayAll(lab, web)).toMatchObject([
      { kind: "SWITCH", count: 1 },
      { kind: "WOULD_SWITCH", count: 3 },
    ]);
    expect(await replayAll(lab, hooked)).toMatchObject([
      { kind: "REFUSE", reason: "LAUNCH_HOOK", count: 4 },
    ]);
    expect(await replayAll(lab, optedOut)).toMatchObject([
      { kind: "REFUSE", reason: "OPTED_OUT", count: 4 },
    ]);
  });

  it.each([
    { name: "a managed node group", isManaged: true },
    { name: "self-managed nodes", isManaged: false },
  ])("of $name replay byte for byte, before a switch and after", async ({ isManaged }) => {
    const lab = await openSweepLab();
    const { targetId } = await addNodesTarget(lab, { isManaged }, { isShadowMode: false });
    await lab.sweep();
    await passMinutes(lab, 6 * 60);
    for (let sweep = 0; sweep < 3; sweep += 1) {
      await lab.sweep();
      await passMinutes(lab, 15);
    }
    const runs = await replayAll(lab, targetId);
    expect(runs.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    expect(runs[0]).toMatchObject({ kind: "SWITCH", count: 1 });
    expect(runs.length).toBeGreaterThan(1);
    expect(runs.at(-1)?.kind).toMatch(/^(STAY|REFUSE)$/);
  });

  it("are told where the target is shown: the last one, since when, how often, and its pool", async () => {
    const lab = await openSweepLab();
    const [id = ""] = await lab.add(1);
    const [member = ""] = await lab.add(1, members);
    const shown = async (targetId: string): Promise<unknown> =>
      (
        JSON.parse(await lab.account.api.getText(`/lab/instances/${targetId}`)) as object & {
          readonly last_verdict?: unknown;
        }
      ).last_verdict;
    expect(await shown(id)).toBeUndefined();
    await lab.sweep();
    await passMinutes(lab, 15);
    await lab.sweep();
    const [run] = await runsOf(lab, id);
    const { count = 0, first_at = "" } = run ?? {};
    expect(count).toBe(2);
    expect(await shown(id)).toMatchObject({
      kind: "SWITCH",
      reason: "SAVINGS_WORTH_THE_RISK",
      count,
      first_at,
      pool: { region: "us-east-1", instance_type: expect.any(String) },
    });
    const refused = await shown(member);
    expect(refused).toMatchObject({ kind: "REFUSE", count: 2 });
    expect(refused).not.toHaveProperty("pool");
  });

  it("cost one write unit for each target where nothing has changed", async () => {
    const lab = await openSweepLab();
    await lab.add(30, members);
    await lab.sweep();
    // The market is that of the first one still.
    await passMinutes(lab, 10);
    const recorder = recordCalls(lab.account.platform);
    await lab.sweep();
    const writes = recorder.tableRequests.filter(
      ({ by, action }) => by === "schedule-sweep-place" && action === "dynamodb:PutItem",
    );
    const units = writes.reduce((sum, each) => sum + each.units, 0);
    // The lease taken and given back, the block of reading calls, the standing of the place, and that its rows are as they were.
    expect(units).toBeLessThanOrEqual(30 + 5);
  });

  it("of a target that was deleted are forgotten", async () => {
    const lab = await openSweepLab();
    const [id] = await lab.add(2, members);
    await lab.sweep();
    const path = `/lab/instances/${String(id)}`;
    expect((await lab.account.api.send({ method: "DELETE", path })).status).toBe(204);
    await passMinutes(lab, 15);
    await lab.sweep();
    expect((await lab.runs()).map(({ targetId }) => targetId)).not.toContain(id);
  });

  it("are not told of a run that never was", async () => {
    const lab = await openSweepLab();
    const [id] = await lab.add(1);
    const answer = await lab.account.api.send({
      method: "POST",
      path: `/lab/instances/${String(id)}/runs/replay`,
      body: { first_at: "2026-01-01T00:00:00.000Z", verdict: "FIRST" },
    });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ field: "first_at" }] });
  });
});
