import { describe, expect, it } from "@jest/globals";
import { planRollback } from "../../../../../core/decide/linear/roll-back/plan.ts";
import type {
  FoundInstance,
  RollbackInput,
  RollbackPlan,
} from "../../../../../core/decide/linear/roll-back/world.ts";
import { atHome, bare, before, changes, intentOf, original, replacement } from "./samples.ts";

const deviceName = "/dev/xvda";
const moveRoot = {
  ...changes.volume,
  volumeId: "vol-root",
  deviceName,
  isRoot: true,
  deleteOnTermination: true,
} as const;
const task = { kind: "REPLACE_ROOT", instanceId: replacement, volumeId: "vol-root" } as const;
const intents = [changes.launch, changes.stop, changes.keepRoot, moveRoot, task].map((change) =>
  intentOf(change),
);

const stopped: FoundInstance = { ...before, state: "stopped", volumes: [{ volumeId: "vol-1" }] };
const [data] = atHome.volumes;
type Root = RollbackInput["volumes"][number];
const free: Root = { volumeId: "vol-root", state: "available" };
const heldBy = (attachedTo: string, deleteOnTermination = false): Root => ({
  volumeId: "vol-root",
  state: "in-use",
  attachedTo,
  deviceName,
  attachmentState: "attached",
  deleteOnTermination,
});

/** Running, with that root. */
const host = (volumeId: string, deleteOnTermination = false): FoundInstance => ({
  ...bare(replacement),
  rootDeviceName: deviceName,
  volumes: [{ volumeId, deviceName, deleteOnTermination }],
});

const plan = (root: Root, change: Partial<RollbackInput> = {}): RollbackPlan =>
  planRollback({
    ...atHome,
    intents,
    original: stopped,
    replacements: [host("vol-clone")],
    volumes: [...(data === undefined ? [] : [data]), root],
    ...change,
  });

const acts = (action: object): object => ({ kind: "ACT", action: expect.objectContaining(action) });

describe("the way back of the original's root volume", () => {
  it.each([
    ["is free", free],
    ["is the replacement's", heldBy(replacement)],
  ])("does not begin while EC2 may still move one that %s", (_where, root) => {
    expect(plan(root, { rootTask: "OPEN" })).toMatchObject({
      kind: "WAIT",
      sentence: expect.stringContaining("EC2 may still make vol-root the root"),
    });
  });

  it("ends a replacement that has it, and leaves it kept", () => {
    const change = { rootTask: "SUCCEEDED", replacements: [host("vol-root")] } as const;
    expect(plan(heldBy(replacement), change)).toEqual(
      acts({ kind: "TERMINATE_REPLACEMENT", instanceId: replacement }),
    );
  });

  it("makes sure that it is kept before that", () => {
    const change = { rootTask: "SUCCEEDED", replacements: [host("vol-root", true)] } as const;
    expect(plan(heldBy(replacement, true), change)).toEqual(
      acts({ kind: "KEEP_VOLUME", volumeId: "vol-root", instanceId: replacement, deviceName }),
    );
  });

  it("releases the root that the replacement was launched with, where that is still there", () => {
    expect(plan(free, { rootTask: "FAILED" })).toEqual(
      acts({ kind: "RELEASE_ROOT", instanceId: replacement }),
    );
  });

  it.each(["OPEN", undefined] as const)(
    "is to its root device once the replacement has ended (task: %s)",
    (rootTask) => {
      const change = {
        replacements: [bare(replacement, "terminated")],
        ...(rootTask === undefined ? {} : { rootTask }),
      };
      expect(plan(free, change)).toEqual(
        acts({ kind: "ATTACH_VOLUME", volumeId: "vol-root", instanceId: original, deviceName }),
      );
    },
  );

  it("tells of no writes that did not return: they are on it", () => {
    const change = {
      rootTask: "SUCCEEDED",
      servedFrom: "2025-03-01T12:10:00.000Z",
      serving: {
        instanceId: replacement,
        health: { kind: "LOST", sentence: "It was interrupted." },
      },
      replacements: [bare(replacement, "terminated")],
    } as const;
    expect(plan(free, change)).toEqual(acts({ kind: "ATTACH_VOLUME", volumeId: "vol-root" }));
  });
});
