/** Finds out whether a member can be launched at all, before anything is touched: resolves its key pair, reads the keys of its volumes, and makes one dry run. */
import type { GroupReading } from "../../adapters/aws/autoscaling/group.ts";
import { dryRunMemberLaunch, type DryRunRefusal } from "../../adapters/aws/ec2/launch.ts";
import { keyPairExists } from "../../adapters/aws/ec2/references.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { kindOf } from "../../core/model/evaluation-kind.ts";
import type { LaunchFacts } from "../../core/model/launch-check.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { CustomerClients } from "../runtime/context.ts";
import { ebsPlaceOf } from "./ebs-standing.ts";
import type { LaunchAsked } from "./instance-launch.ts";
import { gatherKeys } from "./member-keys.ts";
import { ourTags } from "./our-tags.ts";
import type { EvaluationSession } from "./session.ts";

export interface MemberLaunchAsked extends Pick<
  LaunchAsked,
  "place" | "kind" | "isShadowMode" | "tags"
> {
  readonly clients: Pick<CustomerClients, "ec2" | "kms">;
}

/** How a replacement would be bought. */
const purchaseOf = (asked: MemberLaunchAsked): { readonly purchase?: "ON_DEMAND" } =>
  kindOf(asked) === "FALL_BACK" ? { purchase: "ON_DEMAND" } : {};

/** A role that may only read is enough for shadow mode: that it may not launch is then no finding. */
const refusalOf = async (
  asked: MemberLaunchAsked,
  { facts, template }: GroupReading,
): Promise<DryRunRefusal | undefined> => {
  const [subnetId] = facts.subnetIds;
  const { launch, facts: { instanceType } = {} } = template ?? {};
  // Without image, type or subnet there is nothing to ask with: the gate says so itself.
  if (launch === undefined || instanceType === undefined || subnetId === undefined) {
    return undefined;
  }
  const tags = { ...facts.propagatedTags, ...asked.tags };
  try {
    return await dryRunMemberLaunch(asked.clients.ec2, {
      ...launch,
      instanceType,
      subnetId,
      tags,
      ...purchaseOf(asked),
    });
  } catch (error) {
    const isDenied = error instanceof SpotOptimizerError && error.name === "BrokenPermission";
    if (isDenied && asked.isShadowMode) return undefined;
    throw error;
  }
};

export const askMemberLaunch = async (
  asked: MemberLaunchAsked,
  reading: GroupReading,
): Promise<LaunchFacts> => {
  const { ec2 } = asked.clients;
  const keyName = reading.template?.facts.keyName;
  const hasKeyPair = keyName === undefined ? undefined : await keyPairExists(ec2, keyName);
  const keys = reading.template === undefined ? [] : await gatherKeys(asked, reading.template);
  const refusal = await refusalOf(asked, reading);
  return {
    ...(hasKeyPair === undefined ? {} : { keyPairExists: hasKeyPair }),
    ...(keys.length === 0 ? {} : { keys }),
    ...(refusal === undefined ? {} : { refusal }),
  };
};

export const gatherLaunch = async (
  session: EvaluationSession<PipelineMode, "ec2" | "kms">,
  reading: GroupReading,
): Promise<LaunchFacts> => {
  const { evaluation } = session;
  const { kind, isShadowMode } = evaluation;
  const asked = {
    clients: await session.customer(),
    place: await ebsPlaceOf(session),
    ...(kind === undefined ? {} : { kind }),
    isShadowMode,
    tags: ourTags(evaluation),
  };
  return askMemberLaunch(asked, reading);
};
