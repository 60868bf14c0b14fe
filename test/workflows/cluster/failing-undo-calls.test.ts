/** The rest of the matrix: calls that a plain conversion does not make, and all that undo one. */
import { describe, expect, it } from "@jest/globals";
import { listEvaluations } from "../../../adapters/store/evaluations.ts";
import { targetIdSchema } from "../../../core/model/ids.ts";
import { retireAfterTag } from "../../../core/model/tags.ts";
import { complaintsAboutGroup } from "../../../local/lab/group-judge.ts";
import type { GroupEnding, GroupLabOptions } from "../../../local/lab/group-lab.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { enrolled } from "../../../local/platform/customer-group.ts";
import { currentInvocation } from "../../../local/platform/invocation.ts";
import {
  allHarms,
  declaredCells,
  firstCells,
  harmDay,
  recordDay,
  spell,
  type CallDay,
} from "./call-matrix.ts";
import { after, type DayLab } from "./group-days.ts";

/** These functions may not make these calls: what is refused so is not one of the day's calls. */
const refuse =
  (...refused: readonly (readonly [name: string, operation: string])[]) =>
  ({ platform }: DayLab): void => {
    platform.cloud.faults.before(({ operation }) => {
      const caller = currentInvocation()?.name;
      const isRefused = refused.some(
        ([name, one]) => caller === `cluster-${name}` && one === operation,
      );
      if (isRefused) throw refusals.unauthorized();
    });
  };

const one = { size: 1, policy: { batch_size: 1 } } as const satisfies GroupLabOptions;
/** One mark stands there already, of a retirement of long ago. */
const marked = "2020-01-01T00:00:00.000Z";
const kept = {
  size: 1,
  member: { tags: { ...enrolled, [retireAfterTag]: marked } },
  policy: { batch_size: 1, keep_originals_hours: 24 },
} as const satisfies GroupLabOptions;

/** The document runs once the replacement has come up, and once it serves. */
const letProve = ({ platform, name: { accountId, region } }: DayLab): void => {
  const document = { accountId, region, name: "prove", tags: enrolled };
  platform.ssm.installAgents(accountId);
  platform.ssm.addDocument({ ...document, run: () => ({ exitCode: 0 }) });
};

/** The group launches On-Demand in its place, which is one too many. */
const loseReplacement = (lab: DayLab): void => {
  after(lab, "SetInstanceProtection", 3, () => {
    const joined = lab.group()?.members.find(({ lifecycle }) => lifecycle === "spot");
    lab.platform.ec2.control.interrupt(joined?.instanceId ?? "", { noticeSeconds: 0 });
  });
};

const releasing = ["restore", "roll-back"].map((name) => [name, "SetInstanceProtection"] as const);

const decided = async (
  lab: DayLab,
  evaluationId: GroupEnding["evaluationId"],
  way: "adopt" | "roll-back",
): Promise<GroupEnding> => {
  const { status } = await lab.account.api.send({
    method: "POST",
    path: `/evaluations/${evaluationId}/${way}`,
    body: { reason: "drill" },
  });
  expect(status).toBe(202);
  return lab.finish(evaluationId);
};

const adopted = async (lab: DayLab): Promise<GroupEnding> =>
  decided(lab, (await lab.run()).evaluationId, "adopt");

/** EC2 announces to take a member, and leaves it alone; what was launched for it is lost as the member leaves its balancer. */
const warned = async (lab: DayLab): Promise<GroupEnding> => {
  await lab.run();
  const { account, name, platform, targetId } = lab;
  const { clock, table } = account;
  const before = lab.group()?.members.map(({ instanceId }) => instanceId) ?? [];
  const [doomed = ""] = before;
  let isLost = false;
  platform.cloud.faults.before(({ operation }) => {
    if (operation !== "DeregisterTargets" || isLost) return;
    isLost = true;
    const own = platform.ec2.control
      .running(name.accountId)
      .find(({ instanceId }) => !before.includes(instanceId));
    platform.ec2.control.interrupt(own?.instanceId ?? "", { noticeSeconds: 0 });
  });
  platform.ec2.control.interrupt(doomed, { fails: true });
  const event = {
    source: "aws.ec2",
    "detail-type": "EC2 Spot Instance Interruption Warning",
    account: name.accountId,
    region: name.region,
    time: new Date(clock.now()).toISOString(),
    detail: { "instance-id": doomed, "instance-action": "terminate" },
  };
  const attributes = { ApproximateReceiveCount: "1" };
  const Records = [{ messageId: "1", body: JSON.stringify(event), attributes }];
  await platform.functions.invoke("interruption-receive", { Records });
  const { items } = await listEvaluations(table, {
    targetId: targetIdSchema.parse(targetId),
    limit: 1,
  });
  const [response] = items;
  if (response === undefined) throw new Error("Nothing was started.");
  return lab.finish(response.evaluationId);
};

