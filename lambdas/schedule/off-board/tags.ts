/** Takes our tags from what stays in an account that is off-boarded. What no intent claims keeps them: it is touched by nobody. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { findTaggedOf } from "../../../adapters/aws/ec2/tagged.ts";
import { deleteTags } from "../../../adapters/aws/ec2/tags.ts";
import { readDeploymentId } from "../../../adapters/store/deployment.ts";
import { canonicalJson } from "../../../core/canonical.ts";
import { isOver, losesOurTags } from "../../../core/decide/off-boarding.ts";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { taggedKinds, type TaggedThing } from "../../../core/model/tagged-thing.ts";
import { deploymentTag, isOurTag } from "../../../core/model/tags.ts";
import { judgeClaims } from "../find-unclaimed/claims.ts";
import type { Leaving } from "./leaving.ts";

const findClaimed = async (leaving: Leaving, ec2: EC2Client): Promise<readonly TaggedThing[]> => {
  const { table } = leaving.context;
  const value = await readDeploymentId(table);
  if (value === undefined) return [];
  const things: TaggedThing[] = [];
  for (const kind of taggedKinds) {
    if (kind === "resource-group" || !losesOurTags({ kind })) continue;
    things.push(...(await findTaggedOf(kind, ec2, { key: deploymentTag, value })));
  }
  const judged = await judgeClaims(
    table,
    things.filter((thing) => !isOver(thing)),
  );
  return judged.flatMap(({ thing, claim }) => (claim.kind === "CLAIMED" ? [thing] : []));
};

const oursOf = ({ tags }: TaggedThing): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).filter(([key, value]) => isOurTag(key, value)));

/** EC2 takes a thousand ids at once; so many are named by one refusal. */
const atOnce = 100;

/** Those with the same tags by one call: a tag that its owner has written anew stays. */
const takeAway = async (ec2: EC2Client, things: readonly TaggedThing[]): Promise<void> => {
  const alike = Map.groupBy(things, (thing) => canonicalJson(oursOf(thing)));
  for (const group of alike.values()) {
    const [first] = group;
    if (first === undefined) continue;
    for (let from = 0; from < group.length; from += atOnce) {
      const resources = group.slice(from, from + atOnce).map(({ id }) => id);
      await deleteTags(ec2, { resources, tags: oursOf(first) });
    }
  }
};

const isDenied = (error: unknown): error is SpotOptimizerError =>
  error instanceof SpotOptimizerError && error.name === "BrokenPermission";

/** A role that lets us take none away must not keep its account here: the tags stay then, and the log says so. */
const untagIn = async (leaving: Leaving, region: string): Promise<string | undefined> => {
  const { ec2 } = await leaving.customer(region);
  const things = await findClaimed(leaving, ec2);
  if (things.length === 0) return undefined;
  try {
    await takeAway(ec2, things);
  } catch (error) {
    if (!isDenied(error)) throw error;
    const { accountId } = leaving.account;
    leaving.context.log.warn(`Our tags stay in ${region}: ${error.message}`, { accountId, region });
    return undefined;
  }
  return `Our tags were taken from ${String(things.length)} resources in ${region}, and are read again.`;
};

/** @returns what is waited for, in sentences */
export const takeTagsAway = async (leaving: Leaving): Promise<readonly string[]> => {
  const { account, offBoarding } = leaving;
  if (!offBoarding.isReachable) return [];
  const waits: string[] = [];
  for (const region of account.regions) {
    const waited = await leaving.attempt(`Our tags in ${region} were not taken away`, () =>
      untagIn(leaving, region),
    );
    if (waited !== undefined) waits.push(waited);
  }
  return waits;
};
