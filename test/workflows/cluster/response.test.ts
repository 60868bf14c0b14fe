/** What is done when EC2 announces that it takes members of a group back: the bad days of it. */
import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import { orphansOf } from "../../../local/lab/group-judge.ts";
import {
  after,
  asOwner,
  launchesOf,
  membersOf,
  onSpot,
  replacementsOf,
  stagesOf,
} from "./group-days.ts";
import { complaintsAboutResponse, responseLab, type ResponseLab } from "./response-days.ts";

const hourS = 3600;

const inService = (lab: ResponseLab): readonly string[] =>
  lab
    .group()
    ?.members.filter(({ state }) => state === "InService")
    .map(({ instanceId }) => instanceId) ?? [];

const ours = (lab: ResponseLab): number => launchesOf(lab) - lab.before.members.length;

describe("a warning of a member", () => {
  it("has another launched in another pool, which serves before that one is asked to leave", async () => {
    // A balancer proves it: EC2's own checks come too late.
    const lab = await responseLab({ settings: { checksMs: 180_000 } });
    const [doomed = ""] = lab.members;
    const { control } = lab.platform.ec2;
    const lost = control.find(doomed);
    lab.interrupt(doomed);
    await lab.pass(90);
    expect(lab.group()).toMatchObject({ desired: 2 });
    expect(inService(lab)).toHaveLength(2);
    expect(inService(lab)).not.toContain(doomed);
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(ending.evaluation).toMatchObject({ kind: "RECOVER", startedBy: "event" });
    expect(ending.status).toBe("SWITCHED");
    expect([ours(lab), onSpot(ending.group)]).toEqual([1, 2]);
    const [successor] = replacementsOf(ending).map((id) => control.find(id));
    expect([successor?.instanceType, successor?.zoneId]).not.toEqual([
      lost?.instanceType,
      lost?.zoneId,
    ]);
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
    const path = `/evaluations/${ending.evaluationId}/replay`;
    const { text } = await lab.account.api.send({ method: "POST", path });
    expect(JSON.parse(text)).toMatchObject({ identical: true });
  });

  it("that is quicker than what EC2 shows is answered once EC2 shows it", async () => {
    const lab = await responseLab({ settings: { requestLagMs: 8_000 } });
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
  });

  it("of which EC2 never shows anything has nothing launched for it", async () => {
    const lab = await responseLab({ settings: { requestLagMs: 3_600_000 } });
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(100);
    const outcome = { status: "STAYED", reason: "NOT_INTERRUPTED" };
    expect((await lab.response()).evaluation).toMatchObject({ outcome });
    expect(ours(lab)).toBe(0);
  });

  it("is answered while an account is frozen, for what EC2 takes waits for nothing", async () => {
    const lab = await responseLab({ size: 1 });
    const now = lab.account.clock.now();
    const freeze = {
      from: new Date(now - 1000).toISOString(),
      until: new Date(now + 86_400_000).toISOString(),
      reason: "sale",
    };
    await lab.account.api.send({
      method: "PATCH",
      path: `/accounts/${lab.name.accountId}`,
      body: { freezes: [freeze] },
    });
    lab.interrupt(...lab.members);
    await lab.pass(hourS);
    expect((await lab.response()).status).toBe("SWITCHED");
  });

  it("of a group that no balancer asks waits for EC2's checks, and comes too late with them", async () => {
    const settings = { checksMs: 180_000 };
    const lab = await responseLab({ isBehindLoadBalancer: false, settings });
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(stagesOf(ending.swaps)).toEqual(["UNDONE"]);
    expect(inService(lab)).toHaveLength(2);
  });

  it("of a group that rebalances its capacity is refused: it answers by itself", async () => {
    const lab = await responseLab();
    await asOwner(lab)("UpdateAutoScalingGroup", { CapacityRebalance: true });
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(hourS);
    const [ending] = await lab.responses();
    expect(ending?.evaluation.outcome).toMatchObject({ status: "REFUSED" });
    expect(ours(lab)).toBe(0);
  });

  it("of the last healthy one leaves it its place until the other serves", async () => {
    const lab = await responseLab({ size: 1 });
    lab.interrupt(...lab.members);
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(ending.status).toBe("SWITCHED");
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
  });

  it("told twice, and of two at once, has one launched for each", async () => {
    const lab = await responseLab({ size: 3 });
    lab.platform.eventBridge.control.harm(({ rule }) =>
      rule.name === "urgent" ? { kind: "TWICE", afterMs: 300 } : undefined,
    );
    lab.interrupt(...lab.members.slice(0, 2));
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(stagesOf(ending.swaps)).toEqual(["DONE", "DONE"]);
    expect(ours(lab)).toBe(2);
    expect(complaintsAboutResponse(lab, ending, 2)).toEqual([]);
  });

  it("that comes while another member is answered for joins its batch, were it by a third of the group", async () => {
    const lab = await responseLab({ size: 6 });
    const [first = "", second = "", third = ""] = lab.members;
    lab.interrupt(first);
    await lab.pass(10);
    lab.interrupt(second);
    await lab.pass(8);
    lab.interrupt(third);
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(ending.swaps.map(({ stage, batch }) => [stage, batch])).toEqual([
      ["DONE", 1],
      ["DONE", 1],
      ["DONE", 1],
    ]);
    expect([ours(lab), inService(lab).length]).toEqual([3, 6]);
    const shown = await lab.account.api.send({
      method: "GET",
      path: `/evaluations/${ending.evaluationId}`,
    });
    expect(JSON.parse(shown.text)).toMatchObject({
      progress: { decided: [first, second, third] },
    });
    expect(complaintsAboutResponse(lab, ending, 3)).toEqual([]);
  });

  it("that comes too late for the batch has one of its own, right after that", async () => {
    const lab = await responseLab({ size: 3 });
    const [first = "", second = ""] = lab.members;
    lab.interrupt(first);
    await lab.pass(60);
    lab.interrupt(second);
    await lab.pass(hourS);
    const [ending] = await lab.responses();
    expect(ending?.swaps.map(({ batch, originalId }) => [batch, originalId])).toEqual([
      [1, first],
      [2, second],
    ]);
    expect(ours(lab)).toBe(2);
    expect(inService(lab)).toHaveLength(3);
    expect(lab.group()).toMatchObject({ desired: 3 });
  });

  it("that comes while the rest of the group is converted is answered after the batch, which is the last", async () => {
    const lab = await responseLab({ size: 3, policy: { batch_size: 1 } });
    await asOwner(lab)("SetDesiredCapacity", { DesiredCapacity: 5 });
    await lab.pass(600);
    // The first batch is over.
    after(lab, "DeleteTags", 1, () => {
      lab.interrupt(lab.members[0] ?? "");
    });
    const { evaluationId } = await lab.run();
    await lab.pass(hourS);
    const [response, conversion] = await lab.responses();
    expect(conversion).toMatchObject({ evaluationId, status: "PARTLY_SWITCHED" });
    expect(conversion?.evaluation.outcome?.sentence).toContain("that is answered first");
    expect(response).toMatchObject({ evaluation: { kind: "RECOVER" }, status: "SWITCHED" });
    expect(stagesOf(response?.swaps ?? [])).toEqual(["DONE"]);
  });

  it("that comes when it has ended is left to the group, which launches another by itself", async () => {
    const lab = await responseLab();
    lab.platform.eventBridge.control.harm(() => ({ kind: "DELAY", ms: 150_000 }));
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(hourS);
    expect(await lab.responses()).toEqual([]);
    expect([ours(lab), inService(lab).length]).toEqual([0, 2]);
  });

  it("that is not true launches nothing", async () => {
    const lab = await responseLab();
    const { accountId, region } = lab.name;
    lab.platform.eventBridge.hear({
      version: "0",
      id: "1",
      "detail-type": "EC2 Spot Instance Interruption Warning",
      source: "aws.ec2",
      account: accountId,
      time: new Date(lab.account.clock.now()).toISOString(),
      region,
      resources: [],
      detail: { "instance-id": lab.members[0] ?? "", "instance-action": "terminate" },
    });
    await lab.pass(hourS);
    const { outcome } = (await lab.response()).evaluation;
    expect(outcome).toMatchObject({ status: "STAYED", reason: "NOT_INTERRUPTED" });
    expect([ours(lab), lab.group()]).toEqual([0, lab.before]);
  });
});

