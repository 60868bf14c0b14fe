/** A member that EC2 takes from behind a Network Load Balancer: it leaves that at once, and never as the last that is healthy before its 100th second. */
import { describe, expect, it } from "@jest/globals";
import type { GroupEnding } from "../../../local/lab/group-lab.ts";
import { complaintsAboutResponse, responseLab, type ResponseLab } from "./response-days.ts";

const network = { balancerType: "network" } as const;
/** Found healthy after the end. */
const slow = { ...network, healthyAfterSeconds: 150 } as const;

/** Seconds after the notice at which we take a target out, and put it in again. */
const timesOf = (
  { platform, members }: ResponseLab,
  noticedMs: number,
): Readonly<Record<"DeregisterTargets" | "RegisterTargets", readonly number[]>> => {
  const of = (operation: string): readonly number[] =>
    platform.cloud.journal
      .filter((entry) => entry.operation === operation && entry.at >= noticedMs)
      .filter(({ input, sessionName }) => {
        const named = JSON.stringify(input);
        return sessionName !== undefined && members.some((id) => named.includes(id));
      })
      .map(({ at }) => (at - noticedMs) / 1000);
  return { DeregisterTargets: of("DeregisterTargets"), RegisterTargets: of("RegisterTargets") };
};

const taken = async (
  lab: ResponseLab,
  ids: readonly string[],
): Promise<{ readonly ending: GroupEnding; readonly times: ReturnType<typeof timesOf> }> => {
  const noticedMs = lab.account.clock.now();
  lab.interrupt(...ids);
  await lab.pass(3600);
  return { ending: await lab.response(), times: timesOf(lab, noticedMs) };
};

describe("a doomed member behind a Network Load Balancer", () => {
  it("leaves it once its replacement is launched, where another is healthy there, though that is not healthy in time", async () => {
    const lab = await responseLab({ ...slow, size: 2 });
    const { ending, times } = await taken(lab, lab.members.slice(0, 1));
    expect(times.DeregisterTargets).toHaveLength(1);
    expect(times.DeregisterTargets[0]).toBeLessThan(60);
    expect(times.RegisterTargets).toEqual([]);
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
  });

  it("leaves it at once, and its replacement joins and serves before its end", async () => {
    const lab = await responseLab({ ...network, size: 2 });
    const { ending, times } = await taken(lab, lab.members.slice(0, 1));
    expect(ending.status).toBe("SWITCHED");
    expect(times.DeregisterTargets).toHaveLength(1);
    expect(ending.effects.map(({ action }) => action)).toContain(
      "TerminateInstanceInAutoScalingGroup",
    );
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
  });

  it("that is the last healthy one stays there until its 100th second", async () => {
    const lab = await responseLab({ ...slow, size: 1 });
    const { ending, times } = await taken(lab, lab.members);
    expect(times.DeregisterTargets).toHaveLength(1);
    expect(times.DeregisterTargets[0]).toBeGreaterThanOrEqual(100);
    expect(times.DeregisterTargets[0]).toBeLessThan(120);
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
  });

  it("stays in an Application Load Balancer until it leaves its group", async () => {
    const lab = await responseLab({ size: 2 });
    const { times } = await taken(lab, lab.members.slice(0, 1));
    expect(times.DeregisterTargets).toEqual([]);
  });

  it("is registered again where EC2 does not take it, and its replacement was given up", async () => {
    const lab = await responseLab({ ...network, size: 2 });
    const [doomed = ""] = lab.members;
    const noticedMs = lab.account.clock.now();
    lab.platform.ec2.control.interrupt(doomed, { fails: true });
    lab.platform.cloud.faults.after(({ operation, at }) => {
      if (operation !== "DeregisterTargets" || at < noticedMs) return;
      const own = lab.platform.ec2.control
        .running(lab.name.accountId)
        .find(({ instanceId }) => !lab.members.includes(instanceId));
      if (own !== undefined)
        lab.platform.ec2.control.interrupt(own.instanceId, { noticeSeconds: 0 });
    });
    await lab.pass(3600);
    const [ending] = await lab.responses();
    const times = timesOf(lab, noticedMs);
    expect(times.DeregisterTargets).toHaveLength(1);
    expect(times.RegisterTargets).toHaveLength(1);
    expect(times.RegisterTargets[0]).toBeGreaterThan(120);
    expect(lab.platform.elb.healthyIn(lab.targetGroupArn)).toContain(doomed);
    expect(ending?.status).not.toBe("NEEDS_OPERATOR");
  });
});
