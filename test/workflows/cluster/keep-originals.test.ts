/** `keep_originals_hours`: originals are detached, stopped and kept, and ended by the janitor when their time is over. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { retireAfterTag } from "../../../core/model/tags.ts";
import { harmCall, harms, isMutation } from "../../../local/lab/harm.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import { createGroupLab, type GroupEnding, type GroupLab } from "../../../local/lab/group-lab.ts";
import { enrolled } from "../../../local/platform/customer-group.ts";

const hours = 24;
const hourMs = 3_600_000;

const createLab = (member: { readonly disableApiStop?: boolean } = {}): Promise<GroupLab> =>
  createGroupLab({
    member: { tags: enrolled, ...member },
    policy: { batch_size: 2, keep_originals_hours: hours },
  });

const stateOf = ({ account }: GroupLab, instanceId: string) =>
  account.platform.ec2.control.find(instanceId)?.state;

const startAsOwner = ({ account }: GroupLab, instanceId: string): Promise<unknown> => {
  const { platform, accountId, region } = account;
  const { accessKeyId } = platform.cloud.identities.addUser({ accountId, name: "owner" });
  const input = { InstanceIds: [instanceId] };
  return platform.cloud.call({
    service: "ec2",
    operation: "StartInstances",
    region,
    accessKeyId,
    input,
  });
};

/** The janitor comes by each hour. */
const passHours = async ({ account }: GroupLab, count: number): Promise<void> => {
  const { clock, platform } = account;
  for (let hour = 0; hour < count; hour += 1) {
    await clock.run({ atMostMs: clock.now() + hourMs });
    await platform.functions.invoke("schedule-janitor", {});
  }
};

const originalsOf = ({ swaps }: GroupEnding) => swaps.map(({ originalId }) => originalId);

describe("originals that are to be kept", () => {
  let lab: GroupLab;
  let ending: GroupEnding;
  beforeAll(async () => {
    lab = await createLab();
    ending = await lab.run();
  });

  it("leave the group by a detach, with its desired capacity, and never with fewer that serve than are asked for", () => {
    expect(ending.evaluation.outcome).toMatchObject({ status: "SWITCHED" });
    expect(ending.group).toMatchObject({ desired: 4 });
    expect(Math.min(...lab.capacity.samples.map(({ serving }) => serving))).toBe(4);
    const actions = ending.effects.map(({ action }) => action);
    expect(actions.filter((action) => action === "DetachInstances")).toHaveLength(4);
    expect(actions).not.toContain("TerminateInstanceInAutoScalingGroup");
  });

  it("are marked before they leave: whatever becomes of us, they are found", () => {
    for (const originalId of originalsOf(ending)) {
      const calls = ending.effects
        .filter(({ resource }) => resource.startsWith(originalId))
        .map(({ action }) => action);
      expect(calls).toEqual(["CreateTags", "DetachInstances", "StopInstances"]);
    }
  });

  it("stand stopped, outside of the group", () => {
    expect(originalsOf(ending).map((id) => stateOf(lab, id))).toEqual(Array(4).fill("stopped"));
    const members = ending.group?.members.map(({ instanceId }) => instanceId);
    expect(members).toEqual(expect.not.arrayContaining(originalsOf(ending)));
  });

  it("are ended by the janitor when their hours are over, but for one that its owner has started again", async () => {
    const [started = "", ...rest] = originalsOf(ending);
    await passHours(lab, hours - 2);
    expect(rest.map((id) => stateOf(lab, id))).toEqual(Array(3).fill("stopped"));
    await startAsOwner(lab, started);
    await passHours(lab, 4);
    // EC2 shows what has ended for an hour.
    expect(rest.map((id) => stateOf(lab, id) ?? "terminated")).toEqual(Array(3).fill("terminated"));
    expect(stateOf(lab, started)).toBe("running");
    const record = await getEvaluation(lab.account.table, ending.evaluationId);
    expect(
      record?.settlements?.map(({ resource, kind, reason }) => [resource, kind, reason]),
    ).toEqual(expect.arrayContaining([[started, "KEPT", "STARTED_AGAIN"]]));
  });
});

describe("a member that its owner protects from being stopped", () => {
  it("is not replaced, for it could not be kept stopped", async () => {
    const lab = await createLab({ disableApiStop: true });
    const ending = await lab.run();
    expect(ending.evaluation.verdict).toMatchObject({ kind: "STAY", reason: "NOTHING_TO_CONVERT" });
    expect(ending.evaluation.verdict?.sentence).toContain("protected from being stopped");
    expect(ending.effects).toEqual([]);
  });
});

describe("calls for an original that is kept", () => {
  const operations = ["CreateTags", "DetachInstances", "StopInstances"] as const;
  const cases = operations.flatMap((operation) => harms.map((harm) => [operation, harm] as const));

  it.each(cases)(
    "%s meets %s: nothing runs outside of the group, and marks stand on what is kept alone",
    async (operation, harm) => {
      const lab = await createLab();
      const before = lab.group();
      if (before === undefined) throw new Error("The group is gone.");
      const isOurs = isMutation(lab.account.accountId);
      const harmed = harmCall(lab.account.platform, {
        harm,
        nth: 1,
        matches: (call) => call.operation === operation && isOurs(call),
      });
      const ending = await lab.run();
      expect(harmed.isDone()).toBe(true);
      expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
      expect(ending.status).not.toBe("NEEDS_OPERATOR");
      const members = ending.group?.members.map(({ instanceId }) => instanceId) ?? [];
      for (const { originalId, stage } of ending.swaps) {
        const isMember = members.includes(originalId);
        expect([originalId, isMember]).toEqual([originalId, stage !== "DONE"]);
        expect(stateOf(lab, originalId)).toBe(isMember ? "running" : "stopped");
        const { tags = {} } = lab.account.platform.ec2.control.find(originalId) ?? {};
        expect(retireAfterTag in tags).toBe(!isMember);
      }
    },
  );
});
