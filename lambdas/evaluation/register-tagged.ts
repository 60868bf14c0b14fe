/** Registers what an account's own tags find in a reading of a place: always in shadow mode, and nothing twice. */
import { readFindByTags } from "../../adapters/store/find-by-tags.ts";
import type { Table } from "../../adapters/store/table.ts";
import { canonicalJson } from "../../core/canonical.ts";
import { foundTarget } from "../../core/decide/switch/found-target.ts";
import type { FoundInstance } from "../../core/model/found-instance.ts";
import type { Place } from "../../core/model/place.ts";
import { subjectOf } from "../../core/model/subject.ts";
import { targetTag } from "../../core/model/tags.ts";
import type { Target } from "../../core/model/target.ts";
import { registerFound, targetIdsUnder, type Registration } from "./register-found.ts";

/** Five writes each: the rest is found by the next sweeps. */
const mostAtOnce = 200;

/** A sweep that was cut off has claimed with the same ids what the next one registers. */
const targetIdIn = ({ accountId, region }: Place) => targetIdsUnder(`${accountId}#${region}`);

const isFoundBy =
  (tags: Readonly<Record<string, string>>) =>
  (found: FoundInstance): boolean =>
    Object.entries(tags).every(([key, value]) => found.tags[key] === value);

const keyOf = (target: Target): string => canonicalJson(subjectOf(target));

/** Neither it nor its group is registered, nor has a switch of a target launched or stopped it. */
const isNew = (place: Place, targets: readonly Target[], now: string) => {
  const known = new Set(targets.map(keyOf));
  const ids = new Set<string>(targets.map(({ targetId }) => targetId));
  return (instance: FoundInstance): boolean => {
    if (ids.has(instance.tags[targetTag] ?? "")) return false;
    const asTarget = foundTarget(instance, {
      ...place,
      targetId: targetIdIn(place)(instance.instanceId),
      now,
    });
    return !("sentence" in asTarget) && !known.has(keyOf(asTarget));
  };
};

/**
 * @param found all instances of the place that EC2 shows
 * @param targets that are registered there
 * @returns what was registered or refused; empty where the account finds nothing by tags
 */
export const registerTagged = async (
  { table, now }: { readonly table: Table; readonly now: Date },
  place: Place,
  {
    found,
    targets,
  }: { readonly found: readonly FoundInstance[]; readonly targets: readonly Target[] },
): Promise<readonly Registration[]> => {
  const { tags = {} } = (await readFindByTags(table, place.accountId)) ?? {};
  if (Object.keys(tags).length === 0) return [];
  const wanted = found
    .filter(isFoundBy(tags))
    .filter(isNew(place, targets, now.toISOString()))
    .slice(0, mostAtOnce);
  return registerFound({ table, ...place, now, targetIdFor: targetIdIn(place) }, wanted);
};
