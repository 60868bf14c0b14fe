/** Opens looks at instances of a place that was read. */
import { openLooks, type lookClients, type Looks } from "../evaluation/look-at-instances.ts";
import type { TargetOf } from "../../core/model/target.ts";
import type { StepContext } from "../runtime/context.ts";
import type { PlaceSession } from "./place.ts";

export type LookContext = Pick<
  StepContext<(typeof lookClients)[number]>,
  "customer" | "now" | "pause" | "table"
>;

/** @throws what a call throws that they have in common: nobody is looked at then */
export const openLooksIn = async (
  context: LookContext,
  session: PlaceSession,
  targets: readonly TargetOf<"LINEAR">[],
): Promise<Looks> => {
  const { account, reading, deploymentId, sessionName } = session;
  const { table, now } = context;
  const { region } = reading;
  return openLooks({
    clients: session.atPace(await context.customer(account, region, sessionName)),
    place: { table, account, region, now: now() },
    reading,
    deploymentId,
    types: await session.types(),
    targets,
  });
};
