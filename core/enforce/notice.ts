/** What an owner is told, from ids and times alone: names and tags are written by anybody. */
import type { EnforcerPlace, Finding, NoticeKind, StopEffect } from "../model/enforcer.ts";
import { findingIdOf } from "./finding-id.ts";
import { flagsOnlyUntil, graceEndAfter } from "./grace.ts";

const sentenceOf: Readonly<Record<StopEffect, string>> = {
  ROOT_IN_INSTANCE_STORE: "its root is in instance store, so that it can't be stopped",
  TARGETED_RESERVATION: "it runs in a capacity reservation that is targeted at",
  DEDICATED_HOST: "it runs on a dedicated host",
  OUTPOST: "it runs on an Outpost",
  LOCAL_ZONE: "it runs in a Local Zone",
  FORWARDS_TRAFFIC: "it forwards what is addressed to others",
  STOP_PROTECTED: "it is protected from being stopped",
  TERMINATION_PROTECTED: "it is protected from being terminated",
  ROUTE_TARGET: "a route leads to it",
  LAST_IN_TARGET_GROUP: "it is the only member of a target group",
  INSTANCE_STORE_DISKS: "the data of its instance-store disks would be erased",
  INSTANCE_STORE_UNKNOWN: "whether it has instance-store disks is not known",
  CLOUDFORMATION_STACK: "its CloudFormation stack would drift",
  LOSES_PUBLIC_ADDRESS: "its public address, which EC2 lent, would be lost",
};

const where = ({ instanceId, region, accountId }: Finding): string =>
  `Instance ${instanceId} in ${region} of account ${accountId}`;

const effectsIn = ({ effects }: Finding): string =>
  effects.length === 0 ? "" : `\nOf a stop: ${effects.map((one) => sentenceOf[one]).join("; ")}.`;

const howToKeep = (finding: Finding): string =>
  `\nTo keep it running: give it a tag that the account allows, or exempt it with POST /api/v1/governance/${findingIdOf(finding)}/exempt.`;

const laterOf = (one: string, other: string | undefined): string =>
  other !== undefined && other > one ? other : one;

/** The same commands that a person types. */
const startCommand = ({ instanceId, region }: Pick<Finding, "instanceId" | "region">): string =>
  `aws ec2 start-instances --region ${region} --instance-ids ${instanceId}`;

const flag = (finding: Finding, place: EnforcerPlace, now: Date): string => {
  const earliest = laterOf(graceEndAfter(now), flagsOnlyUntil(place));
  if (finding.verdict === "REPORT") {
    return `${where(finding)} runs without an owner. It is reported, and not stopped.${effectsIn(finding)}`;
  }
  const asked = finding.verdict === "ASK" ? ", and only once persons have agreed" : "";
  return `${where(finding)} runs without an owner. Unless that changes it is stopped, not before ${earliest}${asked}; you are told again an hour before.${effectsIn(finding)}${howToKeep(finding)}`;
};

const warning = (finding: Finding): string =>
  `${where(finding)} still runs without an owner, and is stopped in an hour.${effectsIn(finding)}${howToKeep(finding)}`;

const done = (finding: Finding): string =>
  `${where(finding)} ran without an owner, and was stopped. Its volumes are kept.\nTo start it again: ${startCommand(finding)}`;

const subjects: Readonly<Record<NoticeKind, string>> = {
  FLAG: "runs without an owner",
  WARNING: "is stopped in an hour",
  DONE: "was stopped",
};

export const noticeOf = (
  kind: NoticeKind,
  finding: Finding,
  { place, now }: { readonly place: EnforcerPlace; readonly now: Date },
): { readonly subject: string; readonly message: string } => ({
  subject: `Spot Optimizer: ${finding.instanceId} ${subjects[kind]}`,
  message: { FLAG: flag, WARNING: warning, DONE: done }[kind](finding, place, now),
});
