import { describe, expect, it } from "@jest/globals";
import { planResolution, type ResolutionInput } from "../../../../core/decide/linear/resolution.ts";
import type { Intent, IntentChange } from "../../../../core/model/intent.ts";
import type { IntentStatus } from "../../../../core/model/intents/base.ts";
import {
  evaluationIdSchema,
  instanceIdSchema,
  targetIdSchema,
} from "../../../../core/model/ids.ts";
import type { InstanceWish } from "../../../../core/model/resolution.ts";
import { onlySwapId, type Swap } from "../../../../core/model/swap.ts";
import { effectivePolicy } from "../../../../core/policy/policy.ts";
import { samplePool } from "../offers/choice-samples.ts";
import { plainInstance } from "./eligible-facts.ts";

const { instanceId: originalId, accountId, region } = plainInstance;
const replacementId = instanceIdSchema.parse("i-0bbbbbbbbbbbbbbbb");
const strangerId = instanceIdSchema.parse("i-0cccccccccccccccc");
const frozenAt = "2026-03-01T10:00:00.000Z";
const later = "2026-03-01T10:05:00.000Z";
const earlier = "2026-02-01T10:00:00.000Z";

const intent = (change: IntentChange, status: IntentStatus = "ACTED"): Intent => ({
  id: change.kind.toLowerCase(),
  status,
  fence: 1,
  plannedAt: frozenAt,
  change,
});
const stop = intent({ kind: "STOP_INSTANCE", instanceId: originalId });
const launch = intent({
  kind: "LAUNCH_INSTANCE",
  clientToken: "token",
  poolKey: "pool",
  imageId: "ami-1",
  subnetId: "subnet-1",
  instanceId: replacementId,
});
const isolate = intent({
  kind: "ISOLATE",
  groupName: "isolation",
  vpcId: "vpc-1",
  dueAt: later,
  groupId: "sg-1",
  isClosed: true,
});
const isolationEnded = intent({
  kind: "END_ISOLATION",
  instanceId: replacementId,
  networkInterfaceId: "eni-1",
  securityGroupIds: ["sg-2"],
});
const swap: Swap = {
  swapId: onlySwapId,
  originalId,
  stage: "LEFT",
  sentence: "Left.",
  failed: [],
  replacement: { instanceId: replacementId, pool: samplePool("m6i.large") },
};

const frozen: ResolutionInput = {
  evaluation: {
    evaluationId: evaluationIdSchema.parse("evl-0123456789"),
    targetId: targetIdSchema.parse("tgt-0123456789"),
    subject: { kind: "INSTANCE", accountId, region, instanceId: originalId },
    policy: effectivePolicy("LINEAR"),
    progress: { frozenAt },
    authorization: { kind: "PROCEED", sentence: "It may be carried out." },
  },
  swap,
  intents: [launch, stop],
  targetInstanceId: originalId,
  original: { state: "stopped", launchedAt: earlier },
  replacements: [{ instanceId: replacementId, state: "running" }],
  registeredElsewhere: {},
};
const served = {
  evaluation: { ...frozen.evaluation, progress: { frozenAt, servedFrom: later } },
};
const stateless = {
  evaluation: {
    ...served.evaluation,
    policy: effectivePolicy("LINEAR", { consistency: "stateless" }),
  },
};

const resume: InstanceWish = { kind: "RESUME" };
const rollBack: InstanceWish = { kind: "ROLL_BACK" };
const adopt = (serving = replacementId): InstanceWish => ({ kind: "ADOPT", serving });
const stepsOf = (wish: InstanceWish, change: Partial<ResolutionInput> = {}) => {
  const plan = planResolution({ ...frozen, servingState: "running", ...change }, wish);
  return plan.kind === "POSSIBLE" ? plan.steps.join(" ") : `REFUSED ${plan.sentence}`;
};

type Row = readonly [string, InstanceWish, Partial<ResolutionInput>, RegExp];

