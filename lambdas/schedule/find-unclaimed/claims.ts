/** Reads what the store knows of the things that were found, and asks which of them an intent claims. */
import { getEvaluation } from "../../../adapters/store/evaluations.ts";
import { listIntents } from "../../../adapters/store/intents.ts";
import type { Table } from "../../../adapters/store/table.ts";
import { findTargetOf } from "../../../adapters/store/targets.ts";
import { claimOf, type Claimant } from "../../../core/decide/linear/claim-of.ts";
import { evaluationIdSchema, instanceIdSchema } from "../../../core/model/ids.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import type { TaggedThing } from "../../../core/model/tagged-thing.ts";
import type { Claim } from "../../../core/model/unclaimed.ts";
import { isKeptForUndo } from "./waste-claims.ts";

/** Each evaluation is read once a run. */
type Claimants = Map<string, Promise<Claimant | undefined>>;

const readClaimant = async (table: Table, tag: string): Promise<Claimant | undefined> => {
  const evaluationId = evaluationIdSchema.safeParse(tag);
  if (!evaluationId.success) return undefined;
  const evaluation = await getEvaluation(table, evaluationId.data);
  return evaluation === undefined
    ? undefined
    : { evaluation, intents: await listIntents(table, evaluationId.data) };
};

const claimantOf = (
  table: Table,
  known: Claimants,
  { tags }: TaggedThing,
): Promise<Claimant | undefined> => {
  const tag = tags[evaluationTag] ?? "";
  const reading = known.get(tag) ?? readClaimant(table, tag);
  known.set(tag, reading);
  return reading;
};

const servesTarget = async (table: Table, id: string): Promise<boolean> => {
  const instanceId = instanceIdSchema.safeParse(id);
  return instanceId.success && (await findTargetOf(table, instanceId.data)) !== undefined;
};

/** What others hold on to, or are copies of, is judged before these. */
const isHolder = ({ kind }: TaggedThing): boolean => kind === "instance" || kind === "image";

/**
 * Intents are read after the things: each is written before the call that makes something, so that none can be missed. A thing that
 * belongs to an instance that is claimed, or serves a target, is claimed with it, and so are a snapshot with its image and one that is kept for
 * the undo of a deletion.
 */
export const judgeClaims = async (
  table: Table,
  things: readonly TaggedThing[],
): Promise<readonly { readonly thing: TaggedThing; readonly claim: Claim }[]> => {
  const known: Claimants = new Map();
  const held = new Map<string, boolean>();
  const isHeld = async (id: string | undefined): Promise<boolean> => {
    if (id === undefined) return false;
    const before = held.get(id) ?? (await servesTarget(table, id));
    held.set(id, before);
    return before;
  };
  const judged: { readonly thing: TaggedThing; readonly claim: Claim }[] = [];
  for (const thing of [...things].sort((one, other) => +isHolder(other) - +isHolder(one))) {
    const { id, instanceId, imageId } = thing;
    const claim = claimOf(thing, {
      claimant: await claimantOf(table, known, thing),
      isHeld:
        (await isHeld(isHolder(thing) ? id : instanceId)) ||
        (await isHeld(imageId)) ||
        (await isKeptForUndo(table, thing)),
    });
    if (isHolder(thing)) held.set(id, claim.kind === "CLAIMED");
    judged.push({ thing, claim });
  }
  return judged;
};
