/**
 * The Recycle Bin: what is deleted and matches a retention rule stands in it until the rule's days are over, and can come back under its
 * id. Sources: EBS user guide, "Recycle Bin" (tag-level and region-level rules; volumes 1 to 7 days, snapshots and AMIs 1 to 365).
 * † Of several rules that match, the longest counts.
 */
import type { Ec2Context } from "./context.ts";
import type { BinEntry, BinRule } from "./kept-state.ts";
import type { RegionState, Resource } from "./state.ts";
import { visibleFrom } from "./visibility.ts";

interface Deleted extends Pick<BinEntry, "kind" | "comeBack"> {
  readonly resource: Resource;
}

const dayMs = 24 * 3_600_000;

const isKeptBy = (rule: BinRule, { kind, resource }: Deleted): boolean => {
  if (rule.kind !== kind) return false;
  if (rule.tag === undefined) return true;
  const value = resource.tags[rule.tag.key];
  return value !== undefined && (rule.tag.value ?? value) === value;
};

/** What was taken out of the region's records goes into the bin, if a rule keeps it; else it is gone. */
export const throwAway = (context: Ec2Context, { kept }: RegionState, deleted: Deleted): void => {
  const days = kept.binRules.filter((rule) => isKeptBy(rule, deleted)).map((rule) => rule.days);
  if (days.length === 0) return;
  const { kind, comeBack, resource } = deleted;
  const { id } = resource;
  const enteredAt = context.clock.now();
  const exitsAt = enteredAt + Math.max(...days) * dayMs;
  const visibleAt = visibleFrom(context, enteredAt);
  const entry: BinEntry = { kind, id, enteredAt, exitsAt, visibleAt, comeBack };
  kept.bin.set(id, entry);
  context.timeline.at(exitsAt, () => {
    if (kept.bin.get(id) === entry) kept.bin.delete(id);
  });
};