describe("a person's decision", () => {
  it.each<Row>([
    ["to resume", resume, {}, new RegExp(`not done again: .*stop_instance.*${originalId} stays`)],
    ["to resume what serves", resume, served, /is checked again/],
    ["to go back", rollBack, {}, new RegExp(`${originalId} is started.*terminated`)],
    ["to go back under the kill switch", rollBack, { stopped: "It is on." }, /is started/],
    ["to go back from a stateless one that serves", rollBack, stateless, /is terminated/],
    [
      "to go back from one that serves no longer",
      rollBack,
      { ...served, replacements: [{ instanceId: replacementId, state: "stopped" }] },
      /is terminated/,
    ],
    [
      "to go back, after another one was begun",
      rollBack,
      { supersededBy: "evl-newer", original: undefined },
      new RegExp(
        `^${replacementId} is terminated: before the original of a stateful load starts, else once that serves\\.$`,
      ),
    ],
    ["to adopt", adopt(), {}, /follows from .* Settled.*launch_instance, stop_instance/],
    [
      "to adopt one that is isolated",
      adopt(),
      { intents: [isolate, launch, stop] },
      /may still be in the security group sg-1, which has no rules: nobody reaches it/,
    ],
    ["to adopt under the kill switch", adopt(), { stopped: "It is on." }, /Nothing|No instance/],
    ["to adopt what is the target's", adopt(originalId), {}, /the target stays as it is/],
    ["to adopt any other instance", adopt(strangerId), {}, new RegExp(`to ${strangerId}`)],
    ["to adopt for a deleted target", adopt(), { targetInstanceId: undefined }, /serves; the/],
  ])("%s can be carried out, and says what it does", (_what, wish, change, expected) => {
    const told = stepsOf(wish, change);
    expect(told).toMatch(expected);
    expect(told).not.toContain("REFUSED");
  });

  it.each<Row>([
    ["to resume under the kill switch", resume, { stopped: "The kill switch is on." }, /Lift/],
    [
      "to resume what was only judged",
      resume,
      {
        evaluation: {
          ...frozen.evaluation,
          authorization: { kind: "SHADOW", sentence: "Shadow mode." },
        },
      },
      /never to be carried out/,
    ],
    ["to resume an older one", resume, { supersededBy: "evl-newer" }, /evl-newer was begun/],
    ["to resume for a deleted target", resume, { targetInstanceId: undefined }, /was deleted/],
    ["to resume for a moved target", resume, { targetInstanceId: strangerId }, /no longer/],
    ["to resume without the original", resume, { original: undefined }, /not shown by EC2/],
    [
      "to resume when the original was started since",
      resume,
      { original: { state: "stopped", launchedAt: later } },
      /started again/,
    ],
    [
      "to resume while the original runs",
      resume,
      { original: { state: "running", launchedAt: earlier } },
      /started again/,
    ],
    [
      "to resume without the replacement",
      resume,
      { replacements: [{ instanceId: replacementId, state: "terminated" }] },
      /is gone: roll back/,
    ],
    ["to go back from newer writes", rollBack, served, /newer writes/],
    [
      "to go back to what has ended",
      rollBack,
      { original: { state: "terminated", launchedAt: earlier } },
      /adopt that/,
    ],
    [
      "to go back to what somebody else has stopped",
      rollBack,
      {
        intents: [
          launch,
          intent({
            kind: "MOVE_INTERFACE",
            networkInterfaceId: "eni-1",
            fromInstanceId: originalId,
            toInstanceId: replacementId,
            deviceIndex: 1,
            deleteOnTermination: false,
          }),
        ],
      },
      /did not stop it: start it first, or adopt/,
    ],
    [
      "to end what another target has",
      rollBack,
      { registeredElsewhere: { [replacementId]: "tgt-other" } },
      /registered as tgt-other/,
    ],
    ["to adopt what is stopped", adopt(), { servingState: "stopped" }, /that runs/],
    ["to adopt what is not there", adopt(), { servingState: undefined }, /not shown by EC2/],
    [
      "to adopt what another target has",
      adopt(),
      { registeredElsewhere: { [replacementId]: "tgt-other" } },
      /registered as tgt-other/,
    ],
    ["to adopt for an older one", adopt(), { supersededBy: "evl-newer" }, /can be adopted/],
  ])("%s is refused, with the reason", (_what, wish, change, expected) => {
    const told = stepsOf(wish, change);
    expect(told).toMatch(/^REFUSED/);
    expect(told).toMatch(expected);
  });

  it("names only what is open still", () => {
    const intents = [{ ...launch, status: "UNDONE" } as const, stop];
    expect(stepsOf(rollBack, { intents })).not.toContain("terminated");
    expect(stepsOf(adopt(), { intents })).not.toContain("launch_instance");
  });
});

