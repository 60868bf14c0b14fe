/** Reads what is stored of the original, for steps that hold the live one against it. */
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { InstanceTypeFacts, PlacementFacts } from "../../core/model/market.ts";
import { absent, readFacts, readSubjectFacts } from "../evaluation/facts.ts";
import type { LinearSession } from "./session.ts";

/** The original as it was when the verdict was given. Throws BrokenFacts when it is not among the facts. */
export const readOriginal = async (session: LinearSession<never>): Promise<InstanceFacts> => {
  const { instance } = await readSubjectFacts<"LINEAR">(session);
  if (instance === undefined) throw absent(session, "facts of its instance");
  return instance;
};

/** With where its replacement could go; the region's market is not read for it. */
export const readPlacement = async (
  session: LinearSession<never>,
): Promise<{
  readonly instance: InstanceFacts;
  readonly placement: PlacementFacts;
  readonly originalType: InstanceTypeFacts | undefined;
}> => {
  const { instance, market, originalType } = await readFacts(session);
  if (instance === undefined || market === undefined) throw absent(session, "market facts");
  return { instance, placement: market, originalType };
};
