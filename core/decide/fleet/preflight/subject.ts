/** A subject of a place as a target that nobody has registered, and how a preflight names it. */
import { canonicalJson } from "../../../canonical.ts";
import { instanceIdSchema, targetIdSchema } from "../../../model/ids.ts";
import type { PlaceReading } from "../../../model/place-reading.ts";
import { nameOf, subjectOf, type Subject } from "../../../model/subject.ts";
import { memberTags } from "../../../model/tags.ts";
import type { Target } from "../../../model/target.ts";
import type { SubjectInPlace } from "../subjects-in-place.ts";

type Place = Pick<PlaceReading, "accountId" | "region" | "readAt">;

/** In sentences of verdicts, where the id of a target stands. */
const notRegistered = targetIdSchema.parse("tgt-notregistered");

/** Of a group that has no member: its judgement asks for none. */
const noInstance = instanceIdSchema.parse("i-00000000000000000");

type Base = Omit<Extract<Target, { pipelineMode: "LINEAR" }>, "pipelineMode">;

const withMode = (base: Base, subject: SubjectInPlace): Target => {
  switch (subject.mode) {
    case "LINEAR":
      return { ...base, pipelineMode: "LINEAR" };
    case "CLUSTER":
      return { ...base, pipelineMode: "CLUSTER", group: { asgName: subject.asgName } };
    case "KUBERNETES": {
      const { clusterName, nodeGroup, asgName, isManaged } = subject;
      return {
        ...base,
        pipelineMode: "KUBERNETES",
        node: {
          clusterName,
          nodeGroup,
          scope: "ALL",
          ...(isManaged ? {} : { asgName }),
        },
      };
    }
  }
};

/** By which it would be registered. Undefined: a group without a member. */
export const registrableOf = (subject: SubjectInPlace) =>
  subject.mode === "LINEAR" ? subject : subject.member;

/** Not in shadow mode: what a switch needs is asked, permissions too. */
export const supposedTarget = (
  { accountId, region, readAt }: Place,
  subject: SubjectInPlace,
): Target => {
  const shown = registrableOf(subject);
  return withMode(
    {
      targetId: notRegistered,
      accountId,
      region,
      instanceId: shown?.instanceId ?? noInstance,
      instanceType: shown?.instanceType ?? "",
      availabilityZone: shown?.availabilityZone ?? "",
      isShadowMode: false,
      policyOverrides: {},
      createdAt: readAt,
      updatedAt: readAt,
    },
    subject,
  );
};

/** By it a subject is found among registered targets. */
export const subjectKey = (target: Target): string => canonicalJson(subjectOf(target));

const idIn = (subject: Subject): string => {
  switch (subject.kind) {
    case "INSTANCE":
      return subject.instanceId;
    case "GROUP":
      return `group/${subject.asgName}`;
    case "NODE_GROUP":
      return `node-group/${subject.clusterName}/${subject.nodeGroup}`;
  }
};

/** The same in every preflight. */
export const rowIdOf = (target: Target): string => `${target.region}/${idIn(subjectOf(target))}`;

type Tags = Readonly<Record<string, string>>;

/**
 * By which of an id its members are found, one set after the other: EKS and Auto Scaling set them. Of a node group the id does not say whether
 * EKS manages it. Empty: it is an instance.
 */
export const tagsOfMembers = (id: string): readonly Tags[] => {
  const [, kind = "", ...names] = id.split("/");
  if (kind === "group") return [{ [memberTags.asgName]: names.join("/") }];
  if (kind !== "node-group") return [];
  const [clusterName = "", ...others] = names;
  const nodeGroup = others.join("/");
  return [
    { [memberTags.clusterName]: clusterName, [memberTags.nodeGroup]: nodeGroup },
    { [memberTags.asgName]: nodeGroup },
  ];
};

export const nameOfTarget = (target: Target): string => nameOf(subjectOf(target));
