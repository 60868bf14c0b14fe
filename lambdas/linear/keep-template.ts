/**
 * What the janitor does for a load without data that stands on Spot: it keeps a launch template of it ready, so that none is made in a storm, and
 * deletes it once the target stands elsewhere.
 */
import { hash } from "node:crypto";
import { fitsTemplate } from "../../adapters/aws/ec2/fleet-request.ts";
import {
  createKeptTemplate,
  deleteKeptTemplate,
  findKeptTemplate,
  type KeptTemplate,
} from "../../adapters/aws/ec2/kept-template.ts";
import { updateIntent } from "../../adapters/store/intents.ts";
import { getTarget } from "../../adapters/store/targets.ts";
import type { ChangeOf } from "../../core/model/intent.ts";
import { janitorFor } from "../../core/model/lease-holder.ts";
import { deploymentTag, evaluationTag } from "../../core/model/tags.ts";
import type { Duty, Settled } from "../evaluation/duty.ts";
import { exclusively } from "../evaluation/exclusively.ts";
import { ourTags } from "../evaluation/our-tags.ts";
import { assertNotStopped, recordEffect } from "../evaluation/perform.ts";
import type { DueSession } from "../evaluation/session.ts";
import { readLaunchOf } from "./kept-launch.ts";
import { keepTemplateId } from "./kept-template.ts";
import { swapOf } from "./session.ts";

type Session = Parameters<Duty<"KEEP_TEMPLATE">>[0];
type Kept = ChangeOf<"KEEP_TEMPLATE">;

const hourMs = 3_600_000;
/** It costs nothing, and nobody waits for its end. */
const weekMs = 7 * 24 * hourMs;

const restsFor = ({ now }: Session, ms: number): Settled => ({
  kind: "RESTS",
  until: new Date(now.getTime() + ms).toISOString(),
});

const servesStill = async (session: DueSession): Promise<boolean> => {
  const { context, evaluation } = session;
  const target = await getTarget(context.table, evaluation.targetId);
  return (
    target?.pipelineMode === "LINEAR" &&
    target.instanceId === swapOf(session)?.replacement?.instanceId
  );
};

const make = async (session: Session, { templateName: name }: Kept): Promise<Settled> => {
  const { context, evaluation } = session;
  const blueprint = await readLaunchOf(session);
  if (blueprint === undefined || !fitsTemplate({ blueprint })) {
    const sentence = `No launch template is kept for ${evaluation.targetId}: its launch does not fit into one. RunInstances recovers it.`;
    return { kind: "GONE", sentence };
  }
  const { ec2 } = await session.customer();
  await assertNotStopped(session);
  const tags = ourTags(evaluation);
  const { [evaluationTag]: _ownOnly, ...launchTags } = tags;
  const clientToken = `so-${hash("sha256", name).slice(0, 60)}`;
  const { templateId } = await recordEffect(session, {
    action: "CreateLaunchTemplate",
    resource: name,
    call: () => createKeptTemplate(ec2, { name, clientToken, blueprint, tags, launchTags }),
  });
  await updateIntent(context.table, evaluation.evaluationId, keepTemplateId, (stored) =>
    stored.change.kind === "KEEP_TEMPLATE"
      ? { ...stored, change: { ...stored.change, templateId } }
      : stored,
  );
  return restsFor(session, weekMs);
};

/** A tag finds and never entitles: it is ours by our intent's name, too, and nobody has made it his own. */
const whyKept = (
  { evaluation }: DueSession,
  { templateId, tags, latestVersion }: KeptTemplate,
): Settled | undefined => {
  const isOurs =
    tags[evaluationTag] === evaluation.evaluationId &&
    tags[deploymentTag] === evaluation.deploymentId;
  if (!isOurs) {
    const sentence = `${templateId} carries the tags of another evaluation. It is left to that.`;
    return { kind: "KEPT", reason: "NOT_OURS", sentence };
  }
  return latestVersion === 1
    ? undefined
    : {
        kind: "KEPT",
        reason: "CHANGED_SINCE",
        sentence: `Somebody has added a version to ${templateId}. It is left to him.`,
      };
};

const remove = async (session: Session, { templateName: name }: Kept): Promise<Settled> => {
  const { ec2 } = await session.customer();
  const found = await findKeptTemplate(ec2, name);
  if (found === undefined)
    return { kind: "GONE", sentence: `There is no launch template ${name}.` };
  const kept = whyKept(session, found);
  if (kept !== undefined) return kept;
  const { templateId } = found;
  await assertNotStopped(session);
  await recordEffect(session, {
    action: "DeleteLaunchTemplate",
    resource: templateId,
    call: () => deleteKeptTemplate(ec2, templateId),
  });
  return {
    kind: "REMOVED",
    sentence: `${templateId}, which was kept for a recovery, was deleted.`,
  };
};

const keepOrRemove = async (session: Session, change: Kept): Promise<Settled> => {
  if (!(await servesStill(session))) return remove(session, change);
  return change.templateId === undefined ? make(session, change) : restsFor(session, weekMs);
};

export const keepTemplate: Duty<"KEEP_TEMPLATE"> = async (session, change) => {
  const ended = await exclusively(session, janitorFor(session.evaluation.evaluationId), () =>
    keepOrRemove(session, change),
  );
  return ended.kind === "DONE" ? ended.result : restsFor(session, hourMs);
};