/** From its announcement on it does not serve, with us or without. */
const withoutDoomed = ({ before }: DayLab) => ({ before, asked: before.desired - 1 });

const days: readonly CallDay[] = [
  { name: "an original that is kept", options: kept },
  {
    name: "a replacement that proves itself by a document",
    options: {
      ...one,
      policy: {
        ...one.policy,
        proof: [{ kind: "ssm-document", document: "prove", seconds: 300 }],
      },
    },
    trouble: letProve,
  },
  {
    name: "an original that can't be detached",
    options: kept,
    trouble: refuse(["remove-originals", "DetachInstances"]),
  },
  {
    name: "a replacement that can't be attached, at the maximum",
    options: { ...one, max: 1 },
    trouble: refuse(["attach", "AttachInstances"]),
  },
  {
    name: "an original that is detached and not stopped",
    options: kept,
    trouble: refuse(["remove-originals", "StopInstances"]),
  },
  {
    name: "a replacement that is lost after it has joined",
    options: { size: 2, zones: 1, policy: { batch_size: 2 } },
    trouble: loseReplacement,
  },
  {
    name: "a member that EC2 announces to take and leaves alone, behind a Network Load Balancer",
    options: { size: 2, zones: 1, policy: { batch_size: 2 }, balancerType: "network" },
    run: warned,
  },
  {
    name: "a group that a person adopts with its members protected",
    options: one,
    trouble: refuse(...releasing),
    run: adopted,
  },
];

const plain: CallDay = {
  name: "a conversion that is tried call by call elsewhere",
  options: { size: 2, max: 2, policy: { batch_size: 2 } },
};

const recorded = await Promise.all([plain, ...days].map(recordDay));
const [, ...own] = firstCells(recorded);

/** What leaves to be kept is marked and stopped, and nothing else bears a new mark. */
const falselyKept = (
  lab: DayLab,
  { swaps }: GroupEnding,
  { options }: CallDay,
): readonly string[] => {
  const { control } = lab.platform.ec2;
  const left = new Set<string>(
    options === kept
      ? swaps.filter(({ stage }) => stage === "DONE").map(({ originalId }) => originalId)
      : [],
  );
  return control.instances(lab.name.accountId).flatMap(({ instanceId, state, tags }) => {
    const mark = tags[retireAfterTag];
    const isMarked = mark !== undefined && mark !== marked;
    const isKept = isMarked && state === "stopped";
    if (left.has(instanceId)) return isKept ? [] : [`${instanceId} is not kept, but ${state}.`];
    return isMarked ? [`${instanceId} is ${state}, and marked to be kept.`] : [];
  });
};

describe("the matrix of calls and harms", () => {
  it("has a cell for each call that a function may make, on the way and back", () => {
    const cells = new Set(recorded.flatMap((day) => day.cells.map(spell)));
    expect(declaredCells.filter((cell) => !cells.has(cell))).toEqual([]);
    expect([...cells].filter((cell) => !declaredCells.includes(cell))).toEqual([]);
    expect(declaredCells.length).toBeGreaterThan(20);
  });
});

/** Such a refusal is told to a person: what is left has its next step, and that leads to the end of the day. */
const mended = async (lab: DayLab, ending: GroupEnding, stage: string): Promise<GroupEnding> => {
  const { status, evaluationId, evaluation } = ending;
  if (status !== "NEEDS_OPERATOR") return ending;
  expect(evaluation.outcome?.sentence).toContain("You are not authorized");
  const way = stage === "adopting" ? "adopt" : "roll-back";
  return decided(lab, evaluationId, way);
};

/** A mere 503 is tried on a plain conversion, and a throttled call here. */
const harms = allHarms.filter((harm) => harm !== "unavailable");

describe.each(own)("$name", (day) => {
  const cells = day.cells.flatMap((cell) => harms.map((harm) => ({ ...cell, harm })));

  it.each(cells)(
    "comes to its end when call $nth, $stage ($action), meets: $harm",
    async ({ stage, nth, harm }) => {
      const { lab, ending: first, isDone } = await harmDay(day, { nth, harm });
      expect(isDone).toBe(true);
      const isRefused = harm === "unauthorized";
      const ending = isRefused ? await mended(lab, first, stage) : first;
      const complaints = [
        ...complaintsAboutGroup(lab, ending, day.run === warned ? withoutDoomed(lab) : lab),
        ...falselyKept(lab, ending, day),
      ];
      expect(complaints).toEqual([]);
      const isStopped = harm === "kill switch" && stage === "on the way";
      if (!isRefused && !isStopped) expect(ending.status).toBe(day.ending.status);
      else expect(ending.status).not.toBe("NEEDS_OPERATOR");
    },
  );
});
