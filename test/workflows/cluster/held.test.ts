import { describe, expect, it } from "@jest/globals";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import {
  createGroupLab,
  type GroupEnding,
  type GroupLab,
  type GroupLabOptions,
} from "../../../local/lab/group-lab.ts";
import { createGroupOwner, type OwnerAct } from "../../../local/lab/group-owner.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { refusals } from "../../../local/lab/harm.ts";
import type { FaultCall } from "../../../local/cloud/faults.ts";
import type { GroupSummary } from "../../../local/cloud/autoscaling/control.ts";

type Lab = GroupLab & { readonly before: GroupSummary };

const summaryOf = (lab: GroupLab): GroupSummary => {
  const group = lab.group();
  if (group === undefined) throw new Error("The laboratory has no group.");
  return group;
};

const labOf = async (options: GroupLabOptions): Promise<Lab> => {
  const lab = await createGroupLab(options);
  return { ...lab, before: summaryOf(lab) };
};

/** Each of our calls to Auto Scaling, right after it. */
const afterOurs = (
  { platform, name }: GroupLab,
  happens: (call: FaultCall, nthOfItsKind: number) => unknown,
): void => {
  const seen = new Map<string, number>();
  platform.cloud.faults.after(async (call) => {
    const { accountId, sessionName } = call.caller;
    if (accountId !== name.accountId || sessionName === undefined) return;
    const nth = (seen.get(call.operation) ?? 0) + 1;
    seen.set(call.operation, nth);
    await happens(call, nth);
  });
};

const protectedIn = ({ members }: GroupSummary): readonly string[] =>
  members.flatMap(({ instanceId, isProtected }) => (isProtected ? [instanceId] : [])).toSorted();

const idsOf = ({ members }: GroupSummary): readonly string[] =>
  members.map(({ instanceId }) => instanceId).toSorted();

const leastServing = ({ capacity }: GroupLab): number =>
  Math.min(...capacity.samples.map(({ serving }) => serving));

const holdsIn = ({ intents }: GroupEnding) =>
  intents.filter(({ change }) => change.kind === "HOLD_MEMBERS");

/** With both replacements attached, by one call, and on their way. */
const whenOnTheirWay = (lab: GroupLab, happens: () => unknown): void => {
  afterOurs(lab, async ({ operation }, nth) => {
    if (operation === "AttachInstances" && nth === 1) await happens();
  });
};

describe("right before an attach", () => {
  it("whom its owner protects after we have suspended AZRebalance is not held, and stays protected", async () => {
    const lab = await labOf({ size: 4, zones: 2, policy: { batch_size: 1 } });
    const owner = createGroupOwner(lab.platform, lab.name);
    afterOurs(lab, async ({ operation }, nth) => {
      if (operation !== "SuspendProcesses" || nth !== 1) return;
      await owner.act({ kind: "PROTECT", member: 3, isProtected: true });
    });
    const ending = await lab.run();
    const id = lab.before.members[3]?.instanceId ?? "";
    expect(protectedIn(summaryOf(lab))).toEqual([id]);
    const [first] = holdsIn(ending);
    expect(first?.change).toMatchObject({ kind: "HOLD_MEMBERS" });
    expect(first?.change).not.toMatchObject({
      instanceIds: expect.arrayContaining([id]) as unknown,
    });
  });
});

describe("while what was attached is on its way", () => {
  it.each<[string, OwnerAct]>([
    ["a policy", { kind: "POLICY", desired: 4 }],
    ["a person", { kind: "DESIRED", desired: 4 }],
    ["a maximum that is lowered", { kind: "SIZES", max: 4 }],
  ])(
    "no original leaves by a scale-in of %s before as many serve as are asked for",
    async (_, act) => {
      const lab = await labOf({ size: 6, max: 6, zones: 1, policy: { batch_size: 2 } });
      const owner = createGroupOwner(lab.platform, lab.name);
      whenOnTheirWay(lab, () => owner.act(act));
      const ending = await lab.run();
      expect(owner.refused).toEqual([]);
      expect(leastServing(lab)).toBe(4);
      expect(ending.group?.desired).toBe(4);
      expect(lab.capacity.broken).toEqual([]);
      const before = { ...lab.before, desired: 4, ...(act.kind === "SIZES" ? { max: 4 } : {}) };
      expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
    },
  );

  it("all members in service are held, by one call before the first attach, and released once both serve", async () => {
    const lab = await labOf({ size: 4, policy: { batch_size: 2 } });
    const told: string[] = [];
    afterOurs(lab, ({ operation }, nth) => {
      if (nth > 3 || !/^(Attach|SetInstance)/.test(operation)) return;
      const group = summaryOf(lab);
      const held = protectedIn(group).filter((id) => idsOf(lab.before).includes(id));
      told.push(`${operation}: ${String(held.length)} of 4`);
    });
    const ending = await lab.run();
    expect(told.slice(0, 4)).toEqual([
      "SetInstanceProtection: 4 of 4",
      "AttachInstances: 4 of 4",
      "SetInstanceProtection: 4 of 4",
      "SetInstanceProtection: 0 of 4",
    ]);
    const [first] = holdsIn(ending);
    expect(first).toMatchObject({ status: "UNDONE", before: { isProtected: false } });
    const ms = Date.parse(first?.undoneAt ?? "") - Date.parse(first?.plannedAt ?? "");
    expect(ms).toBeLessThan(30_000);
  });

  it("a refresh that begins does not wait for those whom we hold: they are released within one step, though a replacement does not serve yet", async () => {
    const lab = await labOf({ size: 2, policy: { batch_size: 2 } });
    const { platform, name } = lab;
    let begunMs = 0;
    let releasedMs = 0;
    afterOurs(lab, ({ operation, input }, nth) => {
      const { InstanceIds: ids = [], ProtectedFromScaleIn: isOn } = input as {
        readonly InstanceIds?: readonly string[];
        readonly ProtectedFromScaleIn?: boolean;
      };
      if (operation === "AttachInstances") {
        for (const id of ids) platform.elb.setApplicationHealthy(id, false);
        if (nth === 1) {
          // Still held, for neither serves.
          platform.clock.schedule(platform.clock.now() + 60_000, () => {
            expect(protectedIn(summaryOf(lab))).toEqual(idsOf(lab.before));
            begunMs = platform.clock.now();
            platform.autoScaling.control.startRefresh(name);
          });
        }
      }
      const isRelease = operation === "SetInstanceProtection" && isOn === false;
      if (isRelease && releasedMs === 0) releasedMs = platform.clock.now();
    });
    await lab.run();
    expect(begunMs).toBeGreaterThan(0);
    expect(releasedMs).toBeGreaterThan(begunMs);
    expect(releasedMs - begunMs).toBeLessThan(70_000);
  });
});

