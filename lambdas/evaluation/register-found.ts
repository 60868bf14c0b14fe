/**
 * Registers what was found in an account, in shadow mode: each instance by itself, or as the group that it belongs to. Asked again, it
 * registers nothing twice.
 */
import { hash } from "node:crypto";
import { createTarget, getTarget } from "../../adapters/store/targets.ts";
import type { Table } from "../../adapters/store/table.ts";
import { canonicalJson } from "../../core/canonical.ts";
import { foundTarget } from "../../core/decide/switch/found-target.ts";
import type { FoundInstance } from "../../core/model/found-instance.ts";
import {
  targetIdSchema,
  type AccountId,
  type InstanceId,
  type TargetId,
} from "../../core/model/ids.ts";
import { nameOf, subjectOf } from "../../core/model/subject.ts";
import { targetTag } from "../../core/model/tags.ts";
import type { Target, TargetOf } from "../../core/model/target.ts";
import { base32Id } from "../../core/random-id.ts";
import { holderOfNodes, nodeTargets } from "./node-targets.ts";

export interface RegisterFound {
  readonly table: Table;
  readonly accountId: AccountId;
  readonly region: string;
  readonly now: Date;
  /** The same for the same instance where a request is repeated: what the first attempt claimed, the second one has. */
  readonly targetIdFor: (instanceId: InstanceId) => TargetId;
}

/** The same under the same reference for the same instance. */
export const targetIdsUnder =
  (reference: string) =>
  (instanceId: InstanceId): TargetId =>
    targetIdSchema.parse(
      `tgt-${base32Id((count) =>
        hash("sha256", `${reference}#${instanceId}`, "buffer").subarray(0, count),
      )}`,
    );

export type Registration =
  /** ALREADY_REGISTERED: also by another instance of its group. */
  | { readonly kind: "REGISTERED" | "ALREADY_REGISTERED"; readonly target: Target }
  | { readonly kind: "REFUSED"; readonly sentence: string };

const isSameSubject = (one: Target, other: Target): boolean =>
  canonicalJson(subjectOf(one)) === canonicalJson(subjectOf(other));

/** Somebody else has what the target is about: as the very same thing, or as a part of another. */
const heldBy = async (table: Table, target: Target, by: TargetId): Promise<Registration> => {
  const holder = await getTarget(table, by);
  if (holder !== undefined && isSameSubject(holder, target)) {
    return { kind: "ALREADY_REGISTERED", target: holder };
  }
  const as = holder === undefined ? "" : `, which is ${nameOf(subjectOf(holder))}`;
  const next =
    holder === undefined
      ? "Ask again: it is being registered by another request."
      : "Delete that target first if this one is to take its place.";
  return {
    kind: "REFUSED",
    sentence: `Instance ${target.instanceId} belongs to target ${by}${as}, and can't be registered as ${nameOf(subjectOf(target))}. ${next}`,
  };
};

const register = async (
  { table }: RegisterFound,
  target: Target,
  nodes: () => Promise<readonly TargetOf<"KUBERNETES">[]>,
): Promise<Registration> => {
  const nodeHolder =
    target.pipelineMode === "KUBERNETES" ? holderOfNodes(await nodes(), target) : undefined;
  if (nodeHolder !== undefined) return heldBy(table, target, nodeHolder);
  const created = await createTarget(table, target);
  switch (created.kind) {
    case "WRITTEN":
      return { kind: "REGISTERED", target };
    case "EXISTS":
      // By an earlier attempt of the same request.
      return { kind: "REGISTERED", target: created.target };
    case "TAKEN":
      return heldBy(table, target, created.by);
  }
};

/**
 * A replacement has its original's tags from its launch on, and a stopped original keeps its own: registered as a target of its own, it
 * would hold the name to which the target moves when its switch has ended. The tag only says which target to read.
 */
const holderByTag = async (
  { table, accountId }: RegisterFound,
  { tags }: FoundInstance,
  { pipelineMode }: Target,
): Promise<TargetId | undefined> => {
  const named = targetIdSchema.safeParse(tags[targetTag]);
  if (pipelineMode !== "LINEAR" || !named.success) return undefined;
  const holder = await getTarget(table, named.data);
  return holder?.accountId === accountId ? holder.targetId : undefined;
};

/** An answer for each, in their order. @throws RetryableContention and what else the store throws; what was registered stays so. */
export const registerFound = async (
  input: RegisterFound,
  found: readonly FoundInstance[],
): Promise<readonly Registration[]> => {
  const { table, accountId, region, targetIdFor } = input;
  const now = input.now.toISOString();
  let read: Promise<readonly TargetOf<"KUBERNETES">[]> | undefined;
  const nodes = () => (read ??= nodeTargets(table, accountId));
  /** Of groups whose other instances are found too. */
  const targets = new Map<string, Target>();
  const answerTo = async (instance: FoundInstance): Promise<Registration> => {
    const targetId = targetIdFor(instance.instanceId);
    const wanted = foundTarget(instance, { accountId, region, targetId, now });
    if ("sentence" in wanted) return { kind: "REFUSED", sentence: wanted.sentence };
    const key = canonicalJson(subjectOf(wanted));
    const target = targets.get(key);
    if (target !== undefined) return { kind: "ALREADY_REGISTERED", target };
    const holder = await holderByTag(input, instance, wanted);
    const answer = await (holder === undefined
      ? register(input, wanted, nodes)
      : heldBy(table, wanted, holder));
    if (answer.kind !== "REFUSED") targets.set(key, answer.target);
    return answer;
  };
  const answers: Registration[] = [];
  for (const instance of found) answers.push(await answerTo(instance));
  return answers;
};
