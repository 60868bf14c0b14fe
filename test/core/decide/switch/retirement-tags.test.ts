import { describe, expect, it } from "@jest/globals";
import {
  retirementTags,
  returnTags,
  tagsBefore,
} from "../../../../core/decide/switch/retirement-tags.ts";

const ours = { ManagedBy: "SpotOptimizer", "spot-optimizer:evaluation": "evl-2" };
const dueAt = "2026-03-03T12:00:00.000Z";
const retireAfter = { "spot-optimizer:retire-after": dueAt };

const written = (found: Readonly<Record<string, string>>) => {
  const before = tagsBefore(found, ours);
  return { before, tags: retirementTags(ours, dueAt, before) };
};

describe("the tags of a retired original", () => {
  it("stand beside its owner's, and what stood in their place is known", () => {
    const { before, tags } = written({ Name: "web" });
    expect(tags).toEqual({ ...ours, ...retireAfter });
    expect(before).toEqual({
      ManagedBy: null,
      "spot-optimizer:evaluation": null,
      "spot-optimizer:retire-after": null,
    });
  });

  it.each(["terraform", "SpotOptimizer", ""])(
    "leave the ManagedBy that is there, %j, to whoever wrote it",
    (ManagedBy) => {
      expect(written({ ManagedBy }).tags).toEqual({
        "spot-optimizer:evaluation": "evl-2",
        ...retireAfter,
      });
    },
  );
});

describe("what becomes of them in a roll-back", () => {
  const returned = (
    found: Readonly<Record<string, string>>,
    now: (tags: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
  ) => {
    const { before, tags } = written(found);
    return returnTags(tags, before, now({ ...found, ...tags }));
  };
  const same = (tags: Readonly<Record<string, string>>) => tags;

  it("is that those are taken away, by key and value, that were not there", () => {
    expect(returned({}, same)).toEqual({ remove: { ...ours, ...retireAfter }, restore: {} });
  });

  it("is that the owner's ManagedBy is not touched", () => {
    const { remove, restore } = returned({ ManagedBy: "terraform" }, same);
    expect(Object.keys({ ...remove, ...restore })).not.toContain("ManagedBy");
  });

  it("is that an earlier value is written back", () => {
    expect(returned({ "spot-optimizer:evaluation": "evl-1" }, same)).toEqual({
      remove: { ManagedBy: "SpotOptimizer", ...retireAfter },
      restore: { "spot-optimizer:evaluation": "evl-1" },
    });
  });

  it("is that an earlier value is not written back over what somebody has written since", () => {
    const changed = returned({ "spot-optimizer:evaluation": "evl-1" }, (tags) => ({
      ...tags,
      "spot-optimizer:evaluation": "evl-3",
    }));
    expect(changed.restore).toEqual({});
  });

  it("is that nothing is written back where our tags never came to be", () => {
    const { restore } = returned({ "spot-optimizer:evaluation": "evl-1" }, () => ({}));
    expect(restore).toEqual({});
  });
});
