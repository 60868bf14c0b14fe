/** Swaps that were neither finished nor undone, with what was changed for each. */
import type { ChangeOf, Intent } from "../../../model/intent.ts";
import { isOpenIntent } from "../../switch/outcome.ts";
import type { KubernetesUndoInput, UndoNodeGroup } from "./world.ts";

/** Of one swap, those that are neither undone nor committed. */
export interface OpenPair {
  readonly swapId: string;
  readonly intents: readonly Intent[];
}

/** What stands on nodes and groups beside them is given back for itself. */
const ofPairs: ReadonlySet<Intent["change"]["kind"]> = new Set([
  "LAUNCH_INSTANCE",
  "ATTACH_NODE",
  "SCALE_OUT",
  "CORDON_NODE",
  "DRAIN_NODE",
  "DELETE_PODS",
  "REMOVE_NODE",
]);

/** In the order in which they were begun. */
export const openPairs = (intents: readonly Intent[]): readonly OpenPair[] => {
  const open = intents.filter(
    (intent) =>
      intent.swapId !== undefined && ofPairs.has(intent.change.kind) && isOpenIntent(intent),
  );
  const bySwap = Map.groupBy(open, ({ swapId }) => swapId ?? "");
  return [...bySwap].map(([swapId, some]) => ({ swapId, intents: some }));
};

/** All of theirs, those too that are undone: AWS refused one launch, and another one was made. */
export const intentsOfOpenPairs = (intents: readonly Intent[]): readonly Intent[] => {
  const open = new Set(openPairs(intents).map(({ swapId }) => swapId));
  return intents.filter(({ swapId }) => swapId !== undefined && open.has(swapId));
};

/** What makes a place in a group: the attachment, or the growth of the Spot node group. */
export type PlaceChange = ChangeOf<"ATTACH_NODE" | "SCALE_OUT">;
export type PlaceIntent = Intent & { readonly change: PlaceChange };

export const isPlace = (intent: Intent): intent is PlaceIntent =>
  intent.change.kind === "ATTACH_NODE" || intent.change.kind === "SCALE_OUT";

export const placeOf = ({ intents }: OpenPair): PlaceIntent | undefined => intents.find(isPlace);

/** Before its place was made. */
export const desiredBefore = (pair: OpenPair): number | undefined => {
  const place = placeOf(pair);
  if (place?.change.kind === "SCALE_OUT") return place.change.desiredBefore;
  const desired = place?.before?.["desiredCapacity"];
  return typeof desired === "number" ? desired : undefined;
};

/** In which its replacement stands. */
export const groupOf = (
  { group, spotGroup }: KubernetesUndoInput,
  pair: OpenPair,
): UndoNodeGroup | undefined => (placeOf(pair)?.change.kind === "SCALE_OUT" ? spotGroup : group);
