/**
 * Says what became of a Spot Instance that a switch has placed. Who has ended it decides what follows: what EC2 took back is launched anew, and
 * what its owner ended is not.
 */
import type { LinearProgress } from "../../model/evaluation.ts";
import { hasEnded, type InstanceHealth } from "../../model/instance.ts";
import type { Loss } from "../../model/loss.ts";
import { noticeMs, readSpotStatus } from "../../model/spot-status.ts";
import type { Verdict } from "../../model/verdict.ts";
import { takenSince } from "./data-way-back.ts";
import { standsKept } from "./kept-original.ts";

type Taken = Pick<Loss, "how" | "by">;

/** By its Spot request first: EC2 gives the reason there. A code that begins with `Client.` is what an account did. */
const takerOf = ({ spotStatus, stateReason = "" }: InstanceHealth): Loss["by"] => {
  const standing = spotStatus === undefined ? undefined : readSpotStatus(spotStatus);
  if (standing?.kind === "ANNOUNCED" && standing.by !== "UNKNOWN") {
    return standing.by === "USER" ? "OWNER" : "EC2";
  }
  if (stateReason.startsWith("Server.")) return "EC2";
  if (stateReason.startsWith("Client.")) return "OWNER";
  return "UNKNOWN";
};

/**
 * Undefined: it lives, as far as EC2 tells. That EC2 does not show an instance says nothing by itself: whether its request tells of an end
 * does.
 */
export const takenOf = (health: InstanceHealth): Taken | undefined => {
  const { state, spotStatus } = health;
  if (hasEnded(state)) return { how: "ENDED", by: takerOf(health) };
  if (spotStatus === undefined || readSpotStatus(spotStatus).kind !== "ANNOUNCED") return undefined;
  const by = takerOf(health);
  if (state === undefined) return { how: "ENDED", by };
  // The two minutes of a notice. `marked-for-…` does not say who marked it, and owners don't mark.
  return { how: "ANNOUNCED", by: by === "OWNER" ? "OWNER" : "EC2" };
};

/** @param statusSince of its Spot request, ISO 8601; undefined where EC2 does not say */
export const downSince = (
  { how }: Taken,
  { seenAt, statusSince }: { readonly seenAt: string; readonly statusSince: string | undefined },
): string =>
  how === "ENDED"
    ? takenSince(seenAt, statusSince)
    : new Date(Date.parse(statusSince ?? seenAt) + noticeMs).toISOString();

/** Only what its owner has adopted with one: we set none. */
const priceAdvice =
  " It was taken for the maximum price that its own request sets, and not for want of capacity: without one it would run on.";

const isTakenForPrice = (spotStatus: string): boolean => {
  const standing = readSpotStatus(spotStatus);
  return standing.kind === "ANNOUNCED" && standing.by === "PRICE";
};

export const tellTaken = ({ instanceId, state, stateReason, spotStatus }: InstanceHealth): string =>
  `${instanceId} is ${state ?? "not shown"}${stateReason === undefined ? "" : ` (${stateReason})`}` +
  `${spotStatus === undefined ? "" : `, and its Spot request ${spotStatus}`}.` +
  (spotStatus !== undefined && isTakenForPrice(spotStatus) ? priceAdvice : "");

/** Bought On-Demand: because no pool is worth it, or none has given an instance, or because it is the original, which was kept stopped. */
export const buysOnDemand = (
  { kind }: Pick<Verdict, "kind">,
  { spotExhausted, keptOriginal }: Pick<LinearProgress, "spotExhausted" | "keptOriginal">,
): boolean => kind !== "SWITCH" || spotExhausted !== undefined || standsKept(keptOriginal);
