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
const heldBy = (attachedTo: string, more: Partial<Root> = {}): Root => ({
  volumeId: "vol-root",
  state: "in-use",
  attachedTo,
  deviceName,
  attachmentState: "attached",
  deleteOnTermination: false,
  ...more,
});

/** Running, with that root. */
const host = (volumeId: string, more: FoundInstance["volumes"] = []): FoundInstance => ({
  ...bare(replacement),
  volumes: [{ volumeId, deviceName, deleteOnTermination: false }, ...more],
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
const waits = (text: string): object =>
  expect.objectContaining({ kind: "WAIT", sentence: expect.stringContaining(text) });

describe("the way back of the original's root volume", () => {
  it("is to its root device, before the original starts", () => {
    expect(plan(free)).toEqual(
      acts({ kind: "ATTACH_VOLUME", volumeId: "vol-root", instanceId: original, deviceName }),
    );
    expect(plan(heldBy(original, { deleteOnTermination: true }))).toEqual(
      acts({ kind: "START_ORIGINAL" }),
    );
  });

  it("gives its owner's flag back", () => {
    expect(plan(heldBy(original))).toEqual(
      acts({ kind: "RESTORE_VOLUME_DELETION", volumeId: "vol-root", deleteOnTermination: true }),
    );
  });

  it.each([
    ["that is free", free],
    ["that the replacement has", heldBy(replacement)],
  ])("does not begin while EC2 may still move one %s", (_where, root) => {
    expect(plan(root, { rootTask: "OPEN" })).toEqual(waits("EC2 may still make vol-root the root"));
  });

  it.each(["terminated", "shutting-down"] as const)(
    "does not wait for the task of a replacement that is %s",
    (state) => {
      const change = { rootTask: "OPEN", replacements: [bare(replacement, state)] } as const;
      expect(plan(free, change)).toEqual(acts({ kind: "ATTACH_VOLUME", volumeId: "vol-root" }));
    },
  );

  it("ends the replacement that has it first: no running instance gives up its root", () => {
    const change = { rootTask: "SUCCEEDED", replacements: [host("vol-root")] } as const;
    expect(plan(heldBy(replacement), change)).toEqual(
      acts({ kind: "TERMINATE_REPLACEMENT", instanceId: replacement }),
    );
  });

  it.each([true, undefined])("makes sure that it is left then, where its flag is %s", (flag) => {
    const { deleteOnTermination: _flag, ...held } = heldBy(replacement);
    const root = flag === undefined ? held : { ...held, deleteOnTermination: flag };
    const change = { rootTask: "SUCCEEDED", replacements: [host("vol-root")] } as const;
    expect(plan(root, change)).toEqual(
      acts({ kind: "KEEP_MOVED_ROOT", volumeId: "vol-root", instanceId: replacement, deviceName }),
    );
  });

  it("waits until nothing else of the original is there", () => {
    const world = {
      rootTask: "SUCCEEDED",
      intents: [...intents, intentOf(changes.volume)],
      replacements: [host("vol-root", [{ volumeId: "vol-1" }])],
      volumes: [
        {
          volumeId: "vol-1",
          state: "in-use",
          attachedTo: replacement,
          attachmentState: "detaching",
        },
        heldBy(replacement),
      ],
    } as const;
    expect(plan(heldBy(replacement), world)).toEqual(waits("still shows vol-1 of the original"));
  });

  it("never makes it deletable with the replacement, which would release the root that it was launched with", () => {
    const running = { ...before, state: "running" } as const;
    const change = { original: running, replacements: [host("vol-clone")] };
    expect(plan(heldBy(original, { deleteOnTermination: true }), change)).toEqual(
      acts({ kind: "RELEASE_ROOT", instanceId: replacement }),
    );
    const stale = { original: running, replacements: [host("vol-root")] };
    expect(plan(heldBy(original, { deleteOnTermination: true }), stale)).toEqual(
      waits("still shows vol-root"),
    );
  });

  it("is left to a person where somebody else attached it", () => {
    expect(plan(heldBy("i-foreign"))).toMatchObject({
      kind: "NEEDS_OPERATOR",
      sentence: expect.stringContaining("vol-root is attached to i-foreign"),
    });
  });
});
