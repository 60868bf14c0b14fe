import { describe, expect, it } from "@jest/globals";
import {
  planOffBoarding,
  type DueThing,
  type OffBoardingFacts,
} from "../../../core/decide/off-boarding.ts";
import type { TaggedThing } from "../../../core/model/tagged-thing.ts";
import { approvalTag } from "../../../core/model/tags.ts";

const region = "eu-central-1";
const dueAt = "2026-03-02T12:00:00.000Z";

const thing = (
  kind: TaggedThing["kind"],
  id: string,
  more: Partial<TaggedThing> = {},
): OffBoardingFacts["things"][number] => ({
  region,
  kind,
  id,
  state: "available",
  tags: {},
  ...more,
});

const retirement: DueThing = {
  region,
  change: { kind: "RETIRE_ORIGINAL", instanceId: "i-old", dueAt, launchedAt: dueAt },
};
const image: DueThing = { region, change: { kind: "EXPIRE_IMAGE", imageId: "ami-1", dueAt } };

const plan = (facts: Partial<OffBoardingFacts>) =>
  planOffBoarding({
    targets: [],
    due: [],
    things: [],
    unclaimed: new Set(),
    end: new Set(),
    ...facts,
  });

const named = (rows: readonly { readonly id: string }[]): readonly string[] =>
  rows.map(({ id }) => id);

describe("what becomes of an account that leaves", () => {
  it("keeps originals and images unless their owner names them", () => {
    const due = [retirement, image];
    const { decisions } = plan({ due, end: new Set(["ami-1"]) });
    expect(decisions.map(({ id, decision }) => [id, decision])).toEqual([
      ["ami-1", "END"],
      ["i-old", "KEEP"],
    ]);
  });

  it("never ends a volume that stands by itself, nor a snapshot for the undo of a deletion, whoever names them", () => {
    const things = [
      thing("volume", "vol-kept"),
      thing("snapshot", "snap-undo", { tags: { [approvalTag]: "apr-1" } }),
    ];
    const { decisions, deleted } = plan({ things, end: new Set(["vol-kept", "snap-undo"]) });
    expect(decisions.map(({ id, decision, mayEnd }) => [id, decision, mayEnd])).toEqual([
      ["snap-undo", "KEEP", false],
      ["vol-kept", "KEEP", false],
    ]);
    expect(deleted).toEqual([]);
  });

  it("names each thing once, by what is due of it, and a snapshot with its image", () => {
    const things = [
      thing("instance", "i-old", { state: "stopped" }),
      thing("image", "ami-1"),
      thing("snapshot", "snap-1", { imageId: "ami-1" }),
      thing("instance", "i-gone", { state: "terminated" }),
      thing("instance", "i-new", { state: "running" }),
    ];
    const told = plan({ due: [retirement, image], things });
    expect(named(told.decisions)).toEqual(["ami-1", "i-old"]);
    expect(named(told.stays)).toEqual(["i-new"]);
  });

  it("leaves alone what nothing shows to be ours", () => {
    const told = plan({ things: [thing("volume", "vol-1")], unclaimed: new Set(["vol-1"]) });
    expect(named(told.untouched)).toEqual(["vol-1"]);
    expect(named(told.decisions)).toEqual([]);
  });

  it("deletes what holds nothing, and restores what a switch has changed", () => {
    const told = plan({
      due: [
        {
          region,
          change: {
            kind: "RESERVE_CAPACITY",
            clientToken: "so-1",
            instanceType: "m5.large",
            zoneName: "eu-central-1a",
            platform: "Linux/UNIX",
            tenancy: "default",
            endsAt: dueAt,
            dueAt,
          },
        },
        { region, change: { kind: "ISOLATE", groupName: "alone", vpcId: "vpc-1", dueAt } },
        { region, change: { kind: "RAISE_MAX", asgName: "web", maxOriginal: 3, maxRaised: 4 } },
      ],
    });
    expect(named(told.deleted)).toEqual(["so-1", "alone"]);
    expect(named(told.restored)).toEqual(["web"]);
    expect(told.decisions).toEqual([]);
  });
});
