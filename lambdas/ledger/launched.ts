/** Asks the records of evaluations what they say of an instance: who launched it, in whose stead, when it served, and who ended it. */
import { listEvaluations, loadJudgedFacts, loadStory } from "../../adapters/store/evaluations.ts";
import { listIntents } from "../../adapters/store/intents.ts";
import type { Table } from "../../adapters/store/table.ts";
import { endByUs, isOneMore, launchIn, servesOf } from "../../core/ledger/launches.ts";
import type { EvaluationFacts } from "../../core/model/evaluation.ts";
import {
  evaluationIdSchema,
  type EvaluationId,
  type InstanceId,
  type TargetId,
} from "../../core/model/ids.ts";
import type { ShownInstance } from "../../core/model/ledger/shown.ts";
import type { InstanceSpan, PriceKind } from "../../core/model/ledger/span.ts";
import { evaluationTag } from "../../core/model/tags.ts";

/** An instance is older than its last five evaluations only where it is not one of theirs. */
const mostEvaluations = 5;

const newestOf = async (table: Table, targetId: TargetId): Promise<readonly EvaluationId[]> =>
  (await listEvaluations(table, { targetId, limit: mostEvaluations })).items.map(
    ({ evaluationId }) => evaluationId,
  );

/** By its tag, which a customer's image may have copied: the record decides. */
const taggedEvaluation = (tags: Readonly<Record<string, string>>): EvaluationId | undefined =>
  evaluationIdSchema.safeParse(tags[evaluationTag]).data;

/** The target for which it was launched; undefined where the evaluation of its tag knows nothing of it. */
export const targetOfLaunch = async (
  table: Table,
  { instanceId, tags }: Pick<ShownInstance, "instanceId" | "tags">,
): Promise<TargetId | undefined> => {
  const evaluationId = taggedEvaluation(tags);
  const story = evaluationId && (await loadStory(table, evaluationId));
  if (story === undefined) return undefined;
  const intents = await listIntents(table, story.evaluation.evaluationId);
  const launch = launchIn({ ...story, intents }, instanceId);
  return launch && story.evaluation.targetId;
};

/** Of a template that names no platform of its own. */
const linux = "Linux/UNIX";

type SeenFacts = Partial<EvaluationFacts<"LINEAR"> & EvaluationFacts<"CLUSTER">>;

const kindOfInstance = ({ instance, placedBy }: SeenFacts): PriceKind | undefined => {
  if (instance === undefined) return undefined;
  const { platformDetails: product, tenancy, zoneId, instanceType, lifecycle } = instance;
  if (lifecycle === undefined) return { instanceType, product, tenancy, zoneId };
  return placedBy && { instanceType: placedBy.originalType, product, tenancy, zoneId };
};

const kindOfMember = (
  { group }: SeenFacts,
  originalId: InstanceId | undefined,
): PriceKind | undefined => {
  const member = group?.members.find(({ instanceId }) => instanceId === originalId);
  if (member === undefined || member.instance?.lifecycle !== undefined) return undefined;
  const { platformDetails: product = linux } = group?.template ?? {};
  const { instanceType, zoneId } = member;
  return { instanceType, product, tenancy: "default", zoneId };
};

/** What an evaluation saw of the instance that its owner had there. */
const kindFromFacts = async (
  table: Table,
  evaluationId: EvaluationId,
  originalId: InstanceId | undefined,
): Promise<PriceKind | undefined> => {
  // What is stored of an evaluation is of its mode.
  const facts = (await loadJudgedFacts(table, evaluationId)) as SeenFacts | undefined;
  return facts && (kindOfInstance(facts) ?? kindOfMember(facts, originalId));
};

const priceKindOf = ({ instanceType, product, tenancy, zoneId }: InstanceSpan): PriceKind => ({
  instanceType,
  product,
  tenancy,
  zoneId,
});

/** Of the span of what it replaces: handed down, or the instance itself where that is its owner's, On-Demand. */
const handedDown = (original: InstanceSpan | undefined): PriceKind | undefined => {
  if (original === undefined) return undefined;
  const isOwners = original.launchedBy === undefined && original.purchase === "ON_DEMAND";
  return original.baseline ?? (isOwners ? priceKindOf(original) : undefined);
};

export interface Launches {
  readonly table: Table;
  /** Of instances that are known already. */
  readonly spanOf: (instanceId: InstanceId) => InstanceSpan | undefined;
}

/** As far as its evaluation has come. */
const served = async (
  { table }: Pick<Launches, "table">,
  span: InstanceSpan,
  evaluationId: EvaluationId,
): Promise<InstanceSpan> => {
  const story = await loadStory(table, evaluationId);
  const serves = story && servesOf(story, span.instanceId);
  if (story === undefined || serves === undefined) return span;
  const { replaces, ...rest } = span;
  const isAlone = replaces === undefined || isOneMore(story.swaps, span.instanceId);
  return { ...rest, serves, ...(!isAlone && { replaces }) };
};

/** Undefined: that evaluation has not launched it. */
const launchedIn = async (
  launches: Launches,
  span: InstanceSpan,
  evaluationId: EvaluationId,
): Promise<InstanceSpan | undefined> => {
  const { table, spanOf } = launches;
  const story = await loadStory(table, evaluationId);
  if (story?.evaluation.targetId !== span.targetId) return undefined;
  const intents = await listIntents(table, evaluationId);
  const launch = launchIn({ ...story, intents }, span.instanceId);
  if (launch === undefined) return undefined;
  const { originalId } = launch;
  const known = originalId && handedDown(spanOf(originalId));
  const baseline = known ?? (await kindFromFacts(table, evaluationId, originalId));
  const launched = {
    ...span,
    launchedBy: evaluationId,
    ...(originalId !== undefined && { replaces: originalId }),
    ...(baseline !== undefined && { baseline }),
  };
  return served(launches, launched, evaluationId);
};

/** A new span with what is known of its launch; as it is where none of our evaluations has launched it. */
export const withLaunch = async (
  launches: Launches,
  span: InstanceSpan,
  tags: Readonly<Record<string, string>>,
): Promise<InstanceSpan> => {
  const tagged = taggedEvaluation(tags);
  // Nodes of a managed group are launched by EKS, which knows nothing of our tags.
  const isOurs = tagged !== undefined || span.purchase === "SPOT";
  if (!isOurs || span.state !== "RUNNING" || span.launchedBy !== undefined) return span;
  const newest = await newestOf(launches.table, span.targetId);
  for (const evaluationId of new Set(tagged === undefined ? newest : [tagged, ...newest])) {
    const launched = await launchedIn(launches, span, evaluationId);
    if (launched !== undefined) return launched;
  }
  return span;
};

/** One whose evaluation had not ended when it was last looked at. The same where nothing is known now either. */
export const withServing = async (table: Table, span: InstanceSpan): Promise<InstanceSpan> => {
  const { launchedBy, serves } = span;
  if (launchedBy === undefined || serves !== undefined) return span;
  return served({ table }, span, launchedBy);
};

/** Of what a user has ended: whether that was one of our evaluations, and until when the replacement served that a roll-back has ended. */
export const withEnder = async (table: Table, span: InstanceSpan): Promise<InstanceSpan> => {
  const { end, targetId } = span;
  if (end === undefined || end.by === "EC2") return span;
  for (const evaluationId of await newestOf(table, targetId)) {
    const ours = endByUs(await listIntents(table, evaluationId), span);
    if (ours !== undefined) return { ...span, end: ours };
  }
  return span;
};
