/** Finds by which instance a subject of a preflight is registered now: of a group whose member of then has gone, by another one. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { findByTags } from "../../adapters/aws/ec2/found-instances.ts";
import { tagsOfMembers } from "../../core/decide/fleet/preflight/subject.ts";
import type { FoundInstance } from "../../core/model/found-instance.ts";
import { hasEnded } from "../../core/model/instance.ts";

export type Present =
  | { readonly kind: "PRESENT"; readonly instance: FoundInstance }
  /** It is an instance that EC2 does not show, or a group without a member. */
  | { readonly kind: "ABSENT" }
  /** The instance lives on by itself, and its group has no other: it is not what was asked for. */
  | { readonly kind: "LEFT"; readonly sentence: string };

/** One is enough, and EC2 takes no fewer for a page. */
const mostMembers = 5;

const isMember = (subjectId: string, { tags }: FoundInstance): boolean => {
  const sets = tagsOfMembers(subjectId);
  const hasAll = (wanted: (typeof sets)[number]): boolean =>
    Object.entries(wanted).every(([key, value]) => tags[key] === value);
  return sets.length === 0 || sets.some(hasAll);
};

/** @param named which EC2 shows under the id that the preflight has named; undefined: it does not */
export const presentMember = async (
  ec2: EC2Client,
  subjectId: string,
  named: FoundInstance | undefined,
): Promise<Present> => {
  const lives = named !== undefined && !hasEnded(named.state);
  if (lives && isMember(subjectId, named)) return { kind: "PRESENT", instance: named };
  for (const tags of tagsOfMembers(subjectId)) {
    const [instance] = (await findByTags(ec2, tags, { limit: mostMembers })).items;
    if (instance !== undefined) return { kind: "PRESENT", instance };
  }
  if (!lives) return { kind: "ABSENT" };
  const sentence = `Instance ${named.instanceId} has left ${subjectId}, and EC2 shows no other member of it: begin another preflight.`;
  return { kind: "LEFT", sentence };
};
