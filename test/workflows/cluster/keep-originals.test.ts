/** `keep_originals_hours`: originals are detached, stopped and kept, and ended by the janitor when their time is over. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
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
