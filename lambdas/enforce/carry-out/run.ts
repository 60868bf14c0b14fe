/** What each part of a run is given: the place, its clients, and the one way to change a finding. */
import {
  readEnforcerPlace,
  writeFinding,
  type StoredFinding,
} from "../../../adapters/store/enforcer.ts";
import { appendAudit } from "../../../adapters/store/audit.ts";
import { engagedFor } from "../../../adapters/store/kill-switch.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { findingIdOf } from "../../../core/enforce/finding-id.ts";
import type { EnforcerPlace, Finding } from "../../../core/model/enforcer.ts";
import type { CustomerClients, StepContext } from "../../runtime/context.ts";
import type { OneByOne } from "../../schedule/one-by-one.ts";
import type { EnforcedPlace } from "../places.ts";

export type CarryOutClients = "autoScaling" | "ec2" | "ecs" | "elb" | "sns";
export type Context = StepContext<CarryOutClients>;

export interface Run {
  readonly context: Context;
  readonly enforced: EnforcedPlace;
  readonly clients: Pick<CustomerClients, "autoScaling" | "ec2" | "ecs" | "elb">;
  readonly sns: CustomerClients["sns"];
  readonly topicArn: string;
  readonly turns: OneByOne;
}

/** Right before each call that changes something. @throws StaleKillSwitch */
export const requireLetGo = async ({ context, enforced: { place } }: Run): Promise<void> => {
  const engaged = await engagedFor(context.table, place.accountId);
  if (engaged === undefined) return;
  throw new SpotOptimizerError(
    "StaleKillSwitch",
    `The kill switch (${engaged.scope}) is thrown: ${engaged.reason}.`,
    { resource: engaged.scope },
  );
};

/** @returns as it is stored then; undefined: somebody else has written it since, and this run leaves it to him */
export const change = async (
  { context: { table } }: Run,
  { version }: StoredFinding,
  finding: Finding,
): Promise<StoredFinding | undefined> => {
  const { kind } = await writeFinding(table, finding, version);
  return kind === "WRITTEN" ? { finding, version: version + 1 } : undefined;
};

/** Without those members. */
export const without = (finding: Finding, ...names: readonly (keyof Finding)[]): Finding =>
  Object.fromEntries(
    Object.entries(finding).filter(([name]) => !names.includes(name as keyof Finding)),
  ) as Finding;

export const noteInAudit = (
  { context }: Run,
  finding: Finding,
  { action, detail }: { readonly action: string; readonly detail: unknown },
): Promise<void> =>
  appendAudit(context.table, {
    at: context.now().toISOString(),
    actor: "enforcer",
    action,
    resource: `finding ${findingIdOf(finding)}`,
    detail,
  });

/** As it stands now, other runs' stops among it. @throws BrokenNotFound where nothing was read there */
export const placeNow = async ({ context, enforced }: Run): Promise<EnforcerPlace> => {
  const place = await readEnforcerPlace(context.table, enforced.place);
  if (place !== undefined) return place;
  throw new SpotOptimizerError("BrokenNotFound", "The enforcer has not read this place yet.", {
    resource: enforced.place.region,
  });
};

export const keysOf = ({ accountId, region, instanceId }: Finding) => ({
  accountId,
  region,
  instanceId,
});

/** Each of them on its own: what stands against one does not keep the others waiting. Until one is enough. */
export const each = async (
  { turns, enforced: { place } }: Run,
  stored: readonly StoredFinding[],
  work: (stored: StoredFinding) => Promise<{ readonly isEnough: boolean }>,
): Promise<void> => {
  for (const one of stored) {
    if (!turns.hasTime()) return;
    const { instanceId } = one.finding;
    const item = { name: `Nothing was done about ${instanceId}`, keys: { ...place, instanceId } };
    const done = await turns.attempt(item, () => work(one));
    if (done?.isEnough === true) return;
  }
};
