/** Keeps what a look has found, and finds what earlier sweeps have kept. */
import { digestOf, loadJudgedBody, saveJudgedBody } from "../../../adapters/store/judged-bodies.ts";
import { keepLook } from "../../../adapters/store/kept-looks.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { holdsStill, settingsOf, type Shown } from "../../../core/decide/fleet/kept-look.ts";
import type { CloseLook, GroupLook, NodesLook } from "../../../core/model/close-look.ts";
import type { TargetId } from "../../../core/model/ids.ts";
import type { KeptLook } from "../../../core/model/kept-look.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import type { Place } from "../../../core/model/place.ts";
import { instanceIn } from "../../../core/model/place-reading.ts";
import type { Target } from "../../../core/model/target.ts";
import { policyVersionOf } from "../../evaluation/new-record.ts";
import { policyOf, type PlaceSession } from "../../fleet/place.ts";

export type KeptLooks = ReadonlyMap<TargetId, KeptLook>;

type Failed = Extract<KeptLook["found"], { readonly kind: "FAILED" }>;

/** What came of a look at an instance, a group or nodes. */
export type Found = { readonly kind: "LOOKED"; readonly look: CloseLook<PipelineMode> } | Failed;

/** Of an instance what it was, of a group how it is set up. Undefined: the lists do not show the instance. */
const shownOf = ({ reading }: PlaceSession, target: Target): Shown | undefined => {
  if (target.pipelineMode !== "LINEAR") {
    return { settings: digestOf(settingsOf(reading, target)) };
  }
  const instance = instanceIn(reading, target.instanceId);
  return instance && { launchedAt: instance.launchedAt, state: instance.state };
};

/** Undefined: it is to be looked at, if its verdict would have it switched. */
export const keptFor = (
  session: PlaceSession,
  {
    target,
    looks,
    now,
  }: { readonly target: Target; readonly looks: KeptLooks; readonly now: Date },
): KeptLook | undefined => {
  const kept = looks.get(target.targetId);
  const shown = kept === undefined ? undefined : shownOf(session, target);
  if (kept === undefined || shown === undefined) return undefined;
  const policyVersion = policyVersionOf(policyOf(target));
  const question = { shown, policyVersion, isShadowMode: target.isShadowMode, now };
  return holdsStill(kept, question) ? kept : undefined;
};

/** Undefined: nothing was found. @throws BrokenFacts where what was found is no longer stored */
export const lookOf = async (
  table: Table,
  place: Place,
  { triedAt, found }: KeptLook,
): Promise<CloseLook<PipelineMode> | undefined> => {
  if (found.kind === "FAILED") return undefined;
  if ("look" in found) return found.look;
  const facts = (await loadJudgedBody(table, place, found.facts)) as
    GroupLook["facts"] | NodesLook["facts"];
  return { readAt: triedAt, facts, isKept: true };
};

/** Of nodes what was found may be more than an item holds: it stands beside. @returns its digest */
const keepFacts = async (
  table: Table,
  place: Place,
  { facts: body }: GroupLook | NodesLook,
): Promise<string> => {
  const digest = digestOf(body);
  await saveJudgedBody(table, place, { digest, body });
  return digest;
};

/** Undefined: the lists do not show what was looked at. */
const keptOf = async (
  table: Table,
  session: PlaceSession,
  { target, found, triedAt }: Tried,
): Promise<KeptLook | undefined> => {
  const { accountId, region, targetId, isShadowMode } = target;
  const shown = shownOf(session, target);
  const policyVersion = policyVersionOf(policyOf(target));
  const tried = { targetId, triedAt, policyVersion, isShadowMode };
  if (shown === undefined) return undefined;
  if (found.kind === "FAILED") return { ...tried, ...shown, found };
  const { look } = found;
  if ("settings" in shown) {
    if (!("facts" in look)) return undefined;
    const facts = await keepFacts(table, { accountId, region }, look);
    return { ...tried, ...shown, found: { kind: "LOOKED", facts } };
  }
  return "facts" in look ? undefined : { ...tried, ...shown, found: { kind: "LOOKED", look } };
};

interface Tried {
  readonly target: Target;
  readonly found: Found;
  /** ISO 8601 */
  readonly triedAt: string;
}

/** @returns undefined where nothing of it is worth keeping: the lists do not show the instance */
export const keepFound = async (
  table: Table,
  session: PlaceSession,
  tried: Tried,
): Promise<KeptLook | undefined> => {
  const { accountId, region } = tried.target;
  const kept = await keptOf(table, session, tried);
  if (kept !== undefined) await keepLook(table, { accountId, region }, kept);
  return kept;
};
