import { describe, expect, it } from "@jest/globals";
import { endByUs, isOneMore, launchIn, servesOf } from "../../../core/ledger/launches.ts";
import { instanceIdSchema } from "../../../core/model/ids.ts";
import type { EvaluationOf } from "../../../core/model/evaluation.ts";
import type { Intent, IntentChange } from "../../../core/model/intent.ts";
import type { Swap } from "../../../core/model/swap.ts";
import { linearEvaluation } from "../../adapters/store/stored-items/samples.ts";
import { at, endedAt, span } from "./samples.ts";

const original = span().instanceId;
const replacement = instanceIdSchema.parse("i-0000000000000000b");
const other = instanceIdSchema.parse("i-0000000000000000c");
const pool = {
  region: "us-east-1",
  zoneId: "use1-az1",
  instanceType: "m5.large",
  product: "Linux/UNIX",
};

const swap = (rest: Partial<Swap> = {}): Swap => ({
  swapId: "swap-1",
  originalId: original,
  stage: "DONE",
  sentence: "Done.",
  failed: [],
  replacement: { instanceId: replacement, pool, launchedAt: at("10:00") },
  ...rest,
});

const intent = (change: IntentChange, rest: Partial<Intent> = {}): Intent => ({
  id: "intent-1",
  status: "ACTED",
  fence: 1,
  plannedAt: at("10:00"),
  change,
  ...rest,
});

const launch = (rest: { readonly instanceId?: string } = {}): IntentChange => ({
  kind: "LAUNCH_INSTANCE",
  clientToken: "token",
  poolKey: "pool",
  imageId: "ami-1",
  subnetId: "subnet-1",
  ...rest,
});

type Linear = EvaluationOf<"LINEAR">;

const linear = (status: Linear["status"], progress: Linear["progress"] = {}): Linear => ({
  ...linearEvaluation,
  status,
  startedAt: at("09:00"),
  endedAt: at("11:00"),
  progress,
});

describe("who launched an instance", () => {
  const story = { evaluation: linear("SWITCHED"), swaps: [swap()], intents: [] };

  it("says a swap: of its replacement, and of what it held before", () => {
    expect(launchIn(story, replacement)).toEqual({ originalId: original });
    const held = { ...story, swaps: [swap({ heldId: other })] };
    expect(launchIn(held, other)).toEqual({ originalId: original });
  });

  it("says the intent of a launch, or one whose answer was lost", () => {
    const failed = { ...story, swaps: [swap({ stage: "UNDONE" })] };
    const noted = { ...failed, intents: [intent(launch({ instanceId: other }))] };
    expect(launchIn(noted, other)).toEqual({ originalId: original });
    const lost = { ...failed, intents: [intent(launch(), { status: "PLANNED" })] };
    expect(launchIn(lost, other)).toEqual({ originalId: original });
  });

  it("is not told by a tag: an evaluation that knows nothing of it did not", () => {
    const noted = {
      ...story,
      intents: [intent(launch({ instanceId: replacement })), intent(launch())],
    };
    expect(launchIn(noted, other)).toBeUndefined();
  });
});

describe("when a replacement serves", () => {
  it.each<[string, Linear, unknown]>([
    ["is not known while it goes on", linear("RUNNING"), undefined],
    [
      "is from when the identity reached it",
      linear("SWITCHED", { servedFrom: at("10:10"), servingAt: at("10:12") }),
      { from: at("10:10") },
    ],
    [
      "is from its proof where it has no identity",
      linear("SWITCHED", { servingAt: at("10:12") }),
      { from: at("10:12") },
    ],
    ["is never where it was undone before", linear("ROLLED_BACK"), "NEVER"],
    [
      "is until the original was restored where it was undone after",
      linear("ROLLED_BACK", { servedFrom: at("10:10"), restoredAt: at("10:30") }),
      { from: at("10:10"), until: at("10:30") },
    ],
    [
      "goes on where a person must look",
      linear("NEEDS_OPERATOR", { servedFrom: at("10:10") }),
      { from: at("10:10") },
    ],
  ])("%s", (_, evaluation, expected) => {
    expect(servesOf({ evaluation, swaps: [swap()] }, replacement)).toEqual(expected);
  });

  it("is never of what a swap held and released", () => {
    const swaps = [swap({ heldId: other })];
    expect(servesOf({ evaluation: linear("SWITCHED"), swaps }, other)).toBe("NEVER");
  });

  it("stands beside its original where the group wanted one more", () => {
    expect(isOneMore([swap({ stage: "ABSORBED" })], replacement)).toBe(true);
    expect(isOneMore([swap()], replacement)).toBe(false);
  });
});

describe("who ended an instance", () => {
  const ended = (time: string) => ({ instanceId: original, ...endedAt(time, "OWNER") });
  const stop: IntentChange = { kind: "STOP_INSTANCE", instanceId: original };

  it("is us where one of our intents was to stop it, whose time EC2 rounds down", () => {
    const stopped = [intent(stop, { plannedAt: "2026-03-02T10:00:00.400Z" })];
    expect(endByUs(stopped, ended("10:00"))).toMatchObject({ by: "US", latest: at("10:00") });
  });

  it("was when our call was answered, where EC2 does not say when", () => {
    const end = { earliest: at("09:45"), latest: at("10:15"), by: "UNKNOWN" as const };
    const acted = [intent(stop, { actedAt: at("10:02") })];
    expect(endByUs(acted, { instanceId: original, end })).toEqual({
      earliest: at("10:02"),
      latest: at("10:02"),
      by: "US",
    });
  });

  it("is its owner where ours came later, was of another one, or found it ended", () => {
    expect(endByUs([intent(stop)], ended("09:59"))).toBeUndefined();
    expect(endByUs([intent({ ...stop, instanceId: other })], ended("10:00"))).toBeUndefined();
    const found: IntentChange = { kind: "END_ORIGINAL", instanceId: original, isByOthers: true };
    expect(endByUs([intent(found)], ended("10:00"))).toBeUndefined();
  });

  it("is us where our launch was undone", () => {
    const undone = intent(launch({ instanceId: original }), { status: "UNDONE" });
    expect(endByUs([undone], ended("10:00"))).toMatchObject({ by: "US" });
    expect(endByUs([intent(launch({ instanceId: original }))], ended("10:00"))).toBeUndefined();
  });
});
