import { describe, expect, it } from "@jest/globals";
import { isIrreversible, touchedBy } from "../../../../../core/decide/linear/roll-back/parts.ts";
import { planRollback } from "../../../../../core/decide/linear/roll-back/plan.ts";
import type {
  RollbackAction,
  RollbackInput,
  RollbackPart,
} from "../../../../../core/decide/linear/roll-back/world.ts";
import {
  atHome,
  bare,
  before,
  changes,
  groupArn,
  intentOf,
  original,
  replacement,
} from "./samples.ts";

type Kind = RollbackAction["kind"];
const action = (kind: Kind): RollbackAction => ({ kind, id: kind }) as RollbackAction;

describe("what is read again after an action", () => {
  it.each<readonly [Kind, readonly RollbackPart[]]>([
    ["CANCEL_RETIREMENT", []],
    ["RETURN_ADDRESS", ["addresses", "replacements"]],
    ["RETURN_PRIVATE_IPS", ["interfaces", "addresses", "replacements"]],
    ["DETACH_INTERFACE", ["interfaces", "replacements"]],
    ["ATTACH_INTERFACE", ["interfaces"]],
    ["RESTORE_INTERFACE_DELETION", ["interfaces"]],
    ["KEEP_VOLUME", ["volumes", "replacements"]],
    ["KEEP_INTERFACE", ["interfaces"]],
    ["KEEP_WRITES", ["replacements", "volumes"]],
    ["NOTE_WRITES", []],
    ["ATTACH_VOLUME", ["volumes", "original"]],
    ["RESTORE_VOLUME_DELETION", ["volumes", "original"]],
    ["START_ORIGINAL", ["original", "checks"]],
    ["RETURN_TARGET_GROUP", ["targetGroups"]],
    ["LEAVE_TARGET_GROUP", ["targetGroups"]],
    ["RELEASE_ROOT", ["replacements", "volumes"]],
    ["TERMINATE_REPLACEMENT", ["replacements", "serving", "volumes", "interfaces", "addresses"]],
    ["DELETE_IMAGE", ["images"]],
    ["DELETE_SNAPSHOT", ["tagged"]],
  ])("%s: what it changes of what is planned from", (kind, parts) => {
    expect(touchedBy(action(kind), false)).toEqual(parts);
  });

  it.each<Kind>(["RETURN_ADDRESS", "RETURN_PRIVATE_IPS", "DETACH_INTERFACE", "ATTACH_INTERFACE"])(
    "%s: whether a stateless original still answers its load balancers, too",
    (kind) => {
      expect(touchedBy(action(kind), true)).toEqual([
        ...touchedBy(action(kind), false),
        "targetGroups",
      ]);
    },
  );

  it.each<readonly [Kind, boolean]>([
    ["TERMINATE_REPLACEMENT", true],
    ["DELETE_IMAGE", true],
    ["DELETE_SNAPSHOT", true],
    ["START_ORIGINAL", true],
    ["KEEP_WRITES", false],
    ["LEAVE_TARGET_GROUP", false],
    ["RELEASE_ROOT", false],
  ])("%s: is everything read before it? %s", (kind, expected) => {
    expect(isIrreversible(action(kind))).toBe(expected);
  });
});

describe("what a wait of the roll-back rests on", () => {
  const stop = intentOf(changes.stop);
  const launch = intentOf(changes.launch);
  const detaching = {
    volumeId: "vol-1",
    state: "in-use",
    attachedTo: replacement,
    attachmentState: "detaching",
  };

  it.each<readonly [string, Partial<RollbackInput>, object]>([
    [
      "the original's state, while it starts",
      { intents: [stop], original: { ...before, state: "pending" } },
      { on: ["original"], takes: "SECONDS" },
    ],
    [
      "its checks, which EC2 renews once a minute",
      { intents: [launch, stop], replacements: [bare(replacement)], isOriginalHealthy: false },
      { on: ["checks"], takes: "CHECKS" },
    ],
    [
      "a volume, while it leaves the replacement",
      {
        intents: [launch, intentOf(changes.volume)],
        replacements: [bare(replacement, "terminated")],
        volumes: [detaching],
      },
      { on: ["volumes"], takes: "SECONDS" },
    ],
    [
      "all that is waited for, not the first alone",
      {
        intents: [intentOf(changes.targetGroup), intentOf(changes.interface)],
        targetGroups: [{ arn: groupArn, port: 80, instanceIds: [original], readyInstanceIds: [] }],
        interfaces: [
          {
            networkInterfaceId: "eni-moving",
            attachedTo: original,
            attachmentState: "attaching",
            privateIps: [],
          },
        ],
      },
      { on: ["interfaces", "targetGroups", "original"], takes: "SECONDS" },
    ],
    [
      "the replacement, until it shows nothing of the original",
      {
        intents: [launch],
        replacements: [{ ...bare(replacement), volumes: before.volumes }],
      },
      { on: ["replacements", "addresses"], takes: "SECONDS" },
    ],
  ])("is %s", (_rule, change, expected) => {
    expect(planRollback({ ...atHome, ...change })).toMatchObject({ kind: "WAIT", ...expected });
  });
});
