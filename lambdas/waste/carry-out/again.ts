/** Reads everything of a finding again right before something is done, and judges it as the scan does. */
import type { Place } from "../../../core/model/place.ts";
import type { WasteFinding } from "../../../core/model/waste/finding.ts";
import type { WasteSettings } from "../../../core/model/waste/settings.ts";
import { hasActed, isPlanned } from "../../../core/waste/deletion.ts";
import { judgeInventory, listsOf, type Inventory } from "../../../core/waste/inventory.ts";
import type { KeptReason } from "../../../core/model/waste/finding.ts";
import { isListName, readLists, type WasteClients } from "../lists.ts";
import { askedOnce, lookUp, questionsOf, readMetricsOf } from "../look-ups.ts";

export type Again =
  | { readonly kind: "SAME" }
  /** It is something else by now, and stays. */
  | { readonly kind: "CHANGED"; readonly why: string }
  /** Something could not be read in full: nothing is done. */
  | { readonly kind: "UNREAD"; readonly why: string };

export interface AgainView {
  readonly clients: WasteClients;
  readonly place: Place;
  readonly settings: WasteSettings;
  readonly claimedIds: ReadonlySet<string>;
  readonly now: Date;
}

const told = (reasons: readonly KeptReason[]): string =>
  reasons.map(({ sentence }) => sentence).join(" ");

/** An image that we have disabled, noted or not, is judged as it was before; enabled again it is somebody's. */
const asBefore = (lists: Partial<Inventory>, finding: WasteFinding): Partial<Inventory> => {
  const { images } = lists;
  const { deletion, resourceId } = finding;
  if (images === undefined || deletion === undefined || !isPlanned(deletion, "DISABLE_IMAGE")) {
    return lists;
  }
  const otherwise = hasActed(deletion, "DISABLE_IMAGE") ? "enabled again" : undefined;
  const shown = images.map((image) => {
    if (image.imageId !== resourceId) return image;
    return {
      ...image,
      state: image.state === "disabled" ? "available" : (otherwise ?? image.state),
    };
  });
  return { ...lists, images: shown };
};

/** @throws what a reading throws */
export const judgeAgain = async (view: AgainView, finding: WasteFinding): Promise<Again> => {
  const { clients, place, settings, claimedIds, now } = view;
  const { kind, resourceId } = finding;
  const lists = asBefore(await readLists(clients, listsOf(kind).filter(isListName)), finding);
  const inventory = judgeInventory(lists, { place, settings, claimedIds, prices: undefined, now });
  const judgement = inventory.seen.find(
    (one) => one.kind === kind && one.resourceId === resourceId,
  )?.judgement;
  if (judgement === undefined) return { kind: "CHANGED", why: "AWS no longer shows it." };
  if (judgement.kind === "USED") return { kind: "CHANGED", why: judgement.because };
  if (judgement.kind === "KEPT") return { kind: "CHANGED", why: told(judgement.reasons) };
  const olderTemplates = askedOnce(clients);
  const look = { clients, settings, now, olderTemplates, asksForReports: false };
  const answer = await lookUp(look, finding, await readMetricsOf(look, [finding], questionsOf));
  switch (answer.kind) {
    case "CLEAR":
      return { kind: "SAME" };
    case "USED":
      return { kind: "CHANGED", why: answer.because };
    case "KEPT":
      return { kind: "CHANGED", why: told(answer.reasons) };
    case "UNKNOWN":
      return { kind: "UNREAD", why: told(answer.reasons) };
  }
};