describe("where EC2 is faster", () => {
  it("than the replacement boots, that is given up, and the group's own stays to be converted later", async () => {
    const lab = await responseLab({ settings: { bootMs: 8_000 } });
    // From now on its targets are found healthy too late.
    after(lab, "RegisterTargets", 1, () => {
      lab.platform.ec2.control.interrupt(lab.members[0] ?? "", { noticeSeconds: 0 });
    });
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(2 * hourS);
    const ending = await lab.response();
    expect(stagesOf(ending.swaps)).toEqual(["UNDONE"]);
    expect([ours(lab), onSpot(ending.group)]).toEqual([1, 1]);
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
  });

  it("than the replacement is attached, that serves on behind its balancer until the group's own does", async () => {
    const lab = await responseLab({ settings: { bootMs: 110_000 } });
    const [doomed = ""] = lab.members;
    const noticedMs = lab.account.clock.now();
    const left: (readonly [seconds: number, inService: number])[] = [];
    after(lab, "DeregisterTargets", 1, () => {
      left.push([(lab.account.clock.now() - noticedMs) / 1000, inService(lab).length]);
    });
    lab.interrupt(doomed);
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(left).toEqual([[expect.any(Number), 2]]);
    expect(left[0]?.[0]).toBeGreaterThan(200);
    expect(stagesOf(ending.swaps)).toEqual(["UNDONE"]);
    expect([ours(lab), onSpot(ending.group)]).toEqual([1, 1]);
    expect(orphansOf(lab)).toEqual([]);
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
  });

  it("than the original is asked to leave, the group's own leaves within ten minutes, and the replacement stays", async () => {
    const lab = await responseLab();
    const [doomed = ""] = lab.members;
    let endedMs = 0;
    after(lab, "AttachInstances", 1, () => {
      endedMs = lab.account.clock.now();
      lab.platform.ec2.control.interrupt(doomed, { noticeSeconds: 0 });
    });
    lab.interrupt(doomed);
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(ending.status).toBe("SWITCHED");
    expect(membersOf(ending.group)).toEqual(expect.arrayContaining([...replacementsOf(ending)]));
    expect([ours(lab), onSpot(ending.group)]).toEqual([1, 2]);
    const asked = ending.effects.find(
      ({ action }) => action === "TerminateInstanceInAutoScalingGroup",
    );
    expect(asked?.resource).not.toContain(doomed);
    expect(Date.parse(asked?.at ?? "") - endedMs).toBeLessThan(10 * 60_000);
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
  });
});

