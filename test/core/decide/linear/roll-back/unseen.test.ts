import { describe, expect, it } from "@jest/globals";
import { planRollback } from "../../../../../core/decide/linear/roll-back/plan.ts";
import type { RollbackInput } from "../../../../../core/decide/linear/roll-back/world.ts";
import type { Intent, IntentChange } from "../../../../../core/model/intent.ts";
import { atHome, bare, changes, intentOf, launchWithoutAnswer, replacement } from "./samples.ts";

const at = (minutes: number): string =>
  new Date(Date.parse("2025-03-01T12:00:00.000Z") + minutes * 60_000).toISOString();

/** Planned at minute 0. */
const unanswered = (change: IntentChange): Intent => intentOf(change, "PLANNED");
const launched = intentOf(changes.launch);
const imageWithoutAnswer = { kind: "CREATE_IMAGE", purpose: "warm", imageName: "warm" } as const;

const kindAt = (
  minute: number,
  input: Partial<RollbackInput> & { readonly intents: readonly Intent[] },
): string => planRollback({ ...atHome, now: at(minute), askedSince: at(0), ...input }).kind;

interface Row {
  readonly name: string;
  readonly minute: number;
  readonly input: Partial<RollbackInput> & { readonly intents: readonly Intent[] };
  readonly kind: "WAIT" | "DONE" | "ACT";
}

const rows: readonly Row[] = [
  {
    name: "a launch without an answer may still appear",
    minute: 4.9,
    input: { intents: [unanswered(launchWithoutAnswer)] },
    kind: "WAIT",
  },
  {
    name: "a launch without an answer that was asked for five minutes never acted",
    minute: 5,
    input: { intents: [unanswered(launchWithoutAnswer)] },
    kind: "DONE",
  },
  {
    name: "a launch without an answer is asked for five minutes however old it is",
    minute: 200,
    input: { intents: [unanswered(launchWithoutAnswer)], askedSince: at(196) },
    kind: "WAIT",
  },
  {
    name: "a launch without an answer is ended when its token shows it",
    minute: 1,
    input: {
      intents: [unanswered(launchWithoutAnswer)],
      replacements: [{ ...bare("i-0c"), clientToken: "token" }],
    },
    kind: "ACT",
  },
  {
    name: "another launch does not stand in for one without an answer",
    minute: 1,
    input: {
      intents: [unanswered(launchWithoutAnswer)],
      replacements: [{ ...bare("i-0c", "terminated"), clientToken: "another" }],
    },
    kind: "WAIT",
  },
  {
    name: "what EC2 refused never acted",
    minute: 0,
    input: { intents: [intentOf(launchWithoutAnswer, "UNDONE")] },
    kind: "DONE",
  },
  {
    name: "an instance that was launched for certain is yet to appear",
    minute: 59,
    input: { intents: [launched] },
    kind: "WAIT",
  },
  {
    name: "an instance that was launched an hour ago may be forgotten after its end",
    minute: 60,
    input: { intents: [launched] },
    kind: "DONE",
  },
  {
    name: "an instance that may be forgotten is asked for five minutes first",
    minute: 300,
    input: { intents: [launched], askedSince: at(296) },
    kind: "WAIT",
  },
  {
    name: "an instance that ended is seen",
    minute: 1,
    input: { intents: [launched], replacements: [bare(replacement, "terminated")] },
    kind: "DONE",
  },
  {
    name: "an image without an answer may still appear",
    minute: 4.9,
    input: { intents: [unanswered(imageWithoutAnswer)] },
    kind: "WAIT",
  },
  {
    name: "an image without an answer that was asked for five minutes was never made",
    minute: 5,
    input: { intents: [unanswered(imageWithoutAnswer)] },
    kind: "DONE",
  },
  {
    name: "an image without an answer is deleted when its name shows it",
    minute: 1,
    input: {
      intents: [unanswered(imageWithoutAnswer)],
      images: [{ imageId: "ami-1", name: "warm", state: "pending", snapshotIds: [] }],
    },
    kind: "ACT",
  },
  {
    name: "an image that was made is yet to appear",
    minute: 4.9,
    input: { intents: [intentOf(changes.warmImage)] },
    kind: "WAIT",
  },
  {
    name: "an image that somebody else deregistered is gone",
    minute: 5,
    input: { intents: [intentOf(changes.warmImage)] },
    kind: "DONE",
  },
];

describe("what an intent may have made and EC2 does not show", () => {
  it.each(rows)("$name", ({ minute, input, kind }) => {
    expect(kindAt(minute, input)).toBe(kind);
  });

  it("is named, with the way by which it is asked for", () => {
    const plan = planRollback({
      ...atHome,
      now: at(1),
      askedSince: at(0),
      intents: [unanswered(launchWithoutAnswer)],
    });
    expect(plan).toMatchObject({
      kind: "WAIT",
      sentence: expect.stringContaining("m5.large#Linux/UNIX"),
      on: ["replacements"],
      takes: "MINUTES",
    });
  });
});