describe("an adoption", () => {
  it("says nothing of an isolation that has ended, or of another instance", () => {
    const ended = { intents: [isolate, launch, stop, isolationEnded] };
    expect(stepsOf(adopt(), ended)).not.toContain("no rules");
    expect(stepsOf(adopt(strangerId), { intents: [isolate, launch, stop] })).not.toContain(
      "no rules",
    );
  });
});

describe("a person's decision about a way back with data", () => {
  const spot = { ...frozen.evaluation, kind: "FALL_BACK" as const, progress: {} };
  const isEnded = intent({ kind: "END_ORIGINAL", instanceId: originalId });
  const over = {
    evaluation: spot,
    intents: [launch, isEnded],
    original: { state: "terminated" as const, launchedAt: earlier },
  };

  it("goes on after the Spot Instance was ended, by us or by EC2", () => {
    expect(stepsOf(resume, over)).toMatch(/has ended: its volumes are waited for.*root volume/);
    expect(stepsOf(resume, { ...over, intents: [launch] })).toMatch(/is terminated once/);
    const evaluation = { ...spot, kind: "RECOVER" as const };
    expect(stepsOf(resume, { ...over, evaluation, intents: [launch] })).toMatch(
      /is waited for until EC2 has ended it/,
    );
  });

  const gone = { replacements: [{ instanceId: replacementId, state: "terminated" as const }] };
  const volume = intent({
    kind: "MOVE_VOLUME",
    volumeId: "vol-1",
    fromInstanceId: originalId,
    toInstanceId: replacementId,
    deviceName: "/dev/sdf",
    deleteOnTermination: false,
  });

  it("goes on where what was to take over is gone: an image of the root is launched", () => {
    for (const intents of [
      [launch, isEnded],
      [launch, isEnded, volume],
    ]) {
      expect(stepsOf(resume, { ...over, ...gone, intents })).toMatch(
        /an image of the root volume is launched/,
      );
    }
  });

  const group = intent({
    kind: "MOVE_TARGET_GROUP",
    targetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/1",
    port: 80,
    fromInstanceId: originalId,
    toInstanceId: replacementId,
  });

  it("is refused where it is gone with a part by which clients come, or before the Spot Instance was given up", () => {
    expect(stepsOf(resume, { ...over, ...gone, intents: [launch, isEnded, group] })).toMatch(
      /^REFUSED/,
    );
    expect(stepsOf(resume, { ...over, ...gone, intents: [launch] })).toMatch(/^REFUSED/);
  });

  it("does not go back to what has ended, and does before that", () => {
    expect(stepsOf(rollBack, over)).toMatch(/^REFUSED .*no way but forward/);
    expect(stepsOf(rollBack, { ...over, original: undefined })).toMatch(/^REFUSED/);
    const up = {
      ...over,
      intents: [launch],
      original: { ...over.original, state: "running" as const },
    };
    expect(stepsOf(rollBack, up)).toMatch(/is terminated/);
  });
});