describe("a replacement", () => {
  it("that EC2 takes before it is attached is given up: one launch for a loss, and the group launches its own", async () => {
    const lab = await responseLab();
    after(lab, "RegisterTargets", 1, () => {
      const [launched = ""] = lab.platform.ec2.control
        .running(lab.name.accountId)
        .map(({ instanceId }) => instanceId)
        .filter((id) => !lab.members.includes(id));
      lab.interrupt(launched);
    });
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(2 * hourS);
    const endings = await lab.responses();
    expect(endings.flatMap(({ swaps }) => stagesOf(swaps))).toEqual(["UNDONE"]);
    expect(ours(lab)).toBe(1);
    expect(lab.group()).toMatchObject({ desired: 2 });
    expect(inService(lab)).toHaveLength(2);
    expect(orphansOf(lab)).toEqual([]);
  });

  it("for which there is no capacity, On-Demand included, is not launched, and the record says so", async () => {
    const lab = await responseLab();
    lab.platform.cloud.faults.before(({ operation, caller, input }) => {
      const isTry = (input as { readonly DryRun?: boolean }).DryRun === true;
      if (operation !== "RunInstances" || isTry || caller.sessionName === undefined) return;
      throw new CloudError("InsufficientInstanceCapacity", "There is no room.", 500);
    });
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(hourS);
    const ending = await lab.response();
    expect(ending.evaluation.outcome?.sentence).toContain("No pool gave capacity to group web");
    expect(complaintsAboutResponse(lab, ending)).toEqual([]);
    expect(inService(lab)).toHaveLength(2);
  });
});

describe("nothing is launched", () => {
  it("while the kill switch is on, and the record says why", async () => {
    const lab = await responseLab();
    await lab.account.api.send({
      method: "PUT",
      path: "/kill-switch",
      body: { engaged: true, reason: "drill" },
    });
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(hourS);
    const { outcome } = (await lab.response()).evaluation;
    expect(outcome).toMatchObject({ status: "DEGRADED", reason: "StaleKillSwitch" });
    expect(ours(lab)).toBe(0);
  });

  it("in shadow mode", async () => {
    const lab = await responseLab();
    await lab.account.api.send({
      method: "PATCH",
      path: `/lab/instances/${lab.targetId}`,
      body: { is_shadow_mode: true },
    });
    lab.interrupt(lab.members[0] ?? "");
    await lab.pass(hourS);
    expect((await lab.response()).status).toBe("SHADOWED");
    expect(ours(lab)).toBe(0);
  });
});