describe("somebody lowers the desired capacity between two attaches", () => {
  it("the next one waits until the group has followed: no place is left over", async () => {
    const lab = await labOf({ size: 6, zones: 1, policy: { batch_size: 3 } });
    const owner = createGroupOwner(lab.platform, lab.name);
    const attachedAtMs: number[] = [];
    afterOurs(lab, async ({ operation, at }, nth) => {
      if (operation !== "AttachInstances") return;
      attachedAtMs.push(at);
      if (nth === 1) await owner.act({ kind: "POLICY", desired: 4 });
    });
    const ending = await lab.run();
    const [first = 0, second = 0] = attachedAtMs;
    expect(second - first).toBeGreaterThan(10_000);
    expect(leastServing(lab)).toBe(4);
    const before = { ...lab.before, desired: 4 };
    expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
  });
});

describe("a group that protects its new members, and whose owner has let its members go", () => {
  it("has them unprotected again, though it would protect them if they were new", async () => {
    const lab = await createGroupLab({
      size: 3,
      policy: { batch_size: 1 },
      definition: { NewInstancesProtectedFromScaleIn: true },
    });
    const { accountId, region } = lab.name;
    const { accessKeyId } = lab.platform.cloud.identities.addUser({ accountId, name: "owner" });
    const members = idsOf(summaryOf(lab));
    await lab.platform.cloud.call({
      service: "autoscaling",
      operation: "SetInstanceProtection",
      region,
      accessKeyId,
      input: {
        AutoScalingGroupName: lab.name.name,
        InstanceIds: members,
        ProtectedFromScaleIn: false,
      },
    });
    const left: (readonly string[])[] = [];
    afterOurs(lab, ({ operation }) => {
      if (operation === "TerminateInstanceInAutoScalingGroup") {
        left.push(protectedIn(summaryOf(lab)).filter((id) => members.includes(id)));
      }
    });
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(holdsIn(ending).length).toBeGreaterThan(0);
    expect(left).toEqual([[], [], []]);
  });
});

describe("members that protect themselves while they work", () => {
  it("are not held: what they set meanwhile could not be told from what we set", async () => {
    const lab = await labOf({ size: 4, policy: { batch_size: 2 } });
    const owner = createGroupOwner(lab.platform, lab.name);
    afterOurs(lab, async ({ operation }, nth) => {
      if (operation !== "RunInstances" || nth !== 2) return;
      await owner.act({ kind: "PROTECT", member: 0, isProtected: true });
      await owner.act({ kind: "PROTECT", member: 1, isProtected: true });
    });
    const ending = await lab.run();
    expect(holdsIn(ending)).toEqual([]);
    expect(protectedIn(summaryOf(lab))).toEqual(
      lab.before.members
        .slice(0, 2)
        .map(({ instanceId }) => instanceId)
        .toSorted(),
    );
  });
});

describe("a roll-back that begins while replacements are on their way", () => {
  it("releases the others once these are in service: no original leaves by a scale-in before", async () => {
    const lab = await labOf({ size: 4, zones: 1, policy: { batch_size: 4 } });
    const owner = createGroupOwner(lab.platform, lab.name);
    let attaches = 0;
    lab.platform.cloud.faults.before(async ({ operation }) => {
      if (operation !== "AttachInstances") return;
      attaches += 1;
      // The whole of the batch is refused, and its replacements are attached one by one.
      if (attaches === 1) throw new CloudError("ValidationError", "One of them is refused.", 400);
      if (attaches !== 5) return;
      await owner.act({ kind: "POLICY", desired: 3 });
      throw refusals.unauthorized();
    });
    const ending = await lab.run();
    expect(ending.status).toBe("ROLLED_BACK");
    expect(leastServing(lab)).toBe(3);
    const before = { ...lab.before, desired: 3 };
    expect(complaintsAboutGroup(lab, ending, { before })).toEqual([]);
  });
});
